/** Moving anonymous pages between addresses: UFFDIO_MOVE. After move_pages and move_pages_pte in mm/userfaultfd.c. */
import { type Routine, routine, W, WRITE } from '../../machine/index.ts';
import { spinLock, spinUnlock } from '../../sync/spinlock.ts';
import { UFFD_COPY_MODES } from '../../uapi.ts';
import type { AnonVma } from '../anon-vma.ts';
import { bug } from '../lock/vma-lock.ts';
import { EBUSY, EINVAL, type MmCore } from '../mm-core.ts';
import {
  isSwapPte,
  mkPte,
  PTE_ANON_EXCLUSIVE,
  PTE_DIRTY,
  PTE_PRESENT,
  PTE_SOFT_DIRTY,
  PTE_SWP_EXCLUSIVE,
  PTE_UFFD_WP,
  PTE_WRITE,
  ptePfn,
  ptePresent,
  swpSlot,
} from '../page-table.ts';
import { ZERO_PFN } from '../pages.ts';
import { __VM_UFFD_FLAGS, VM_ACCESS_FLAGS, VM_OPS_ANON, VM_SHARED, VM_WRITE } from '../structs.ts';
import { EBADF, type UserfaultCtx } from './ctx.ts';
import { EAGAIN, ENOENT, type UserfaultLock } from './lock.ts';
import { EEXIST } from './mfill.ts';
import { movePagesHugePmd } from './move-huge.ts';

/**
 * Registers the ioctl.
 *
 * @param __pte_alloc `(mm, address)`: makes the page table that holds an entry
 * @returns `(mm, dst, pages, mode, src) -> 0 or -errno`
 */
