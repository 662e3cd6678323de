/** Moving a huge page as a whole. After move_pages_huge_pmd in mm/huge_memory.c. */
import { type Routine, routine, W, WRITE } from '../../machine/index.ts';
import { spinLock, spinUnlock } from '../../sync/spinlock.ts';
import type { AnonVma } from '../anon-vma.ts';
import { EAGAIN, EBUSY, type MmCore } from '../mm-core.ts';
import {
  mkPte,
  PTE_ANON_EXCLUSIVE,
  PTE_MKDIRTY,
  PTE_PRESENT,
  PTE_WRITE,
  ptePfn,
} from '../page-table.ts';
import { ZERO_PFN } from '../pages.ts';

/** @returns `(mm, src_vma, dst, src) -> 0 or -errno`, both addresses those of whole huge pages */
export function movePagesHugePmd(c: MmCore, anon: AnonVma): Routine {
  const { b, pt, rw } = c;
  return b.add(
    routine(
      'move_pages_huge_pmd',
      ['mm', 'src_vma', 'dst', 'src', 'dst_pmd', 'src_pmd', 'first', 'second', 'old', 'sem', 'err'],
      (v) => ({
        pmd_trans_huge_lock(k) {
          const pmd = pt.pmd(k, k.get(v.mm), k.get(v.src));
          if (pmd === 0) return k.ret(-EAGAIN);
          k.set(v.src_pmd, pmd);
          k.set(v.first, pt.lockOf(k.get(v.mm), pmd));
          return spinLock(k, k.get(v.first));
        },
        read_src_pmd(k) {
          const old = -k.load(k.get(v.src_pmd));
          k.set(v.old, old);
          if (old <= 0) k.set(v.err, -EAGAIN);
          else if (ptePfn(old) !== ZERO_PFN && !(old & PTE_ANON_EXCLUSIVE)) k.set(v.err, -EBUSY);
        },
        unlock_src(k) {
          spinUnlock(k, k.get(v.first));
          if (k.get(v.err) !== 0) return k.ret(k.get(v.err));
        },
        mm_alloc_pmd: (k) => spinLock(k, k.get(v.mm) + c.MM.at.page_table_lock),
        pmd_populate(k) {
          pt.allocatePmd(k, k.get(v.mm), k.get(v.dst));
        },
        pmd_allocated: (k) => spinUnlock(k, k.get(v.mm) + c.MM.at.page_table_lock),
        anon_vma_lock_write(k) {
          const { mm } = v;
          const dst = pt.pmd(k, k.get(mm), k.get(v.dst));
          k.set(v.dst_pmd, dst);
          const both = [pt.lockOf(k.get(mm), dst), k.get(v.first)].sort((a, z) => a - z);
          k.set(v.first, both[0] as number);
          k.set(v.second, both[0] === both[1] ? 0 : (both[1] as number));
          if (ptePfn(k.get(v.old)) === ZERO_PFN) return 'double_pt_lock';
          k.set(v.sem, anon.rwsemOf(k, k.get(v.src_vma)));
          return k.call(rw.down_write, k.get(v.sem));
        },
        double_pt_lock: (k) => spinLock(k, k.get(v.first)),
        double_pt_lock_second(k) {
          if (k.get(v.second) !== 0) return spinLock(k, k.get(v.second));
        },
        set_pmd_at(k) {
          const dst = k.get(v.dst_pmd);
          const src = k.get(v.src_pmd);
          const old = k.get(v.old);
          k.access(dst, WRITE);
          if (k.peek(src) !== -old || k.peek(dst) !== 0) {
            k.set(v.err, -EAGAIN);
            return;
          }
          k.work(W.unmap_page);
          pt.setHuge(k, src, 0);
          k.flushTlb(k.get(v.mm));
          k.work(W.pte_set);
          const head = ptePfn(old);
          const bits = head === ZERO_PFN ? 0 : PTE_WRITE | PTE_MKDIRTY | PTE_ANON_EXCLUSIVE;
          pt.setHuge(k, dst, mkPte(head, PTE_PRESENT | bits));
        },
        double_pt_unlock: (k) => spinUnlock(k, k.get(v.first)),
        double_pt_unlock_second(k) {
          if (k.get(v.second) !== 0) spinUnlock(k, k.get(v.second));
        },
        anon_vma_unlock_write(k) {
          if (k.get(v.sem) !== 0) return k.call(rw.up_write, k.get(v.sem));
        },
        out: (k) => k.ret(k.get(v.err)),
      }),
    ),
  );
}
