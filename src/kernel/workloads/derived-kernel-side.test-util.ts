/** What workloads count in which the kernel gets at user memory by itself, or changes VMAs in rarer ways. For derived.test.ts. */
export const KERNEL_SIDE: Readonly<Record<string, Readonly<Record<string, number>>>> = {
  // the futex cannot be read with the bucket locked: one fault brought about under mmap_lock
  futex_lock_pi_fresh_256: {
    pgfault: 256,
    read_acquired: 256,
    find_vma: 256,
    handle_mm_fault: 256,
    __anon_vma_prepare: 1,
  },
  // the key of the first address makes the page; the second and the change find it
  futex_wake_op_fresh_256: {
    pgfault: 256,
    read_acquired: 256,
    find_vma: 256,
    handle_mm_fault: 256,
    __anon_vma_prepare: 1,
  },
  // one look at the policy, one get_user_pages for the page
  get_mempolicy_node_100: {
    pgfault: 100,
    read_acquired: 200,
    find_vma: 100,
    handle_mm_fault: 100,
  },
  // private huge pages stay read-only, and are taken by the next write
  hugetlb_mprotect_write_8: {
    pgfault: 8,
    vma_lock_success: 8,
    write_acquired: 2,
    vma_write_locks: 2,
    handle_mm_fault: 8,
    lock_vma_under_rcu: 8,
  },
  // as mprotect_split_merge_100, and a walk that locks: two look-ups for each VMA, and one to begin with
  mbind_split_merge_100: {
    write_acquired: 200,
    vma_write_locks: 600,
    find_vma: 600,
    vm_area_dup: 200,
    vm_area_free: 200,
  },
  // each page by itself, then sixteen at a time
  move_pages_256: { read_acquired: 272 },
  // eight of ten VMAs can be merged
  prctl_memory_merge_50: { write_acquired: 100, vma_write_locks: 800 },
  // one read with the strings, one that finds the end; each looks at the last byte first
  proc_cmdline_10: { read_acquired: 30, find_vma: 30 },
  // the read that finds the end looks at nothing
  proc_environ_10: { read_acquired: 10, find_vma: 10 },
  // all lines fit into one buffer; the second read finds the end
  proc_numa_maps_10: { read_acquired: 20 },
  // the zero page is copied the first time; the copies do the second time, though they stay read-only
  proc_mem_write_readonly_256: {
    pgfault: 256,
    read_acquired: 512,
    find_vma: 512,
    handle_mm_fault: 256,
    __anon_vma_prepare: 1,
  },
  // eleven VMAs are locked and walked; each page is read-only then and reused
  soft_dirty_rewrite_256: {
    pgfault: 256,
    vma_lock_success: 256,
    write_acquired: 1,
    vma_write_locks: 11,
    find_vma: 12,
    handle_mm_fault: 256,
    lock_vma_under_rcu: 256,
  },
};
