/** What a program would find in its memory, whatever of it is mapped, and how. For tests. */
import type { Exec } from './machine/index.ts';
import { isSwapPte, PTE_MARKER_POISONED, ptePfn, ptePresent, swpSlot } from './mm/page-table.ts';
import { VM_OPS_HUGETLB } from './mm/structs.ts';
import type { Ran } from './user-script.test-util.ts';

/** The word at the start of a page of an address space: through its page table, else in its file; NaN where a marker says it is lost. */
export function wordAt(m: Ran, mm: number, page: number, k: Exec = m.exec): number {
  const { core, shm } = m.machine;
  const { pages, pt, swap, tree, VMA } = core;
  const pte = pt.peek(k, mm, page);
  if (ptePresent(pte)) return pages.data(k, ptePfn(pte));
  if (isSwapPte(pte)) {
    const cached = swap.cached(k, swpSlot(pte));
    return cached === 0 ? swap.data(k, swpSlot(pte)) : pages.data(k, cached);
  }
  if (pte & PTE_MARKER_POISONED) return Number.NaN;
  const vma = tree.find(k, mm, page);
  const file = k.peek(vma + VMA.at.vm_file);
  if (!shm.isFile(file)) return 0;
  const index = page - k.peek(vma + VMA.at.vm_start) + k.peek(vma + VMA.at.vm_pgoff);
  if (k.peek(vma + VMA.at.vm_ops) !== VM_OPS_HUGETLB) return inCache(m, file, index, 0, k);
  return inCache(m, file, Math.floor(index / pt.span), index % pt.span, k);
}

function inCache(m: Ran, file: number, index: number, within: number, k: Exec): number {
  const { core, shm } = m.machine;
  const pfn = index < shm.sizeOf(k, file) ? shm.lookup(k, file, index) : 0;
  return pfn === 0 ? 0 : core.pages.data(k, pfn + within);
}

/** Each page of each address space whose word is not 0, and what is in the page cache besides zeroes. */
export function contents(m: Ran, k: Exec = m.exec): string[] {
  const { core, shm } = m.machine;
  const spaces = core.mms.map((mm, i) => {
    const words = core.tree.entries(k, mm).flatMap(([start, end]) =>
      Array.from({ length: end - start }, (_, n) => start + n).flatMap((page) => {
        const word = wordAt(m, mm, page, k);
        return word === 0 ? [] : [`${page}=${word}`];
      }),
    );
    return `mm ${i}: ${words.join(' ')}`;
  });
  const cached = shm.cached(k).map(({ pfn }) => core.pages.data(k, pfn));
  return [...spaces, `cached: ${cached.filter((word) => word !== 0).sort((a, b) => a - b)}`];
}
