import type { TimeSlices } from '../model/machine-spec.ts';
import { COST, NOW } from './cache-lines.ts';
import { EventQueue } from './event-queue.ts';
import { FairClock } from './fair-clock.ts';
import { IdleSet } from './idle-set.ts';
import {
  type CostProfile,
  type CpuKind,
  picoseconds,
  type SchedulerCosts,
  type Smt,
} from './profile.ts';
import { NONE, RunQueues } from './run-queues.ts';

const NO_SMT: Smt = { threads: 1, slowdown: 1 };

/** How much slower than the profile's each CPU is by its kind. */
function slowdowns(cpus: number, kinds: readonly CpuKind[]): Float64Array {
  const each = kinds.flatMap((kind) => Array<number>(kind.cpus).fill(kind.slowdown));
  return Float64Array.from({ length: cpus }, (_, cpu) => each[cpu % each.length] ?? 1);
}

/**
 * Which thread runs where, and when each CPU steps next.
 *
 * A CPU is idle (`current` is NONE, no event), running (its event is its next step) or busy-waiting (its
 * event is the end of its time slice, if another thread waits for it). No CPU is idle while a thread waits: a woken
 * thread goes to an idle CPU if there is one, and a CPU that runs out of threads takes one from the longest
 * queue. A woken thread comes next at once where a nicer one runs; among equally nice ones there is no preemption on wake-up, and there
 * is no balancing of running threads.
 */
export class Cpus {
  readonly events: EventQueue;
  /** Time of each CPU's next step in picoseconds (the keys of {@link events}). */
  readonly time: Float64Array;
  /** Thread each CPU runs. */
  readonly current: Int32Array;
  /** When the CPU's last step was over: an idle or waiting CPU cannot act before. */
  readonly freeAt: Float64Array;
  /** When an idle CPU had found nothing more to do and waited for an interrupt. */
  readonly #idleAt: Float64Array;
  /** End of the running thread's slice; Infinity while nobody waits for the CPU. */
  readonly sliceEnd: Float64Array;
  /** How many times as long code takes on each CPU now: more than once while another thread of its core is busy. */
  readonly pace: Float64Array;
  /** The same for a CPU whose core has nothing else to do. */
  readonly #kind: Float64Array;
  readonly #smt: Smt;
  /** CPU a thread ran on last. */
  readonly #home: Int32Array;
  /** The one CPU a thread may run on; NONE for most. */
  readonly #only: Int32Array;
  #pinned = false;
  readonly #nice: Int8Array;
  readonly #sliceStart: Float64Array;
  readonly #queues: RunQueues;
  readonly #idle: IdleSet;
  readonly #clock: Float64Array;
  readonly #slice: number;
  readonly #contextSwitch: number;
  readonly #idleEntry: number;
  readonly #idleExit: number;

  /** Who comes next before 6.6; else the one that has waited longest does. */
  readonly #fair: FairClock | undefined;

