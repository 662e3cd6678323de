import { type Lit, Solver } from './sat/solver.ts';

/** Activity of what a user decides: all else follows from it, so it is decided first. */
const CHOICE_ACTIVITY = 1e-3;

/** Boolean circuits over a solver. Constants and repeated inputs are folded away. */
export class Gates {
  readonly solver = new Solver();
  readonly true: Lit;
  readonly false: Lit;

  constructor() {
    this.true = this.solver.newVar(true);
    this.false = this.true ^ 1;
    this.solver.addClause([this.true]);
  }

  /** A literal that nothing defines yet. */
  free(preferred = false): Lit {
    return this.solver.newVar(preferred);
  }

  /** A literal that is a user's decision. */
  decision(preferred: boolean): Lit {
    return this.solver.newVar(preferred, CHOICE_ACTIVITY);
  }

  and(inputs: readonly Lit[]): Lit {
    const kept: Lit[] = [];
    for (const l of inputs) {
      if (l === this.false || kept.includes(l ^ 1)) return this.false;
      if (l !== this.true && !kept.includes(l)) kept.push(l);
    }
    if (kept.length === 0) return this.true;
    if (kept.length === 1) return kept[0] as Lit;
    const out = this.solver.newVar();
    for (const l of kept) this.solver.addClause([out ^ 1, l]);
    this.solver.addClause([out, ...kept.map((l) => l ^ 1)]);
    return out;
  }

  or(inputs: readonly Lit[]): Lit {
    return this.and(inputs.map((l) => l ^ 1)) ^ 1;
  }

  /** `condition ? yes : no`. */
  choose(condition: Lit, yes: Lit, no: Lit): Lit {
    if (yes === no) return yes;
    return this.or([this.and([condition, yes]), this.and([condition ^ 1, no])]);
  }

  /** At most one of these holds: a ladder of "one of those so far". */
  atMostOne(lits: readonly Lit[]): void {
    let before = this.false;
    for (const l of lits) {
      this.solver.addClause([l ^ 1, before ^ 1]);
      before = this.or([before, l]);
    }
  }
}
