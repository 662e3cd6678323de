/** Filling missing pages of hugetlbfs for user space. After mfill_atomic_hugetlb in mm/userfaultfd.c and hugetlb_mfill_atomic_pte in mm/hugetlb.c. */
import { type Exec, type Routine, routine, W, WRITE } from '../../machine/index.ts';
import { spinLock, spinUnlock } from '../../sync/spinlock.ts';
import { EEXIST, EFAULT, EINVAL, ENOMEM, type MmCore } from '../mm-core.ts';
import {
  mkPte,
  PTE_ANON_EXCLUSIVE,
  PTE_MARKER_POISONED,
  PTE_MKDIRTY,
  PTE_PRESENT,
  PTE_UFFD_WP,
  PTE_WRITE,
  presence,
  pteNoneMostly,
  ptePfn,
} from '../page-table.ts';
import type { Shmem } from '../shmem.ts';
import { VM_SHARED, VM_WRITE } from '../structs.ts';
import { storedWord } from '../transfer.ts';
import {
  MFILL_ATOMIC_CONTINUE,
  MFILL_ATOMIC_MODE_MASK,
  MFILL_ATOMIC_POISON,
  MFILL_ATOMIC_WP,
} from './mfill-mode.ts';

/** A result below this one says that the source has to be brought in first; the rest is the number of huge pages done before. */
export const SOURCE_MISSING = -1000;

/**
 * @param mutexOf  the mutex on which faults of a page meet
 * @returns `(mm, vma, start, pages, what, from) -> pages filled, -errno or {@link SOURCE_MISSING}`: with a copy, with what is in the file,
 * or with poison. The VMA is held still.
 */
