/** Filling missing pages for user space: UFFDIO_COPY, ZEROPAGE, CONTINUE and POISON. After mm/userfaultfd.c. */
import { type Exec, type Routine, routine, TASK, W } from '../../machine/index.ts';
import { spinLock, spinUnlock } from '../../sync/spinlock.ts';
import { UFFD_COPY_MODES } from '../../uapi.ts';
import { mkwrite } from '../maybe-mkwrite.ts';
import { EFAULT, EINTR, EINVAL, type MmCore } from '../mm-core.ts';
import {
  mkPte,
  PTE_ANON_EXCLUSIVE,
  PTE_MARKER_POISONED,
  PTE_MKDIRTY,
  PTE_PRESENT,
  PTE_UFFD_WP,
  presence,
  pteNoneMostly,
  ptePfn,
} from '../page-table.ts';
import { ZERO_PFN } from '../pages.ts';
import type { Shmem } from '../shmem.ts';
import {
  VM_OPS_ANON,
  VM_OPS_HUGETLB,
  VM_OPS_SHMEM,
  VM_SHARED,
  VM_UFFD_WP,
  VM_WRITE,
} from '../structs.ts';
import { storedWord } from '../transfer.ts';
import { EBADF, type UserfaultCtx } from './ctx.ts';
import { EAGAIN, type UserfaultLock } from './lock.ts';
import { mfillHugetlb, SOURCE_MISSING } from './mfill-hugetlb.ts';
import {
  MFILL_ATOMIC_CONTINUE,
  MFILL_ATOMIC_COPY,
  MFILL_ATOMIC_MODE_MASK,
  MFILL_ATOMIC_POISON,
  MFILL_ATOMIC_WP,
  MFILL_ATOMIC_ZEROPAGE,
} from './mfill-mode.ts';

export const EEXIST = 17;
const FILLS = {
  COPY: MFILL_ATOMIC_COPY,
  ZEROPAGE: MFILL_ATOMIC_ZEROPAGE,
  CONTINUE: MFILL_ATOMIC_CONTINUE,
  POISON: MFILL_ATOMIC_POISON,
} as const;

/** `(mm, start, pages, mode, from) -> 0 or -errno`, as the ioctls give it. */
export interface Mfill {
  readonly userfaultfd_copy: Routine;
  readonly userfaultfd_zeropage: Routine;
  readonly userfaultfd_continue: Routine;
  /** Absent where the release has no such ioctl. */
  readonly userfaultfd_poison?: Routine;
}

export interface MfillParts {
  readonly ctx: UserfaultCtx;
  readonly locks: UserfaultLock;
  readonly shm: Shmem;
  /** `(mm, address)`: makes the page table that holds an entry. */
  readonly __pte_alloc: Routine;
  /** `(mm, address, flags) -> 0 or signal`: a fault of kernel code on user memory. */
  readonly do_user_addr_fault: Routine;
  /** The mutex on which faults of a page of hugetlbfs meet. */
  hugetlbMutexOf(file: number, index: number): number;
  /** Whether the release has UFFDIO_POISON. */
  readonly poison: boolean;
}

