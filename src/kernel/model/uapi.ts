/** Numbers of system calls, by the names the workload language uses. Those that are the kernel's say which header they are from. */

/** Bits of `prot`, as in include/uapi/asm-generic/mman-common.h. */
export const PROT_NONE = 0;
export const PROT_READ = 1;
export const PROT_WRITE = 2;
export const PROT_EXEC = 4;

/** mmap flags the model knows, by the name the workload language uses. */
export const MAP_FLAGS = {
  shared: 0x01,
  private: 0x02,
  fixed: 0x10,
  anonymous: 0x20,
  growsdown: 0x100,
  locked: 0x2000,
  noreserve: 0x4000,
  populate: 0x8000,
  nonblock: 0x10000,
  stack: 0x20000,
  hugetlb: 0x40000,
  fixed_noreplace: 0x100000,
  /** Not the kernel's: without an address, as high as there is room, where a kernel puts a mapping, right beside what is mapped. */
  adjacent: 0x40000000,
} as const;

/** madvise advice the model knows (include/uapi/asm-generic/mman-common.h). */
export const ADVICE = {
  normal: 0,
  random: 1,
  sequential: 2,
  willneed: 3,
  dontneed: 4,
  free: 8,
  remove: 9,
  mergeable: 12,
  unmergeable: 13,
  hugepage: 14,
  nohugepage: 15,
  dontfork: 10,
  dofork: 11,
  wipeonfork: 18,
  keeponfork: 19,
  dontdump: 16,
  dodump: 17,
  cold: 20,
  pageout: 21,
  populate_read: 22,
  populate_write: 23,
  dontneed_locked: 24,
  collapse: 25,
  guard_install: 102,
  guard_remove: 103,
} as const;

/** mremap flags (include/uapi/linux/mman.h). */
export const MREMAP_FLAGS = { maymove: 1, fixed: 2, dontunmap: 4 } as const;

/** mlockall flags (include/uapi/asm-generic/mman.h). */
export const MLOCKALL_FLAGS = { current: 1, future: 2, onfault: 4 } as const;
/** msync flags (include/uapi/asm-generic/mman-common.h). */
export const MSYNC_FLAGS = { async: 1, invalidate: 2, sync: 4 } as const;
/** Which faults of a range user space wants to handle (UFFDIO_REGISTER_MODE_*). */
export const UFFD_MODES = { missing: 1, wp: 2, minor: 4 } as const;

/** Features of a descriptor the model knows (UFFD_FEATURE_*). */
export const UFFD_FEATURES = {
  event_fork: 1 << 1,
  event_remap: 1 << 2,
  event_remove: 1 << 3,
  event_unmap: 1 << 6,
  sigbus: 1 << 7,
  wp_unpopulated: 1 << 13,
  wp_async: 1 << 15,
} as const;

/** Modes of the ioctls that fill pages; the bits are the model's, since each ioctl numbers them by itself. */
export const UFFD_COPY_MODES = { dontwake: 1, wp: 2, allow_src_holes: 4 } as const;

/** What swap is on: compressed memory, written at once; or a disk, from whose writes pages come back for as long as memory lasts. */
export const SWAP_DEVICES = { zram: 1, disk: 2 } as const;

/** What PAGEMAP_SCAN does with pages it finds, or asks of their mappings (PM_SCAN_*). */
export const PAGEMAP_SCAN_FLAGS = { wp_matching: 1, check_wpasync: 2 } as const;

/** Memory policies (include/uapi/linux/mempolicy.h); those that take nodes are given the one there is. */
export const MPOL = {
  default: 0,
  preferred: 1,
  bind: 2,
  interleave: 3,
  local: 4,
  preferred_many: 5,
  weighted_interleave: 6,
} as const;
/** What mbind does with pages that are there already (MPOL_MF_*). */
export const MBIND_FLAGS = { strict: 1, move: 2, move_all: 4 } as const;
/** What get_mempolicy is asked for (MPOL_F_*). */
export const MEMPOLICY_FLAGS = { node: 1, addr: 2, mems_allowed: 4 } as const;
