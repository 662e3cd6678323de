/** madvise over a range of VMAs, one after the other. After madvise_walk_vmas in mm/madvise.c. */
import { type Routine, routine, W } from '../machine/index.ts';
import type { FindVma } from './find-vma.ts';
import { ENOMEM, type MmCore } from './mm-core.ts';

/**
 * `(mm, start, end, advice) -> 0 or -errno`: holes are passed over and reported. mmap_lock is held as the advice needs it.
 *
 * @param visit `(vma, start, end, advice)` gives the VMA the range lies in afterwards, 0 when mmap_lock was dropped
 *   on the way, or -errno
 */
export function madviseWalk(c: MmCore, find: FindVma, visit: Routine): Routine {
  const { b, VMA, tree } = c;
  const { vm_start, vm_end } = VMA.at;
  return b.add(
    routine('madvise_walk_vmas', ['mm', 'start', 'end', 'advice', 'vma', 'to', 'ret'], (v) => ({
      find_vma_prev(k) {
        k.work(W.maple_prev);
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
        return k.call(visit, vma, k.get(v.start), k.get(v.to), k.get(v.advice));
      },
      advance(k) {
        const prev = k.result();
        if (prev < 0) return k.ret(prev);
        // Merged with what follows, the VMA covers more than was asked for.
        k.set(v.start, prev === 0 ? k.get(v.to) : Math.max(k.get(v.to), k.load(prev + vm_end)));
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
