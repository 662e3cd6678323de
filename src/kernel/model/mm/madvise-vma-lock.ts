/** Advice about the pages of one VMA under that VMA's lock, where there is one. After try_vma_read_lock in mm/madvise.c, since 6.16. */
import { type Exec, type Routine, routine, TASK } from '../machine/index.ts';
import { ADVICE } from '../uapi.ts';
import type { MmCore } from './mm-core.ts';
import { __VM_UFFD_FLAGS, VM_OPS_ANON } from './structs.ts';

/** Result of {@link MadviseVmaLock.routine}: mmap_lock is needed. */
export const FALLBACK = 1;

export interface MadviseVmaLock {
  /** Whether advice is tried this way (get_lock_mode gives MADVISE_VMA_READ_LOCK). */
  tries(advice: number): boolean;
  /** `(mm, start, pages, advice) -> 0, -errno or FALLBACK`. */
  readonly routine: Routine;
}

/**
 * @param guards whether guard regions are made and removed this way, too (6.19)
 * @param madvise_vma_behavior `(vma, start, end, advice, vma_locked) -> VMA or -errno`
 */
export function madviseVmaLock(
  c: MmCore,
  guards: boolean,
  madvise_vma_behavior: Routine,
): MadviseVmaLock {
  const { b, VMA, lock } = c;
  const { vm_end, vm_flags, vm_ops, vm_mm, anon_vma } = VMA.at;
  const advices: readonly number[] = [
    ADVICE.dontneed,
    ADVICE.dontneed_locked,
    ADVICE.free,
    ...(guards ? [ADVICE.guard_install, ADVICE.guard_remove] : []),
  ];
  const fallback = b.fallback({
    site: 'do_madvise:try_vma_read_lock',
    file: 'mm/madvise.c',
    caller: 'do_madvise',
    tries: 'lock_vma_under_rcu',
    trigger: guards
      ? 'NULL, the range crosses the end of the VMA, userfaultfd has the VMA, it is of another process, or guards need an anon_vma'
      : 'NULL, the range crosses the end of the VMA, userfaultfd has the VMA, or it is of another process',
    fallback: 'mmap_lock for reading, walk the VMAs',
  });

  /** is_vma_lock_sufficient */
  const sufficient = (k: Exec, vma: number, end: number, advice: number): boolean => {
    if (end > k.load(vma + vm_end)) return false;
    if (k.peek(k.task + TASK.at.mm) !== k.peek(vma + vm_mm)) return false;
    // userfaultfd may have to be told, which cannot be done with a VMA lock held.
    if (k.peek(vma + vm_flags) & __VM_UFFD_FLAGS) return false;
    const anonymous = k.peek(vma + vm_ops) === VM_OPS_ANON;
    // Preparing one is serialised by mmap_lock.
    return !(advice === ADVICE.guard_install && anonymous && k.peek(vma + anon_vma) === 0);
  };

  return {
    tries: (advice) => advices.includes(advice),
    routine: b.add(
      routine('try_vma_read_lock', ['mm', 'start', 'pages', 'advice', 'vma', 'ret'], (v) => ({
        lock_vma_under_rcu: (k) => k.call(lock.lock_vma_under_rcu, k.get(v.mm), k.get(v.start)),
        is_vma_lock_sufficient(k) {
          const end = k.get(v.start) + k.get(v.pages);
          k.set(v.vma, k.result());
          if (k.result() === 0) return 'take_mmap_read_lock';
          if (sufficient(k, k.result(), end, k.get(v.advice))) return;
          return k.callThen('take_mmap_read_lock', lock.vma_end_read, k.get(v.vma));
        },
        madvise_vma_behavior(k) {
          const vma = k.get(v.vma);
          const start = k.get(v.start);
          const end = start + k.get(v.pages);
          return k.call(madvise_vma_behavior, vma, start, end, k.get(v.advice), 1);
        },
        acted(k) {
          k.set(v.ret, Math.min(0, k.result()));
        },
        vma_end_read: (k) => k.call(lock.vma_end_read, k.get(v.vma)),
        done: (k) => k.ret(k.get(v.ret)),
        take_mmap_read_lock(k) {
          k.count(fallback);
          return k.ret(FALLBACK);
        },
      })),
    ),
  };
}
