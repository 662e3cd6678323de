import type { Diagnostic } from '../diagnostics/diagnostic.ts';
import type { DiagnosticSink } from '../diagnostics/sink.ts';
import { E, type Expr, isComparison } from '../expr/store.ts';
import { choiceOf, type Node, nextNode, P, PROP_NAMES, type Sym, type Tree } from './model.ts';

/** How a symbol leads to the next one on the way. */
type Via = 'dep' | 'select' | 'imply' | 'value' | 'visible' | undefined;

interface Step {
  sym: Sym;
  via: Via;
  /** Property kind, for `value` and `visible`. */
  prop: number;
}

/** Where the search for loops stops to look: the closing text of every report. */
const ADVICE =
  'For a resolution refer to Documentation/kbuild/kconfig-language.rst\n' +
  'subsection "Kconfig recursive dependency limitations"\n\n';

/** A step of the way, and what is left to look at from there: the uses of a symbol, or the members of a choice. */
interface Frame extends Step {
  walk?: Walk;
  members?: readonly Sym[];
  /** How many members were looked at. */
  done: number;
  /** The mark of the symbol is taken off when this is left. */
  own: boolean;
}

function frameOf(sym: Sym): Frame {
  return { sym, via: undefined, prop: 0, done: 0, own: false };
}

/** Symbols are kept apart from expressions by this on the stack of a walk. */
const SYMBOL = 1 << 30;

/** Goes through the symbols that one symbol uses, in the order of `conf`. */
class Walk {
  readonly #tree: Tree;
  readonly #sym: Sym;
  readonly #clean: Uint8Array;
  /** Expressions to look at, the next one last; the negative ones are then done with. */
  readonly #pending: number[] = [];
  #at = 0;

  constructor(tree: Tree, sym: Sym, clean: Uint8Array) {
    this.#tree = tree;
    this.#sym = sym;
    this.#clean = clean;
  }

  /** The id of the next symbol, or -1. Notes in `step` how it is used. */
  next(step: Step): number {
    const { kind, left, right } = this.#tree.store;
    const pending = this.#pending;
    for (;;) {
      const e = pending.pop() ?? this.#source(step);
      if (e === undefined) return -1;
      if (e < 0) this.#clean[-e] = 1;
      else if (e >= SYMBOL) return e - SYMBOL;
      else if (e !== 0 && this.#clean[e] === 0) {
        const k = kind[e] as number;
        if (k === E.SYMBOL) return left[e] as number;
        if (k === E.NOT) pending.push(left[e] as number);
        else if (isComparison(k)) {
          pending.push(SYMBOL + (right[e] as number));
          return left[e] as number;
        } else pending.push(-e, right[e] as number, left[e] as number);
      }
    }
  }

  /** The next expression the symbol's own value depends on. Every property has two places: condition and value. */
  #source(step: Step): Expr | undefined {
    const sym = this.#sym;
    for (;;) {
      const at = this.#at++;
      if (at < 3) {
        step.via = (['dep', 'select', 'imply'] as const)[at];
        return at === 0 ? sym.dirDep : at === 1 ? sym.revDep : sym.implied;
      }
      const prop = sym.props[(at - 3) >> 1];
      if (!prop) return undefined;
      if (prop.kind === P.SELECT || prop.kind === P.IMPLY) continue;
      if (((at - 3) & 1) === 0) {
        step.via = 'visible';
        step.prop = prop.kind;
        return prop.cond;
      }
      if (prop.kind !== P.DEFAULT || sym.isChoice) continue;
      step.via = 'value';
      return prop.expr;
    }
  }
}

/**
 * Search for symbols whose value depends on itself: through dependencies, selects, implies, defaults and conditions of
 * properties. Range bounds are not followed, as in `conf`. A choice is entered as one, with all its members marked.
 */
export class LoopChecker {
  readonly #tree: Tree;
  readonly #sink: DiagnosticSink;
  readonly #frames: Frame[] = [];
  /** 1 for an expression whose symbols were all looked at. */
  readonly #clean: Uint8Array;
  #loop: Sym | undefined;

  constructor(tree: Tree, sink: DiagnosticSink) {
    this.#tree = tree;
    this.#sink = sink;
    this.#clean = new Uint8Array(tree.store.count);
  }

