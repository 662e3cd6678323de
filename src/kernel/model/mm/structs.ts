/** Words of mm_struct and vm_area_struct, with the fields the configuration compiles in. */
import { type FieldSpec, type WordStruct, wordStruct } from '../machine/index.ts';
import { RWSEM } from '../sync/rwsem/index.ts';

/** Which per-VMA lock, if any, a kernel is built with. */
export type VmaLockKind = 'absent' | 'rwsem' | 'refcount';

type MmField =
  | 'mmap_lock'
  | 'mm_lock_seq'
  | 'vma_writer_wait'
  | 'map_count'
  | 'page_table_lock'
  | 'pgd'
  | 'start_brk'
  | 'brk'
  | 'mmap_base'
  | 'start_stack'
  | 'total_vm'
  | 'def_flags'
  | 'membarrier_state'
  | 'flags'
  | 'pkey_allocation_map'
  | 'exe_file'
  | 'saved_auxv'
  | 'tree'
  | 'mm_users';

/** mm_struct. A field the configuration leaves out is not in `at`. */
export function mmStruct(lock: VmaLockKind): WordStruct<MmField> {
  // mmap_lock has a line of its own with mm_lock_seq behind it, as the group in mm_struct lies in 6.12 and later.
  return wordStruct('mm_struct', {
    mmap_lock: RWSEM,
    ...(lock === 'absent' ? {} : { mm_lock_seq: 1 }),
    ...(lock === 'refcount' ? { vma_writer_wait: 1 } : {}),
    page_table_lock: { line: 1 },
    pgd: 1,
    map_count: 1,
    total_vm: 1,
    start_brk: 1,
    brk: 1,
    mmap_base: 1,
    start_stack: 1,
    def_flags: 1,
    membarrier_state: 1,
    flags: 1,
    pkey_allocation_map: 1,
    // Number of the program it runs, and where the interpreter of that was mapped (AT_BASE).
    exe_file: 1,
    saved_auxv: 1,
    tree: { line: 1 },
    mm_users: { line: 1 },
  } as Record<MmField, FieldSpec>);
}

type VmaField =
  | 'vm_start'
  | 'vm_end'
  | 'vm_mm'
  | 'vm_flags'
  | 'detached'
  | 'vm_lock_seq'
  | 'vm_lock'
  | 'vm_refcnt'
  | 'anon_vma'
  | 'vm_ops'
  | 'vm_pgoff'
  | 'vm_file'
  | 'anon_name'
  | 'vm_policy'
  | 'detach_next';

/** vm_area_struct. A field the configuration leaves out is not in `at`. */
export function vmaStruct(
  lock: VmaLockKind,
  has: { readonly names: boolean; readonly policies: boolean },
): WordStruct<VmaField> {
  return wordStruct('vm_area_struct', {
    vm_start: 1,
    vm_end: 1,
    vm_mm: 1,
    vm_flags: 1,
    ...(lock === 'rwsem' ? { detached: 1 } : {}),
    ...(lock === 'absent' ? {} : { vm_lock_seq: 1 }),
    anon_vma: 1,
    vm_ops: 1,
    vm_pgoff: 1,
    vm_file: 1,
    ...(has.names ? { anon_name: 1 } : {}),
    ...(has.policies ? { vm_policy: 1 } : {}),
    // The model's own: chains VMAs that are being unmapped.
    detach_next: 1,
    // rwsem: an object of its own behind a pointer (struct vma_lock), so never on the VMA's line.
    // refcount: cache-line aligned on SMP for the same reason.
    ...(lock === 'rwsem' ? { vm_lock: { line: RWSEM } } : {}),
    ...(lock === 'refcount' ? { vm_refcnt: { line: 1 } } : {}),
  } as Record<VmaField, FieldSpec>);
}

/** mm->flags (include/linux/sched/coredump.h): no transparent huge pages. */
export const MMF_DISABLE_THP = 1 << 24;
/** And: all memory of the process may be merged. Any bit that is free. */
export const MMF_VM_MERGE_ANY = 1 << 29;