  /** @param clock  where the time is, see `CacheLines.clock` */
  constructor(
    cpus: number,
    threads: number,
    costs: SchedulerCosts,
    clock: Float64Array,
    timeSlices: TimeSlices,
    { smt = NO_SMT, kinds = [] }: Pick<CostProfile, 'smt' | 'kinds'> = {},
  ) {
    this.#kind = slowdowns(cpus, kinds);
    this.pace = this.#kind.slice();
    this.#smt = smt;
    // One source more than CPUs: the timers.
    this.events = new EventQueue(cpus + 1);
    this.time = this.events.time;
    this.current = new Int32Array(cpus).fill(NONE);
    this.freeAt = new Float64Array(cpus);
    this.#idleAt = new Float64Array(cpus);
    this.sliceEnd = new Float64Array(cpus).fill(Number.POSITIVE_INFINITY);
    this.#home = new Int32Array(threads);
    this.#only = new Int32Array(threads).fill(NONE);
    this.#nice = new Int8Array(threads);
    this.#sliceStart = new Float64Array(cpus);
    this.#queues = new RunQueues(cpus, threads);
    this.#idle = new IdleSet(cpus, smt.threads);
    this.#clock = clock;
    this.#slice = picoseconds(costs.slice);
    this.#fair =
      timeSlices === 'share_latency'
        ? new FairClock(this.#queues, this.current, this.#nice, this.#slice)
        : undefined;
    this.#contextSwitch = picoseconds(costs.context_switch);
    this.#idleEntry = picoseconds(costs.idle_entry);
    this.#idleExit = picoseconds(costs.idle_exit);
  }

  /** Lets every thread run everywhere again, all equally nice. */
  unpin(): void {
    this.#only.fill(NONE);
    this.#nice.fill(0);
    this.#pinned = false;
  }

  /** Binds a thread to a CPU (sched_setaffinity). From then on no CPU takes a thread from another's queue. */
  pin(tid: number, cpu: number): void {
    this.#only[tid] = cpu;
    this.#pinned = true;
  }

  /** How nice a thread is to others: from 0, like most, to 19. */
  setNice(tid: number, nice: number): void {
    this.#nice[tid] = nice;
  }

  /** A new thread runs where its parent may, and is as nice. */
  inherit(tid: number, parent: number): void {
    this.#only[tid] = this.#only[parent] as number;
    this.#nice[tid] = this.#nice[parent] as number;
  }

  /** The CPU for the n-th of threads that start together: one of each core before a second of any. */
  spread(n: number): number {
    const { threads } = this.#smt;
    const cpus = this.current.length;
    const cores = Math.ceil(cpus / threads);
    const place = n % cpus;
    const cpu = (place % cores) * threads + Math.floor(place / cores);
    return cpus % threads === 0 ? cpu : place;
  }

  /** Starts a thread on a CPU at `at`, or behind those the CPU has already. */
  start(cpu: number, tid: number, at: number): void {
    this.#home[tid] = cpu;
    this.#fair?.placeWoken(tid, cpu);
    if (this.current[cpu] !== NONE) {
      this.#queues.push(cpu, tid);
      this.#limitSlice(cpu);
      return;
    }
    this.time[cpu] = at;
    this.#run(cpu, tid);
  }

  /**
   * A thread has become runnable at the moment of the clock. Gives the CPU whose event may have to change: the idle
   * one that took it, or the one in whose queue it stands.
   */
  wake(tid: number): number {
    const cpu = this.#home[tid] as number;
    this.#fair?.update(cpu, this.#moment());
    this.#fair?.placeWoken(tid, cpu);
    return this.#place(tid);
  }

  /**
   * The same for a thread that its parent has just made: where no CPU is idle it stands where the fewest do, beside its parent if it may
   * (sched_balance_find_dst_cpu in kernel/sched/fair.c).
   */
  wakeNew(tid: number, parent: number): number {
    const cpu = this.#queues.shortest(this.#home[parent] as number);
    this.#home[tid] = cpu;
    this.#fair?.update(cpu, this.#moment());
    this.#fair?.placeNew(tid, cpu);
    return this.#place(tid);
  }

  /** What a context switch takes on a CPU; half of one goes by until it has left a thread for the idle task, or come back from there. */
  #switch(cpu: number, part = 1): number {
    return Math.round(this.#contextSwitch * part * (this.pace[cpu] as number));
  }

  #moment(): number {
    return (this.#clock[NOW] as number) + (this.#clock[COST] as number);
  }

  #place(tid: number): number {
    const only = this.#only[tid] as number;
    const home = only === NONE ? (this.#home[tid] as number) : only;
    const idle = only === NONE ? this.#idle.near(home) : this.#idle.has(only) ? only : NONE;
    if (idle === NONE) {
      if (this.#preempts(tid, home)) {
        this.#queues.pushFirst(home, tid);
        this.sliceEnd[home] = 0;
      } else {
        this.#queues.push(home, tid);
        this.#limitSlice(home);
      }
      return home;
    }
    const moment = this.#moment();
    const idleAt = this.#idleAt[idle] as number;
    // Until it waits for an interrupt it looks whether there is work (TIF_POLLING_NRFLAG), and needs none.
    const awake = moment < idleAt ? idleAt : moment + this.#idleExit;
    this.time[idle] = Math.max(awake, this.freeAt[idle] as number) + this.#switch(idle, 1 / 2);
    this.#run(idle, tid);
    return idle;
  }

  /** The CPU's thread has gone; the next one comes, or the CPU is idle. `time[cpu]` is when it went. */
  release(cpu: number): void {
    this.freeAt[cpu] = this.time[cpu] as number;
    this.#fair?.update(cpu, this.time[cpu] as number);
    const next = this.#next(cpu);
    if (next === NONE) {
      this.current[cpu] = NONE;
      this.#idleAt[cpu] = (this.time[cpu] as number) + this.#switch(cpu, 1 / 2) + this.#idleEntry;
      this.time[cpu] = Number.POSITIVE_INFINITY;
      this.#idle.add(cpu);
      if (this.#smt.threads > 1) this.#setPaces(cpu);
      return;
    }
    this.time[cpu] = (this.time[cpu] as number) + this.#switch(cpu);
    this.#run(cpu, next, false);
  }

  /** The slice is over: gives way to the next thread in the queue. Whether there was one. */
  yieldTo(cpu: number): boolean {
    const tid = this.current[cpu] as number;
    this.#fair?.update(cpu, this.time[cpu] as number);
    const next = this.#take(cpu, true);
    if (next === NONE) {
      this.sliceEnd[cpu] = Number.POSITIVE_INFINITY;
      // It has run less than those that wait, and gets another turn.
      if (this.#queues.length(cpu) > 0) {
        this.#sliceStart[cpu] = this.time[cpu] as number;
        this.#limitSlice(cpu);
      }
      return false;
    }
    this.#queues.push(cpu, tid);
    this.time[cpu] = (this.time[cpu] as number) + this.#switch(cpu);
    this.#run(cpu, next, false);
    return true;
  }

  /** Whether a thread is the one its CPU runs. */
  runs(tid: number): boolean {
    return this.current[this.#home[tid] as number] === tid;
  }

  /** Weights of nice values are 1.25 apart (sched_prio_to_weight in kernel/sched/core.c): a few of them are all that counts. */
  #preempts(tid: number, cpu: number): boolean {
    const current = this.current[cpu] as number;
    if (current === NONE) return false;
    if (this.#fair === undefined)
      return (this.#nice[current] as number) > (this.#nice[tid] as number);
    return this.#fair.preempts(tid, cpu);
  }

  /** Takes the thread that comes next out of a CPU's queue; {@link NONE} if there is none, or the one that runs comes before it. */
  #take(cpu: number, goesOn: boolean): number {
    if (this.#fair === undefined) return this.#queues.shift(cpu);
    const next = this.#fair.next(cpu, goesOn);
    if (next !== NONE) this.#queues.take(cpu, next);
    return next;
  }

  #next(cpu: number): number {
    const own = this.#take(cpu, false);
    if (own !== NONE || this.#pinned) return own;
    const busiest = this.#queues.longest();
    return busiest === NONE ? NONE : this.#queues.shift(busiest);
  }

  /** Makes `tid` the thread of `cpu` from `time[cpu]` on. `place`: also gives the event its place. */
  #run(cpu: number, tid: number, place = true): void {
    this.#idle.remove(cpu);
    const wasIdle = this.current[cpu] === NONE;
    this.current[cpu] = tid;
    if (wasIdle && this.#smt.threads > 1) this.#setPaces(cpu);
    if (this.#fair !== undefined) {
      this.#fair.migrate(tid, this.#home[tid] as number, cpu);
      this.#fair.begin(cpu, this.time[cpu] as number);
    }
    this.#home[tid] = cpu;
    this.#sliceStart[cpu] = this.time[cpu] as number;
    this.sliceEnd[cpu] = Number.POSITIVE_INFINITY;
    if (this.#queues.length(cpu) > 0) this.#limitSlice(cpu);
    if (place) this.events.update(cpu);
  }

  /** The CPU has become busy or idle: from their next steps on all of its core are as fast as that leaves them. */
  #setPaces(cpu: number): void {
    const { threads, slowdown } = this.#smt;
    const first = cpu - (cpu % threads);
    const end = Math.min(first + threads, this.current.length);
    let busy = 0;
    for (let i = first; i < end; i++) if (this.current[i] !== NONE) busy++;
    for (let i = first; i < end; i++)
      this.pace[i] = (this.#kind[i] as number) * (busy > 1 ? slowdown : 1);
  }

  #limitSlice(cpu: number): void {
    const slice = this.#fair?.slice(this.#queues.length(cpu) + 1) ?? this.#slice;
    this.sliceEnd[cpu] = (this.#sliceStart[cpu] as number) + slice;
  }
}
