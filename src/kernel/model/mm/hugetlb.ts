/** Faults on hugetlbfs mappings. After hugetlb_fault, hugetlb_no_page and hugetlb_wp in mm/hugetlb.c; pages are not reserved. */
import { type Exec, type Routine, routine, W, WRITE, wordStruct } from '../machine/index.ts';
import { RWSEM } from '../sync/rwsem/index.ts';
import { spinLock, spinUnlock } from '../sync/spinlock.ts';
import {
  FAULT_FLAG_UNSHARE,
  FAULT_FLAG_VMA_LOCK,
  FAULT_FLAG_WRITE,
  VM_FAULT_HWPOISON,
  VM_FAULT_RETRY,
  VM_FAULT_SIGBUS,
} from './fault-flags.ts';
import type { MmCore } from './mm-core.ts';
import {
  mkPte,
  PTE_ANON_EXCLUSIVE,
  PTE_MARKER_POISONED,
  PTE_MKDIRTY,
  PTE_UFFD_WP,
  PTE_WRITE,
  presence,
  ptePfn,
  ptePresent,
} from './page-table.ts';
import type { Shmem } from './shmem.ts';
import { VM_SHARED, VM_UFFD_MINOR, VM_UFFD_MISSING, VM_UFFD_WP, VM_WRITE } from './structs.ts';

/** Mutexes that faults on the same page of the same file meet on (hugetlb_fault_mutex_table). */
const MUTEXES = 8;

export interface HugetlbFault {
  /** `(vma, address, flags) -> VM_FAULT_*`. */
  readonly hugetlb_fault: Routine;
  /** The mutex on which faults of a file's page meet. */
  mutexOf(file: number, index: number): number;
}

/**
 * @param __vmf_anon_prepare  `(vma, flags) -> VM_FAULT_*`, keeps the VMA lock
 * @param handle_userfault  `(vma, address, flags, reason) -> VM_FAULT_*`
 * @param isWpAsync  whether writes to protected pages are let through by the kernel
 */
