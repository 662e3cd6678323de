import type { Config } from '../eval/config.ts';
import { Encoder, type Step } from './encoder.ts';
import { type Goal, reached, taken, valueIs } from './goal.ts';
import { Reach } from './reach.ts';
import type { Lit } from './sat/solver.ts';

/** Results of a search. */
export type Found =
  | { kind: 'steps'; steps: readonly Step[]; minimal: boolean }
  | { kind: 'never'; defined: ReadonlySet<number> }
  | { kind: 'unknown'; reason: string };

/** Steps between two pauses: a few milliseconds. */
export const SLICE = 40_000;

/** Solutions that the evaluator does not confirm, before the search gives up. None is expected. */
const WRONG = 5;

/**
 * Looks for a plan, with as little of the tree in clauses as will do.
 *
 * At first only the wanted symbol is defined and all symbols it mentions keep their values. When there is no solution
 * so, the solver names the symbols whose standing still is to blame, and those are defined next. When there is one, it
 * is applied to the real configuration: symbols that did not stand still there are defined too. In the end there is a
 * solution that really works, or a contradiction that no symbol's standing still takes part in, which is a proof.
 */
export class Planner {
  /** How many solutions the evaluator did not confirm although all that differed was defined: mistakes in the clauses. */
  static mistakes = 0;
  readonly #config: Config;
  readonly #goal: Goal;
  readonly #enc: Encoder;
  readonly #budget: number;
  readonly #reach: Reach;
  #wrong = 0;

