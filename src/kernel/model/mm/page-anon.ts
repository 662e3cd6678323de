/** Telling anonymous pages from those of files, which the model keeps no note of in the page. */
import type { Exec } from '../machine/index.ts';
import type { MmCore } from './mm-core.ts';
import { ZERO_PFN } from './pages.ts';
import type { Shmem } from './shmem.ts';
import { VM_OPS_ANON, VM_OPS_HUGETLB, VM_OPS_SHMEM, VM_SHARED } from './structs.ts';

/** @returns whether the page a VMA maps at an address is anonymous (PageAnon); of a huge page, its first. Touches nothing shared. */
export function pageIsAnon(
  c: MmCore,
  shm: Shmem,
): (k: Exec, vma: number, page: number, pfn: number) => boolean {
  const { vm_flags, vm_ops, vm_file, vm_start, vm_pgoff } = c.VMA.at;
  return (k, vma, page, pfn) => {
    if (pfn === ZERO_PFN || k.peek(vma + vm_flags) & VM_SHARED) return false;
    const ops = k.peek(vma + vm_ops);
    if (ops !== VM_OPS_SHMEM && ops !== VM_OPS_HUGETLB) return ops === VM_OPS_ANON;
    const offset = page - k.peek(vma + vm_start) + k.peek(vma + vm_pgoff);
    const index = ops === VM_OPS_HUGETLB ? Math.floor(offset / c.pt.span) : offset;
    return shm.lookup(k, k.peek(vma + vm_file), index) !== pfn;
  };
}
