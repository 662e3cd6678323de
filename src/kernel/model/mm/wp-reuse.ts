/** Whether a write may take over a page that is not known to be nobody else's. After wp_can_reuse_anon_folio in mm/memory.c. */
import type { Exec } from '../machine/index.ts';
import { isSince } from '../release.ts';
import type { MmCore } from './mm-core.ts';
import { ptePfn, ptePresent } from './page-table.ts';

/**
 * @returns whether a page of an mm has no reference but that of its one mapping and, as long as no entry stands for its slot, of the swap
 * cache. Of a huge page that is mapped page by page: up to 6.6 the same of the whole, later never, since 6.15 if all references
 * are mappings of this mm and there is more than one (__wp_can_reuse_large_anon_folio). Touches nothing shared.
 */
export function wpCanReuse(c: MmCore): (k: Exec, mm: number, pfn: number) => boolean {
  const { pages, pt, swap } = c;

  /** Entries of an mm that map a page of a huge page. */
  const mappings = (k: Exec, mm: number, head: number): number => {
    let n = 0;
    pt.each(k, mm, 0, pt.pages, (entry) => {
      const pte = k.peek(entry);
      if (ptePresent(pte) && pages.headOf(ptePfn(pte)) === head) n++;
    });
    return n;
  };
  const reusesLarge = (k: Exec, mm: number, head: number): boolean => {
    const references = pages.referencesOfHuge(k, head);
    if (!isSince(c.release, '6.12')) return references === 1;
    if (!isSince(c.release, '6.15') || references === 1) return false;
    return mappings(k, mm, head) === references;
  };

  return (k, mm, pfn) => {
    const head = pages.headOf(pfn);
    const slot = swap.slotOf(k, pfn);
    if (head !== 0) return slot === 0 && reusesLarge(k, mm, head);
    if (slot === 0) return pages.refcount(k, pfn) === 1;
    return pages.refcount(k, pfn) === 2 && swap.count(k, slot) === 0;
  };
}
