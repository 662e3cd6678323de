import {
  FRAME_CALLER,
  FRAME_PC,
  FRAME_RETURN,
  FRAME_ROUTINE,
  FRAME_VARS,
  type Routine,
  TASK,
} from '../model/index.ts';

/** Stands for what the routine called last returned, among the bits of variables. */
const RESULT_BIT = 1 << 30;
const MOST_VARS = 30;

/** What is known of a label: bits of variables. */
interface Label {
  /** Read by some run of it before it set them. */
  uses: number;
  /** Set by every run of it, and not read before. */
  sets: number;
  /** Labels gone to, and come back to after a call. */
  readonly next: Set<number>;
  /** Routines called. */
  readonly calls: Set<number>;
  /** Read there or further on before they are set. */
  live: number;
}

/**
 * Which variables of a routine will be read again, learned from the runs of its steps: others are no part of the state. What is live is a
 * guess until an exploration has ended without a run that adds to it; one that does makes it begin again, see {@link fresh}. While the guess
 * holds, no step has read a variable that was left out, so that each did what it would have done with it.
 */
export class LiveVariables {
  /** Whether anything is left out at all. */
  trusted = true;
  readonly #routines: (Label | undefined)[][] = [];
  #fresh = false;
  /** Whether runs have been noted since what is live was worked out. */
  #behind = false;
  /** What was live by routine and label at the last {@link restart}. */
  #guess: (number | undefined)[][] = [];
  /** Of the step under way. */
  #read = 0;
  #set = 0;

  /** Whether more is live than was taken to be at {@link restart}. */
  get fresh(): boolean {
    if (this.#behind) this.#spread();
    return this.#fresh;
  }

  /** Takes what is known for a guess, which stays the same for an exploration. */
  restart(): void {
    this.#spread();
    this.#fresh = false;
    this.#guess = this.#routines.map((labels) => labels.map((label) => label?.live));
  }

  get(slot: number): void {
    const bit = slot < MOST_VARS ? 1 << slot : 0;
    if (!(this.#set & bit)) this.#read |= bit;
  }

  set(slot: number): void {
    if (slot < MOST_VARS) this.#set |= 1 << slot;
  }

  result(): void {
    if (!(this.#set & RESULT_BIT)) this.#read |= RESULT_BIT;
  }

  begin(): void {
    this.#read = 0;
    this.#set = 0;
  }

  /**
   * Notes a run of a label.
   *
   * @param next label gone to; where the step called, the one it will come back to; -1 where it returned
   * @param called routine that was called, -1 for none: what it returns is the last result then
   */
  ran(routine: number, label: number, next: number, called: number): void {
    const labels = (this.#routines[routine] ??= []);
    const sets = called !== -1 ? this.#set | RESULT_BIT : this.#set;
    const known = labels[label];
    if (known === undefined) {
      labels[label] = {
        uses: this.#read,
        sets,
        next: new Set(next === -1 ? [] : [next]),
        calls: new Set(called === -1 ? [] : [called]),
        live: 0,
      };
      this.#behind = true;
      return;
    }
    const uses = known.uses | this.#read;
    const always = known.sets & sets;
    const more =
      (next !== -1 && !known.next.has(next)) || (called !== -1 && !known.calls.has(called));
    if (uses === known.uses && always === known.sets && !more) return;
    known.uses = uses;
    known.sets = always;
    if (next !== -1) known.next.add(next);
    if (called !== -1) known.calls.add(called);
    this.#behind = true;
  }

  /** Tells what is live to the labels before, in a routine and, of results read by routines that made no call before, in all. */
  #spread(): void {
    this.#behind = false;
    for (let changed = true; changed; ) {
      changed = false;
      for (const [r, labels] of this.#routines.entries()) {
        for (let l = (labels?.length ?? 0) - 1; l >= 0; l--) {
          const label = labels?.[l];
          if (label === undefined) continue;
          const live = this.#liveBefore(r, label);
          if (live === label.live) continue;
          label.live = live;
          changed = true;
          if ((live & ~this.#liveAt(r, l)) !== 0) this.#fresh = true;
        }
      }
    }
  }

  #liveBefore(routine: number, label: Label): number {
    let after = 0;
    for (const n of label.next) after |= this.#routines[routine]?.[n]?.live ?? 0;
    let live = label.live | label.uses | (after & ~label.sets);
    for (const called of label.calls) {
      live |= (this.#routines[called]?.[0]?.live ?? 0) & RESULT_BIT;
    }
    return live;
  }

  /** What is taken to be live: all of a label that had not run when the exploration began. */
  #liveAt(routine: number, label: number): number {
    return this.#guess[routine]?.[label] ?? -1;
  }

  /**
   * Clears what will not be read again in a thread's frames: the frame pointer less the task's address, the last result, then the frames,
   * whose pointers to callers are relative as well.
   */
  clear(words: Int32Array, routineOf: (id: number) => Routine): void {
    if (!this.trusted) return;
    let label = -1;
    for (let fp = words[0] as number; fp !== 0; ) {
      const from = fp - TASK.size + 2;
      const id = words[from + FRAME_ROUTINE] as number;
      const innermost = label === -1;
      if (innermost) label = words[from + FRAME_PC] as number;
      const live = this.#liveAt(id, label);
      if (innermost && !(live & RESULT_BIT)) words[1] = 0;
      const vars = Math.min(routineOf(id).vars.length, MOST_VARS);
      for (let slot = 0; slot < vars; slot++) {
        if (!(live & (1 << slot))) words[from + FRAME_VARS + slot] = 0;
      }
      label = words[from + FRAME_RETURN] as number;
      fp = words[from + FRAME_CALLER] as number;
    }
  }
}
