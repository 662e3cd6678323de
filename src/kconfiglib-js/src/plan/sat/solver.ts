import { ActivityHeap } from './heap.ts';

/** A literal: twice the variable, plus 1 if negated. */
export type Lit = number;

/** Reasons other than a clause. */
const NONE = 0;
const BOUND = -1;

/** The slice is over, the question is not. */
const PAUSED = 'paused';

/** Conflicts before the first restart; later ones follow the Luby sequence. */
const RESTART = 100;
const DECAY = 0.95;

/**
 * A satisfiability solver: clause learning with two watched literals, activities, saved phases and restarts.
 *
 * It is incremental (clauses may be added between calls), solves under assumptions and names those that failed, and
 * has one constraint besides clauses: under the assumption `bound`, at most `limit` of the soft literals hold. Learned
 * clauses are kept for good: queries are short.
 */
export class Solver {
  /** Literals of the assumptions that cannot hold together, after `solve` returned false. */
  core: Lit[] = [];
  /** Steps taken so far: a clock that runs the same everywhere. */
  work = 0;
  /** `solve` gives up when `work` reaches this. */
  workLimit = Number.POSITIVE_INFINITY;
  /** At most so many soft literals hold while the literal `bound` does; -1 for no such literal. */
  limit = 0;
  bound: Lit = -1;
  variables = 0;
  #ok = true;
  #arena = new Int32Array(1 << 12);
  #used = 1;
  #watches: number[][] = [];
  /** By literal: 1 true, -1 false, 0 open. */
  #value = new Int8Array(2048);
  #model = new Int8Array(0);
  #level = new Int32Array(1024);
  #reason = new Int32Array(1024);
  #place = new Int32Array(1024);
  #phase = new Uint8Array(1024);
  #seen = new Uint8Array(1024);
  #isSoft = new Uint8Array(2048);
  #soft: Lit[] = [];
  #softTrue: Lit[] = [];
  #trail: Lit[] = [];
  #levels: number[] = [];
  #head = 0;
  #heap = new ActivityHeap();
  #bump = 1;
  #conflict: Lit[] = [];
  #assumptions: readonly Lit[] = [];
  #conflicts = 0;
  #round = 1;
  #restartAt = RESTART;

