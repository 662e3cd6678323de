import type { SyntaxNode, SyntaxParser } from '../../c/parser.ts';
import { alwaysBehind } from './always-behind.ts';
import { FlowGraph, type Step } from './flow-graph.ts';
import { type Known, outcomeOf, type State, succeeding, written } from './tried-value.ts';

/** What a function does where a call in it fails, and does not do whatever comes of the call. */
export interface FailingBranch {
  /** Spans of the text that are carried out on the way. */
  readonly spans: readonly (readonly [from: number, to: number])[];
  /** What the function gives back then, where that is known and one thing. */
  readonly gives: Known | undefined;
}

/** So much of a function is followed, in steps and in what is known at each: ten times what the largest took that was met in Linux 6.12. */
const WORK = 1_000_000;

/**
 * The ways a function goes because a call in it failed: from a test that the failing value decides to where it meets what
 * is done in any case. All calls of that name fail, so nothing is on the way that only a second one leads to. Undefined if
 * nothing looks at what the call gives.
 */
export function failingBranch(
  parser: SyntaxParser,
  text: string,
  call: string,
  failed: Known,
): FailingBranch | undefined {
  return parser.with(text, (root) => {
    const body = bodyIn(root);
    return body ? branchOf(new FlowGraph(body), call, failed) : undefined;
  });
}

function bodyIn(root: SyntaxNode): SyntaxNode | undefined {
  const [first] = root.descendantsOfType('function_definition');
  return first?.childForFieldName('body') ?? undefined;
}

/** What a function gives back whatever it is given, by the constants in it; undefined where that is not one thing. */
export function alwaysGiven(parser: SyntaxParser, text: string): Known | undefined {
  const given: (Known | undefined)[] = [];
  walkConstants(parser, text, ({ kind }, value) => {
    if (kind === 'return') given.push(value);
  });
  const kinds = new Set(given.map((one) => one?.text));
  return kinds.size === 1 ? given[0] : undefined;
}

/** Spans of a function that can be reached, by the constants in it. */
export function reachedSpans(parser: SyntaxParser, text: string): [from: number, to: number][] {
  const spans: [number, number][] = [];
  walkConstants(parser, text, ({ code }) => {
    if (code) spans.push([code.startIndex, code.endIndex]);
  });
  return spans;
}

function walkConstants(
  parser: SyntaxParser,
  text: string,
  visit: (step: Step, value: Known | undefined) => void,
): void {
  parser.with(text, (root) => {
    const body = bodyIn(root);
    if (!body) return;
    const graph = new FlowGraph(body);
    const nothing: Known = { is: 'zero', text: '', tried: false };
    const start: Place = { step: graph.entry, state: new Map() };
    new FailingRun(graph, '', nothing).from(start, ({ step }, value) => {
      visit(graph.steps[step] as Step, value);
    });
  });
}

/** A step with what is known there. */
interface Place {
  readonly step: number;
  readonly state: State;
  /** Steps that are there because the call failed: what is set in them tells of it. */
  readonly within?: ReadonlySet<number>;
}

function branchOf(graph: FlowGraph, call: string, failed: Known): FailingBranch | undefined {
  const run = new FailingRun(graph, call, failed);
  const given: (Known | undefined)[] = [];
  const spans: [number, number][] = [];
  const chosen = new Set<number>();
  const open: Place[] = [{ step: graph.entry, state: new Map() }];
  for (let start = open.pop(); start; start = open.pop()) {
    run.from(start, (place, value, next) => {
      const { kind } = graph.steps[place.step] as Step;
      if (!value?.tried) return;
      if (kind === 'return') given.push(value);
      if (kind !== 'test' || chosen.has(place.step) || !run.tells(place, value)) return;
      chosen.add(place.step);
      const always = alwaysBehind(graph, place.step);
      const within = reached(graph, place.step, always);
      run.spend(within.size + graph.steps.length);
      const told = run.setIn(within);
      for (const { step, state } of next) {
        const known = [...state].map(([name, one]): [string, Known] => [
          name,
          told.has(name) ? { ...one, tried: true } : one,
        ]);
        const at = { step, state: new Map(known), within };
        open.push(at);
        run.from(
          at,
          (on, result) => {
            const { code, kind: what } = graph.steps[on.step] as Step;
            if (code) spans.push([code.startIndex, code.endIndex]);
            if (what === 'return') given.push(result);
          },
          always,
        );
      }
    });
  }
  // Of what is only known in part nothing is said.
  if (run.isSpent || (chosen.size === 0 && given.length === 0)) return undefined;
  const kinds = new Set(given.map((one) => one?.is));
  return { spans, gives: kinds.size === 1 ? given[0] : undefined };
}

