/** Flags and results of a fault (include/linux/mm_types.h). */
export const FAULT_FLAG_WRITE = 0x01;
/** The lock may be dropped while the fault is handled: the caller understands RETRY and COMPLETED. */
export const FAULT_FLAG_ALLOW_RETRY = 0x04;
/** The caller keeps its lock whatever happens and cannot wait. */
export const FAULT_FLAG_RETRY_NOWAIT = 0x08;
/** The fault has been tried before: it may wait with its lock held. */
export const FAULT_FLAG_TRIED = 0x20;
export const FAULT_FLAG_USER = 0x40;
/** The fault is of an instruction, not of data. */
export const FAULT_FLAG_INSTRUCTION = 0x100;
/** Not a flag of handle_mm_fault: the processor found a page, and it was not allowed (X86_PF_PROT). */
export const X86_PF_PROT = 0x10000;
/** Not a write: a page that others may have, too, is copied, or found to be nobody else's. It stays read-only. */
export const FAULT_FLAG_UNSHARE = 0x400;
export const FAULT_FLAG_VMA_LOCK = 0x1000;

export const VM_FAULT_OOM = 0x01;
export const VM_FAULT_SIGBUS = 0x02;
/** The page is poisoned: SIGBUS. */
export const VM_FAULT_HWPOISON = 0x10;
export const VM_FAULT_SIGSEGV = 0x40;
/** The entry was there already, or is there now without a page of the caller's. */
export const VM_FAULT_NOPAGE = 0x100;
export const VM_FAULT_RETRY = 0x400;
/** A huge page cannot be had: small pages must do. */
export const VM_FAULT_FALLBACK = 0x800;
export const VM_FAULT_COMPLETED = 0x4000;
export const VM_FAULT_ERROR = VM_FAULT_OOM | VM_FAULT_SIGBUS | VM_FAULT_HWPOISON | VM_FAULT_SIGSEGV;
