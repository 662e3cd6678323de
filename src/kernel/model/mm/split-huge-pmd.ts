/** Splitting a huge mapping into small ones. After __split_huge_pmd in mm/huge_memory.c. */
import type { KernelBuilder } from '../kernel-builder.ts';
import { type Routine, routine, W, WRITE } from '../machine/index.ts';
import { spinLock, spinUnlock } from '../sync/spinlock.ts';
import type { HugePages } from './huge-pages.ts';
import { mkPte, type PageTables, ptePfn } from './page-table.ts';
import { ZERO_PFN } from './pages.ts';

/** Registers `(mm, address)`: the huge page stays, mapped page by page; the huge zero page becomes zero pages. */
export function splitHugePmd(b: KernelBuilder, pages: HugePages, pt: PageTables): Routine {
  const thp = b.enabled('TRANSPARENT_HUGEPAGE');
  const split = b.event('thp_split_pmd');
  b.declareCounter('thp_split_pmd', 'include/linux/vm_event_item.h', split, thp);
  return b.add(
    routine('__split_huge_pmd', ['mm', 'address', 'pmd', 'ptl'], (v) => ({
      pmd_lock(k) {
        const pmd = pt.pmd(k, k.get(v.mm), k.get(v.address));
        if (pmd === 0) return k.ret();
        k.set(v.pmd, pmd);
        k.set(v.ptl, pt.lockOf(k.get(v.mm), pmd));
        return spinLock(k, k.get(v.ptl));
      },
      __split_huge_pmd_locked(k) {
        const pmd = k.get(v.pmd);
        k.access(pmd, WRITE);
        const entry = -k.peek(pmd);
        if (entry <= 0) return;
        k.count(split);
        k.work(W.pte_set, pt.span);
        const head = ptePfn(entry);
        const bits = entry - mkPte(head, 0);
        const step = head === ZERO_PFN ? 0 : 1;
        if (head !== ZERO_PFN) pages.splitHuge(k, head);
        pt.setTable(k, pmd, (i) => mkPte(head + i * step, bits));
        k.flushTlb(k.get(v.mm));
      },
      pmd_unlock(k) {
        spinUnlock(k, k.get(v.ptl));
        return k.ret();
      },
    })),
  );
}