  /** Look for a loop that this symbol leads into and that was not reported before. */
  check(sym: Sym): void {
    this.#enter(sym);
    while (this.#frames.length > 0 && this.#loop === undefined) {
      const frame = this.#frames.at(-1) as Frame;
      if (frame.walk) {
        const id = frame.walk.next(frame);
        if (id >= 0) this.#enter(this.#tree.symbols[id] as Sym);
        else this.#leave();
      } else if (frame.members) this.#nextOfChoice(frame, frame.members);
      else this.#leave();
    }
    while (this.#frames.length > 0) this.#leave();
    this.#loop = undefined;
  }

  /** A symbol is used: look at it, unless that was done before. One that is being looked at closes a loop. */
  #enter(sym: Sym): void {
    if (sym.checking) {
      this.#report(sym);
      this.#loop = sym;
      return;
    }
    if (sym.checked) return;
    const choice = choiceOf(sym);
    if (choice) {
      this.#frames.push(frameOf(sym));
      this.#enter(choice.sym as Sym);
    } else if (sym.isChoice) this.#enterChoice(sym);
    else {
      sym.checking = sym.checked = true;
      this.#walk(sym, true);
    }
  }

  #walk(sym: Sym, own: boolean): void {
    const walk = new Walk(this.#tree, sym, this.#clean);
    this.#frames.push({ ...frameOf(sym), walk, own });
  }

  #enterChoice(sym: Sym): void {
    const members = this.#membersOf(sym);
    for (const member of members) {
      // What was found to lead nowhere may lead here now.
      if (member.checked) this.#clean.fill(0);
      member.checking = member.checked = true;
    }
    sym.checking = sym.checked = true;
    this.#frames.push({ ...frameOf(sym), members });
    this.#walk(sym, true);
  }

  /** What is below a choice; up to Linux 6.10 only what can be chosen. */
  #membersOf(choice: Sym): Sym[] {
    if (this.#tree.classicChoices) return choice.nodes.flatMap((node) => node.members ?? []);
    const members: Sym[] = [];
    for (const node of choice.nodes)
      for (let n = nextNode(node, node); n; n = nextNode(n, node)) if (n.sym) members.push(n.sym);
    return members;
  }

  #nextOfChoice(frame: Frame, members: readonly Sym[]): void {
    const member = members[frame.done++];
    if (member) this.#walk(member, false);
    else this.#leave();
  }

  #leave(): void {
    const { sym, own, members } = this.#frames.pop() as Frame;
    if (own) sym.checking = false;
    for (const member of members ?? []) member.checking = false;
  }

  #report(closing: Sym): void {
    const choice = choiceOf(closing);
    const path: Step[] = this.#frames.slice();
    let last = closing;
    if (choice) {
      path.push({ sym: closing, via: undefined, prop: 0 });
      last = choice.sym as Sym;
    }
    const start = path.findLastIndex((step) => step.sym === last);
    if (start < 0) {
      this.#sink.add(loopError(closing, 'unexpected recursive dependency error\n', []));
      return;
    }
    const loop = path.slice(start);
    let conf = '';
    const steps: string[] = [];
    for (const [i, step] of loop.entries()) {
      if (step.sym === last) conf += 'error: recursive dependency detected!\n';
      const text = describe(step, loop[i + 1]?.sym ?? last);
      steps.push(text);
      conf += `\t${text}\n`;
    }
    this.#sink.add(loopError(closing, conf + ADVICE, steps));
  }
}

function describe(step: Step, next: Sym): string {
  const name = step.sym.isChoice ? '<choice>' : step.sym.name;
  if (next.isChoice) {
    const { file, line } = next.nodes[0] as Node;
    return `symbol ${name} is part of choice block at ${file}:${line}`;
  }
  switch (step.via) {
    case 'dep':
      return `symbol ${name} depends on ${next.name}`;
    case 'select':
      return `symbol ${name} is selected by ${next.name}`;
    case 'imply':
      return `symbol ${name} is implied by ${next.name}`;
    case 'value':
      return `symbol ${name} ${PROP_NAMES[step.prop]} value contains ${next.name}`;
    default:
      return `symbol ${name} ${PROP_NAMES[step.prop]} is visible depending on ${next.name}`;
  }
}

function loopError(sym: Sym, conf: string, steps: readonly string[]): Diagnostic {
  const d: Diagnostic = {
    code: 'dependency-loop',
    severity: 'error',
    message: `recursive dependency: ${steps.join(', ')}`,
    hint: 'remove one of these edges; a select often can become a depends on',
    conf,
    stream: 'stderr',
  };
  const node = sym.nodes[0];
  if (node) d.span = { file: node.file, line: node.line, column: node.column };
  return d;
}
