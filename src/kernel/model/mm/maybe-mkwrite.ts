/** What makes an entry writable, by its VMA. After maybe_mkwrite in include/linux/mm.h and pte_mkwrite in arch/x86/mm/pgtable.c. */
import { PTE_SHSTK, PTE_WRITE } from './page-table.ts';
import { VM_SHADOW_STACK } from './structs.ts';

/** Bits of an entry that may be written; those of a shadow stack only by calls and returns. */
export function mkwrite(vmFlags: number): number {
  return vmFlags & VM_SHADOW_STACK ? PTE_WRITE | PTE_SHSTK : PTE_WRITE;
}
