import type { Config } from '../eval/config.ts';
import type { Evaluator } from '../eval/evaluator.ts';
import { type Program, TRAIT } from '../eval/program.ts';
import { compareValues } from '../eval/text-value.ts';
import { E, type Expr, isComparison, MOD, NO, YES } from '../expr/store.ts';
import { ERA } from '../menu/era.ts';
import { TYPE } from '../menu/model.ts';
import { encodeChoice } from './encode-choice.ts';
import { encodeClassic, isClassic } from './encode-classic.ts';
import { doubtRelation, encodeText, type Options } from './encode-text.ts';
import { encodeTristate } from './encode-tristate.ts';
import { Gates } from './gates.ts';
import { modulesCone } from './modules.ts';
import type { Lit } from './sat/solver.ts';

/** A user value to give to a symbol, or with `undefined` to take back. */
export interface Step {
  readonly id: number;
  readonly to: string | undefined;
}

/** What a user can decide: whether it differs from now (each such literal costs 1), and how to read it off a solution. */
export interface Decision {
  readonly id: number;
  readonly changed: Lit;
  readonly step: () => Step;
}

/** A definition that may be left out, for finding out which ones are needed: a symbol's, in one direction or both. */
export interface Rule {
  readonly id: number;
  readonly way: 'up' | 'down' | 'both';
  readonly guard: Lit;
}

/**
 * A tree as clauses, made on demand. A symbol's value is a pair of literals, "at least m" and "y"; for a bool they are
 * the same. A symbol that was only mentioned lies on the *frontier*: its literals exist, its definition does not, and
 * while its literal `open` is false it keeps its present value. `define` adds the definition, exactly as the evaluator
 * computes it.
 */
export class Encoder {
  readonly gates = new Gates();
  readonly config: Config;
  readonly evaluator: Evaluator;
  readonly program: Program;
  /** Symbols on the frontier, each with the literal that says it may differ from its present value. */
  readonly frontier = new Map<number, Lit>();
  readonly defined = new Set<number>();
  readonly decisions: Decision[] = [];
  /** With `guarded`, all definitions. */
  readonly rules: Rule[] = [];
  /** Reasons why a proof of impossibility would not hold. */
  readonly doubts = new Set<string>();
  readonly wantedText = new Map<number, string>();
  readonly #guarded: boolean;
  /** Literals plus 1, so that 0 means "none yet". */
  readonly #atLeastM: Int32Array;
  readonly #isY: Int32Array;
  readonly #exprM: Int32Array;
  readonly #exprY: Int32Array;
  readonly #texts = new Map<number, Options>();

  constructor(config: Config, guarded = false) {
    this.config = config;
    this.evaluator = config.evaluator;
    this.program = this.evaluator.program;
    this.#guarded = guarded;
    this.#atLeastM = new Int32Array(this.program.size);
    this.#isY = new Int32Array(this.program.size);
    this.#exprM = new Int32Array(this.program.store.count);
    this.#exprY = new Int32Array(this.program.store.count);
    const gates = this.gates;
    for (const id of [NO, MOD, YES])
      this.#keep(id, id >= MOD ? gates.true : gates.false, id === YES ? gates.true : gates.false);
  }

