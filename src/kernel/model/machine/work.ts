/**
 * Work that costs time and touches no shared word of the model: entering the kernel, walking a tree
 * node, clearing a page. Steps name it; a cost profile of the timed executor prices it; the checker ignores it.
 *
 * Which routine does which work is the model's; how long it takes is the profile's.
 */
export const WORK = [
  'exception_entry', // page-fault exception: entry, pt_regs, CR2 read, return with iret
  'syscall_entry', // syscall instruction, entry and exit code
  'file_io', // from the entry of read() or write() to the copy: file, position, iterator
  'user_access', // one load or store of user code that hits
  'user_loop', // user code around one operation
  'signal_delivery', // setting up and returning from a signal handler
  'fault_setup', // do_user_addr_fault before any lock: flags, perf event, checks
  'fault_flags', // one look at whether a fault may hold a VMA lock, does, or has to drop it, where it can
  'cow_fault_spill', // what do_cow_fault keeps in memory, not in registers, as vmf_anon_prepare may drop the VMA lock
  'wp_copy_spill', // the same of wp_page_copy
  'maple_node', // descending one node of the maple tree
  'maple_prev', // stepping from an entry of the tree to the one before or behind it
  'mt_find', // what find_vma does beyond the walk: mt_find has to keep an index and look on behind a gap
  'maple_store', // rewriting a maple leaf: a node to be had, filled and put in, the old one given back
  'maple_split', // making two leaves of one that is full, or giving some of it to a neighbour, and what hangs on them
  'maple_rebalance', // making leaves anew that a store goes over, or of which one has too little
  'maple_slot', // putting an entry into the tree where no node is rewritten
  'pte_walk', // walking the page-table levels once
  'pte_set', // building and writing a page-table entry, its lock taken
  'rmap', // counting a page as mapped: its own count and those of its node, zone and memory cgroup; the zero page is not counted
  'page_table_alloc', // allocating and clearing a page-table page
  'page_table_free',
  'page_alloc', // taking a page from the per-CPU lists, charging it
  'page_free',
  'clear_page', // zeroing 4 KiB
  'copy_page', // copying 4 KiB
  'slab_alloc',
  'slab_free',
  'anon_vma_alloc',
  'anon_vma_clone', // linking one VMA to an anon_vma
  'anon_vma_unlink', // taking one VMA off an anon_vma
  'anon_vma_interval', // out of the interval tree of its anon_vma or file and back in, for a VMA whose range changes; of its file, in and later out
  'find_free_area', // searching the tree for a gap
  'vma_init', // filling in a new VMA, accounting, and the checks of the system call that asks for it
  'vma_split', // splitting a VMA, or making one grow: a copy, and what hangs on both put right
  'vma_merge_check', // deciding whether neighbours merge
  'unmap_page', // zapping one present entry
  'unmap_setup', // mmu_gather and the walk around the entries
  'protect_setup', // changing the protection of a VMA and the walk around its entries
  'change_protection_page',
  'move_pte', // moving one entry from a page table to another
  'lazyfree_page', // making one page of MADV_FREE the first to go
  'mincore_page', // saying of one page whether it is there, up to user space
  'tlb_flush_local',
  'tlb_flush_remote', // per remote CPU that runs the mm
  'rwsem_slowpath', // queueing oneself, taking wait_lock
  'rcu_callback',
  'tcp_zerocopy_page', // mapping one page of a socket's queue
  'binder_page', // installing one page of a binder buffer
  'shmem_get_folio', // finding a page of a file in its cache and locking it
  'shmem_add_folio', // putting a new page into the cache of a file, accounted to it
  'folio_mark_dirty', // a shared page that is written: its state, the file's times, the writers' balance
  'copy_process', // making a task, without its memory
  'do_exit', // taking a task down and burying it, without its memory
  'pipe_buffer', // putting bytes into a buffer of a pipe or taking them out, and what hangs on that: its page, the file's times
  'wait_queue', // queueing oneself to sleep until something is so
  'futex_hash', // the key of a futex, and the queue of those that wait for it
  'ioctl', // from the entry of ioctl() to what answers it and back: the file, the argument in and out
  'mfill_atomic', // what filling a page for a userfaultfd checks: the range, the VMA, the page table
  'uffd_wait_queue', // queueing a user fault, reading it, or waking its thread
  'proc_maps_line', // formatting one line of /proc/PID/maps
  'smaps_page', // looking at one present entry for smaps
] as const;

export type WorkName = (typeof WORK)[number];

/** Index of each kind of work, as steps pass it to `k.work`. */
export const W = Object.fromEntries(WORK.map((name, i) => [name, i])) as Readonly<
  Record<WorkName, number>
>;
