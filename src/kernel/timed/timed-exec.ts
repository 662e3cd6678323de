import {
  type AccessKind,
  DeadlockError,
  ENDED,
  Exec,
  LINE_SHIFT,
  type LockEvent,
  type LockMode,
  type Outcome,
  RAN,
  READ,
  SPIN,
  stuckThreads,
  TASK,
  TASK_INTERRUPTIBLE,
  W,
  WORK,
} from '../model/machine/index.ts';
import type { MachineSpec } from '../model/machine-spec.ts';
import { BusyWaits } from './busy-waits.ts';
import { CacheLines, COST, NOW } from './cache-lines.ts';
import { Cpus } from './cpus.ts';
import { BACKGROUND, HungWatch, MUST_END } from './hung-watch.ts';
import type { LockTimes } from './lock-times.ts';
import { MemorySystem } from './memory-system.ts';
import { Meter } from './meter.ts';
import { Pauses } from './pauses.ts';
import { picoseconds } from './profile.ts';
import { type Program, StepLimitError, type TimedOptions } from './program.ts';
import { mix, Random } from './random.ts';
import { NONE } from './run-queues.ts';
import { TlbFlushes } from './tlb-flushes.ts';

/** Steps between two looks at the signal: some milliseconds of real time. */
export const CHECK_EVERY = 1 << 16;
const MAX_STEPS = 1e10;
/** Up to so many CPUs, one that steps is likely to step again before the others do. */
const FEW = 32;
const TASK_FP = TASK.at.fp;
const TASK_PID = TASK.at.pid;
/** Random numbers are 30 bits wide. */
const RANDOM_RANGE = 2 ** 30;

/**
 * The executor with time: a machine of CPUs, cache lines and a scheduler on which each step costs what the
 * profile says.
 *
 * Times are whole picoseconds in doubles, exact up to 2.5 simulated hours, so sums do not depend on the order in
 * which they are made. Each CPU has one event, its next step; the step takes effect at that moment, and the step after it
 * comes when its cost has passed. A CPU goes on stepping without another look at the queue as long as no
 * event of another is earlier.
 *
 * The event loop allocates nothing: doubles that functions hand to each other lie in typed arrays.
 */
export class TimedExec extends Exec {
  /** Latencies and counts of the run that is measured. */
  readonly meter: Meter;
  readonly #lines: CacheLines;
  readonly #memory: MemorySystem;
  readonly #clock: Float64Array;
  readonly #cpus: Cpus;
  readonly #time: Float64Array;
  readonly #pauses: Pauses;
  readonly #waits: BusyWaits;
  readonly #random: Random;
  readonly #options: TimedOptions;

  readonly #prices: Float64Array;
  readonly #stepCost: number;
  readonly #pace: Float64Array;
  readonly #wakeupCost: number;
  readonly #flushes: TlbFlushes;
  readonly #userJitter: number;
  readonly #kernelJitter: number;

  readonly #few: boolean;
  /** CPU that is stepping, and the source whose event is the next after its own; NONE while that is not known. */
  #cpu = 0;
  #rival = NONE;
  /** A line with spinners that the step has written; -1 if none. */
  #written = NONE;
  /** The step's cmpxchg found another value than it expected. */
  #missed = false;
  /** When each thread's timer runs out. */
  readonly #timer: Float64Array;
  #live = 0;
  readonly #watch: HungWatch;
  /** Threads that wait for a signal and are not counted as live. */
  readonly #parked: Uint8Array;
  #locks: LockTimes | undefined;
  #steps = 0;
  /** The step that last entered a system call, by its number. */
  #entered = 0;
  #nextCheck = CHECK_EVERY;

