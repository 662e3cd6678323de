import type { SurfaceFunction } from '../model/index.ts';
import type { CheckExec } from './check-exec.ts';
import type { Sequence } from './sequence.ts';
import type { Likeness } from './symmetry.ts';
import type { TraceState } from './trace-state.ts';

/** What each thread is there for; properties speak of it. */
export type Role = 'reader' | 'writer' | 'killer' | 'thread';

/** Threads on a machine, ready to be explored. */
export interface Subject {
  readonly exec: CheckExec;
  /** Memory of the initial state. */
  readonly initial: Int32Array;
  /** Addresses of the task_structs. */
  readonly tasks: readonly number[];
  readonly roles: readonly Role[];
  /** Words of stack each thread has. */
  readonly stackWords: number;
  /** Words of each stack that may be non-zero now. Kept by the stepper. */
  readonly stackUsed: number[];
  /** The mm's sequence, where its values may be renamed. */
  readonly sequence?: Sequence;
  /** Which threads may change places. */
  readonly likeness?: Likeness;
  /**
   * Whether a thread is inside what is being judged (a lookup), from the words of its frames: the frame pointer less the task's address,
   * the last result, then the frames, whose pointers to callers are relative as well.
   */
  readonly busy: (t: number, frames: Int32Array) => boolean;
  /** Whether a thread has left what is being judged for the last time. */
  readonly past: (t: number, frames: Int32Array) => boolean;
  /** Whether a thread may be left where it is when nothing moves any more. */
  readonly mayStay: (t: number, frames: Int32Array) => boolean;
  /** Name of a word, for traces. */
  readonly nameOf: (address: number) => string;
  /** State of the locks in the executor's memory, for traces. */
  readonly lockState: () => string;
  /** The same state in full, for traces; not given where there are no VMAs. */
  readonly traceState?: () => TraceState;
  /** The kernel functions the routines model. */
  readonly functions?: () => readonly Pick<SurfaceFunction, 'name' | 'file'>[];
  /** What verdicts about it rest on. */
  readonly assumptions: readonly string[];
}
