/** CPUs that take turns: a machine whose emulator runs one CPU at a time. */
import type { Routine } from '../model/machine/index.ts';
import {
  type AccessKind,
  DeadlockError,
  ENDED,
  type Outcome,
  SequentialExec,
  SPIN,
  stuckThreads,
  TASK,
  W,
  WORK,
} from '../model/machine/index.ts';
import type { MachineSpec } from '../model/machine-spec.ts';
import { type CostProfile, mix } from '../timed/index.ts';

/** A machine whose CPUs take turns, as those of an emulator with one thread do. */
export interface TurnsOptions {
  readonly cpus: number;
  /** A profile in instructions: with one CPU at a time no access costs more than another. */
  readonly profile: CostProfile;
  /** Instructions a CPU runs until it is the next one's turn, on average: turns are of random length, from none to twice that. */
  readonly turn: number;
  readonly seed: number;
  /** Nanoseconds of the machine's own clock in which one instruction is emulated. */
  readonly nsPerInstruction: number;
}

/** A thread to run on the CPU it is bound to. */
export interface Bound {
  readonly tid: number;
  readonly routine: Routine;
  readonly args: readonly number[];
  readonly cpu: number;
  /** The run is over when all others are. */
  readonly background: boolean;
}

const TASK_FP = TASK.at.fp;
const TASK_MM = TASK.at.mm;
const NONE = -1;
/** Numbers that `mix` gives are 32 bits wide. */
const MIX_RANGE = 2 ** 32;

/**
 * Runs threads bound to CPUs, of which one moves at a time, for a turn of so many instructions. A CPU's turn is over early when it has
 * nothing to run, busy-waits for what only another can do, or waits for the others to flush their TLBs. Unlike a thread, a CPU is
 * stopped anywhere, inside the kernel and with locks held, too. Threads of one CPU take turns by the profile's time slice, on their
 * way to user mode and where a walk of page tables calls cond_resched().
 */
export class TurnsExec extends SequentialExec {
  readonly #options: TurnsOptions;
  readonly #prices: Float64Array;
  readonly #slice: number;
  /** Threads bound to each CPU; the first is the one that runs. */
  readonly #queues: number[][];
  readonly #live = new Set<number>();
  readonly #timer: Float64Array;
  #cpu = 0;
  /** Instructions run by all CPUs, by the CPU in this turn, and by its thread in this slice. */
  #now = 0;
  #inTurn = 0;
  #turns = 0;
  readonly #inSlice: Float64Array;
  #pass = false;
  /** The last step went through a cond_resched(). */
  #mayGiveWay = false;

  constructor(spec: MachineSpec, options: TurnsOptions) {
    super(spec.routines, spec.area, spec.words, spec.events.names.length);
    const { cpus, profile } = options;
    this.#options = options;
    this.#prices = Float64Array.from(WORK, (name) => profile.work[name]);
    this.#slice = profile.scheduler.slice / options.nsPerInstruction;
    this.#queues = Array.from({ length: cpus }, () => []);
    this.#inSlice = new Float64Array(cpus);
    this.#timer = new Float64Array(spec.area.tasks.length);
    spec.boot(this);
  }

  /** Instructions run so far by all CPUs. */
  get instructions(): number {
    return this.#now;
  }