  constructor(spec: MachineSpec, options: TimedOptions) {
    super(spec.routines, spec.area, spec.words, spec.events.names.length);
    const { profile, cpus } = options;
    if (spec.uniprocessor && cpus !== 1) throw new RangeError('a uniprocessor kernel has one CPU');
    const threads = spec.area.tasks.length;
    const lines = (spec.words >> LINE_SHIFT) + 1;
    this.#options = options;
    this.#lines = new CacheLines(lines, cpus, profile, spec.uniprocessor);
    this.#clock = this.#lines.clock;
    this.#cpus = new Cpus(cpus, threads, profile.scheduler, this.#clock, spec.timeSlices, profile);
    this.#pace = this.#cpus.pace;
    const sockets = this.#lines.socketOf(cpus - 1) + 1;
    this.#memory = new MemorySystem(cpus, sockets, profile, this.#clock, this.#pace);
    this.#time = this.#cpus.time;
    this.#few = cpus <= FEW;
    this.#pauses = new Pauses(threads, picoseconds(profile.scheduler.timer));
    this.#waits = new BusyWaits(threads, lines, this.#cpus, this.#lines, this.mem);
    this.#random = new Random(mix(options.seed));
    this.meter = new Meter(threads);
    this.#prices = Float64Array.from(WORK, (name) => picoseconds(profile.work[name]));
    this.#stepCost = picoseconds(profile.step);
    this.#wakeupCost = picoseconds(profile.scheduler.wakeup);
    this.#flushes = new TlbFlushes(this.#cpus, this.#waits, profile, this.mem, this.area.tasks);
    this.#userJitter = profile.jitter.user;
    this.#kernelJitter = options.kernelJitter ? profile.jitter.user : 0;
    this.#parked = new Uint8Array(threads);
    this.#timer = new Float64Array(threads);
    this.#watch = new HungWatch(threads);
    spec.boot(this);
  }

  /** Steps made so far. */
  get steps(): number {
    return this.#steps;
  }

  /** Simulated picoseconds at which the step that is running, or ran last, began. */
  get moment(): number {
    return this.#clock[NOW] as number;
  }

  /** Simulated picoseconds since the machine was switched on: when the last CPU was done. */
  get now(): number {
    return this.#cpus.freeAt.reduce((a, b) => Math.max(a, b), 0);
  }

