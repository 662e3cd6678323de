/**
 * What was written since somebody asked: soft-dirty marks of entries and VMAs. After Documentation/admin-guide/mm/soft-dirty.rst,
 * include/linux/mm.h and mm/internal.h.
 */
import type { KernelBuilder } from '../kernel-builder.ts';
import { PTE_SOFT_DIRTY } from './page-table.ts';
import { VM_SOFTDIRTY } from './structs.ts';

export interface SoftDirty {
  /** The mark of a VMA that is new since then, whose pages all count as written; 0 in a build without MEM_SOFT_DIRTY. */
  readonly vmFlag: number;
  /** Whether writes to pages of a VMA are looked for (vma_soft_dirty_enabled). */
  tracks(vmFlags: number): boolean;
  /** Whether an entry must stay read-only, so that a write to its page is seen (pte_needs_soft_dirty_wp). */
  needsWriteFault(vmFlags: number, pte: number): boolean;
}

export function softDirty(b: KernelBuilder): SoftDirty {
  const vmFlag = b.enabled('MEM_SOFT_DIRTY') ? VM_SOFTDIRTY : 0;
  const tracks = (vmFlags: number) => vmFlag !== 0 && !(vmFlags & vmFlag);
  return {
    vmFlag,
    tracks,
    needsWriteFault: (vmFlags, pte) => tracks(vmFlags) && !(pte & PTE_SOFT_DIRTY),
  };
}
