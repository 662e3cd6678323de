import { FRAME_CALLER, FRAME_ROUTINE, FRAME_VARS, TASK } from '../model/index.ts';
import type { CheckExec } from './check-exec.ts';

const { fp: FP } = TASK.at;
/** `vm_lock_seq` of a VMA that has never been locked; stands for all values of the past. */
const PAST = -1;

/**
 * Renames the values of `mm_lock_seq`. The number only grows, and a copy of it is only ever compared with what it is at that moment, so all
 * copies that differ now are alike, and of the number itself only its parity counts. Without this a writer that goes on for ever would
 * make ever new states. It leaves out that the counter comes round after 2^32 steps.
 */
export class Sequence {
  readonly word: number;
  readonly #copies: readonly number[];
  readonly #tasks: readonly number[];

  /**
   * @param word address of `mm_lock_seq`
   * @param copies addresses of the words that hold copies; variables named `seq` of routines do, too
   */
  constructor(word: number, copies: readonly number[], tasks: readonly number[]) {
    this.word = word;
    this.#copies = copies;
    this.#tasks = tasks;
  }

  /** Renames after a step of thread `t`. Gives whether the step changed the number. */
  settle(k: CheckExec, t: number, before: number): boolean {
    const { mem } = k;
    if (mem[this.word] === before) {
      // All copies have been renamed before; those a step makes are copies of renamed ones.
      this.#frames(k, t, (value) => (value > 0 && value === k.look(this.word) ? value : PAST));
      return false;
    }
    const now = mem[this.word] as number;
    const name = 2 + (now & 1);
    for (const copy of this.#copies) {
      const value = k.look(copy);
      const renamed = value === now ? name : PAST;
      if (value !== renamed) k.note(copy, renamed);
    }
    this.#frames(k, t, (value) => (value === now ? name : PAST));
    k.note(this.word, name);
    return true;
  }

  /** Renames the copies in a thread's frames after another thread changed the number. */
  outdate(k: CheckExec, t: number): void {
    this.#frames(k, t, () => PAST);
  }

  #frames(k: CheckExec, t: number, rename: (value: number) => number): void {
    const { mem } = k;
    const task = this.#tasks[t] as number;
    for (let fp = mem[task + FP] as number; fp !== 0; fp = mem[fp + FRAME_CALLER] as number) {
      const routine = k.routineOf(mem[fp + FRAME_ROUTINE] as number);
      const slot = routine.vars.indexOf('seq');
      if (slot === -1) continue;
      const at = fp + FRAME_VARS + slot;
      mem[at] = rename(mem[at] as number);
    }
  }
}
