/** madvise over a range of several VMAs. After madvise_walk_vmas in mm/madvise.c. */
import { type Routine, routine } from '../machine/index.ts';
import { ADVICE } from '../user-ops.ts';
import type { FindVma } from './find-vma.ts';
import { hugeAdviceFlags, isHugeAdvice } from './khugepaged.ts';
import { EINVAL, ENOMEM, type MmCore } from './mm-core.ts';
import { VM_DONTCOPY, VM_RAND_READ, VM_SEQ_READ, VM_SHARED, VM_WIPEONFORK } from './structs.ts';

/** Advice that marks the VMA itself and so needs mmap_lock for writing; the rest acts on its pages (get_lock_mode). */
export const WRITE_ADVICE: readonly number[] = [
  ADVICE.normal,
  ADVICE.random,
  ADVICE.sequential,
  ADVICE.hugepage,
  ADVICE.nohugepage,
  ADVICE.dontfork,
  ADVICE.dofork,
  ADVICE.wipeonfork,
  ADVICE.keeponfork,
];

/** The flags a VMA has after advice that marks it, or -errno (madvise_vma_behavior). */
export function advisedFlags(advice: number, flags: number, file: number): number {
  if (isHugeAdvice(advice)) return hugeAdviceFlags(advice, flags);
  const unread = flags & ~(VM_SEQ_READ | VM_RAND_READ);
  switch (advice) {
    case ADVICE.sequential:
      return unread | VM_SEQ_READ;
    case ADVICE.random:
      return unread | VM_RAND_READ;
    case ADVICE.dontfork:
      return flags | VM_DONTCOPY;
    case ADVICE.dofork:
      return flags & ~VM_DONTCOPY;
    case ADVICE.wipeonfork:
      return file !== 0 || flags & VM_SHARED ? -EINVAL : flags | VM_WIPEONFORK;
    case ADVICE.keeponfork:
      return flags & ~VM_WIPEONFORK;
    default:
      return unread;
  }
}

/**
 * `(mm, start, end, advice) -> 0 or -errno`: advice that acts on pages, VMA by VMA; holes are passed over and reported. mmap_lock
 * is held for reading.
 *
 * @param madvise_vma_behavior `(mm, vma, start, end, advice, vma_locked) -> 0 or -errno`
 */
export function madviseWalk(c: MmCore, find: FindVma, madvise_vma_behavior: Routine): Routine {
  const { b, VMA, tree } = c;
  const { vm_start, vm_end } = VMA.at;
  return b.add(
    routine('madvise_walk_vmas', ['mm', 'start', 'end', 'advice', 'vma', 'to', 'ret'], (v) => ({
      find_vma_prev(k) {
        k.set(v.vma, tree.find(k, k.get(v.mm), k.get(v.start)));
      },
      visit(k) {
        const vma = k.get(v.vma);
        if (vma === 0) return k.ret(-ENOMEM);
        if (k.get(v.start) < k.load(vma + vm_start)) {
          k.set(v.ret, -ENOMEM);
          k.set(v.start, k.peek(vma + vm_start));
          if (k.get(v.start) >= k.get(v.end)) return k.ret(-ENOMEM);
        }
        k.set(v.to, Math.min(k.get(v.end), k.peek(vma + vm_end)));
      },
      madvise_vma_behavior(k) {
        const [mm, vma] = [k.get(v.mm), k.get(v.vma)];
        const { start, to, advice } = v;
        return k.call(madvise_vma_behavior, mm, vma, k.get(start), k.get(to), k.get(advice), 0);
      },
      advance(k) {
        if (k.result() !== 0) return k.ret(k.result());
        k.set(v.start, k.get(v.to));
        if (k.get(v.start) >= k.get(v.end)) return k.ret(k.get(v.ret));
      },
      find_vma: (k) => k.call(find.find_vma, k.get(v.mm), k.get(v.start)),
      found(k) {
        k.set(v.vma, k.result());
        return 'visit';
      },
    })),
  );
}
