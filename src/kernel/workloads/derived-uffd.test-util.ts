/** What workloads of userfaultfd count beyond those of derived.test.ts. */
export const UFFD: Readonly<Record<string, Readonly<Record<string, number>>>> = {
  // one write lock of mmap_lock and of the VMA to register, and as many to close
  uffd_close_100: { write_acquired: 200, vma_write_locks: 200 },
  // a marker becomes a page that is still protected, which the second fault lets be written; the first lacks an anon_vma
  uffd_wp_unpopulated_64: {
    pgfault: 128,
    vma_lock_success: 128,
    read_acquired: 1,
    handle_mm_fault: 128,
    lock_vma_under_rcu: 128,
    __anon_vma_prepare: 1,
  },
};
