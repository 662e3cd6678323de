/** A thread goes on as long as others do; has to end; or was made by one that has, and may wait for a signal for ever. */
export const BACKGROUND = 0;
export const MUST_END = 1;
const MAY_WAIT = 2;

/**
 * Simulated time in which some thread that is not in the background must get on, in picoseconds, or the run is hung: while
 * somebody pauses, twice the longest pause a workload can ask for; while nobody does, longer than any one call takes.
 */
const TIMEOUT = { pausing: 4e12, awake: 5e11 };

/**
 * Tells when a run is hung though threads of the background still move: they would do so for ever. In the manner of
 * khungtaskd, by the time since anything that matters got on.
 */
export class HungWatch {
  /** What each thread has to do with the end of the run. */
  readonly role: Uint8Array;
  /** When a thread that is not in the background last got on; picoseconds. */
  progress = 0;
  /** When some thread's pause was over last; picoseconds. */
  pauseEnd = 0;

  constructor(threads: number) {
    this.role = new Uint8Array(threads);
  }

  /** A thread has made another. */
  inherit(child: number, parent: number): void {
    this.role[child] = this.role[parent] === BACKGROUND ? BACKGROUND : MAY_WAIT;
  }

  /** Whether the run cannot end before this thread, which has not ended, does. */
  isAwaited(tid: number, waitsForSignal: boolean): boolean {
    const role = this.role[tid];
    return role === MUST_END || (role === MAY_WAIT && !waitsForSignal);
  }

  /** Whether nothing that matters has got on for too long. `pausing`: some thread will come back by itself. */
  overdue(now: number, pausing: boolean): boolean {
    if (now - this.progress > TIMEOUT.pausing) return true;
    return !pausing && now - Math.max(this.progress, this.pauseEnd) > TIMEOUT.awake;
  }
}