export function mfill(c: MmCore, p: MfillParts): Mfill {
  const { b, VMA, pages, pt, rw } = c;
  const { ctx, locks, shm } = p;
  const { vm_start, vm_flags, vm_ops, vm_pgoff, vm_file } = VMA.at;
  const indexOf = (k: Exec, vma: number, page: number) =>
    page - k.peek(vma + vm_start) + k.peek(vma + vm_pgoff);

  /**
   * `(vma, address, what, pfn) -> 0 or -errno`: puts a page, or for POISON a marker, into an entry that has none. The page's reference
   * goes to the entry or is dropped (mfill_atomic_install_pte, mfill_atomic_pte_zeropage, mfill_atomic_pte_poison).
   */
  const mfill_atomic_install_pte = b.add(
    routine(
      'mfill_atomic_install_pte',
      ['mm', 'vma', 'address', 'what', 'pfn', 'entry', 'ptl', 'ret'],
      (v) => ({
        pte_lock(k) {
          const mm = k.get(v.mm);
          k.set(v.entry, pt.find(k, mm, k.get(v.address)));
          // A huge page is there.
          if (k.get(v.entry) === 0) {
            pages.put(k, k.get(v.pfn));
            return k.ret(-EEXIST);
          }
          k.set(v.ptl, pt.lockOf(mm, k.get(v.entry)));
          return spinLock(k, k.get(v.ptl));
        },
        set_pte(k) {
          const old = k.load(k.get(v.entry));
          const what = k.get(v.what) & MFILL_ATOMIC_MODE_MASK;
          const install = what === MFILL_ATOMIC_COPY || what === MFILL_ATOMIC_CONTINUE;
          // A page may take the place of a marker (pte_none_mostly); the zero page and a marker may not.
          if (install ? !pteNoneMostly(old) : old !== 0) {
            pages.put(k, k.get(v.pfn));
            k.set(v.ret, -EEXIST);
            return;
          }
          k.work(W.pte_set);
          k.poke(k.get(v.entry), newPte(k, k.get(v.vma), k.get(v.what), k.get(v.pfn)));
        },
        pte_unlock(k) {
          spinUnlock(k, k.get(v.ptl));
          return k.ret(k.get(v.ret));
        },
      }),
    ),
  );
  const newPte = (k: Exec, vma: number, flags: number, pfn: number): number => {
    const what = flags & MFILL_ATOMIC_MODE_MASK;
    if (what === MFILL_ATOMIC_POISON) return PTE_MARKER_POISONED;
    const vmFlags = k.peek(vma + vm_flags);
    const present = presence(vmFlags);
    if (pfn === ZERO_PFN) return mkPte(ZERO_PFN, present);
    const privateOfFile = what === MFILL_ATOMIC_CONTINUE && !(vmFlags & VM_SHARED);
    const mine = vmFlags & VM_SHARED || privateOfFile ? 0 : PTE_ANON_EXCLUSIVE;
    const bits = present | PTE_MKDIRTY | mine;
    if (flags & MFILL_ATOMIC_WP) return mkPte(pfn, bits | PTE_UFFD_WP);
    const writable = vmFlags & VM_WRITE && !privateOfFile;
    return mkPte(pfn, bits | (writable ? mkwrite(vmFlags) : 0));
  };

  const mfill_atomic_hugetlb = mfillHugetlb(c, shm, p.hugetlbMutexOf);

  /** `(mm, start, pages, what, from) -> pages filled, or -errno`. */
  const mfill_atomic = b.add(
    routine(
      'mfill_atomic',
      ['mm', 'start', 'pages', 'what', 'from', 'vma', 'done', 'pfn', 'huge', 'err', 'word'],
      (v) => ({
        retry(k) {
          const start = k.get(v.start);
          return k.call(locks.uffd_mfill_lock, k.get(v.mm), start, start + k.get(v.pages));
        },
        locked(k) {
          k.set(v.vma, k.result());
          if (k.result() > 0) return;
          k.set(v.err, k.result());
          return 'out';
        },
        down_read_map_changing: (k) =>
          k.call(rw.down_read, ctx.mapChangingLock(ctx.of(k.get(v.mm)))),
        check_changing(k) {
          if (!ctx.events.mmapChanging(k, k.get(v.mm))) return;
          k.set(v.err, -EAGAIN);
          return 'out_unlock';
        },
        check_vma(k) {
          const vma = k.get(v.vma);
          const ops = k.load(vma + vm_ops);
          const what = k.get(v.what);
          const contin = (what & MFILL_ATOMIC_MODE_MASK) === MFILL_ATOMIC_CONTINUE;
          const wp = what & MFILL_ATOMIC_WP && !(k.peek(vma + vm_flags) & VM_UFFD_WP);
          // There is no huge zero page of hugetlbfs.
          const zero = (what & MFILL_ATOMIC_MODE_MASK) === MFILL_ATOMIC_ZEROPAGE;
          if (ops === VM_OPS_HUGETLB && !wp && !zero) return 'mfill_atomic_hugetlb';
          const shmem = ops === VM_OPS_SHMEM;
          if (wp || !(shmem || ops === VM_OPS_ANON) || (contin && !shmem)) {
            k.set(v.err, -EINVAL);
            return 'out_unlock';
          }
        },
        pte_alloc: (k) => k.call(p.__pte_alloc, k.get(v.mm), k.get(v.start) + k.get(v.done)),
        mfill_atomic_pte(k) {
          const what = k.get(v.what) & MFILL_ATOMIC_MODE_MASK;
          if (what === MFILL_ATOMIC_CONTINUE) return 'shmem_get_folio';
          if (what === MFILL_ATOMIC_POISON) {
            k.set(v.pfn, ZERO_PFN);
            return 'install';
          }
          if (what === MFILL_ATOMIC_COPY) return 'copy_from_user';
          if (k.peek(k.get(v.vma) + vm_flags) & VM_SHARED) return 'shmem_mfill_atomic_pte';
          k.set(v.pfn, ZERO_PFN);
          return 'install';
        },

        mfill_atomic_hugetlb(k) {
          const done = k.get(v.done);
          const from = k.get(v.from) === 0 ? 0 : k.get(v.from) + done;
          const start = k.get(v.start) + done;
          const n = k.get(v.pages) - done;
          return k.call(
            mfill_atomic_hugetlb,
            k.get(v.mm),
            k.get(v.vma),
            start,
            n,
            k.get(v.what),
            from,
          );
        },
        mfilled_hugetlb(k) {
          const result = k.result();
          if (result <= SOURCE_MISSING) {
            k.set(v.done, k.get(v.done) + (SOURCE_MISSING - result) * pt.span);
            k.set(v.huge, pt.span);
            return 'up_read_map_changing';
          }
          if (result > 0) k.set(v.done, k.get(v.done) + result);
          else k.set(v.err, result);
          return 'out_unlock';
        },

        // The page is in the cache already; the entry gets a reference to it.
        shmem_get_folio(k) {
          const vma = k.get(v.vma);
          const file = k.peek(vma + vm_file);
          k.access(file, 0);
          const pfn = shm.lookup(k, file, indexOf(k, vma, k.get(v.start) + k.get(v.done)));
          if (pfn === 0) {
            k.set(v.err, -EFAULT);
            return 'out_unlock';
          }
          pages.get(k, pfn);
          k.set(v.pfn, pfn);
          return 'install';
        },

        // A shared file gets the page into its cache first; one that is there already is not replaced.
        shmem_mfill_atomic_pte(k) {
          const vma = k.get(v.vma);
          const file = k.peek(vma + vm_file);
          k.access(file, 0);
          if (shm.lookup(k, file, indexOf(k, vma, k.get(v.start) + k.get(v.done))) !== 0) {
            k.set(v.err, -EEXIST);
            return 'out_unlock';
          }
        },
        shmem_add_to_page_cache(k) {
          const vma = k.get(v.vma);
          const index = indexOf(k, vma, k.get(v.start) + k.get(v.done));
          return k.call(shm.shmem_fault, k.peek(vma + vm_file), index, 0);
        },
        added(k) {
          k.set(v.pfn, k.result());
          const copies = (k.get(v.what) & MFILL_ATOMIC_MODE_MASK) === MFILL_ATOMIC_COPY;
          if (k.result() !== 0 && copies) pages.setData(k, k.result(), k.get(v.word));
          if (k.result() !== 0) return 'install';
          k.set(v.err, -EFAULT);
          return 'out_unlock';
        },

        // Page faults are off: a source page that is not there has to be fetched without the lock.
        copy_from_user(k) {
          if (k.get(v.pfn) !== 0) return 'copied';
          k.set(v.pfn, pages.alloc(k));
          k.work(W.copy_page);
          if (k.get(v.from) === 0) {
            pages.setData(k, k.get(v.pfn), storedWord(k));
            return 'copied';
          }
          const pte = pt.walk(k, k.get(v.mm), k.get(v.from) + k.get(v.done));
          if (!(pte & PTE_PRESENT)) return 'up_read_map_changing';
          pages.setData(k, k.get(v.pfn), pages.data(k, ptePfn(pte)));
        },
        copied(k) {
          if (!(k.peek(k.get(v.vma) + vm_flags) & VM_SHARED)) return 'install';
          // The cache of a file takes its page from the file's own pool here.
          k.set(v.word, pages.data(k, k.get(v.pfn)));
          pages.put(k, k.get(v.pfn));
          k.set(v.pfn, 0);
          return 'shmem_mfill_atomic_pte';
        },
        install: (k) =>
          k.call(
            mfill_atomic_install_pte,
            k.get(v.mm),
            k.get(v.vma),
            k.get(v.start) + k.get(v.done),
            k.get(v.what),
            k.get(v.pfn),
          ),
        installed(k) {
          k.set(v.pfn, 0);
          k.set(v.err, k.result());
          if (k.result() === 0) k.set(v.done, k.get(v.done) + 1);
          if (k.get(v.err) === 0 && k.load(k.task + TASK.at.sigkill)) k.set(v.err, -EINTR);
          if (k.get(v.err) === 0 && k.get(v.done) < k.get(v.pages)) return 'pte_alloc';
        },
        out_unlock: (k) => k.call(rw.up_read, ctx.mapChangingLock(ctx.of(k.get(v.mm)))),
        uffd_mfill_unlock: (k) => k.call(locks.uffd_mfill_unlock, k.get(v.vma)),
        out(k) {
          if (k.get(v.pfn) !== 0) pages.put(k, k.get(v.pfn));
          return k.ret(k.get(v.done) > 0 ? k.get(v.done) : k.get(v.err));
        },

        up_read_map_changing: (k) => k.call(rw.up_read, ctx.mapChangingLock(ctx.of(k.get(v.mm)))),
        unlock_to_copy: (k) => k.call(locks.uffd_mfill_unlock, k.get(v.vma)),
        copy_unlocked(k) {
          // All of a huge page, the last small page first.
          const last = Math.max(0, k.get(v.huge) - 1);
          const pte = pt.walk(k, k.get(v.mm), k.get(v.from) + k.get(v.done) + last);
          if (!(pte & PTE_PRESENT)) return 'asm_exc_page_fault';
          k.work(W.copy_page);
          if (k.get(v.huge) === 0) pages.setData(k, k.get(v.pfn), pages.data(k, ptePfn(pte)));
          k.set(v.huge, last);
          if (last > 0) return 'copy_unlocked';
          // The VMA has to be found again: it may have gone, or another may be there.
          return 'retry';
        },
        asm_exc_page_fault(k) {
          k.work(W.exception_entry);
          const last = Math.max(0, k.get(v.huge) - 1);
          return k.call(p.do_user_addr_fault, k.get(v.mm), k.get(v.from) + k.get(v.done) + last, 0);
        },
        ex_handler_uaccess(k) {
          if (k.result() === 0) return 'copy_unlocked';
          k.set(v.err, -EFAULT);
          return 'out';
        },
      }),
    ),
  );

  const ioctl = (what: keyof typeof FILLS) => {
    const name = `userfaultfd_${what.toLowerCase()}`;
    b.name(`UFFDIO_${what}`, 'ioctl', 'include/uapi/linux/userfaultfd.h');
    return b.add(
      routine(name, ['mm', 'start', 'pages', 'mode', 'from', 'filled'], (v) => ({
        check(k) {
          k.work(W.mfill_atomic);
          if (!ctx.isOpen(k, k.get(v.mm))) return k.ret(-EBADF);
          if (k.get(v.start) + k.get(v.pages) > pt.pages) return k.ret(-EINVAL);
        },
        mmap_changing(k) {
          if (ctx.events.mmapChanging(k, k.get(v.mm))) return k.ret(-EAGAIN);
        },
        mfill_atomic(k) {
          const wp = k.get(v.mode) & UFFD_COPY_MODES.wp ? MFILL_ATOMIC_WP : 0;
          const mm = k.get(v.mm);
          const start = k.get(v.start);
          const n = k.get(v.pages);
          return k.call(mfill_atomic, mm, start, n, FILLS[what] | wp, k.get(v.from));
        },
        filled(k) {
          k.set(v.filled, k.result());
          if (k.result() < 0) return k.ret(k.result());
          if (k.get(v.mode) & UFFD_COPY_MODES.dontwake) return 'done';
        },
        wake_userfault(k) {
          const start = k.get(v.start);
          return k.call(ctx.wake_userfault, k.get(v.mm), start, start + k.get(v.filled));
        },
        done: (k) => k.ret(k.get(v.filled) === k.get(v.pages) ? 0 : -EAGAIN),
      })),
    );
  };
  return {
    userfaultfd_copy: ioctl('COPY'),
    userfaultfd_zeropage: ioctl('ZEROPAGE'),
    userfaultfd_continue: ioctl('CONTINUE'),
    ...(p.poison && { userfaultfd_poison: ioctl('POISON') }),
  };
}
