import type { Config } from '../eval/config.ts';
import type { Kconfig } from '../menu/kconfig.ts';
import { isTristateType } from '../menu/views.ts';
import { Encoder } from './encoder.ts';
import { taken } from './goal.ts';
import type { Lit } from './sat/solver.ts';

/**
 * A statement about a configuration. Besides values of symbols it may mention things Kconfig says nothing of (`free`);
 * one name is the same thing everywhere in a statement.
 */
export type Statement =
  | boolean
  | { readonly symbol: string; readonly is: 'y' | 'm' | 'on' }
  | { readonly free: string }
  | { readonly not: Statement }
  | { readonly and: readonly Statement[] }
  | { readonly or: readonly Statement[] };

/** Steps of the solver for one question, about two seconds. */
const STEPS = 20_000_000;
/** Solutions that the evaluator does not confirm, before a question is given up. None is expected. */
const WRONG = 5;

/**
 * Answers whether any configuration a tree's Kconfig allows fulfils a statement. The rules are put into clauses as far
 * as the questions so far needed them, so one object is good for many questions. "yes" was tried on a configuration;
 * "no" is a proof; "unknown" is neither. A bool or tristate nobody defines is never on; of numbers and texts nothing is
 * known but that they may be set or not.
 */
export class Satisfier {
  readonly #config: Config;
  readonly #enc: Encoder;
  readonly #steps: number;
  readonly #free = new Map<string, Lit>();
  /** The configuration the last "yes" was tried on. */
  witness: Config | undefined;

  constructor(kconfig: Kconfig, options: { readonly steps?: number } = {}) {
    this.#config = kconfig.config();
    this.#config.complete();
    this.#enc = new Encoder(this.#config);
    this.#steps = options.steps ?? STEPS;
  }

  /** Can the statement be true. */
  satisfiable(statement: Statement): 'yes' | 'no' | 'unknown' {
    const enc = this.#enc;
    const { solver } = enc.gates;
    const wanted = this.#lit(statement);
    solver.workLimit = solver.work + this.#steps;
    for (let wrong = 0; wrong < WRONG; ) {
      const frozen = new Map<Lit, number>();
      for (const [id, open] of enc.frontier) frozen.set(open ^ 1, id);
      const solved = solver.solve([wanted, ...frozen.keys()]);
      if (solved === undefined) return 'unknown';
      if (!solved) {
        const blamed = solver.core.filter((l) => frozen.has(l));
        if (blamed.length === 0) return enc.doubts.size === 0 ? 'no' : 'unknown';
        for (const l of blamed) enc.define(frozen.get(l) as number);
        continue;
      }
      const changed = enc.decisions.filter((decision) => solver.holds(decision.changed));
      const after = taken(
        this.#config,
        changed.map((decision) => decision.step()),
      );
      if (this.#holds(statement, after)) {
        this.witness = after;
        return 'yes';
      }
      const moved = [...enc.frontier.keys()].filter(
        (id) => after.valueOf(id) !== this.#config.valueOf(id),
      );
      for (const id of moved) enc.define(id);
      if (moved.length > 0) continue;
      wrong++;
      solver.addClause([wanted ^ 1, ...changed.map((decision) => decision.changed ^ 1)]);
    }
    return 'unknown';
  }

  #lit(statement: Statement): Lit {
    const { gates } = this.#enc;
    if (typeof statement === 'boolean') return statement ? gates.true : gates.false;
    if ('not' in statement) return this.#lit(statement.not) ^ 1;
    if ('and' in statement) return gates.and(statement.and.map((part) => this.#lit(part)));
    if ('or' in statement) return gates.or(statement.or.map((part) => this.#lit(part)));
    if ('free' in statement) return this.#freeLit(`free ${statement.free}`);
    const id = this.#idOf(statement.symbol);
    if (id === undefined) return gates.false;
    if (id === 'text') return this.#freeLit(textName(statement));
    const m = this.#enc.atLeastM(id);
    const y = this.#enc.isY(id);
    return statement.is === 'on' ? m : statement.is === 'y' ? y : gates.and([m, y ^ 1]);
  }

  #freeLit(name: string): Lit {
    const known = this.#free.get(name) ?? this.#enc.gates.free();
    this.#free.set(name, known);
    return known;
  }

  /** The number of a bool or tristate; 'text' for other types; undefined if nobody defines it. */
  #idOf(name: string): number | 'text' | undefined {
    const sym = this.#config.kconfig.tree.names.get(name);
    if (!sym || sym.constant || sym.nodes.length === 0) return undefined;
    return isTristateType(sym.type) ? sym.id : 'text';
  }

  #holds(statement: Statement, config: Config): boolean {
    if (typeof statement === 'boolean') return statement;
    if ('not' in statement) return !this.#holds(statement.not, config);
    if ('and' in statement) return statement.and.every((part) => this.#holds(part, config));
    if ('or' in statement) return statement.or.some((part) => this.#holds(part, config));
    const { solver } = this.#enc.gates;
    if ('free' in statement) return solver.holds(this.#freeLit(`free ${statement.free}`));
    const id = this.#idOf(statement.symbol);
    if (id === undefined) return false;
    if (id === 'text') return solver.holds(this.#freeLit(textName(statement)));
    const value = config.valueOf(id);
    return statement.is === 'on' ? value !== 'n' : value === statement.is;
  }
}

function textName({ symbol, is }: { symbol: string; is: string }): string {
  return `text ${symbol} ${is}`;
}