  /** The symbol is m or y. */
  atLeastM(id: number): Lit {
    this.#mention(id);
    return (this.#atLeastM[id] as number) - 1;
  }

  /** The symbol is y. */
  isY(id: number): Lit {
    this.#mention(id);
    return (this.#isY[id] as number) - 1;
  }

  /** The expression is m or y. */
  exprM(e: Expr): Lit {
    if (e === 0) return this.gates.true;
    this.#encode(e);
    return (this.#exprM[e] as number) - 1;
  }

  /** The expression is y. */
  exprY(e: Expr): Lit {
    if (e === 0) return this.gates.true;
    this.#encode(e);
    return (this.#exprY[e] as number) - 1;
  }

  /** There are modules, as far as this symbol is concerned. */
  modules(id: number): Lit {
    const { modules } = this.program;
    if (modules <= YES) return this.gates.false;
    const cone = modulesCone(this.program);
    if (cone.doubtful) this.doubts.add('the modules symbol depends on tristates');
    return cone.ids.has(id) ? this.gates.false : this.atLeastM(modules);
  }

  /** The texts a symbol may have, with the literal for each. */
  options(id: number): Options {
    const type = this.program.type[id] as number;
    if (type >= TYPE.INT) {
      let options = this.#texts.get(id);
      if (!options) {
        // Only ranges may refer to each other in a circle.
        this.#texts.set(id, { texts: [], lits: [] });
        options = encodeText(this, id);
        this.#texts.set(id, options);
        this.defined.add(id);
      } else if (options.texts.length === 0) this.doubts.add('ranges that bound each other');
      return options;
    }
    if (type === TYPE.UNKNOWN)
      return { texts: [this.program.names.nameOf(id)], lits: [this.gates.true] };
    const m = this.atLeastM(id);
    const y = this.isY(id);
    return { texts: ['n', 'm', 'y'], lits: [m ^ 1, this.gates.and([m, y ^ 1]), y] };
  }

  /** The texts a default or range bound takes over from a symbol; see `Evaluator.copiedText`. */
  copied(id: number): Options {
    const type = this.program.type[id] as number;
    const logical = type === TYPE.BOOL || type === TYPE.TRISTATE;
    if (logical && id > YES && !(this.program.classic && this.program.era > ERA.V6_7))
      return { texts: ['n'], lits: [this.gates.true] };
    return this.options(id);
  }

  /** Add the definition of a symbol; of a choice, those of all members. */
  define(id: number): void {
    if (this.defined.has(id)) return;
    this.#mention(id);
    const choice = this.program.choice[id] as number;
    if ((this.program.type[id] as number) >= TYPE.INT) this.options(id);
    else if (isClassic(this, id)) {
      const { choices } = this.program;
      const index = choice >= 0 ? choice : choices.findIndex((c) => c.id === id);
      for (const one of encodeClassic(this, index)) this.#settle(one);
    } else if (choice >= 0) {
      for (const member of encodeChoice(this, choice)) this.#settle(member);
    } else {
      this.#settle(id);
      encodeTristate(this, id);
    }
    this.#settle(id);
  }

  /** State that a symbol has the value its definition gives. */
  equate(id: number, way: 'both' | 'each', pairs: readonly [value: Lit, given: Lit][]): void {
    const { solver } = this.gates;
    const up = this.#guarded ? this.#rule(id, way === 'each' ? 'up' : 'both') : this.gates.false;
    const down = this.#guarded && way === 'each' ? this.#rule(id, 'down') : up;
    for (const [value, given] of pairs) {
      solver.addClause([up, value ^ 1, given]);
      solver.addClause([down, value, given ^ 1]);
    }
  }

  /** A definition as a whole; false in front of its clauses unless it is left out. */
  guard(id: number): Lit {
    return this.#guarded ? this.#rule(id, 'both') : this.gates.false;
  }

  /** Something a user can decide. */
  decide(decision: Decision): void {
    this.decisions.push(decision);
    this.gates.solver.addSoft(decision.changed);
  }

  #rule(id: number, way: Rule['way']): Lit {
    const guard = this.gates.free(true);
    this.rules.push({ id, way, guard });
    return guard ^ 1;
  }

  #settle(id: number): void {
    this.defined.add(id);
    const open = this.frontier.get(id);
    if (open === undefined) return;
    this.gates.solver.addClause([open]);
    this.frontier.delete(id);
  }

  #keep(id: number, m: Lit, y: Lit): void {
    this.#atLeastM[id] = m + 1;
    this.#isY[id] = y + 1;
  }

  /** Give a symbol its literals. */
  #mention(id: number): void {
    if (this.#atLeastM[id] !== 0) return;
    const type = this.program.type[id] as number;
    const { gates } = this;
    if (type !== TYPE.BOOL && type !== TYPE.TRISTATE) {
      this.#keep(id, gates.false, gates.false);
      return;
    }
    this.config.valueOf(id);
    const now = this.evaluator.tri[id] as number;
    const y = gates.free(now === YES);
    const m = type === TYPE.TRISTATE ? gates.free(now !== NO) : y;
    this.#keep(id, m, y);
    const open = gates.free();
    this.frontier.set(id, open);
    gates.solver.addClause([open, now === YES ? y : y ^ 1]);
    if (m === y) return;
    gates.solver.addClause([open, now === NO ? m ^ 1 : m]);
    gates.solver.addClause([y ^ 1, m]);
  }

  #encode(e: Expr): void {
    if (this.#exprM[e] !== 0) return;
    const { store } = this.program;
    const { gates } = this;
    const kind = store.kind[e] as number;
    const left = store.left[e] as number;
    let m: Lit;
    let y: Lit;
    if (kind === E.SYMBOL) {
      m = this.atLeastM(left);
      y = this.isY(left);
    } else if (kind === E.NOT) {
      m = this.exprY(left) ^ 1;
      y = this.exprM(left) ^ 1;
    } else if (isComparison(kind)) m = y = this.#compare(e);
    else {
      const parts = this.#operands(e, kind);
      const ms = parts.map((part) => this.exprM(part));
      const ys = parts.map((part) => this.exprY(part));
      m = kind === E.AND ? gates.and(ms) : gates.or(ms);
      const same = ys.every((l, i) => l === ms[i]);
      y = same ? m : kind === E.AND ? gates.and(ys) : gates.or(ys);
    }
    this.#exprM[e] = m + 1;
    this.#exprY[e] = y + 1;
  }

  /** The operands of a chain, down to what was encoded already. */
  #operands(e: Expr, kind: number): Expr[] {
    const { store } = this.program;
    const parts: Expr[] = [];
    const stack = [e];
    for (let at = stack.pop(); at !== undefined; at = stack.pop()) {
      if (store.kind[at] === kind && this.#exprM[at] === 0)
        stack.push(store.right[at] as number, store.left[at] as number);
      else parts.push(at);
    }
    return parts;
  }

  #compare(e: Expr): Lit {
    const { store, type } = this.program;
    const { gates } = this;
    const left = store.left[e] as number;
    const right = store.right[e] as number;
    const kind = store.kind[e] as number;
    const a = this.options(left);
    const b = this.options(right);
    if ((type[left] as number) >= TYPE.INT || (type[right] as number) >= TYPE.INT)
      doubtRelation(this, left, right);
    const pairs: Lit[] = [];
    for (const [i, x] of a.texts.entries())
      for (const [j, z] of b.texts.entries()) {
        const order = compareValues(type[left] as number, x, type[right] as number, z);
        if (satisfies(kind, order)) pairs.push(gates.and([a.lits[i] as Lit, b.lits[j] as Lit]));
      }
    return gates.or(pairs);
  }

  /** May a user give this symbol a value at all. */
  assignable(id: number): boolean {
    const { prompts, traits } = this.program;
    const shown = (prompts.start[id + 1] as number) > (prompts.start[id] as number);
    return shown && ((traits[id] as number) & (TRAIT.CHOICE | TRAIT.TRANSITIONAL)) === 0;
  }
}

function satisfies(kind: number, order: number): boolean {
  switch (kind) {
    case E.EQUAL:
      return order === 0;
    case E.UNEQUAL:
      return order !== 0;
    case E.LESS:
      return order < 0;
    case E.LESS_EQUAL:
      return order <= 0;
    case E.GREATER:
      return order > 0;
    default:
      return order >= 0;
  }
}
