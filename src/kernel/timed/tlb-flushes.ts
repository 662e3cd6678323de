import { TASK } from '../model/machine/index.ts';
import type { BusyWaits } from './busy-waits.ts';
import type { Cpus } from './cpus.ts';
import { MmCpumasks } from './mm-cpumasks.ts';
import { type CostProfile, picoseconds } from './profile.ts';
import { NONE } from './run-queues.ts';

const TASK_MM = TASK.at.mm;

/**
 * Which CPUs a TLB flush interrupts, and how long who flushes waits for them: one after the other is sent an interrupt, and then all are
 * waited for (smp_call_function_many_cond in kernel/smp.c). Times are picoseconds.
 */
export class TlbFlushes {
  /** CPUs the last flush interrupted. */
  interrupted = 0;
  readonly #cpus: Cpus;
  readonly #waits: BusyWaits;
  readonly #mem: Int32Array;
  readonly #tasks: readonly number[];
  readonly #own: number;
  readonly #send: number;
  readonly #wait: number;
  readonly #interrupt: number;
  readonly #idleExit: number;
  /** Where a flush goes to all CPUs that have run the mm. */
  readonly #masks: MmCpumasks | undefined;

  /** @param tasks  addresses of the task_struct of each thread */
  constructor(
    cpus: Cpus,
    waits: BusyWaits,
    { scheduler, work, flushes }: CostProfile,
    mem: Int32Array,
    tasks: readonly number[],
  ) {
    this.#cpus = cpus;
    this.#waits = waits;
    this.#mem = mem;
    this.#tasks = tasks;
    this.#own = picoseconds(work.tlb_flush_local);
    this.#send = picoseconds(work.tlb_flush_remote);
    this.#wait = picoseconds(scheduler.flush_wait);
    this.#interrupt = picoseconds(scheduler.flush_interrupt);
    this.#idleExit = picoseconds(scheduler.idle_exit);
    this.#masks = flushes === 'mm_cpumask' ? new MmCpumasks(cpus.current.length) : undefined;
  }

  /** A CPU goes on with a thread. */
  ran(cpu: number, tid: number): void {
    this.#masks?.set(cpu, this.#mmOf(tid));
  }

  /** The thread of `cpu` flushes what CPUs know of an mm: delays those it interrupts. Gives how long it takes itself. */
  flush(cpu: number, mm: number, now: number): number {
    const { current, events, freeAt, time } = this.#cpus;
    const masks = this.#isAlone(cpu, mm) ? undefined : this.#masks;
    this.interrupted = 0;
    let wait = 0;
    for (let other = 0; other < current.length; other++) {
      if (other === cpu) continue;
      const tid = current[other] as number;
      const idle = tid === NONE;
      if (masks ? !masks.has(other, mm) : idle || this.#mmOf(tid) !== mm) continue;
      this.interrupted++;
      wait = Math.max(wait, this.#wait + (idle ? this.#idleExit : 0));
      if (idle) {
        const begin = Math.max(freeAt[other] as number, now);
        freeAt[other] = begin + this.#idleExit + this.#interrupt;
      } else if (!this.#waits.has(other)) {
        // A busy-waiting CPU loses nothing by the interrupt.
        time[other] = (time[other] as number) + this.#interrupt;
        events.update(other);
      }
    }
    return this.#own + this.#send * this.interrupted + wait;
  }

  #mmOf(tid: number): number {
    return this.#mem[(this.#tasks[tid] as number) + TASK_MM] as number;
  }

  /** Only the thread of `cpu` has the mm: other CPUs, if they have run it, are told to forget it and not interrupted. */
  #isAlone(cpu: number, mm: number): boolean {
    const masks = this.#masks;
    const own = this.#cpus.current[cpu] as number;
    if (masks === undefined || this.#mmOf(own) !== mm) return false;
    for (let tid = 0; tid < this.#tasks.length; tid++) {
      if (tid !== own && this.#mmOf(tid) === mm) return false;
    }
    masks.clear(mm);
    masks.set(cpu, mm);
    return true;
  }
}
