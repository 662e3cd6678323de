/** What workloads of userfaultfd count beyond those of derived.test.ts. */
export const UFFD: Readonly<Record<string, Readonly<Record<string, number>>>> = {
  // one walk each time, which looks for the next VMA, too; then every page faults
  pagemap_scan_wp_256: {
    pgfault: 1024,
    vma_lock_success: 1024,
    read_acquired: 4,
    find_vma: 8,
    handle_mm_fault: 1024,
    lock_vma_under_rcu: 1024,
  },
  // one write lock of mmap_lock and of the VMA to register, and as many to close
  uffd_close_100: { write_acquired: 200, vma_write_locks: 200 },
  // a move each way, which drops nothing of the registration
  uffd_event_remap_16: {
    write_acquired: 16,
    vma_write_locks: 32,
    vm_area_dup: 16,
    vm_area_free: 16,
  },
  // mmap_lock is free while the event waits to be read, and taken again
  uffd_event_remove_64: { read_acquired: 128 },
  // a page is cut off the front each time
  uffd_event_unmap_64: {
    read_acquired: 64,
    write_acquired: 64,
    vma_write_locks: 127,
    vm_area_dup: 63,
    vm_area_free: 64,
    downgrade_write: 64,
  },
  // filling looks each VMA up under its lock, the first without an anon_vma under mmap_lock; the fault finds a marker
  uffd_poison_hugetlb_8: {
    pgfault: 8,
    vma_lock_success: 8,
    read_acquired: 1,
    handle_mm_fault: 8,
    lock_vma_under_rcu: 16,
    __anon_vma_prepare: 1,
  },
  // a wait, the answer under mmap_lock, and the fault again, which takes the page
  uffd_wp_hugetlb_8: {
    pgfault: 8,
    vma_lock_retry: 8,
    read_acquired: 16,
    find_vma: 8,
    handle_mm_fault: 16,
    lock_mm_and_find_vma: 8,
    lock_vma_under_rcu: 8,
  },
  // the same of pages that a fault made huge
  uffd_wp_huge_8: {
    pgfault: 8,
    vma_lock_retry: 8,
    read_acquired: 16,
    find_vma: 8,
    handle_mm_fault: 16,
    lock_mm_and_find_vma: 8,
    lock_vma_under_rcu: 8,
  },
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
