import type { Routine } from '../model/machine/index.ts';
import { type Control, type Outcome, SPIN, TASK } from '../model/machine/index.ts';
import { FRAME_PC, FRAME_ROUTINE } from '../model/machine/task.ts';
import type { MachineSpec } from '../model/machine-spec.ts';
import { TimedExec, type TimedOptions } from '../timed/index.ts';
import { Tally } from './tail.ts';

/** The victim's thread. */
export const VICTIM = 0;
const TASK_FP = TASK.at.fp;

/** What the executor must know of the kernel to watch the victim. */
export interface Watched {
  /** `lock_vma_under_rcu`: one try. */
  readonly attempt: Routine;
  /** Routines by which a lookup takes mmap_lock. */
  readonly slow: ReadonlySet<Routine>;
  /**
   * Under a hostile scheduler: a word the victim is held back on before it tries, because its VMA is not write-locked now, and that will
   * change when it is; 0 to let it go. Absent under a fair one.
   */
  readonly holdBack?: ((mem: Int32Array) => number) | undefined;
}

/** A hostile scheduler lets a lookup go its way after so many tries: a lookup that needs more would need any number. */
export const PATIENCE = 100;

/** The timed executor with an eye on one thread: how often each of its lookups tries, and whether it took mmap_lock. */
export class TortureExec extends TimedExec {
  readonly retries = new Tally();
  /** Lookups that took mmap_lock, and lookups a hostile scheduler gave up on. */
  slow = 0;
  exhausted = 0;
  readonly #watched: Watched;
  #attempts = 0;
  #locked = false;
  /** When the lookup that is under way began; -1 while none is. */
  #began = -1;

  constructor(spec: MachineSpec, options: TimedOptions, watched: Watched) {
    super(spec, options);
    this.#watched = watched;
  }

  override call(
    routine: Routine,
    a0?: number,
    a1?: number,
    a2?: number,
    a3?: number,
    a4?: number,
    a5?: number,
  ): Control {
    if (this.tid === VICTIM) {
      if (routine === this.#watched.attempt) this.#attempts++;
      else if (this.#watched.slow.has(routine)) this.#locked = true;
    }
    return super.call(routine, a0, a1, a2, a3, a4, a5);
  }

  override step(): Outcome {
    const { holdBack, attempt } = this.#watched;
    if (holdBack !== undefined && this.tid === VICTIM && this.#attempts < PATIENCE) {
      const fp = this.mem[this.task + TASK_FP] as number;
      if (this.mem[fp + FRAME_ROUTINE] === attempt.id && this.mem[fp + FRAME_PC] === 0) {
        const word = holdBack(this.mem);
        if (word !== 0) {
          this.spinningOn = word;
          this.spinsUntilTimer = false;
          return SPIN;
        }
      }
    }
    return super.step();
  }

  override opBegin(): void {
    super.opBegin();
    if (this.tid !== VICTIM) return;
    this.#attempts = 0;
    this.#locked = false;
    this.#began = this.moment;
  }

  override opEnd(): void {
    super.opEnd();
    if (this.tid !== VICTIM) return;
    this.#began = -1;
    this.retries.record(Math.max(0, this.#attempts - 1));
    if (this.#locked) this.slow++;
    // A fair scheduler holds nothing back, so it has nothing to give up, however long a lookup took.
    if (this.#watched.holdBack !== undefined && this.#attempts >= PATIENCE) this.exhausted++;
  }

  /** The lookup that was under way when the run was stopped: its retries so far, and its age in picoseconds. */
  get unfinished(): { readonly retries: number; readonly age: number } | undefined {
    if (this.#began < 0) return undefined;
    return { retries: Math.max(0, this.#attempts - 1), age: this.moment - this.#began };
  }
}
