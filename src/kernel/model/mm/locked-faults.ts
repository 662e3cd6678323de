/**
 * Which faults are handled with the VMA's lock alone. First lock_vma_under_rcu itself refused VMAs whose faults needed more;
 * then these refusals moved down the fault path one by one.
 */
export type LockedFaults =
  /** 6.4: those of anonymous VMAs that have an anon_vma and that userfaultfd does not watch; no other VMA is locked. */
  | 'anonymous'
  /**
   * 6.6: also what needs no more than the page tables: swap, pages of the cache mapped around a read, writes to a page that is
   * mapped. Anonymous VMAs are locked once they have an anon_vma, the others always; hugetlb and what calls `fault` is tried again.
   */
  | 'fault_around'
  /** Since 6.10 all that the vm_ops allow: a missing anon_vma is made under mmap_lock if that is free. */
  | 'all';
