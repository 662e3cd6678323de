/** What makes an entry writable, by its VMA. After maybe_mkwrite in include/linux/mm.h and pte_mkwrite in arch/x86/mm/pgtable.c. */
import { PTE_SHSTK, PTE_WRITE } from './page-table.ts';
import { VM_SHADOW_STACK, VM_WRITE } from './structs.ts';

/** Bits of an entry that may be written, none where the VMA may not; those of a shadow stack only by calls and returns. */
export function mkwrite(vmFlags: number): number {
  if (!(vmFlags & VM_WRITE)) return 0;
  return vmFlags & VM_SHADOW_STACK ? PTE_WRITE | PTE_SHSTK : PTE_WRITE;
}