export function mfillHugetlb(
  c: MmCore,
  shm: Shmem,
  mutexOf: (file: number, index: number) => number,
): Routine {
  const { b, VMA, MM, rw, pages, pt } = c;
  const { vm_start, vm_flags, vm_pgoff, vm_file } = VMA.at;
  const span = pt.span;

  /** Whether the kernel can copy a huge page's worth without a fault. */
  const sourceThere = (k: Exec, mm: number, from: number): boolean => {
    for (let page = from; page < from + span; page++) {
      if (!(pt.peek(k, mm, page) & PTE_PRESENT)) return false;
    }
    return true;
  };

  return b.add(
    routine(
      'mfill_atomic_hugetlb',
      ['mm', 'vma', 'start', 'pages', 'what', 'from', 'done', 'index', 'file', 'head', 'err'],
      (v) => {
        const at = (k: Exec) => k.get(v.start) + k.get(v.done);
        const pmdOf = (k: Exec) => pt.pmd(k, k.get(v.mm), at(k));
        return {
          validate(k) {
            const vma = k.get(v.vma);
            if (k.get(v.start) % span !== 0 || k.get(v.pages) % span !== 0) return k.ret(-EINVAL);
            k.set(v.file, k.load(vma + vm_file));
          },
          hugetlb_linear_page_index(k) {
            const vma = k.get(v.vma);
            if (k.get(v.done) === k.get(v.pages)) return k.ret(k.get(v.done));
            const offset = at(k) - k.peek(vma + vm_start) + k.peek(vma + vm_pgoff);
            k.set(v.index, Math.floor(offset / span));
            k.set(v.head, 0);
          },
          mutex_lock: (k) => k.call(rw.down_write, mutexOf(k.get(v.file), k.get(v.index))),
          hugetlb_vma_lock_read: (k) => k.call(rw.down_read, shm.semOf(k.get(v.file))),
          huge_pte_alloc: (k) => spinLock(k, k.get(v.mm) + MM.at.page_table_lock),
          pmd_populate(k) {
            pt.allocatePmd(k, k.get(v.mm), at(k));
          },
          huge_pte_allocated: (k) => spinUnlock(k, k.get(v.mm) + MM.at.page_table_lock),
          huge_pte_none(k) {
            const cached = shm.lookup(k, k.get(v.file), k.get(v.index));
            const shared = k.peek(k.get(v.vma) + vm_flags) & VM_SHARED;
            const there = !pteNoneMostly(-k.load(pmdOf(k)));
            const what = k.get(v.what) & MFILL_ATOMIC_MODE_MASK;
            if (there && what !== MFILL_ATOMIC_CONTINUE) {
              k.set(v.err, -EEXIST);
              return 'hugetlb_vma_unlock_read';
            }
            if (what === MFILL_ATOMIC_POISON) return 'lock_pte';
            if (what === MFILL_ATOMIC_CONTINUE) {
              if (cached === 0) k.set(v.err, -EFAULT);
              else pages.getHuge(k, cached);
              k.set(v.head, cached);
              return cached === 0 ? 'hugetlb_vma_unlock_read' : 'lock_pte';
            }
            const late = shared && k.get(v.index) >= shm.sizeOf(k, k.get(v.file));
            if (shared && cached !== 0) k.set(v.err, -EEXIST);
            else if (late) k.set(v.err, -EFAULT);
            if (k.get(v.err) !== 0) return 'hugetlb_vma_unlock_read';
          },
          // Page faults are off while it is copied.
          copy_folio_from_user(k) {
            const from = k.get(v.from);
            k.access(k.get(v.mm) + MM.at.pgd, 0);
            if (from !== 0 && !sourceThere(k, k.get(v.mm), from + k.get(v.done))) {
              k.set(v.err, SOURCE_MISSING - k.get(v.done) / span);
              return 'hugetlb_vma_unlock_read';
            }
            const head = pages.allocHuge(k);
            k.set(v.head, head);
            if (head === 0) {
              k.set(v.err, -ENOMEM);
              return 'hugetlb_vma_unlock_read';
            }
            if (from === 0) {
              k.work(W.copy_page, span);
              for (let i = 0; i < span; i++) pages.setData(k, head + i, storedWord(k));
            } else {
              const first = from + k.get(v.done);
              pages.copyHuge(k, head, (i) => ptePfn(pt.peek(k, k.get(v.mm), first + i)));
            }
            if (!(k.peek(k.get(v.vma) + vm_flags) & VM_SHARED)) return 'lock_pte';
          },
          lock_i_pages: (k) => spinLock(k, shm.lockOf(k.get(v.file))),
          hugetlb_add_to_page_cache(k) {
            k.access(k.get(v.file), WRITE);
            shm.insert(k, k.get(v.file), k.get(v.index), k.get(v.head));
            pages.getHuge(k, k.get(v.head));
          },
          unlock_i_pages: (k) => spinUnlock(k, shm.lockOf(k.get(v.file))),
          lock_pte: (k) => spinLock(k, pt.lockOf(k.get(v.mm), pmdOf(k))),
          set_huge_pte_at(k) {
            const pmd = pmdOf(k);
            k.access(pmd, WRITE);
            const old = -k.peek(pmd);
            const what = k.get(v.what) & MFILL_ATOMIC_MODE_MASK;
            const poison = what === MFILL_ATOMIC_POISON;
            // A page may take the place of a marker, a marker not.
            if (poison ? old !== 0 : !pteNoneMostly(old)) {
              if (!poison) pages.putHuge(k, k.get(v.head));
              k.set(v.err, -EEXIST);
              return;
            }
            k.work(W.pte_set);
            if (poison) {
              pt.setHuge(k, pmd, PTE_MARKER_POISONED);
              return;
            }
            const flags = k.peek(k.get(v.vma) + vm_flags);
            const wp = k.get(v.what) & MFILL_ATOMIC_WP;
            const privateOfFile = what === MFILL_ATOMIC_CONTINUE && !(flags & VM_SHARED);
            const writable = flags & VM_WRITE && !wp && !privateOfFile;
            const mine = flags & VM_SHARED || privateOfFile ? 0 : PTE_ANON_EXCLUSIVE;
            const marks = PTE_MKDIRTY | mine | (wp ? PTE_UFFD_WP : 0);
            pt.setHuge(
              k,
              pmd,
              mkPte(k.get(v.head), presence(flags) | marks | (writable ? PTE_WRITE : 0)),
            );
          },
          unlock_pte: (k) => spinUnlock(k, pt.lockOf(k.get(v.mm), pmdOf(k))),
          hugetlb_vma_unlock_read: (k) => k.call(rw.up_read, shm.semOf(k.get(v.file))),
          mutex_unlock: (k) => k.call(rw.up_write, mutexOf(k.get(v.file), k.get(v.index))),
          next(k) {
            if (k.get(v.err) === 0) {
              k.set(v.done, k.get(v.done) + span);
              return 'hugetlb_linear_page_index';
            }
            const missing = k.get(v.err) <= SOURCE_MISSING;
            return k.ret(k.get(v.done) > 0 && !missing ? k.get(v.done) : k.get(v.err));
          },
        };
      },
    ),
  );
}
