/** Making page tables. After mm/memory.c. */
import { type Routine, routine } from '../machine/index.ts';
import { spinLock, spinUnlock } from '../sync/spinlock.ts';
import type { MmCore } from './mm-core.ts';

/** Registers `(mm, address)`: makes the page table that holds the address's entry (pte_alloc). */
export function pteAlloc(c: MmCore): Routine {
  const { b, MM, pt } = c;
  return b.add(
    routine('__pte_alloc', ['mm', 'address'], (v) => ({
      pmd_none(k) {
        k.access(k.get(v.mm) + MM.at.pgd, 0);
        if (pt.find(k, k.get(v.mm), k.get(v.address)) !== 0) return k.ret();
      },
      lock_page_table_lock: (k) => spinLock(k, k.get(v.mm) + MM.at.page_table_lock),
      pmd_populate(k) {
        pt.allocate(k, k.get(v.mm), k.get(v.address));
      },
      unlock_page_table_lock(k) {
        spinUnlock(k, k.get(v.mm) + MM.at.page_table_lock);
        return k.ret();
      },
    })),
  );
}