  constructor(config: Config, goal: Goal, budget: number) {
    this.#config = config;
    this.#goal = goal;
    this.#budget = budget;
    this.#enc = new Encoder(config);
    this.#reach = new Reach(this.#enc.program);
    const { solver } = this.#enc.gates;
    solver.workLimit = budget;
    for (const l of valueIs(this.#enc, goal.id, goal.value)) solver.addClause([l]);
    for (const id of goal.keep)
      for (const l of valueIs(this.#enc, id, config.valueOf(id))) solver.addClause([l]);
  }

  /** Yields now and then, so that whoever runs it can do other things in between, or stop. */
  *search(): Generator<void, Found> {
    const enc = this.#enc;
    for (;;) {
      const found = yield* this.#attempt([]);
      if (found === 'more') continue;
      if (found === 'none') {
        const [doubt] = enc.doubts;
        if (doubt !== undefined)
          return { kind: 'unknown', reason: `no way was found, but ${doubt}` };
        return { kind: 'never', defined: enc.defined };
      }
      if (found === 'limit') return { kind: 'unknown', reason: 'the search took too long' };
      if (found === 'wrong') return { kind: 'unknown', reason: 'no solution could be confirmed' };
      const { steps, minimal } = yield* this.#shorten(this.#irreducible(found));
      return { kind: 'steps', steps: this.#plain(steps), minimal };
    }
  }

  /** Look for fewer changes, until there are none or the time is up. */
  *#shorten(first: readonly Step[]): Generator<void, { steps: readonly Step[]; minimal: boolean }> {
    const { solver } = this.#enc.gates;
    let steps = first;
    solver.workLimit = solver.work + this.#budget;
    for (;;) {
      if (steps.length <= 1) return { steps, minimal: true };
      solver.limit = steps.length - 1;
      solver.bound = this.#enc.gates.free();
      const proved = yield* this.#tooFew();
      if (proved) return { steps, minimal: this.#enc.doubts.size === 0 };
      const found = yield* this.#attempt([solver.bound]);
      if (found === 'more') continue;
      if (found === 'none') return { steps, minimal: this.#enc.doubts.size === 0 };
      if (typeof found === 'string' || found.length >= steps.length)
        return { steps, minimal: false };
      steps = this.#irreducible(found);
    }
  }

  /** One round: a confirmed solution, 'more' if something was defined and it is worth another, or why it ended. */
  *#attempt(
    assumed: readonly Lit[],
  ): Generator<void, Step[] | 'more' | 'none' | 'limit' | 'wrong'> {
    yield;
    const enc = this.#enc;
    const { solver } = enc.gates;
    const frozen = new Map<Lit, number>();
    for (const [id, open] of enc.frontier) frozen.set(open ^ 1, id);
    const solved = yield* solver.solving([...assumed, ...frozen.keys()], SLICE);
    if (solved === undefined) return 'limit';
    if (!solved) {
      const blamed = solver.core.filter((l) => frozen.has(l));
      for (const l of blamed) enc.define(frozen.get(l) as number);
      return blamed.length > 0 ? 'more' : 'none';
    }
    const changed = enc.decisions.filter((decision) => solver.holds(decision.changed));
    const steps = changed.map((decision) => decision.step());
    const after = taken(this.#config, steps);
    if (reached(this.#goal, this.#config, after)) return steps;
    const moved = [...enc.frontier.keys()].filter(
      (id) => after.valueOf(id) !== this.#config.valueOf(id),
    );
    for (const id of moved) enc.define(id);
    if (moved.length > 0) return 'more';
    if (enc.doubts.size === 0) Planner.mistakes++;
    if (++this.#wrong > WRONG) return 'wrong';
    solver.addClause(changed.map((decision) => decision.changed ^ 1));
    return 'more';
  }

  /**
   * Prove that fewer changes do not do, without defining the frontier: what moves there must have been moved by some
   * change, either one of those known that can reach it, or one elsewhere, which then counts once. Which change reaches
   * what is looked up only for solutions that rest on it: mostly none is left before that.
   */
  *#tooFew(): Generator<void, boolean> {
    const { gates, frontier, decisions } = this.#enc;
    const { solver } = gates;
    const assumed = gates.free();
    const elsewhere = gates.free();
    const moved = gates.free();
    solver.addSoft(elsewhere);
    solver.addClause([assumed ^ 1, moved ^ 1, elsewhere, ...decisions.map((d) => d.changed)]);
    for (const open of frontier.values()) solver.addClause([assumed ^ 1, open ^ 1, moved]);
    let solved: boolean | undefined;
    do solved = yield* solver.solving([solver.bound, assumed], SLICE);
    while (solved === true && !solver.holds(elsewhere) && this.#refute([assumed ^ 1, elsewhere]));
    solver.addClause([assumed ^ 1]);
    solver.addClause([elsewhere ^ 1]);
    return solved === false;
  }

  /** Exclude from the last solution what moved on the frontier out of reach of its changes. Is there any? */
  #refute(unless: readonly Lit[]): boolean {
    const { gates, frontier, decisions } = this.#enc;
    const { solver } = gates;
    const made = decisions.filter((d) => solver.holds(d.changed));
    const moved = [...frontier].filter(([, open]) => solver.holds(open));
    let refuted = false;
    for (const [id, open] of moved) {
      if (made.some((d) => this.#reach.from(d.id, id))) continue;
      const movers = decisions.filter((d) => this.#reach.mayReach(d.id, id));
      solver.addClause([...unless, open ^ 1, ...movers.map((d) => d.changed)]);
      refuted = true;
    }
    return refuted && this.#reach.walks < Reach.LIMIT;
  }

  /** Give the values that come of the steps: y where there are no modules for m, a number within its range. */
  #plain(steps: readonly Step[]): readonly Step[] {
    const after = taken(this.#config, steps);
    const plain = steps.map(({ id, to }) => ({ id, to: to && after.valueOf(id) }));
    const told = reached(this.#goal, this.#config, taken(this.#config, plain)) ? plain : steps;
    // The symbol asked about first, then in the order in which the search came upon them.
    const own = (step: Step): number => (step.id === this.#goal.id ? 0 : 1);
    return told.toSorted((a, b) => own(a) - own(b));
  }

  /** Leave out changes that are not needed, one by one. */
  #irreducible(steps: readonly Step[]): readonly Step[] {
    let kept = steps;
    for (const step of steps) {
      const fewer = kept.filter((other) => other !== step);
      if (reached(this.#goal, this.#config, taken(this.#config, fewer))) kept = fewer;
    }
    return kept;
  }
}