export function hugetlbFault(
  c: MmCore,
  shm: Shmem,
  __vmf_anon_prepare: Routine,
  handle_userfault: Routine,
  isWpAsync: (k: Exec, mm: number) => boolean,
): HugetlbFault {
  const { b, VMA, MM, rw, lock, pages, pt } = c;
  const { vm_mm, vm_flags, vm_start, vm_pgoff, vm_file } = VMA.at;
  // A mutex is an rwsem that is only ever taken for writing here.
  const mutex = wordStruct('hugetlb_fault_mutex', { mutex: RWSEM });
  const table = Array.from({ length: MUTEXES }, (_, i) =>
    b.memory.object(mutex, `hugetlb_fault_mutex#${i}`),
  );

  const mutexOf = (file: number, index: number): number =>
    table[(file + index) % MUTEXES] as number;

  const hugetlb_fault = b.add(
    routine(
      'hugetlb_fault',
      [
        'vma',
        'address',
        'flags',
        'mm',
        'file',
        'index',
        'mutex',
        'pmd',
        'ptl',
        'head',
        'old',
        'ret',
      ],
      (v) => ({
        mutex_lock(k) {
          const vma = k.get(v.vma);
          const file = k.load(vma + vm_file);
          const offset = k.get(v.address) - k.peek(vma + vm_start) + k.peek(vma + vm_pgoff);
          const index = Math.floor(offset / pt.span);
          k.set(v.mm, k.peek(vma + vm_mm));
          k.set(v.file, file);
          k.set(v.index, index);
          k.set(v.mutex, mutexOf(file, index));
        },
        mutex_wait: (k) => k.call(rw.down_write, k.get(v.mutex)),
        hugetlb_vma_lock_read: (k) => k.call(rw.down_read, shm.semOf(k.get(v.file))),
        huge_pte_alloc: (k) => spinLock(k, k.get(v.mm) + MM.at.page_table_lock),
        pmd_populate(k) {
          pt.allocatePmd(k, k.get(v.mm), k.get(v.address));
        },
        huge_pte_allocated: (k) => spinUnlock(k, k.get(v.mm) + MM.at.page_table_lock),
        huge_ptep_get(k) {
          const pmd = pt.pmd(k, k.get(v.mm), k.get(v.address));
          k.set(v.pmd, pmd);
          k.set(v.ptl, pt.lockOf(k.get(v.mm), pmd));
          k.set(v.old, -k.load(pmd));
          if (k.get(v.old) === PTE_MARKER_POISONED) {
            k.set(v.ret, VM_FAULT_HWPOISON);
            return 'out';
          }
          if (!ptePresent(k.get(v.old))) return 'hugetlb_no_page';
          const breaks = k.get(v.flags) & (FAULT_FLAG_WRITE | FAULT_FLAG_UNSHARE);
          return breaks && !(k.get(v.old) & PTE_WRITE) ? 'lock_wp' : 'out';
        },
        hugetlb_no_page(k) {
          const head = shm.lookup(k, k.get(v.file), k.get(v.index));
          k.access(k.get(v.file), 0);
          k.set(v.head, head);
          if (k.get(v.index) >= shm.sizeOf(k, k.get(v.file))) {
            k.set(v.ret, VM_FAULT_SIGBUS);
            return 'out';
          }
          // A page that is missing, or there and not mapped, may be user space's to give (hugetlb_handle_userfault).
          const reason = head === 0 ? VM_UFFD_MISSING : VM_UFFD_MINOR;
          if (k.peek(k.get(v.vma) + vm_flags) & reason) {
            k.set(v.old, reason);
            return 'userfault_unlock';
          }
          if (head !== 0) {
            pages.getHuge(k, head);
            return 'lock_pte';
          }
          if (k.peek(k.get(v.vma) + vm_flags) & VM_SHARED) return 'alloc_hugetlb_folio';
        },
        anon_prepare: (k) => k.call(__vmf_anon_prepare, k.get(v.vma), k.get(v.flags)),
        prepared(k) {
          k.set(v.ret, k.result());
          if (k.result() !== 0) return 'out';
        },
        alloc_hugetlb_folio(k) {
          const head = pages.allocHuge(k);
          k.set(v.head, head);
          if (head === 0) {
            k.set(v.ret, VM_FAULT_SIGBUS);
            return 'out';
          }
          if (ptePresent(k.get(v.old))) {
            const from = ptePfn(k.get(v.old));
            pages.copyHuge(k, head, (i) => from + i);
            return 'lock_pte';
          }
          pages.clearHuge(k, head);
          if (!(k.peek(k.get(v.vma) + vm_flags) & VM_SHARED)) return 'lock_pte';
        },
        // hugetlb_add_to_page_cache; faults on this page wait on the mutex.
        lock_i_pages: (k) => spinLock(k, shm.lockOf(k.get(v.file))),
        add_to_page_cache(k) {
          k.access(k.get(v.file), WRITE);
          shm.insert(k, k.get(v.file), k.get(v.index), k.get(v.head));
          pages.getHuge(k, k.get(v.head));
        },
        unlock_i_pages: (k) => spinUnlock(k, shm.lockOf(k.get(v.file))),
        lock_pte: (k) => spinLock(k, k.get(v.ptl)),
        set_huge_pte_at(k) {
          const pmd = k.get(v.pmd);
          const old = k.get(v.old);
          k.access(pmd, WRITE);
          if (k.peek(pmd) !== -old) {
            pages.putHuge(k, k.get(v.head));
            return 'unlock_pte';
          }
          const flags = k.peek(k.get(v.vma) + vm_flags);
          const writes = k.get(v.flags) & FAULT_FLAG_WRITE;
          // A private page is born read-only; hugetlb_wp makes it writable within the fault that writes, but not under protection.
          const watched = old === PTE_UFFD_WP;
          const writable = !watched && ((flags & VM_WRITE && flags & VM_SHARED) || writes);
          k.work(W.pte_set);
          if (ptePresent(old)) {
            pages.putHuge(k, ptePfn(old));
            k.flushTlb(k.get(v.mm));
          }
          const cached = shm.lookup(k, k.get(v.file), k.get(v.index)) === k.get(v.head);
          const mine = cached ? 0 : PTE_ANON_EXCLUSIVE;
          const bits =
            presence(flags) | (writable ? PTE_WRITE : 0) | (writes ? PTE_MKDIRTY : 0) | mine;
          const copied = ptePresent(old) && k.get(v.flags) & FAULT_FLAG_UNSHARE;
          const mark = watched || copied ? old & PTE_UFFD_WP : 0;
          pt.setHuge(k, pmd, mkPte(k.get(v.head), bits | mark));
        },
        unlock_pte(k) {
          spinUnlock(k, k.get(v.ptl));
          return 'out';
        },
        // hugetlb_wp: takes the page if nobody else has it, else copies it.
        lock_wp: (k) => spinLock(k, k.get(v.ptl)),
        hugetlb_wp(k) {
          const pmd = k.get(v.pmd);
          const old = k.get(v.old);
          k.access(pmd, WRITE);
          if (k.peek(pmd) !== -old) return 'unlock_pte';
          const flags = k.peek(k.get(v.vma) + vm_flags);
          const unshare = k.get(v.flags) & FAULT_FLAG_UNSHARE;
          if (!unshare && flags & VM_UFFD_WP && old & PTE_UFFD_WP) {
            if (!isWpAsync(k, k.get(v.mm))) return 'unlock_userfault';
            k.set(v.old, old & ~PTE_UFFD_WP);
            pt.setHuge(k, pmd, k.get(v.old));
          }
          const shared = flags & VM_SHARED;
          if (!shared && !pages.exclusiveHuge(k, ptePfn(old))) return 'unlock_copy';
          const mine = shared ? 0 : PTE_ANON_EXCLUSIVE;
          const written = unshare ? 0 : PTE_WRITE | PTE_MKDIRTY;
          pt.setHuge(k, pmd, k.get(v.old) | written | mine);
          return 'unlock_pte';
        },
        unlock_copy(k) {
          spinUnlock(k, k.get(v.ptl));
          return 'anon_prepare';
        },
        out: (k) => k.call(rw.up_read, shm.semOf(k.get(v.file))),
        mutex_unlock: (k) => k.call(rw.up_write, k.get(v.mutex)),
        // Only now may the VMA go.
        release(k) {
          if (k.get(v.ret) & VM_FAULT_RETRY && k.get(v.flags) & FAULT_FLAG_VMA_LOCK) {
            return k.call(lock.vma_end_read, k.get(v.vma));
          }
        },
        done: (k) => k.ret(k.get(v.ret)),

        unlock_userfault(k) {
          k.set(v.old, VM_UFFD_WP);
          spinUnlock(k, k.get(v.ptl));
        },
        userfault_unlock: (k) => k.call(rw.up_read, shm.semOf(k.get(v.file))),
        userfault_mutex_unlock: (k) => k.call(rw.up_write, k.get(v.mutex)),
        handle_userfault: (k) =>
          k.call(handle_userfault, k.get(v.vma), k.get(v.address), k.get(v.flags), k.get(v.old)),
        userfault_done: (k) => k.ret(k.result()),
      }),
    ),
  );
  return { hugetlb_fault, mutexOf };
}
