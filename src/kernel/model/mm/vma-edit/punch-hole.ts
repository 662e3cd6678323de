/** Taking pages out of the middle of a file, wherever they are mapped. After shmem_fallocate in mm/shmem.c and unmap_mapping_range in mm/memory.c. */
import { type Routine, routine, W } from '../../machine/index.ts';
import { spinLock, spinUnlock } from '../../sync/spinlock.ts';
import { EINVAL, type MmCore } from '../mm-core.ts';
import { isSwapPte, PTE_UFFD_WP, ptePfn, ptePresent, swpSlot } from '../page-table.ts';
import { ZERO_PFN } from '../pages.ts';
import type { Shmem } from '../shmem.ts';
import { VM_OPS_HUGETLB } from '../structs.ts';

export interface PunchHole {
  /** `(file, index, pages) -> 0 or -EINVAL`: with FALLOC_FL_PUNCH_HOLE; not of hugetlbfs. */
  readonly shmem_fallocate: Routine;
  /** `(file, pages) -> 0 or -EINVAL`: makes a file longer or shorter (ftruncate); not one of hugetlbfs. */
  readonly shmem_setattr: Routine;
}

export function punchHole(c: MmCore, shm: Shmem): PunchHole {
  const { b, VMA, rw, tree, pt, mms } = c;
  const { vm_start, vm_end, vm_pgoff, vm_file } = VMA.at;

  /**
   * `(mm, at, end, file, index, even_cows)`: takes the pages of a file that begin at an index out of a range of addresses. Copies that a
   * private mapping has made stay unless `even_cows`, and so does whatever has been mapped there since: an entry goes only if the VMA
   * is one of the file's still.
   */
  const unmap_mapping_range = b.add(
    routine(
      'unmap_mapping_range',
      ['mm', 'at', 'end', 'file', 'index', 'even_cows', 'ptl', 'any'],
      (v) => ({
        next_table(k) {
          const at = k.get(v.at);
          if (at >= k.get(v.end)) return 'flush_tlb';
          const entry = pt.find(k, k.get(v.mm), at);
          const next = Math.min(k.get(v.end), (Math.floor(at / pt.span) + 1) * pt.span);
          if (entry === 0) {
            k.set(v.index, k.get(v.index) + next - at);
            k.set(v.at, next);
            return 'next_table';
          }
          k.set(v.ptl, pt.lockOf(k.get(v.mm), entry));
        },
        pte_lock: (k) => spinLock(k, k.get(v.ptl)),
        zap_pte_range(k) {
          const at = k.get(v.at);
          const end = Math.min(k.get(v.end), (Math.floor(at / pt.span) + 1) * pt.span);
          k.access(k.get(v.ptl), 1);
          pt.each(k, k.get(v.mm), at, end, (entry, page) => {
            const pte = k.peek(entry);
            const cached = shm.lookup(k, k.get(v.file), k.get(v.index) + page - at);
            const its = cached !== 0 && ptePresent(pte) && ptePfn(pte) === cached;
            if (isSwapPte(pte) && k.get(v.even_cows)) {
              k.poke(entry, pte & PTE_UFFD_WP);
              c.swap.freeAndCache(k, swpSlot(pte));
            }
            if (!ptePresent(pte) || !(its || k.get(v.even_cows))) return;
            k.poke(entry, pte & PTE_UFFD_WP);
            k.work(W.unmap_page);
            if (ptePfn(pte) !== ZERO_PFN) c.swap.put(k, ptePfn(pte));
            k.set(v.any, 1);
          });
          k.set(v.index, k.get(v.index) + end - at);
          k.set(v.at, end);
        },
        pte_unlock(k) {
          spinUnlock(k, k.get(v.ptl));
          return 'next_table';
        },
        flush_tlb(k) {
          if (k.get(v.any)) k.flushTlb(k.get(v.mm));
          return k.ret();
        },
      }),
    ),
  );

  /**
   * `(file, index, pages, even_cows)`: takes pages of a file out of every address space. The kernel finds the mappings in i_mmap, the model
   * in the trees of the address spaces, under the same lock.
   */
  const unmap_everywhere = b.add(
    routine('unmap_mapping_pages', ['file', 'index', 'pages', 'even_cows', 'm', 'at'], (v) => ({
      i_mmap_lock_read: (k) => k.call(rw.down_read, shm.mappingSemOf(k.get(v.file))),
      is_i_mmap_empty(k) {
        if (shm.linked(k, k.get(v.file)) === 0) return 'i_mmap_unlock_read';
      },
      next_vma(k) {
        const mm = mms[k.get(v.m)];
        if (mm === undefined) return 'i_mmap_unlock_read';
        const vma = tree.find(k, mm, k.get(v.at));
        if (vma === 0) {
          k.set(v.m, k.get(v.m) + 1);
          k.set(v.at, 0);
          return 'next_vma';
        }
        const file = k.get(v.file);
        k.set(v.at, k.peek(vma + vm_end));
        if (k.peek(vma + vm_file) !== file) return 'next_vma';
        const base = k.peek(vma + vm_start) - k.peek(vma + vm_pgoff);
        const from = Math.max(k.peek(vma + vm_start), base + k.get(v.index));
        const to = Math.min(k.peek(vma + vm_end), base + k.get(v.index) + k.get(v.pages));
        if (from >= to) return 'next_vma';
        const cows = k.get(v.even_cows);
        return k.callThen('next_vma', unmap_mapping_range, mm, from, to, file, from - base, cows);
      },
      i_mmap_unlock_read: (k) => k.call(rw.up_read, shm.mappingSemOf(k.get(v.file))),
      done: (k) => k.ret(),
    })),
  );

  const shmem_fallocate = b.add(
    routine('shmem_fallocate', ['file', 'index', 'pages'], (v) => ({
      inode_lock(k) {
        if (shm.opsOf(k, k.get(v.file)) === VM_OPS_HUGETLB) return k.ret(-EINVAL);
        return k.call(rw.down_write, shm.semOf(k.get(v.file)));
      },
      unmap_mapping_range: (k) =>
        k.call(unmap_everywhere, k.get(v.file), k.get(v.index), k.get(v.pages)),
      shmem_truncate_range(k) {
        const file = k.get(v.file);
        k.access(shm.lockOf(file), 1);
        for (let i = 0; i < k.get(v.pages); i++) shm.remove(k, file, k.get(v.index) + i);
      },
      inode_unlock: (k) => k.call(rw.up_write, shm.semOf(k.get(v.file))),
      done: (k) => k.ret(0),
    })),
  );

  const shmem_setattr = b.add(
    routine('shmem_setattr', ['file', 'pages', 'old'], (v) => ({
      inode_lock(k) {
        if (shm.opsOf(k, k.get(v.file)) === VM_OPS_HUGETLB) return k.ret(-EINVAL);
        return k.call(rw.down_write, shm.semOf(k.get(v.file)));
      },
      i_size_write(k) {
        k.set(v.old, shm.setSize(k, k.get(v.file), k.get(v.pages)));
        if (k.get(v.pages) >= k.get(v.old)) return 'inode_unlock';
      },
      // truncate_pagecache; a fault meanwhile finds the file short already.
      unmap_mapping_range: (k) =>
        k.call(unmap_everywhere, k.get(v.file), k.get(v.pages), k.get(v.old) - k.get(v.pages), 1),
      shmem_truncate_range(k) {
        const file = k.get(v.file);
        k.access(shm.lockOf(file), 1);
        for (let i = k.get(v.pages); i < k.get(v.old); i++) shm.remove(k, file, i);
      },
      // What a private mapping has copied meanwhile.
      unmap_again: (k) =>
        k.call(unmap_everywhere, k.get(v.file), k.get(v.pages), k.get(v.old) - k.get(v.pages), 1),
      inode_unlock: (k) => k.call(rw.up_write, shm.semOf(k.get(v.file))),
      done: (k) => k.ret(0),
    })),
  );
  return { shmem_fallocate, shmem_setattr };
}
