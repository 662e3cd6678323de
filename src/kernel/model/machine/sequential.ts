import { type AccessKind, ENDED, Exec, type Outcome, SPIN, type StackFrame } from './exec.ts';
import { TASK, TASK_INTERRUPTIBLE } from './task.ts';

/** Chooses which of the threads that can move steps next; gets their numbers, never an empty list. */
export type Scheduler = (ready: readonly number[]) => number;

/** Keeps the current thread running until it blocks or ends, then takes the lowest. */
export function runToCompletion(): Scheduler {
  let last = -1;
  return (ready) => {
    if (!ready.includes(last)) last = ready[0] as number;
    return last;
  };
}

/** Threads are left and nothing will ever move them. */
export class DeadlockError extends Error {
  override name = 'DeadlockError';
  readonly threads: readonly StuckThread[];

  /** @param threads those left, by number */
  constructor(threads: readonly StuckThread[]) {
    const places = threads.map(({ tid, stack: [at] }) => {
      return `thread ${tid} in ${at?.routine.name}.${at?.label}`;
    });
    super(places.join('; '));
    this.threads = threads;
  }
}

/** A thread that waits for ever. */
export interface StuckThread {
  readonly tid: number;
  /** Innermost routine first. */
  readonly stack: readonly StackFrame[];
  /** The word it busy-waits on; `undefined` for one that sleeps. */
  readonly spinningOn: number | undefined;
}

/** The stuck threads among `tids`; `spinning` gives the word a thread that can run has last busy-waited on. */
export function stuckThreads(
  exec: Exec,
  tids: Iterable<number>,
  spinning: (tid: number) => number | undefined,
): StuckThread[] {
  return [...tids].map((tid) => ({
    tid,
    stack: exec.stackOf(tid),
    spinningOn: exec.runnable(tid) ? spinning(tid) : undefined,
  }));
}

/** A step touched more than one shared word. */
export class AtomicityError extends Error {
  override name = 'AtomicityError';
}

/**
 * An executor without time: a scheduler picks a thread, it steps. For counts that do not depend on time and for
 * tests, which it serves by refusing any step that makes more than one shared access.
 */
export class SequentialExec extends Exec {
  #accesses = 0;
  /** Threads that have not ended. */
  readonly #live = new Set<number>();

  protected override onAccess(_address: number, _kind: AccessKind): void {
    this.#accesses++;
  }

  protected override onWork(): void {}

  protected override onWake(): void {}

  protected override onTlbFlush(): void {}

  protected override onNewTask(tid: number): void {
    this.#live.add(tid);
  }

  /** Whether a task sleeps until a signal comes. */
  #waitsForSignal(tid: number): boolean {
    const state = (this.area.tasks[tid] as number) + TASK.at.__state;
    return !this.runnable(tid) && this.mem[state] === TASK_INTERRUPTIBLE;
  }

  override step(): Outcome {
    const before = this.where(this.tid);
    this.#accesses = 0;
    const outcome = super.step();
    if (this.#accesses > 1) {
      throw new AtomicityError(
        `${before?.routine.name}.${before?.label} makes ${this.#accesses} shared accesses in one step`,
      );
    }
    return outcome;
  }

  /**
   * Runs until every thread has ended or sleeps until a signal comes.
   *
   * @throws {DeadlockError} when threads are left and none can move
   * @throws {RangeError} after `maxSteps` steps
   */
  run(schedule: Scheduler = runToCompletion(), maxSteps = 50_000_000): number {
    const threads = this.area.tasks.length;
    // Threads that spin and the word they spin on; they look again after any other thread has moved.
    const blocked = new Map<number, number>();
    const live = this.#live;
    live.clear();
    for (let tid = 0; tid < threads; tid++) if (this.where(tid) !== undefined) live.add(tid);
    for (let steps = 0; steps < maxSteps; steps++) {
      if (live.size === 0) return steps;
      const ready: number[] = [];
      for (const tid of live) {
        if (this.runnable(tid) && !blocked.has(tid)) ready.push(tid);
      }
      if (ready.length === 0) {
        if ([...live].every((tid) => this.#waitsForSignal(tid))) return steps;
        throw new DeadlockError(stuckThreads(this, live, (tid) => blocked.get(tid)));
      }
      const tid = schedule(ready);
      this.select(tid);
      const outcome = this.step();
      if (outcome === SPIN && !this.spinsUntilTimer) blocked.set(tid, this.spinningOn);
      else if (outcome === ENDED) live.delete(tid);
      if (outcome !== SPIN && blocked.size > 0) blocked.clear();
    }
    throw new RangeError(`still running after ${maxSteps} steps`);
  }
}
