/** What faults on files need besides: places in the file, protection of entries, pages that get dirty. After mm/memory.c. */
import { type Exec, type Routine, routine, W } from '../machine/index.ts';
import { FAULT_FLAG_ALLOW_RETRY, FAULT_FLAG_VMA_LOCK, VM_FAULT_COMPLETED } from './fault-flags.ts';
import type { MmCore } from './mm-core.ts';
import { PTE_WRITE, presence } from './page-table.ts';
import type { Shmem } from './shmem.ts';
import { VM_SHARED, VM_UFFD_WP, VM_WRITE } from './structs.ts';

export interface FileFault {
  /** Bits of an entry that a read brings in (vm_page_prot): writable at once in a shared mapping that may be written. */
  pageProt(k: Exec, vma: number): number;
  /** Page of the file behind an address (linear_page_index). */
  indexOf(k: Exec, vma: number, address: number): number;
  /**
   * `(vma, address, flags) -> 0 or COMPLETED`: marks the page of a shared mapping dirty. When it was clean the writer may have to
   * wait for writeback, and so the lock is dropped first if the caller allows it (maybe_unlock_mmap_for_io).
   */
  readonly fault_dirty_shared_page: Routine;
}

export function fileFault(c: MmCore, shm: Shmem): FileFault {
  const { b, VMA, mmap, lock } = c;
  const { vm_mm, vm_flags, vm_start, vm_pgoff, vm_file } = VMA.at;
  const indexOf = (k: Exec, vma: number, address: number): number =>
    address - k.peek(vma + vm_start) + k.peek(vma + vm_pgoff);
  const fault_dirty_shared_page = b.add(
    routine('fault_dirty_shared_page', ['vma', 'address', 'flags', 'mm', 'file'], (v) => ({
      folio_mark_dirty(k) {
        const vma = k.get(v.vma);
        k.work(W.folio_mark_dirty);
        const file = k.load(vma + vm_file);
        const dirtied = shm.markDirty(k, file, indexOf(k, vma, k.get(v.address)));
        if (!dirtied || !(k.get(v.flags) & FAULT_FLAG_ALLOW_RETRY)) return k.ret(0);
        k.set(v.mm, k.peek(vma + vm_mm));
        k.set(v.file, file);
        shm.get(k, file);
      },
      release_fault_lock: (k) =>
        k.get(v.flags) & FAULT_FLAG_VMA_LOCK
          ? k.call(lock.vma_end_read, k.get(v.vma))
          : k.call(mmap.mmap_read_unlock, k.get(v.mm)),
      fput(k) {
        shm.put(k, k.get(v.file));
        return k.ret(VM_FAULT_COMPLETED);
      },
    })),
  );

  return {
    indexOf,
    fault_dirty_shared_page,
    pageProt(k, vma) {
      const flags = k.peek(vma + vm_flags);
      // vma_wants_writenotify
      const watched = flags & VM_UFFD_WP || c.softDirty.tracks(flags);
      const shared = flags & VM_SHARED && flags & VM_WRITE && !watched;
      return presence(flags) | (shared ? PTE_WRITE : 0);
    },
  };
}
