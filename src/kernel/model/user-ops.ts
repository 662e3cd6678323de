/**
 * What user space can do to the model: the operations a workload is written in.
 *
 * Addresses and lengths are in pages throughout the model. Each operation is one routine of the
 * instantiated kernel, called with the parameters in the order given here.
 */

/** Kind of an operation's parameter, as the workload language reads it. */
export type ParamKind =
  | 'address' // a page number: a variable, optionally plus an offset
  | 'pages' // a number of pages, at least 1
  | 'prot' // none, r, w, x in any combination
  | 'map_flags' // list of MAP_FLAGS
  | 'advice' // one of ADVICE
  | 'choice' // one of the names the parameter lists
  | 'names' // some of the names the parameter lists, or none: their bits together
  | 'file' // what memfd_create, creat or shmget gave: a variable
  | 'program' // one of the workload's programs, by number
  | 'mapping' // where something was mapped as a whole: a variable
  | 'integer';

export interface ParamSpec {
  readonly name: string;
  readonly kind: ParamKind;
  /** Value when the workload leaves it out; a parameter without one is required. */
  readonly default?: number;
  /** For `names`: the bit of each; for `choice`: the value. */
  readonly names?: Readonly<Record<string, number>>;
}

export interface OpSpec {
  /** One line for help and errors. */
  readonly does: string;
  readonly params: readonly ParamSpec[];
  /** Whether the result is an address, or a file, the workload may keep in a variable. */
  readonly returns: boolean | 'file';
}

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

const address: ParamSpec = { name: 'at', kind: 'address' };
const pages: ParamSpec = { name: 'pages', kind: 'pages' };
const fillModes = (...known: (keyof typeof UFFD_COPY_MODES)[]): ParamSpec => ({
  name: 'mode',
  kind: 'names',
  names: Object.fromEntries(known.map((n) => [n, UFFD_COPY_MODES[n]])),
  default: 0,
});

/** What programs are run with: interrupts off, as in a sample of perf, and several in a row without them coming on. */
const irqsOff: ParamSpec = { name: 'irqs_off', kind: 'integer', default: 0 };
const programs: ParamSpec = { name: 'programs', kind: 'integer', default: 1 };