  /**
   * Runs programs side by side until all have ended. Threads are dealt to the CPUs in turn, to each core one before a second; each starts at a random
   * moment within the profile's start jitter.
   *
   * @throws {DeadlockError} when threads are left and nothing will ever move them: nothing moves at all, or only threads of the
   *   background have for a long time, see {@link HungWatch}
   */
  run(programs: readonly Program[]): void {
    const begin = this.now;
    const jitter = picoseconds(this.#options.profile.jitter.start);
    this.meter.begin();
    this.#watch.progress = begin;
    this.#cpus.unpin();
    programs.forEach(({ tid, routine, args, counted, background, cpu, nice = 0 }, i) => {
      this.spawn(tid, routine, args);
      this.#parked[tid] = 0;
      this.#watch.role[tid] = background ? BACKGROUND : MUST_END;
      const offset = Math.floor((jitter * this.#random.next30()) / RANDOM_RANGE);
      this.meter.expect(tid, counted, begin + offset);
      if (cpu !== undefined) this.#cpus.pin(tid, cpu);
      this.#cpus.setNice(tid, nice);
      this.#cpus.start(cpu ?? this.#cpus.spread(i), tid, begin + offset);
    });
    this.#live = programs.length;
    this.#loop();
    // One that waits for a signal lets the run end, but has not done its program.
    if (this.#parked.some((p, tid) => p === 1 && this.#watch.role[tid] === MUST_END)) {
      throw this.#hung();
    }
  }

  #loop(): void {
    const { events } = this.#cpus;
    const timers = this.#cpus.current.length;
    const maxSteps = this.#options.maxSteps ?? MAX_STEPS;
    while (this.#live > 0) {
      const source = events.first();
      if (this.#time[source] === Number.POSITIVE_INFINITY) throw this.#hung();
      if (source === timers) this.#endPause();
      else this.#runCpu(source);
      if (this.#steps >= this.#nextCheck) {
        this.#nextCheck = this.#steps + CHECK_EVERY;
        this.#options.signal?.throwIfAborted();
        this.#watchProgress();
        if (this.#steps > maxSteps) throw new StepLimitError(maxSteps);
      }
    }
  }

  /** The present moment is that of the earliest event. */
  #watchProgress(): void {
    const now = this.#time[this.#cpus.events.first()] as number;
    if (now === Number.POSITIVE_INFINITY) return;
    if (this.#watch.overdue(now, this.#pauses.size > 0)) throw this.#hung();
  }

  /** Steps a CPU until another event is due. */
  #runCpu(cpu: number): void {
    const time = this.#time;
    const clock = this.#clock;
    const cpus = this.#cpus;
    this.#cpu = cpu;
    if (this.#waits.has(cpu) && this.#waits.end(cpu)) return;
    this.#rival = this.#few ? cpus.events.other(cpu) : NONE;
    this.select(cpus.current[cpu] as number);
    this.#flushes.ran(cpu, this.tid);
    const userFrame = this.task + TASK.size;
    const stepCost = Math.round(this.#stepCost * (this.#pace[cpu] as number));
    const front = this.#watch.role[this.tid] !== BACKGROUND;
    for (;;) {
      clock[NOW] = time[cpu] as number;
      clock[COST] = stepCost;
      let outcome = this.step();
      this.#steps++;
      // The line has come to this CPU by then, and what it does next it does before it can be taken away: a try with the value found.
      while (this.#missed) {
        this.#missed = false;
        if (outcome !== RAN) break;
        clock[COST] = (clock[COST] as number) + stepCost;
        outcome = this.step();
        this.#steps++;
      }
      if (front && outcome !== SPIN) this.#watch.progress = clock[NOW] as number;
      time[cpu] = (time[cpu] as number) + (clock[COST] as number);
      if (this.#written !== NONE) this.#informWaiters();
      if (outcome !== RAN) {
        this.#leave(cpu, outcome);
        break;
      }
      if (this.#pauses.asked && this.#beginPause(cpu)) break;
      // A thread gives way on its return to user mode, never inside the kernel. Where a system call begins it was in user mode.
      if (
        (time[cpu] as number) >= (cpus.sliceEnd[cpu] as number) &&
        (this.mem[this.task + TASK_FP] === userFrame || this.#entered === this.#steps) &&
        cpus.yieldTo(cpu)
      ) {
        break;
      }
      // They take time, but nobody can tell in which order with the steps of others they are made. Only of two events in the same
      // picosecond another may come first.
      while (this.nextInFrame()) {
        this.step();
        this.#steps++;
        time[cpu] = (time[cpu] as number) + stepCost;
      }
      if (this.#rival === NONE) {
        // Who would be next after this CPU is worth asking only once it is clear that it goes on.
        cpus.events.update(cpu);
        if (cpus.events.first() !== cpu || this.#steps >= this.#nextCheck) return;
        this.#rival = cpus.events.other(cpu);
      } else if ((time[cpu] as number) >= (time[this.#rival] as number)) break;
      else if (this.#steps >= this.#nextCheck) break;
    }
    cpus.events.update(cpu);
  }

  /** The thread does not go on by itself: it busy-waits, sleeps, or has ended. */
  #leave(cpu: number, outcome: Outcome): void {
    const cpus = this.#cpus;
    if (outcome === SPIN) {
      const timer = this.spinsUntilTimer ? this.tid : NONE;
      const { tid, spinningOn, spinsUntilResched, spinsPreemptOff } = this;
      this.#waits.begin(
        cpu,
        tid,
        spinningOn,
        spinsUntilResched,
        spinsPreemptOff,
        this.#timer,
        timer,
      );
      return;
    }
    if (outcome === ENDED) {
      this.#live--;
      this.meter.end(this.tid, this.#time, cpu);
    }
    // A task that waits for a signal does not keep the run from ending.
    else if (this.mem[this.task + TASK.at.__state] === TASK_INTERRUPTIBLE) {
      this.#live--;
      this.#parked[this.tid] = 1;
    }
    cpus.release(cpu);
    this.#waits.ownerLeft();
  }

  /** After a step that wrote a line on which CPUs busy-wait. */
  #informWaiters(): void {
    this.#waits.written(this.#written);
    this.#written = NONE;
    this.#rival = NONE;
  }

  // ---- pauses ----

  /** Takes the thread off its CPU if its pause is not over already. */
  #beginPause(cpu: number): boolean {
    if (!this.#pauses.begin(this.tid, this.#time, cpu)) return false;
    this.#setTimer();
    this.#cpus.release(cpu);
    return true;
  }

  #endPause(): void {
    const tid = this.#pauses.end(this.#clock, NOW);
    this.#watch.pauseEnd = this.#clock[NOW] as number;
    this.#clock[COST] = 0;
    this.#setTimer();
    this.#waits.queued(this.#cpus.wake(tid));
  }

  #setTimer(): void {
    const source = this.#cpus.current.length;
    this.#pauses.next(this.#time, source);
    this.#cpus.events.update(source);
  }

  // ---- what steps do ----

  protected override onAccess(address: number, kind: AccessKind): void {
    const line = address >> LINE_SHIFT;
    this.#lines.access(this.#cpu, line, kind);
    if (kind !== READ && this.#waits.watches(line)) this.#written = line;
  }

  override cmpxchg(address: number, expected: number, value: number): number {
    const found = super.cmpxchg(address, expected, value);
    this.#missed = found !== expected;
    return found;
  }

  protected override onWork(kind: number, amount: number): void {
    if (kind === W.syscall_entry) this.#entered = this.#steps + 1;
    let cost = (this.#prices[kind] as number) * amount;
    const pace = this.#pace[this.#cpu] as number;
    if (pace !== 1) cost = Math.round(cost * pace);
    const jitter = kind === W.user_loop ? this.#userJitter : this.#kernelJitter;
    if (jitter > 0 && cost > 0) {
      const swing = (2 * this.#random.next30()) / RANDOM_RANGE - 1;
      cost = Math.round(cost * (1 + jitter * swing));
    }
    this.#clock[COST] = (this.#clock[COST] as number) + cost;
    this.#memory.charge(this.#cpu, this.#lines.socketOf(this.#cpu), kind, amount);
  }

  protected override onTlbFlush(mm: number): void {
    const clock = this.#clock;
    clock[COST] =
      (clock[COST] as number) + this.#flushes.flush(this.#cpu, mm, clock[NOW] as number);
    if (this.#flushes.interrupted > 0) this.#rival = NONE;
  }

  protected override onWake(tid: number): void {
    if (this.#parked[tid] === 1) {
      this.#parked[tid] = 0;
      this.#live++;
    }
    this.#chargeWakeup();
    this.#queued(this.#cpus.wake(tid));
  }

  #chargeWakeup(): void {
    const cost = Math.round(this.#wakeupCost * (this.#pace[this.#cpu] as number));
    this.#clock[COST] = (this.#clock[COST] as number) + cost;
  }

  /** A thread runs or waits on a CPU that may busy-wait. */
  #queued(cpu: number): void {
    this.#waits.queued(cpu);
    this.#rival = NONE;
  }

  protected override onNewTask(tid: number): void {
    this.#live++;
    this.meter.inherit(tid, this.tid);
    this.#watch.inherit(tid, this.tid);
    this.#cpus.inherit(tid, this.tid);
    this.#parked[tid] = 0;
    this.#chargeWakeup();
    this.#queued(this.#cpus.wakeNew(tid, this.tid));
  }

  override startTimer(ns: number): void {
    this.#timer[this.tid] = (this.#clock[NOW] as number) + picoseconds(ns);
  }

  override timerExpired(task: number): boolean {
    return (
      (this.#clock[NOW] as number) >= (this.#timer[this.mem[task + TASK_PID] as number] as number)
    );
  }

  override needResched(): boolean {
    return (this.#clock[NOW] as number) >= (this.#cpus.sliceEnd[this.#cpu] as number);
  }

  override onCpu(task: number): boolean {
    return this.#cpus.runs(this.mem[task + TASK_PID] as number);
  }

  override lockContended(lock: number): void {
    this.#locks?.contended(this.tid, lock, this.#clock);
  }

  override lockAcquired(lock: number, mode: LockMode): void {
    this.#locks?.acquired(this.tid, lock, mode, this.#clock);
  }

  override lockReleased(lock: number, mode: LockMode): void {
    this.#locks?.released(this.tid, lock, mode, this.#clock);
  }

  override lockEvent(lock: number, mode: LockMode, event: LockEvent, amount: number): void {
    this.#locks?.event(lock, mode, event, amount);
  }

  /** From now on tells `times` of all locks. */
  watchLocks(times: LockTimes): void {
    times.begin();
    this.#locks = times;
  }

  override opBegin(): void {
    this.meter.opBegin(this.tid, this.#clock, NOW);
  }

  override opEnd(): void {
    this.meter.opEnd(this.tid, this.#clock, NOW);
  }

  override pause(ns: number, paced: boolean): void {
    this.#pauses.ask(ns, paced);
  }

  /** What is left, without the threads of the background, which would go on for ever. */
  #hung(): DeadlockError {
    const waits = (tid: number) =>
      this.where(tid) !== undefined && this.#watch.isAwaited(tid, this.#parked[tid] === 1);
    const left = [...this.area.tasks.keys()].filter(waits);
    return new DeadlockError(stuckThreads(this, left, (tid) => this.#waits.lastWord(tid)));
  }
}
