/** What advice about pages does to those of one VMA. After madvise_vma_behavior in mm/madvise.c. */
import { type Exec, type Routine, routine, W } from '../machine/index.ts';
import { ADVICE } from '../user-ops.ts';
import type { Guard } from './guard.ts';
import { EINVAL, EPERM, type MmCore } from './mm-core.ts';
import { sealForbids } from './mseal.ts';
import { VM_HUGETLB, VM_LOCKED, VM_OPS_ANON, VM_OPS_SHM, VM_OPS_SHMEM } from './structs.ts';
import { KEEP_GUARDS, type VmaEdit } from './vma-edit/index.ts';

const GUARDS: readonly number[] = [ADVICE.guard_install, ADVICE.guard_remove];

/**
 * @param walk_page_range `(mm, start, end)`
 * @returns `(mm, vma, start, end, advice, vma_locked) -> 0 or -errno`: mmap_lock or, if `vma_locked`, only the VMA is held
 */
export function madvisePages(
  c: MmCore,
  edit: VmaEdit,
  guard: Guard,
  walk_page_range: Routine,
): Routine {
  const { b, VMA } = c;
  const { vm_flags, vm_ops } = VMA.at;

  /** Why a VMA does not take advice, or 0: it is sealed, locked in memory, or its pages are not the mm's own to guard. */
  const refuses = (k: Exec, vma: number, advice: number): number => {
    if (sealForbids(c, k, vma, advice)) return -EPERM;
    const flags = k.peek(vma + vm_flags);
    const plain = [VM_OPS_ANON, VM_OPS_SHMEM, VM_OPS_SHM].includes(k.peek(vma + vm_ops));
    if (GUARDS.includes(advice) && (!plain || flags & VM_HUGETLB)) return -EINVAL;
    const bears: readonly number[] = [ADVICE.willneed, ADVICE.dontneed_locked, ADVICE.guard_remove];
    return flags & VM_LOCKED && !bears.includes(advice) ? -EINVAL : 0;
  };

  return b.add(
    routine('madvise_vma_behavior', ['mm', 'vma', 'start', 'end', 'advice', 'vma_locked'], (v) => ({
      behavior(k) {
        const vma = k.get(v.vma);
        const [mm, start, end] = [k.get(v.mm), k.get(v.start), k.get(v.end)];
        k.access(vma, 0);
        const refused = refuses(k, vma, k.get(v.advice));
        if (refused !== 0) return k.ret(refused);
        switch (k.get(v.advice)) {
          case ADVICE.willneed:
            return k.ret(0);
          case ADVICE.dontneed:
          case ADVICE.dontneed_locked:
            return k.call(edit.zap_page_range, mm, start, end, KEEP_GUARDS);
          case ADVICE.guard_install:
            return k.call(guard.madvise_guard_install, mm, start, end, vma);
          case ADVICE.guard_remove:
            return k.call(guard.madvise_guard_remove, mm, start, end);
          default:
            // FREE and COLD mark pages; nothing the counters show changes until reclaim runs.
            if (!k.get(v.vma_locked)) return k.call(walk_page_range, mm, start, end);
            k.work(W.unmap_setup);
            return k.ret(0);
        }
      },
      done: (k) => k.ret(Math.min(0, k.result())),
    })),
  );
}