/** Every operation, by its name in a workload file. */
export const USER_OPS = {
  read: { does: 'loads one byte from a page in user mode', params: [address], returns: false },
  write: { does: 'stores one byte to a page in user mode', params: [address], returns: false },
  execute: {
    does: 'runs the instruction at the start of a page in user mode',
    params: [address],
    returns: false,
  },
  copy_to_user: {
    does: 'a system call that stores one byte to a user page in kernel mode, e.g. read(/dev/zero)',
    params: [address],
    returns: false,
  },
  copy_from_user: {
    does: 'a system call that loads one byte from a user page in kernel mode, e.g. write(fd)',
    params: [address],
    returns: false,
  },
  mmap: {
    does: 'maps pages; without `at` an isolated free range (a guard page on each side) is chosen',
    params: [
      pages,
      { name: 'prot', kind: 'prot', default: PROT_READ | PROT_WRITE },
      { name: 'flags', kind: 'map_flags', default: MAP_FLAGS.private | MAP_FLAGS.anonymous },
      { name: 'at', kind: 'address', default: 0 },
      { name: 'file', kind: 'file', default: 0 },
      { name: 'offset', kind: 'integer', default: 0 },
    ],
    returns: true,
  },
  munmap: { does: 'unmaps pages', params: [address, pages], returns: false },
  mprotect: {
    does: 'changes the protection of pages',
    params: [address, pages, { name: 'prot', kind: 'prot' }],
    returns: false,
  },
  pkey_alloc: {
    does: 'takes the lowest protection key that is free; the keys are 1 to 15',
    params: [],
    returns: false,
  },
  pkey_free: {
    does: 'gives a protection key back',
    params: [{ name: 'key', kind: 'integer', default: 1 }],
    returns: false,
  },
  pkey_mprotect: {
    does: 'changes the protection of pages and gives them a protection key, which allows everything',
    params: [
      address,
      pages,
      { name: 'prot', kind: 'prot' },
      { name: 'key', kind: 'integer', default: 1 },
    ],
    returns: false,
  },
  madvise: {
    does: 'gives advice about pages',
    params: [address, pages, { name: 'advice', kind: 'advice' }],
    returns: false,
  },
  brk: {
    does: 'moves the end of the heap up (or down) by pages; gives the old end',
    params: [{ name: 'by', kind: 'integer' }],
    returns: true,
  },
  stack_write: {
    does: 'stores one byte `below` pages under the present start of the main stack, which grows it',
    params: [{ name: 'below', kind: 'integer', default: 1 }],
    returns: false,
  },
  tcp_mmap: {
    does: 'maps a TCP socket for zerocopy receive',
    params: [pages],
    returns: true,
  },
  tcp_zerocopy_receive: {
    does: 'getsockopt(TCP_ZEROCOPY_RECEIVE) of pages into a range mapped by tcp_mmap',
    params: [address, pages],
    returns: false,
  },
  binder_mmap: {
    does: 'opens binder and maps its buffer, read-only',
    params: [pages],
    returns: true,
  },
  binder_insert: {
    does: 'a transaction whose data lie in one page of the binder buffer; installs the page if it is missing',
    params: [address],
    returns: false,
  },
  binder_free: {
    does: 'gives that page of the buffer back (BC_FREE_BUFFER): from now on it can be reclaimed',
    params: [address],
    returns: false,
  },
  drop_slab: {
    does: 'echo 2 > /proc/sys/vm/drop_caches: runs the shrinkers, of which binder has one',
    params: [],
    returns: false,
  },
  mlock: {
    does: 'locks pages in memory and brings them in',
    params: [address, pages],
    returns: false,
  },
  mlock_onfault: {
    does: 'mlock2(MLOCK_ONFAULT): locks pages as they come in',
    params: [address, pages],
    returns: false,
  },
  munlock: { does: 'unlocks pages', params: [address, pages], returns: false },
  mlockall: {
    does: 'locks the whole address space',
    params: [
      { name: 'flags', kind: 'names', names: MLOCKALL_FLAGS, default: MLOCKALL_FLAGS.current },
    ],
    returns: false,
  },
  munlockall: { does: 'unlocks the whole address space', params: [], returns: false },
  mremap: {
    does: 'grows, shrinks or moves a mapping; gives its address',
    params: [
      address,
      pages,
      { name: 'new_pages', kind: 'pages' },
      { name: 'flags', kind: 'names', names: MREMAP_FLAGS, default: 0 },
      { name: 'to', kind: 'address', default: 0 },
    ],
    returns: true,
  },
  mseal: {
    does: 'forbids changes of a mapping for good',
    params: [address, pages],
    returns: false,
  },
  msync: {
    does: 'writes a shared mapping back, or with `async` only looks at it',
    params: [
      address,
      pages,
      { name: 'flags', kind: 'names', names: MSYNC_FLAGS, default: MSYNC_FLAGS.sync },
    ],
    returns: false,
  },
  remap_file_pages: {
    does: 'maps other pages of the file, from `offset` on, into part of a shared mapping',
    params: [address, pages, { name: 'offset', kind: 'integer' }],
    returns: false,
  },
  mincore: { does: 'asks which pages are in memory', params: [address, pages], returns: false },
  vma_lookup: {
    does: 'locks the VMA of a page for reading and lets it go, waiting for writers as the kernel at hand can',
    params: [address],
    returns: false,
  },
  vma_write_sleep: {
    does: 'locks the VMA of a page for writing and sleeps so many nanoseconds before it lets go',
    params: [address, { name: 'ns', kind: 'integer', default: 1000 }],
    returns: false,
  },
  getppid: { does: 'a system call that does next to nothing', params: [], returns: false },
  membarrier_register: {
    does: 'membarrier(REGISTER_PRIVATE_EXPEDITED)',
    params: [],
    returns: false,
  },
  membarrier: {
    does: 'membarrier(PRIVATE_EXPEDITED): a barrier on every CPU that runs the process',
    params: [],
    returns: false,
  },
  prctl_set_vma_anon_name: {
    does: 'names anonymous memory; a name is a number, 0 takes it away',
    params: [address, pages, { name: 'name', kind: 'integer', default: 0 }],
    returns: false,
  },
  prctl_set_memory_merge: {
    does: 'prctl(PR_SET_MEMORY_MERGE): all memory of the process may be merged by KSM, or with `on: 0` no more',
    params: [{ name: 'on', kind: 'integer', default: 1 }],
    returns: false,
  },
  prctl_set_thp_disable: {
    does: 'prctl(PR_SET_THP_DISABLE): no transparent huge pages for the process, or with `on: 0` again',
    params: [{ name: 'on', kind: 'integer', default: 1 }],
    returns: false,
  },
  execve: {
    does: 'runs another program in the process, to its `main`: the other threads end, and what follows is what it does; `shift` is how far randomisation moves the stack down',
    params: [
      { name: 'program', kind: 'program', default: 0 },
      { name: 'shift', kind: 'integer', default: 0 },
    ],
    returns: false,
  },
  mbind: {
    does: 'gives pages a memory policy, for the one node there is',
    params: [
      address,
      pages,
      { name: 'mode', kind: 'choice', names: MPOL, default: MPOL.bind },
      { name: 'flags', kind: 'names', names: MBIND_FLAGS, default: 0 },
    ],
    returns: false,
  },
  set_mempolicy: {
    does: 'gives the thread a memory policy, which takes no lock of its memory',
    params: [{ name: 'mode', kind: 'choice', names: MPOL, default: MPOL.bind }],
    returns: false,
  },
  get_mempolicy: {
    does: 'asks for the memory policy of a page, with `node` for its node, or of the thread',
    params: [
      { ...address, default: 0 },
      { name: 'flags', kind: 'names', names: MEMPOLICY_FLAGS, default: MEMPOLICY_FLAGS.addr },
    ],
    returns: false,
  },
  set_mempolicy_home_node: {
    does: 'gives the policy of pages a home node',
    params: [address, pages],
    returns: false,
  },
  move_pages: {
    does: 'moves pages to the node they are on, or with `query: 1` only asks for it',
    params: [address, pages, { name: 'query', kind: 'integer', default: 0 }],
    returns: false,
  },
  migrate_pages: {
    does: 'moves all pages of the process from the one node to itself',
    params: [],
    returns: false,
  },
  futex_wake: {
    does: 'FUTEX_WAKE on a futex nobody waits for, shared between processes',
    params: [address],
    returns: false,
  },
  futex_wake_private: {
    does: 'FUTEX_WAKE_PRIVATE on a futex nobody waits for',
    params: [address],
    returns: false,
  },
  futex_wait: {
    does: 'FUTEX_WAIT for a value the futex, shared between processes, does not have',
    params: [address],
    returns: false,
  },
  futex_wait_private: {
    does: 'FUTEX_WAIT_PRIVATE for a value the futex does not have',
    params: [address],
    returns: false,
  },
  futex_wake_op: {
    does: 'FUTEX_WAKE_OP: changes a futex nobody waits for, shared between processes',
    params: [address],
    returns: false,
  },
  futex_wake_op_private: {
    does: 'FUTEX_WAKE_OP_PRIVATE on a futex nobody waits for',
    params: [address],
    returns: false,
  },
  futex_lock_pi: {
    does: 'FUTEX_LOCK_PI: takes a futex that is free, shared between processes',
    params: [address],
    returns: false,
  },
  futex_lock_pi_private: {
    does: 'FUTEX_LOCK_PI_PRIVATE of a futex that is free',
    params: [address],
    returns: false,
  },
  futex_unlock_pi: {
    does: 'FUTEX_UNLOCK_PI: gives back a futex nobody waits for, shared between processes',
    params: [address],
    returns: false,
  },
  futex_unlock_pi_private: {
    does: 'FUTEX_UNLOCK_PI_PRIVATE of a futex nobody waits for',
    params: [address],
    returns: false,
  },
  futex_wake_mpol: {
    does: 'futex_wake with FUTEX2_PRIVATE and FUTEX2_MPOL: the futex has the node of the policy of its memory',
    params: [address],
    returns: false,
  },
  vmsplice: {
    does: 'gives a page to a pipe with vmsplice, then empties the pipe with read',
    params: [address],
    returns: false,
  },
  process_vm_writev: {
    does: 'process_vm_writev to pages of the own process, one vector',
    params: [address, pages],
    returns: false,
  },
  process_vm_readv: {
    does: 'process_vm_readv from pages of the own process, one vector',
    params: [address, pages],
    returns: false,
  },
  process_madvise: {
    does: 'process_madvise of the own process, or with `parent: 1` of the parent: vectors of pages each, one behind the other',
    params: [
      address,
      pages,
      { name: 'advice', kind: 'advice' },
      { name: 'vectors', kind: 'integer', default: 1 },
      { name: 'parent', kind: 'integer', default: 0 },
    ],
    returns: false,
  },
  memfd_create: {
    does: 'memfd_create and ftruncate: a file in memory of so many pages, none of them there yet',
    params: [pages],
    returns: 'file',
  },
  creat: {
    does: 'makes a file of so many pages on the root file system, none of them there yet',
    params: [pages],
    returns: 'file',
  },
  pwrite: {
    does: 'writes whole pages to a file, which puts them into the page cache',
    params: [
      { name: 'file', kind: 'file' },
      pages,
      { name: 'offset', kind: 'integer', default: 0 },
    ],
    returns: false,
  },
  ftruncate: {
    does: 'makes a file so many pages long; what lay behind is gone, also from its mappings',
    params: [
      { name: 'file', kind: 'file' },
      { name: 'pages', kind: 'integer' },
    ],
    returns: false,
  },
  punch_hole: {
    does: 'fallocate(FALLOC_FL_PUNCH_HOLE): takes pages out of a file and out of its mappings',
    params: [
      { name: 'file', kind: 'file' },
      pages,
      { name: 'offset', kind: 'integer', default: 0 },
    ],
    returns: false,
  },
  close: {
    does: 'closes a file; its mappings stay',
    params: [{ name: 'file', kind: 'file' }],
    returns: false,
  },
  shmget: {
    does: 'makes a System V shared memory segment of so many pages',
    params: [pages],
    returns: 'file',
  },
  shmat: {
    does: 'attaches a segment, as a whole, where there is room; `pages` is how long it is',
    params: [
      { name: 'segment', kind: 'file' },
      pages,
      { name: 'prot', kind: 'prot', default: PROT_READ | PROT_WRITE },
    ],
    returns: true,
  },
  shmdt: {
    does: 'detaches the segment attached at an address',
    params: [{ name: 'at', kind: 'mapping' }],
    returns: false,
  },
  shmctl_rmid: {
    does: 'removes a segment once nobody has it attached',
    params: [{ name: 'segment', kind: 'file' }],
    returns: false,
  },
  swapon: {
    does: 'turns swap on, so that MADV_PAGEOUT takes anonymous pages out of memory',
    params: [
      pages,
      { name: 'device', kind: 'names', names: SWAP_DEVICES, default: SWAP_DEVICES.zram },
    ],
    returns: false,
  },
  swapoff: {
    does: 'turns swap off, and brings all pages back that are in it',
    params: [],
    returns: false,
  },
  userfaultfd: {
    does: 'makes the userfaultfd of the process and agrees on its features',
    params: [{ name: 'features', kind: 'names', names: UFFD_FEATURES, default: 0 }],
    returns: false,
  },
  uffd_register: {
    does: 'registers pages with the userfaultfd (UFFDIO_REGISTER)',
    params: [address, pages, { name: 'modes', kind: 'names', names: UFFD_MODES, default: 1 }],
    returns: false,
  },
  uffd_unregister: {
    does: 'ends the registration of pages (UFFDIO_UNREGISTER)',
    params: [address, pages],
    returns: false,
  },
  uffd_wait: {
    does: 'reads one fault or event of the userfaultfd, sleeping until there is one; gives its (first) page',
    params: [],
    returns: true,
  },
  uffd_copy: {
    does: 'fills missing pages with a copy (UFFDIO_COPY), from a private buffer or from pages given',
    params: [
      address,
      pages,
      fillModes('dontwake', 'wp'),
      { name: 'from', kind: 'address', default: 0 },
    ],
    returns: false,
  },
  uffd_zeropage: {
    does: 'fills missing pages with zeroes (UFFDIO_ZEROPAGE)',
    params: [address, pages, fillModes('dontwake')],
    returns: false,
  },
  uffd_continue: {
    does: 'maps pages that are in the file already (UFFDIO_CONTINUE)',
    params: [address, pages, fillModes('dontwake', 'wp')],
    returns: false,
  },
  uffd_poison: {
    does: 'makes missing pages raise SIGBUS (UFFDIO_POISON)',
    params: [address, pages, fillModes('dontwake')],
    returns: false,
  },
  uffd_move: {
    does: 'moves pages from another address (UFFDIO_MOVE)',
    params: [
      address,
      pages,
      fillModes('dontwake', 'allow_src_holes'),
      { name: 'from', kind: 'address' },
    ],
    returns: false,
  },
  uffd_wake: {
    does: 'wakes the threads whose faults lie in pages (UFFDIO_WAKE)',
    params: [address, pages],
    returns: false,
  },
  uffd_close: {
    does: 'closes the userfaultfd of the process, which ends all registrations',
    params: [],
    returns: false,
  },
  uffd_writeprotect: {
    does: 'write-protects pages for the userfaultfd, or with `wp: 0` lets them be written',
    params: [address, pages, { name: 'wp', kind: 'integer', default: 1 }, fillModes('dontwake')],
    returns: false,
  },
  proc_maps: { does: 'reads /proc/self/maps to its end', params: [], returns: false },
  proc_smaps: { does: 'reads /proc/self/smaps to its end', params: [], returns: false },
  proc_pagemap: {
    does: 'reads the entries of pages from /proc/self/pagemap, in one read',
    params: [address, pages],
    returns: false,
  },
  proc_pagemap_scan: {
    does: 'asks /proc/self/pagemap which pages were written (PAGEMAP_SCAN), and can write-protect them',
    params: [
      address,
      pages,
      { name: 'flags', kind: 'names', names: PAGEMAP_SCAN_FLAGS, default: 0 },
    ],
    returns: false,
  },
  proc_clear_refs: {
    does: 'writes a number to /proc/self/clear_refs: 1, 2, 3, 4 or 5',
    params: [{ name: 'type', kind: 'integer', default: 1 }],
    returns: false,
  },
  proc_mem_read: {
    does: 'reads whole pages through /proc/self/mem',
    params: [address, pages],
    returns: false,
  },
  proc_mem_write: {
    does: 'writes whole pages through /proc/self/mem, of private mappings also where they may not be written',
    params: [address, pages],
    returns: false,
  },
  proc_cmdline: { does: 'reads /proc/self/cmdline to its end', params: [], returns: false },
  proc_environ: { does: 'reads /proc/self/environ to its end', params: [], returns: false },
  proc_numa_maps: { does: 'reads /proc/self/numa_maps to its end', params: [], returns: false },
  proc_smaps_rollup: {
    does: 'reads /proc/self/smaps_rollup to its end',
    params: [],
    returns: false,
  },
  proc_map_query: {
    does: 'asks for the mapping at or above a page (PROCMAP_QUERY)',
    params: [address],
    returns: false,
  },
  shstk_enable: {
    does: 'gives the calling thread a shadow stack (ARCH_SHSTK_ENABLE)',
    params: [],
    returns: true,
  },
  signal: {
    does: 'calls so many functions deep, takes a signal there, and returns from its handler and from the calls',
    params: [{ name: 'calls', kind: 'integer', default: 0 }],
    returns: false,
  },
  uprobe_register: {
    does: 'attaches a uprobe to the instruction at the start of a page of a file, a push or with `nop5: 1` a nop of five bytes',
    params: [
      { name: 'file', kind: 'file' },
      { name: 'offset', kind: 'integer', default: 0 },
      { name: 'nop5', kind: 'integer', default: 0 },
    ],
    returns: false,
  },
  uprobe_unregister: {
    does: 'takes the uprobe off again',
    params: [
      { name: 'file', kind: 'file' },
      { name: 'offset', kind: 'integer', default: 0 },
    ],
    returns: false,
  },
  bpf_iter_task_vma: {
    does: 'runs a BPF program that walks the VMAs of the process from an address on',
    params: [{ ...address, default: 0 }, irqsOff, programs],
    returns: false,
  },
  bpf_find_vma: {
    does: 'runs a BPF program that looks up the VMA of a page (bpf_find_vma)',
    params: [address, irqsOff, programs],
    returns: false,
  },
  bpf_get_stack: {
    does: 'runs a BPF program that takes a trace of addresses one page apart with build ids',
    params: [address, irqsOff, programs, { name: 'entries', kind: 'integer', default: 1 }],
    returns: false,
  },
  think: {
    does: 'user code that touches no memory of interest, for a number of loop iterations',
    params: [{ name: 'loops', kind: 'integer', default: 1 }],
    returns: false,
  },
} as const satisfies Readonly<Record<string, OpSpec>>;

export type OpName = keyof typeof USER_OPS;
