/**
 * Dropping mmap_lock where it may not be dropped: with interrupts off the release is left to an irq_work of the CPU, and there is one of
 * it for each CPU. After kernel/bpf/mmap_unlock_work.h.
 */
import { type Exec, type Routine, routine, wordStruct } from '../../machine/index.ts';
import type { MmCore } from '../../mm/mm-core.ts';

export const EBUSY = 16;

/** A program that has its interrupts off stays on its CPU: a thread's words here are those of the CPU it is on. */
const WORK = wordStruct('mmap_unlock_irq_work', { irqs_disabled: 1, active: 1, mm: 1 });

/** What {@link MmapUnlockWork.get} gives: interrupts are on, or the work of this CPU is the caller's. */
export const NO_WORK = 0;

export interface MmapUnlockWork {
  irqsDisabled(k: Exec): boolean;
  /** Reserves the work of this CPU if it is needed: {@link NO_WORK}, 1, or -EBUSY when it is taken (bpf_mmap_unlock_guard_get). */
  get(k: Exec): number;
  /** Gives it back unused (bpf_mmap_unlock_guard_put). */
  put(k: Exec, work: number): void;
  /** `(mm, work)`: drops mmap_lock, at once or when interrupts are on again (bpf_mmap_unlock_mm). */
  readonly bpf_mmap_unlock_mm: Routine;
  /**
   * Registers `(mm, a, irqs_off, programs, b) -> result of the last`: runs a helper in so many programs one after the other, all in one
   * stretch with interrupts off if asked for.
   *
   * @param helper `(mm, a, b) -> result`
   */
  program(name: string, helper: Routine): Routine;
}

export function mmapUnlockWork(c: MmCore): MmapUnlockWork {
  const { b, mmap } = c;
  const first = b.memory.pool(WORK, b.tasks.length, 'mmap_unlock_work');
  const of = (k: Exec) => first + k.tid * 16;
  const { irqs_disabled, active, mm } = WORK.at;
  // mmap_lock sleeps where spinlocks do, and may not even be tried with interrupts off.
  const rt = b.enabled('PREEMPT_RT');

  return {
    irqsDisabled: (k) => k.peek(of(k) + irqs_disabled) !== 0,
    get(k) {
      if (k.peek(of(k) + irqs_disabled) === 0) return NO_WORK;
      if (rt || k.peek(of(k) + active) !== 0) return -EBUSY;
      k.poke(of(k) + active, 1);
      return 1;
    },
    put(k, work) {
      if (work !== NO_WORK) k.poke(of(k) + active, 0);
    },
    bpf_mmap_unlock_mm: b.add(
      routine('bpf_mmap_unlock_mm', ['mm', 'work'], (v) => ({
        unlock(k) {
          if (k.get(v.work) === NO_WORK) return k.call(mmap.mmap_read_unlock, k.get(v.mm));
          // irq_work_queue
          k.poke(of(k) + mm, k.get(v.mm));
        },
        done: (k) => k.ret(),
      })),
    ),
    program: (name, helper) =>
      b.add(
        routine(name, ['mm', 'a', 'irqs_off', 'programs', 'b', 'ret'], (v) => ({
          local_irq_save(k) {
            k.poke(of(k) + irqs_disabled, k.get(v.irqs_off) ? 1 : 0);
            k.set(v.programs, Math.max(1, k.get(v.programs)));
          },
          bpf_prog_run: (k) => k.call(helper, k.get(v.mm), k.get(v.a), k.get(v.b)),
          next_program(k) {
            k.set(v.ret, k.result());
            k.set(v.programs, k.get(v.programs) - 1);
            if (k.get(v.programs) > 0) return 'bpf_prog_run';
          },
          local_irq_restore(k) {
            k.poke(of(k) + irqs_disabled, 0);
            if (k.peek(of(k) + mm) === 0) return k.ret(k.get(v.ret));
          },
          // The interrupt comes as soon as it can: do_mmap_read_unlock.
          irq_work_run(k) {
            const locked = k.peek(of(k) + mm);
            k.poke(of(k) + mm, 0);
            return k.call(mmap.mmap_read_unlock, locked);
          },
          irq_work_done(k) {
            k.poke(of(k) + active, 0);
            return k.ret(k.get(v.ret));
          },
        })),
      ),
  };
}