export function move(
  c: MmCore,
  ctx: UserfaultCtx,
  locks: UserfaultLock,
  anon: AnonVma,
  __pte_alloc: Routine,
): Routine {
  const { b, VMA, pt, rw, swap } = c;
  const { vm_end, vm_flags, vm_ops } = VMA.at;

  /** `(dst_vma, src_vma, dst, src, mode) -> 0 or -errno`: one page. */
  const move_pages_pte = b.add(
    routine(
      'move_pages_pte',
      [
        'mm',
        'src_vma',
        'dst',
        'src',
        'mode',
        'dst_pte',
        'src_pte',
        'first',
        'second',
        'old',
        'sem',
        'err',
      ],
      (v) => ({
        read_dst_pte(k) {
          const mm = k.get(v.mm);
          const dst = pt.find(k, mm, k.get(v.dst));
          const src = pt.find(k, mm, k.get(v.src));
          // A huge page is not replaced, and one that is to be moved is looked at again.
          if (dst === 0) return k.ret(-EEXIST);
          if (src === 0) return k.ret(-EAGAIN);
          const locks = [pt.lockOf(mm, dst), pt.lockOf(mm, src)].sort((a, z) => a - z);
          k.set(v.dst_pte, dst);
          k.set(v.src_pte, src);
          // double_pt_lock: always the lower one first, and one that serves both only once.
          k.set(v.first, locks[0] as number);
          k.set(v.second, locks[0] === locks[1] ? 0 : (locks[1] as number));
          if (k.load(dst) !== 0) return k.ret(-EEXIST);
        },
        read_src_pte(k) {
          const pte = k.load(k.get(v.src_pte));
          k.set(v.old, pte);
          if (pte === 0)
            return k.ret(k.get(v.mode) & UFFD_COPY_MODES.allow_src_holes ? 0 : -ENOENT);
          if (isSwapPte(pte)) {
            if (!(pte & PTE_SWP_EXCLUSIVE)) return k.ret(-EBUSY);
            const cached = swap.cached(k, swpSlot(pte));
            return cached !== 0 && k.peek(swap.lockOf(cached)) !== 0
              ? 'folio_lock'
              : 'double_pt_lock';
          }
          if (!ptePresent(pte)) return k.ret(-EINVAL);
          if (ptePfn(pte) === ZERO_PFN) return 'double_pt_lock';
          if (!(pte & PTE_ANON_EXCLUSIVE)) return k.ret(-EBUSY);
          return 'anon_vma_trylock_write';
        },
        // Being written or read: look again when that is done.
        folio_lock(k) {
          const cached = swap.cached(k, swpSlot(k.get(v.old)));
          k.access(swap.cacheWord(swpSlot(k.get(v.old))), 0);
          const locked = cached !== 0 && k.peek(swap.lockOf(cached)) !== 0;
          return locked ? k.spin(swap.lockOf(cached)) : 'read_dst_pte';
        },
        anon_vma_trylock_write(k) {
          k.set(v.sem, anon.rwsemOf(k, k.get(v.src_vma)));
          if (k.get(v.sem) === 0) bug(k, 'an anonymous page whose VMA has no anon_vma');
          return k.call(rw.down_write_trylock, k.get(v.sem));
        },
        trylocked(k) {
          if (k.result() !== 0) return 'double_pt_lock';
        },
        anon_vma_lock_write: (k) => k.call(rw.down_write, k.get(v.sem)),
        double_pt_lock: (k) => spinLock(k, k.get(v.first)),
        double_pt_lock_second(k) {
          if (k.get(v.second) !== 0) return spinLock(k, k.get(v.second));
        },
        move_present_pte(k) {
          const dst = k.get(v.dst_pte);
          const src = k.get(v.src_pte);
          const old = k.get(v.old);
          k.access(dst, WRITE);
          const same = k.peek(src) === old && k.peek(dst) === 0;
          const pfn = ptePfn(old);
          if (same && isSwapPte(old)) {
            k.work(W.pte_set);
            k.poke(src, 0);
            k.poke(dst, (old & ~PTE_UFFD_WP) | PTE_SOFT_DIRTY);
            return 'double_pt_unlock';
          }
          if (!same) {
            k.set(v.err, -EAGAIN);
            return 'double_pt_unlock';
          }
          k.work(W.unmap_page);
          k.poke(src, 0);
          k.flushTlb(k.get(v.mm));
          k.work(W.pte_set);
          const flags =
            pfn === ZERO_PFN
              ? PTE_PRESENT
              : PTE_PRESENT | PTE_WRITE | PTE_SOFT_DIRTY | PTE_ANON_EXCLUSIVE | (old & PTE_DIRTY);
          k.poke(dst, mkPte(pfn, flags));
        },
        double_pt_unlock(k) {
          spinUnlock(k, k.get(v.first));
        },
        double_pt_unlock_second(k) {
          if (k.get(v.second) !== 0) spinUnlock(k, k.get(v.second));
        },
        anon_vma_unlock_write(k) {
          if (k.get(v.sem) !== 0) return k.call(rw.up_write, k.get(v.sem));
        },
        out: (k) => k.ret(k.get(v.err)),
      }),
    ),
  );

  const move_pages_huge_pmd = movePagesHugePmd(c, anon);

  /** `(mm, dst, pages, mode, src) -> pages moved, or -errno`. */
  const move_pages = b.add(
    routine(
      'move_pages',
      ['mm', 'dst', 'pages', 'mode', 'src', 'dst_vma', 'src_vma', 'moved', 'err'],
      (v) => ({
        uffd_move_lock: (k) =>
          k.call(locks.uffd_move_lock, k.get(v.mm), k.get(v.dst), k.get(v.src)),
        locked(k) {
          if (k.result() < 0) return k.ret(k.result());
          k.set(v.dst_vma, k.result());
        },
        src_vma: (k) => k.call(locks.src_vma_of, k.get(v.mm), k.get(v.src), k.get(v.dst_vma)),
        down_read_map_changing(k) {
          k.set(v.src_vma, k.result());
          return k.call(rw.down_read, ctx.mapChangingLock(ctx.of(k.get(v.mm))));
        },
        check_changing(k) {
          if (!ctx.events.mmapChanging(k, k.get(v.mm))) return;
          k.set(v.err, -EAGAIN);
          return 'out_unlock';
        },
        validate_move_areas(k) {
          const dst = k.get(v.dst_vma);
          const src = k.get(v.src_vma);
          const dstFlags = k.load(dst + vm_flags);
          const srcFlags = k.peek(src + vm_flags);
          const ok =
            !((dstFlags | srcFlags) & VM_SHARED) &&
            k.get(v.src) + k.get(v.pages) <= k.peek(src + vm_end) &&
            k.get(v.dst) + k.get(v.pages) <= k.peek(dst + vm_end) &&
            ((dstFlags ^ srcFlags) & VM_ACCESS_FLAGS) === 0 &&
            srcFlags & VM_WRITE &&
            dstFlags & __VM_UFFD_FLAGS &&
            k.peek(dst + vm_ops) === VM_OPS_ANON &&
            k.peek(src + vm_ops) === VM_OPS_ANON;
          if (ok) return;
          k.set(v.err, -EINVAL);
          return 'out_unlock';
        },
        mm_find_pmd(k) {
          const src = k.get(v.src) + k.get(v.moved);
          k.access(k.get(v.mm) + c.MM.at.pgd, 0);
          if (pt.find(k, k.get(v.mm), src) !== 0) return 'pte_alloc';
          if (pt.huge(k, k.get(v.mm), src) !== 0) return 'move_splits_huge_pmd';
          if (k.get(v.mode) & UFFD_COPY_MODES.allow_src_holes) return;
          k.set(v.err, -ENOENT);
          return 'out_unlock';
        },
        pte_alloc_src: (k) => k.call(__pte_alloc, k.get(v.mm), k.get(v.src) + k.get(v.moved)),
        pte_alloc: (k) => k.call(__pte_alloc, k.get(v.mm), k.get(v.dst) + k.get(v.moved)),
        move_pages_pte: (k) =>
          k.call(
            move_pages_pte,
            k.get(v.mm),
            k.get(v.src_vma),
            k.get(v.dst) + k.get(v.moved),
            k.get(v.src) + k.get(v.moved),
            k.get(v.mode),
          ),
        moved_one(k) {
          k.set(v.err, k.result());
          if (k.result() === -EAGAIN) return 'mm_find_pmd';
          if (k.result() !== 0) return 'out_unlock';
          k.set(v.moved, k.get(v.moved) + 1);
          if (k.get(v.moved) < k.get(v.pages)) return 'mm_find_pmd';
        },
        out_unlock: (k) => k.call(rw.up_read, ctx.mapChangingLock(ctx.of(k.get(v.mm)))),
        uffd_move_unlock: (k) => k.call(locks.uffd_move_unlock, k.get(v.dst_vma), k.get(v.src_vma)),
        out: (k) => k.ret(k.get(v.moved) > 0 ? k.get(v.moved) : k.get(v.err)),
        move_splits_huge_pmd(k) {
          const mm = k.get(v.mm);
          const moved = k.get(v.moved);
          const dst = k.get(v.dst) + moved;
          const src = k.get(v.src) + moved;
          const pmd = pt.pmd(k, mm, dst);
          k.access(pmd === 0 ? mm + c.MM.at.pgd : pmd, 0);
          if (pt.huge(k, mm, dst) !== 0) {
            k.set(v.err, -EEXIST);
            return 'out_unlock';
          }
          const cut = src % pt.span !== 0 || dst % pt.span !== 0;
          const there = pmd !== 0 && k.peek(pmd) !== 0;
          if (cut || k.get(v.pages) - moved < pt.span || there) return;
          return k.callThen('moved_huge', move_pages_huge_pmd, mm, k.get(v.src_vma), dst, src);
        },
        split_huge_pmd(k) {
          const src = k.get(v.src) + k.get(v.moved);
          const entry = pt.huge(k, k.get(v.mm), src);
          const shared = ptePfn(entry) !== ZERO_PFN && !(entry & PTE_ANON_EXCLUSIVE);
          if (!shared) return k.callThen('mm_find_pmd', c.split_huge_pmd, k.get(v.mm), src);
          k.set(v.err, -EBUSY);
          return 'out_unlock';
        },
        moved_huge(k) {
          k.set(v.err, k.result());
          if (k.result() === -EAGAIN) return 'mm_find_pmd';
          if (k.result() !== 0) return 'out_unlock';
          k.set(v.moved, k.get(v.moved) + pt.span);
          return k.get(v.moved) < k.get(v.pages) ? 'mm_find_pmd' : 'out_unlock';
        },
      }),
    ),
  );

  b.name('UFFDIO_MOVE', 'ioctl', 'include/uapi/linux/userfaultfd.h');
  return b.add(
    routine('userfaultfd_move', ['mm', 'dst', 'pages', 'mode', 'src', 'moved'], (v) => ({
      check(k) {
        if (!ctx.isOpen(k, k.get(v.mm))) return k.ret(-EBADF);
        const dst = k.get(v.dst);
        const src = k.get(v.src);
        const n = k.get(v.pages);
        if (Math.max(dst, src) + n > pt.pages) return k.ret(-EINVAL);
      },
      mmap_changing(k) {
        if (ctx.events.mmapChanging(k, k.get(v.mm))) return k.ret(-EAGAIN);
      },
      move_pages: (k) =>
        k.call(move_pages, k.get(v.mm), k.get(v.dst), k.get(v.pages), k.get(v.mode), k.get(v.src)),
      moved(k) {
        k.set(v.moved, k.result());
        if (k.result() < 0) return k.ret(k.result());
        if (k.get(v.mode) & UFFD_COPY_MODES.dontwake) return 'done';
      },
      wake_userfault(k) {
        const dst = k.get(v.dst);
        return k.call(ctx.wake_userfault, k.get(v.mm), dst, dst + k.get(v.moved));
      },
      done: (k) => k.ret(k.get(v.moved) === k.get(v.pages) ? 0 : -EAGAIN),
    })),
  );
}