/** Steps behind one, up to some others. */
function reached(
  { steps }: FlowGraph,
  from: number,
  without: ReadonlySet<number>,
): ReadonlySet<number> {
  const seen = new Set([from]);
  for (const at of seen) {
    for (const next of steps[at]?.next ?? []) if (!without.has(next)) seen.add(next);
  }
  return seen;
}

/** Goes through a function where calls of one name fail. */
class FailingRun {
  readonly #graph: FlowGraph;
  readonly #call: string;
  readonly #failed: Known;
  #left = WORK;

  constructor(graph: FlowGraph, call: string, failed: Known) {
    this.#graph = graph;
    this.#call = call;
    this.#failed = failed;
  }

  /** Visit what is reached from a place, with what each comes to and where it leads. */
  from(
    start: Place,
    visit: (place: Place, value: Known | undefined, next: readonly Place[]) => void,
    without: ReadonlySet<number> = new Set(),
  ): void {
    const seen = new Set<string>();
    const open = [start];
    for (let place = open.pop(); place && this.spend(1 + place.state.size); place = open.pop()) {
      const { step } = place;
      const within = place.within?.has(step) ? place.within : undefined;
      const key = `${within ? 'within ' : ''}${keyOf(place)}`;
      if (without.has(step) || seen.has(key)) continue;
      seen.add(key);
      const { code, kind, next } = this.#graph.steps[step] as Step;
      const state = code ? this.#after(code, place.state, within !== undefined) : place.state;
      const asked = kind === 'return' ? code?.namedChildren[0] : code;
      const value = kind === 'plain' ? undefined : this.#value(asked, place.state);
      const taken = kind === 'test' && value ? [next[value.is === 'zero' ? 1 : 0] as number] : next;
      const places = taken.map((to) => ({ step: to, state, ...(within && { within }) }));
      visit(place, value, places);
      open.push(...places);
    }
  }

  /** Is there so much left of what may be done. */
  spend(work: number): boolean {
    this.#left -= work;
    return this.#left > 0;
  }

  get isSpent(): boolean {
    return this.#left <= 0;
  }

  /** Would a test that comes to something come to something else if the call did not fail. */
  tells({ step, state }: Place, value: Known): boolean {
    const { code } = this.#graph.steps[step] as Step;
    return succeeding(this.#failed, state).some((other) => {
      const then = outcomeOf(code, this.#call, other.call, other.state);
      return !then || (then.is === 'zero') !== (value.is === 'zero');
    });
  }

  /** What is set in some steps. */
  setIn(steps: ReadonlySet<number>): ReadonlySet<string> {
    const codes = [...steps].flatMap((step) => this.#graph.steps[step]?.code ?? []);
    return new Set(codes.flatMap((code) => changesIn(code).map(({ name }) => name)));
  }

  #value(node: SyntaxNode | null | undefined, state: State): Known | undefined {
    return outcomeOf(node, this.#call, this.#failed, state);
  }

  /** What is known behind an expression, which may be there only because the call failed. */
  #after(code: SyntaxNode, before: State, told: boolean): State {
    const changes = changesIn(code);
    if (changes.length === 0) return before;
    const state = new Map(before);
    for (const { name, value } of changes) {
      const known = this.#value(value, before);
      for (const other of state.keys()) if (uses(other, name)) state.delete(other);
      if (known) state.set(name, told ? { ...known, tried: true } : known);
    }
    return state;
  }
}

const CHANGES = [
  'assignment_expression',
  'init_declarator',
  'update_expression',
  'pointer_expression',
];

/** What an expression sets, and to what where that is written. */
function changesIn(code: SyntaxNode): { name: string; value: SyntaxNode | null }[] {
  return code.descendantsOfType(CHANGES).flatMap((one) => {
    if (!one) return [];
    const child = (name: string): SyntaxNode | null => one.childForFieldName(name);
    // Whoever has the address may set it.
    if (one.type === 'pointer_expression') {
      return one.text.startsWith('&') ? [{ name: written(one).slice(1), value: null }] : [];
    }
    const declared = child('declarator');
    const target = child('left') ?? declared ?? child('argument');
    if (!target) return [];
    // Of a pointer that is declared the value is the pointer.
    const name = declared ? written(target).replace(/^\*+/, '') : written(target);
    const plain = one.type === 'init_declarator' || child('operator')?.text === '=';
    return [{ name, value: plain ? (child('value') ?? child('right')) : null }];
  });
}

/** Is something written by the name of what changes. */
function uses(written: string, name: string): boolean {
  const at = written.startsWith('*') ? 1 : 0;
  return (
    written === name ||
    (written.startsWith(name, at) && !/\w/.test(written[at + name.length] ?? ''))
  );
}

function keyOf({ step, state }: Place): string {
  const known = [...state].map(([name, { is, text, tried }]) => `${name}=${is}${text}${tried}`);
  return `${step} ${known.sort().join(' ')}`;
}