/** vm_flags bits (include/linux/mm.h). */
export const VM_READ = 0x1;
export const VM_WRITE = 0x2;
export const VM_EXEC = 0x4;
export const VM_SHARED = 0x8;
export const VM_ACCESS_FLAGS = VM_READ | VM_WRITE | VM_EXEC;
export const VM_GROWSDOWN = 0x100;
export const VM_PFNMAP = 0x400;
export const VM_SEQ_READ = 0x8000;
export const VM_RAND_READ = 0x10000;
export const VM_LOCKED = 0x2000;
export const VM_LOCKONFAULT = 0x80000;
export const VM_LOCKED_MASK = VM_LOCKED | VM_LOCKONFAULT;
/** Bit 63 in the kernel; flags are one word here, and the model's VM_SOFTDIRTY leaves this bit free. */
export const VM_SEALED = 0x800_0000;
/** Bit 37 in the kernel, on 64-bit builds; here any bit that is free. */
export const VM_SHADOW_STACK = 0x1000_0000;
export const VM_DONTCOPY = 0x20000;
/** Counts as memory the kernel has promised: a private mapping that can be, or could once be, written. */
export const VM_ACCOUNT = 0x10_0000;
/** Protection key of a VMA, four bits. Beyond bit 31 in the kernel; these are free, as the model has no VM_MAY* flags. */
export const VM_PKEY_SHIFT = 4;
export const ARCH_VM_PKEY_FLAGS = 0xf << VM_PKEY_SHIFT;
/** Mapped with MAP_NORESERVE: never accounted. */
export const VM_NORESERVE = 0x20_0000;
/** Bit 27 in the kernel, which VM_SEALED has here; this one (VM_IO) is free. Never keeps VMAs from merging. */
export const VM_SOFTDIRTY = 0x4000;
export const VM_WIPEONFORK = 0x2000000;
export const VM_DONTDUMP = 0x0400_0000;
/** Bit 31 in the kernel, the sign of a word here; this bit is free. */
export const VM_MERGEABLE = 0x800;

/** What stands behind a mapping (`vm_ops`): decides how its faults are handled. 0 is anonymous memory. */
export const VM_OPS_ANON = 0;
/** Shared memory (shmem_vm_ops): has `map_pages`. */
export const VM_OPS_SHMEM = 1;
/** A TCP socket (tcp_vm_ops): pages come only by zerocopy receive. */
export const VM_OPS_TCP = 2;
/** A binder buffer (binder_vm_ops): pages come only from the driver. */
export const VM_OPS_BINDER = 3;
/** A System V shared memory segment (shm_vm_ops): no `map_pages`, so its faults are not handled under a VMA lock. */
export const VM_OPS_SHM = 4;
/** Pages of hugetlbfs (hugetlb_vm_ops). */
export const VM_OPS_HUGETLB = 5;

/** Marks of huge pages (include/linux/mm.h). */
export const VM_HUGETLB = 0x40_0000;
export const VM_HUGEPAGE = 0x2000_0000;
export const VM_NOHUGEPAGE = 0x4000_0000;
/** A page the kernel maps for probes (special_mapping_vmops with tramp_mapping). */
export const VM_OPS_UPROBE_TRAMPOLINE = 6;
/** What the kernel itself maps (special_mapping_vmops): vvar and vdso. */
export const VM_OPS_SPECIAL = 15;
/** Whether a VMA is one of the kernel's own, of whichever kind (_install_special_mapping in mm/mmap.c). */
export function isSpecialMapping(ops: number): boolean {
  return ops === VM_OPS_SPECIAL || ops === VM_OPS_UPROBE_TRAMPOLINE;
}

/** userfaultfd tracks these faults of a VMA. */
export const VM_UFFD_MISSING = 0x200;
export const VM_UFFD_WP = 0x1000;
/** Beyond bit 31 in the kernel, so it exists on 64-bit builds only; here any bit that is free. */
export const VM_UFFD_MINOR = 0x0100_0000;
export const __VM_UFFD_FLAGS = VM_UFFD_MISSING | VM_UFFD_WP | VM_UFFD_MINOR;