  /** A new variable's positive literal. `phase` is the value to try first; higher `activity` is decided earlier. */
  newVar(phase = false, activity = 0): Lit {
    const v = this.variables++;
    if (v >= this.#level.length) this.#grow();
    this.#watches.push([], []);
    this.#phase[v] = phase ? 1 : 0;
    this.#heap.grow(v + 1);
    this.#heap.activity[v] = activity * this.#bump;
    this.#heap.insert(v);
    return 2 * v;
  }

  /** Add a clause. Returns false if now nothing can satisfy all clauses. */
  addClause(lits: readonly Lit[]): boolean {
    this.#backtrack(0);
    if (!this.#ok) return false;
    const kept: Lit[] = [];
    for (const l of lits) {
      if (this.#value[l] === 1 || kept.includes(l ^ 1)) return true;
      if (this.#value[l] === 0 && !kept.includes(l)) kept.push(l);
    }
    this.work += lits.length;
    if (kept.length === 0) this.#ok = false;
    else if (kept.length === 1) this.#enqueue(kept[0] as Lit, NONE);
    else this.#attach(kept);
    return this.#ok;
  }

  /** Count this literal against `limit`. */
  addSoft(l: Lit): void {
    this.#backtrack(0);
    if (this.#isSoft[l] === 1) return;
    this.#isSoft[l] = 1;
    this.#soft.push(l);
    if (this.#value[l] === 1 && (this.#place[l >> 1] as number) < this.#head)
      this.#softTrue.push(l);
  }

  /** Did the literal hold in the last solution. */
  holds(l: Lit): boolean {
    return this.#model[l] === 1;
  }

  /** Try this value first. */
  prefer(l: Lit): void {
    this.#phase[l >> 1] = (l & 1) ^ 1;
  }

  /** Is there a solution under the assumptions? Undefined when the work limit was reached. */
  solve(assumptions: readonly Lit[]): boolean | undefined {
    this.#begin(assumptions);
    return this.#run(Number.POSITIVE_INFINITY) as boolean | undefined;
  }

  /** The same in slices: yields after about so many steps. Nothing else may be asked in between. */
  *solving(assumptions: readonly Lit[], slice: number): Generator<void, boolean | undefined> {
    this.#begin(assumptions);
    for (;;) {
      const solved = this.#run(this.work + slice);
      if (solved !== PAUSED) return solved;
      yield;
    }
  }

  #begin(assumptions: readonly Lit[]): void {
    this.#backtrack(0);
    this.core = [];
    this.#assumptions = assumptions;
    this.#conflicts = 0;
    this.#round = 1;
    this.#restartAt = RESTART;
  }

  #run(pauseAt: number): boolean | undefined | typeof PAUSED {
    const assumptions = this.#assumptions;
    while (this.#ok) {
      const conflict = this.#propagate();
      if (conflict !== NONE) {
        if (this.#levels.length === 0) {
          this.#ok = false;
          break;
        }
        this.#conflicts++;
        this.#learn(conflict);
        continue;
      }
      if (this.work >= this.workLimit) return undefined;
      if (this.work >= pauseAt) return PAUSED;
      if (this.#conflicts >= this.#restartAt) {
        this.#restartAt = this.#conflicts + RESTART * luby(++this.#round);
        this.#backtrack(Math.min(this.#levels.length, assumptions.length));
      }
      const decision = this.#decide(assumptions);
      if (decision === -2) return false;
      if (decision === -1) {
        this.#model = this.#value.slice(0, 2 * this.variables);
        return true;
      }
      this.#levels.push(this.#trail.length);
      if (decision >= 0) this.#enqueue(decision, NONE);
    }
    return false;
  }

  /** The next literal to try; -1 when all are set, -2 when an assumption fails, -3 when one holds already. */
  #decide(assumptions: readonly Lit[]): number {
    const level = this.#levels.length;
    if (level < assumptions.length) {
      const l = assumptions[level] as Lit;
      if (this.#value[l] === 1) return -3;
      if (this.#value[l] === 0) return l;
      this.#explainFailure(l);
      return -2;
    }
    for (let v = this.#heap.pop(); v >= 0; v = this.#heap.pop())
      if (this.#value[2 * v] === 0) return 2 * v + ((this.#phase[v] as number) ^ 1);
    return -1;
  }

  #grow(): void {
    const size = this.#level.length * 2;
    const grown = <T extends Int32Array | Uint8Array | Int8Array>(old: T, made: T): T => {
      made.set(old);
      return made;
    };
    this.#value = grown(this.#value, new Int8Array(2 * size));
    this.#isSoft = grown(this.#isSoft, new Uint8Array(2 * size));
    this.#level = grown(this.#level, new Int32Array(size));
    this.#reason = grown(this.#reason, new Int32Array(size));
    this.#place = grown(this.#place, new Int32Array(size));
    this.#phase = grown(this.#phase, new Uint8Array(size));
    this.#seen = grown(this.#seen, new Uint8Array(size));
  }

  #attach(lits: readonly Lit[]): number {
    const at = this.#used;
    const end = at + lits.length + 1;
    if (end > this.#arena.length) {
      const arena = new Int32Array(Math.max(end, this.#arena.length * 2));
      arena.set(this.#arena);
      this.#arena = arena;
    }
    this.#arena[at] = lits.length;
    for (let i = 0; i < lits.length; i++) this.#arena[at + 1 + i] = lits[i] as Lit;
    this.#used = end;
    this.#watches[lits[0] as Lit]?.push(at, lits[1] as Lit);
    this.#watches[lits[1] as Lit]?.push(at, lits[0] as Lit);
    return at;
  }

  #enqueue(l: Lit, reason: number): void {
    const v = l >> 1;
    this.#value[l] = 1;
    this.#value[l ^ 1] = -1;
    this.#level[v] = this.#levels.length;
    this.#reason[v] = reason;
    this.#place[v] = this.#trail.length;
    this.#trail.push(l);
  }

  #backtrack(level: number): void {
    if (this.#levels.length <= level) return;
    const keep = this.#levels[level] as number;
    for (let i = this.#trail.length - 1; i >= keep; i--) {
      const l = this.#trail[i] as Lit;
      const v = l >> 1;
      this.#value[l] = 0;
      this.#value[l ^ 1] = 0;
      this.#phase[v] = (l & 1) ^ 1;
      this.#heap.insert(v);
    }
    const counted = this.#softTrue;
    while (
      counted.length > 0 &&
      (this.#place[(counted[counted.length - 1] as Lit) >> 1] as number) >= keep
    )
      counted.pop();
    this.#trail.length = keep;
    this.#levels.length = level;
    this.#head = keep;
  }

  /** Draw conclusions. Returns the clause that is violated, BOUND with `#conflict` filled, or NONE. */
  #propagate(): number {
    const value = this.#value;
    while (this.#head < this.#trail.length) {
      const p = this.#trail[this.#head++] as Lit;
      if (this.#isSoft[p] === 1) this.#softTrue.push(p);
      const falsified = p ^ 1;
      const list = this.#watches[falsified] as number[];
      const arena = this.#arena;
      let keep = 0;
      this.work += list.length >> 1;
      for (let i = 0; i < list.length; i += 2) {
        const at = list[i] as number;
        const blocker = list[i + 1] as Lit;
        if (value[blocker] === 1) {
          list[keep++] = at;
          list[keep++] = blocker;
          continue;
        }
        if (arena[at + 1] === falsified) {
          arena[at + 1] = arena[at + 2] as number;
          arena[at + 2] = falsified;
        }
        const first = arena[at + 1] as Lit;
        list[keep++] = at;
        list[keep++] = first;
        if (value[first] === 1) continue;
        const end = at + 1 + (arena[at] as number);
        let k = at + 3;
        while (k < end && value[arena[k] as Lit] === -1) k++;
        if (k < end) {
          const other = arena[k] as Lit;
          arena[at + 2] = other;
          arena[k] = falsified;
          this.#watches[other]?.push(at, first);
          keep -= 2;
        } else if (value[first] === -1) {
          for (i += 2; i < list.length; i++) list[keep++] = list[i] as number;
          list.length = keep;
          return at;
        } else this.#enqueue(first, at);
      }
      // Setting a length is slow, and most lists keep theirs.
      if (keep < list.length) list.length = keep;
      if ((this.#isSoft[p] === 1 || p === this.bound) && !this.#withinLimit()) return BOUND;
    }
    return NONE;
  }

  /** Hold the number of soft literals within the limit. */
  #withinLimit(): boolean {
    if (this.bound < 0 || this.#value[this.bound] !== 1) return true;
    if (this.#softTrue.length > this.limit) {
      this.#conflict = [this.bound ^ 1, ...this.#softTrue.map((l) => l ^ 1)];
      return false;
    }
    if (this.#softTrue.length === this.limit)
      for (const l of this.#soft) if (this.#value[l] === 0) this.#enqueue(l ^ 1, BOUND);
    return true;
  }

  /** The false literals from which `reason` concluded `v`, or those of a violated clause with `v` -1. */
  #because(reason: number, v: number, out: Lit[]): Lit[] {
    out.length = 0;
    if (reason === BOUND) {
      if (v < 0) return this.#conflict;
      const before = this.#place[v] as number;
      out.push(this.bound ^ 1);
      for (const l of this.#softTrue) if ((this.#place[l >> 1] as number) < before) out.push(l ^ 1);
      return out;
    }
    const end = reason + 1 + (this.#arena[reason] as number);
    for (let k = reason + 1; k < end; k++) {
      const l = this.#arena[k] as Lit;
      if (l >> 1 !== v) out.push(l);
    }
    return out;
  }

  /** Learn from a conflict the clause at the first unique implication point, and go back to where it forces something. */
  #learn(conflict: number): void {
    const seen = this.#seen;
    const current = this.#levels.length;
    const learned: Lit[] = [0];
    const buffer: Lit[] = [];
    let open = 0;
    let at = this.#trail.length;
    let reason = conflict;
    let v = -1;
    do {
      for (const q of this.#because(reason, v, buffer)) {
        const u = q >> 1;
        if (seen[u] !== 0 || this.#level[u] === 0) continue;
        seen[u] = 1;
        this.#raise(u);
        if (this.#level[u] === current) open++;
        else learned.push(q);
      }
      do at--;
      while (seen[(this.#trail[at] as Lit) >> 1] === 0);
      v = (this.#trail[at] as Lit) >> 1;
      reason = this.#reason[v] as number;
      seen[v] = 0;
      open--;
    } while (open > 0);
    learned[0] = (this.#trail[at] as Lit) ^ 1;
    const short = learned.filter((l, i) => i === 0 || !this.#redundant(l >> 1, buffer));
    for (const l of learned) seen[l >> 1] = 0;
    this.#bump /= DECAY;
    let second = 1;
    for (let i = 2; i < short.length; i++)
      if (this.#levelOf(short[i] as Lit) > this.#levelOf(short[second] as Lit)) second = i;
    if (short.length === 1) {
      this.#backtrack(0);
      this.#enqueue(short[0] as Lit, NONE);
      return;
    }
    [short[1], short[second]] = [short[second] as Lit, short[1] as Lit];
    this.#backtrack(this.#levelOf(short[1]));
    this.#enqueue(short[0] as Lit, this.#attach(short));
  }

  /** Does the rest of the clause being learned imply this literal of it. */
  #redundant(v: number, buffer: Lit[]): boolean {
    const reason = this.#reason[v] as number;
    if (reason === NONE) return false;
    return this.#because(reason, v, buffer).every(
      (q) => this.#seen[q >> 1] !== 0 || this.#levelOf(q) === 0,
    );
  }

  #levelOf(l: Lit): number {
    return this.#level[l >> 1] as number;
  }

  #raise(v: number): void {
    const { activity } = this.#heap;
    activity[v] = (activity[v] as number) + this.#bump;
    if ((activity[v] as number) > 1e100) {
      for (let i = 0; i < this.variables; i++) activity[i] = (activity[i] as number) * 1e-100;
      this.#bump *= 1e-100;
    }
    this.#heap.raised(v);
  }

  /** Collect the assumptions that together make `failed` false. */
  #explainFailure(failed: Lit): void {
    const seen = this.#seen;
    const buffer: Lit[] = [];
    this.core = [failed];
    seen[failed >> 1] = 1;
    for (let i = this.#trail.length - 1; i >= 0; i--) {
      const l = this.#trail[i] as Lit;
      const v = l >> 1;
      if (seen[v] === 0) continue;
      seen[v] = 0;
      if (this.#level[v] === 0) continue;
      const reason = this.#reason[v] as number;
      if (reason === NONE) {
        this.core.push(l);
        continue;
      }
      for (const q of this.#because(reason, v, buffer)) if (this.#levelOf(q) > 0) seen[q >> 1] = 1;
    }
    seen[failed >> 1] = 0;
  }
}

/** The Luby sequence, from 1: 1 1 2 1 1 2 4 … */
function luby(i: number): number {
  let k = 1;
  while (2 ** k - 1 < i) k++;
  return 2 ** k - 1 === i ? 2 ** (k - 1) : luby(i - 2 ** (k - 1) + 1);
}
