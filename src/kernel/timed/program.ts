/** What the timed executor is given to run, and on what. */
import type { Routine } from '../model/machine/index.ts';
import type { CostProfile } from './profile.ts';

/** A thread to run, and whether its operations are measured. */
export interface Program {
  readonly tid: number;
  readonly routine: Routine;
  readonly args: readonly number[];
  readonly counted: boolean;
  /** It may wait for a signal for ever: the run ends without it. */
  readonly background?: boolean;
  /** It runs on this CPU only; with one such program no thread is moved to another CPU. */
  readonly cpu?: number;
  /** Its nice value, 0 when left out. */
  readonly nice?: number;
}

export interface TimedOptions {
  readonly cpus: number;
  readonly profile: CostProfile;
  /** Two executors with the same seed do the same, byte for byte. */
  readonly seed: number;
  /** Stops a run from outside. Looked at every CHECK_EVERY steps. */
  readonly signal?: AbortSignal | undefined;
  /** Steps after which a run is given up as endless. */
  readonly maxSteps?: number;
  /**
   * All work swings as the profile says of user code. Otherwise the kernel's takes the same time always, so that means are sharp, and
   * threads that wait for each other may fall into a step that no real machine would keep.
   */
  readonly kernelJitter?: boolean;
}

/** A run made as many steps as it may without coming to its end. */
export class StepLimitError extends RangeError {
  override name = 'StepLimitError';

  constructor(steps: number) {
    super(`still running after ${steps} steps`);
  }
}