  /** Runs until every thread that is not of the background has ended. */
  runBound(threads: readonly Bound[]): void {
    for (const queue of this.#queues) queue.length = 0;
    this.#live.clear();
    for (const { tid, routine, args, cpu, background } of threads) {
      this.spawn(tid, routine, args);
      this.#queues[cpu]?.push(tid);
      if (!background) this.#live.add(tid);
    }
    let passed = 0;
    while (this.#live.size > 0) {
      const before = this.#now;
      this.#takeTurn();
      // Nobody has got anywhere in a round of turns and no timer runs.
      passed = this.#now === before ? passed + 1 : 0;
      if (passed > this.#queues.length) {
        throw new DeadlockError(stuckThreads(this, this.#live, () => this.spinningOn));
      }
      this.#cpu = (this.#cpu + 1) % this.#queues.length;
    }
  }

  #takeTurn(): void {
    this.#turns++;
    const turn =
      this.#options.turn * 2 * ((mix(this.#options.seed, this.#turns) >>> 0) / MIX_RANGE);
    this.#inTurn = 0;
    this.#pass = false;
    while (this.#inTurn < turn && !this.#pass && this.#live.size > 0) {
      const tid = this.#choose();
      if (tid === NONE) return;
      this.select(tid);
      const outcome = this.#stepPriced();
      if (outcome === SPIN && !this.#wait(tid, turn)) {
        // What it waits for cannot come while the others are stopped, unless from a thread of its own CPU.
        if (!this.spinsPreemptOff) this.#rotate();
        return;
      }
      if (outcome === ENDED) {
        this.#live.delete(tid);
        const queue = this.#queues[this.#cpu] as number[];
        queue.splice(queue.indexOf(tid), 1);
      }
    }
  }

  /** The thread that runs goes on until it sleeps, or its slice is over and it is in user mode. */
  #choose(): number {
    const queue = this.#queues[this.#cpu] as number[];
    for (let i = 0; i < queue.length; i++) {
      const tid = queue[0] as number;
      const task = this.area.tasks[tid] as number;
      const inUser = this.mem[task + TASK_FP] === task + TASK.size;
      const over =
        (inUser || this.#mayGiveWay) && (this.#inSlice[this.#cpu] as number) >= this.#slice;
      if (this.runnable(tid) && !over) return tid;
      this.#rotate();
    }
    const only = queue[0];
    return only !== undefined && this.runnable(only) ? only : NONE;
  }

  /** Waits for the thread's timer, if it has one that runs out within the turn. */
  #wait(tid: number, turn: number): boolean {
    const left = Math.max(0, (this.#timer[tid] as number) - this.#now);
    if (!this.spinsUntilTimer || this.#inTurn + left > turn) return false;
    this.#now += left;
    this.#inTurn += left;
    return true;
  }

  #rotate(): void {
    const queue = this.#queues[this.#cpu] as number[];
    queue.push(queue.shift() as number);
    this.#inSlice[this.#cpu] = 0;
  }

  #stepPriced(): Outcome {
    const before = this.#now;
    this.#mayGiveWay = false;
    const outcome = this.step();
    this.#spend(this.#options.profile.step);
    const spent = this.#now - before;
    this.#inTurn += spent;
    this.#inSlice[this.#cpu] = (this.#inSlice[this.#cpu] as number) + spent;
    return outcome;
  }

  #spend(instructions: number): void {
    this.#now += instructions;
  }

  protected override onAccess(address: number, kind: AccessKind): void {
    super.onAccess(address, kind);
    this.#spend(this.#options.profile.line.hit);
  }

  protected override onWork(kind = 0, amount = 1): void {
    this.#spend((this.#prices[kind] as number) * amount);
    // change_pmd_range and zap_pmd_range, which a writer and a reader of mmap_lock go through with their locks held.
    if (kind === W.protect_setup || kind === W.unmap_setup) this.#mayGiveWay = true;
  }

  protected override onWake(): void {
    this.#spend(this.#options.profile.scheduler.wakeup);
  }

  protected override onTlbFlush(mm = 0): void {
    this.#spend(this.#prices[W.tlb_flush_local] as number);
    this.#pass = this.#queues.some(
      (queue, cpu) =>
        cpu !== this.#cpu &&
        queue.some(
          (tid) =>
            this.runnable(tid) && this.mem[(this.area.tasks[tid] as number) + TASK_MM] === mm,
        ),
    );
  }

  override startTimer(ns: number): void {
    this.#timer[this.tid] = this.#now + ns / this.#options.nsPerInstruction;
  }

  override timerExpired(task: number): boolean {
    return this.#now >= (this.#timer[this.mem[task + TASK.at.pid] as number] as number);
  }
}
