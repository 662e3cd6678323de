/** Write protection by userfaultfd. After mwriteprotect_range and uffd_wp_range in mm/userfaultfd.c, and change_pte_range in mm/mprotect.c. */
import { type Exec, type Routine, routine, W, WRITE } from '../../machine/index.ts';
import { spinLock, spinUnlock } from '../../sync/spinlock.ts';
import { CLEAR_MARK, SET_MARK } from '../hugetlb-protection.ts';
import { EINVAL, type MmCore } from '../mm-core.ts';
import {
  isSwapPte,
  PTE_ANON_EXCLUSIVE,
  PTE_DIRTY,
  PTE_MARKER_GUARD,
  PTE_MARKER_POISONED,
  PTE_UFFD_WP,
  PTE_WRITE,
  ptePresent,
} from '../page-table.ts';
import { VM_OPS_HUGETLB, VM_SHARED, VM_UFFD_WP, VM_WRITE } from '../structs.ts';
import type { VmaEdit } from '../vma-edit/index.ts';
import { EBADF, type UserfaultCtx } from './ctx.ts';
import { EAGAIN, ENOENT } from './lock.ts';

export interface UserfaultWriteProtect {
  /** `(mm, vma, start, end, enable)`: marks or clears write protection; mmap_lock is held. */
  readonly uffd_wp_range: Routine;
  /** `(mm, start, pages, wp, mode) -> 0 or -errno`; `mode` is DONTWAKE or none. */
  readonly userfaultfd_writeprotect: Routine;
}

/** @param __pte_alloc `(mm, address)`: makes the page table that holds an entry */
export function userfaultWriteProtect(
  c: MmCore,
  ctx: UserfaultCtx,
  edit: VmaEdit,
  __pte_alloc: Routine,
): UserfaultWriteProtect {
  const { b, VMA, tree, mmap, pt, rw } = c;
  const { vm_start, vm_end, vm_flags, vm_ops } = VMA.at;

  /** An entry with its mark set or cleared. */
  const changed = (k: Exec, vma: number, pte: number, enable: number): number => {
    if (enable) return (pte | PTE_UFFD_WP) & ~PTE_WRITE;
    const flags = k.peek(vma + vm_flags);
    const next = pte & ~PTE_UFFD_WP;
    // MM_CP_TRY_CHANGE_WRITABLE: a private page that nobody else has needs no second fault, nor does a shared one that was written.
    const seen = c.softDirty.needsWriteFault(flags, pte);
    const needless =
      flags & VM_SHARED ? pte & PTE_UFFD_WP && pte & PTE_DIRTY : pte & PTE_ANON_EXCLUSIVE;
    return needless && flags & VM_WRITE && !seen ? next | PTE_WRITE : next;
  };

  /**
   * `(mm, vma, start, end, enable)`: marks or clears write protection (uffd_wp_range). In a mapping of a file an entry without a page
   * gets a marker, as the page may be in the file without being mapped; in anonymous memory, if the descriptor wants that.
   */
  const uffd_wp_range = b.add(
    routine('uffd_wp_range', ['mm', 'vma', 'start', 'end', 'enable', 'ptl', 'any'], (v) => ({
      change_protection(k) {
        if (k.peek(k.get(v.vma) + vm_ops) !== VM_OPS_HUGETLB) return;
        const { mm, vma, start, end, enable } = v;
        const mark = k.get(enable) ? SET_MARK : CLEAR_MARK;
        return k.callThen(
          'done',
          edit.hugetlb_change_protection,
          k.get(mm),
          k.get(vma),
          k.get(start),
          k.get(end),
          mark,
        );
      },
      next_table(k) {
        const at = k.get(v.start);
        if (at >= k.get(v.end)) return 'flush_tlb';
        const entry = pt.find(k, k.get(v.mm), at);
        if (entry === 0) {
          if (pt.huge(k, k.get(v.mm), at) !== 0) return 'huge_pmd';
          if (k.get(v.enable) && ctx.usesMarkers(k, k.get(v.vma))) {
            return k.callThen('next_table', __pte_alloc, k.get(v.mm), at);
          }
          k.set(v.start, (Math.floor(at / pt.span) + 1) * pt.span);
          return 'next_table';
        }
        k.set(v.ptl, pt.lockOf(k.get(v.mm), entry));
      },
      pte_lock: (k) => spinLock(k, k.get(v.ptl)),
      change_pte_range(k) {
        const at = k.get(v.start);
        const end = Math.min(k.get(v.end), (Math.floor(at / pt.span) + 1) * pt.span);
        k.access(k.get(v.ptl), WRITE);
        pt.each(k, k.get(v.mm), at, end, (entry) => {
          const pte = k.peek(entry);
          if (!ptePresent(pte)) {
            if (isSwapPte(pte)) {
              k.poke(entry, k.get(v.enable) ? pte | PTE_UFFD_WP : pte & ~PTE_UFFD_WP);
              return;
            }
            if (pte & (PTE_MARKER_POISONED | PTE_MARKER_GUARD)) return;
            const marked = k.get(v.enable) && ctx.usesMarkers(k, k.get(v.vma));
            k.poke(entry, marked ? PTE_UFFD_WP : 0);
            return;
          }
          const next = changed(k, k.get(v.vma), pte, k.get(v.enable));
          if (next === pte) return;
          k.work(W.change_protection_page);
          k.poke(entry, next);
          if (k.get(v.enable)) k.set(v.any, 1);
        });
        k.set(v.start, end);
      },
      pte_unlock(k) {
        spinUnlock(k, k.get(v.ptl));
        return 'next_table';
      },
      huge_pmd(k) {
        const mm = k.get(v.mm);
        const at = k.get(v.start);
        if (at % pt.span !== 0 || k.get(v.end) < at + pt.span) {
          return k.callThen('next_table', c.split_huge_pmd, mm, at);
        }
        k.set(v.ptl, pt.lockOf(mm, pt.pmd(k, mm, at)));
      },
      pmd_lock: (k) => spinLock(k, k.get(v.ptl)),
      change_huge_pmd(k) {
        const mm = k.get(v.mm);
        const vma = k.get(v.vma);
        const at = k.get(v.start);
        const pmd = pt.pmd(k, mm, at);
        const entry = pt.huge(k, mm, at);
        k.access(pmd, WRITE);
        // Split or gone meanwhile: look again.
        if (entry === 0) return 'pte_unlock';
        k.set(v.start, at + pt.span);
        const next = changed(k, vma, entry, k.get(v.enable));
        if (next === entry) return 'pte_unlock';
        k.work(W.change_protection_page);
        pt.setHuge(k, pmd, next);
        if (k.get(v.enable)) k.set(v.any, 1);
        return 'pte_unlock';
      },
      flush_tlb(k) {
        if (k.get(v.any)) k.flushTlb(k.get(v.mm));
      },
      done: (k) => k.ret(),
    })),
  );

  const userfaultfd_writeprotect = b.add(
    routine(
      'userfaultfd_writeprotect',
      ['mm', 'start', 'pages', 'wp', 'mode', 'at', 'end', 'vma', 'ret'],
      (v) => ({
        validate_range(k) {
          if (!ctx.isOpen(k, k.get(v.mm))) return k.ret(-EBADF);
          k.set(v.at, k.get(v.start));
          k.set(v.end, k.get(v.start) + k.get(v.pages));
          k.set(v.ret, -ENOENT);
          if (k.get(v.end) > pt.pages) return k.ret(-EINVAL);
          // Nobody is woken by protection that begins.
          if (k.get(v.wp) && k.get(v.mode)) return k.ret(-EINVAL);
        },
        mmap_changing(k) {
          if (ctx.events.mmapChanging(k, k.get(v.mm))) return k.ret(-EAGAIN);
        },
        mmap_read_lock: (k) => k.call(mmap.mmap_read_lock, k.get(v.mm)),
        down_read_map_changing: (k) =>
          k.call(rw.down_read, ctx.mapChangingLock(ctx.of(k.get(v.mm)))),
        check_changing(k) {
          if (!ctx.events.mmapChanging(k, k.get(v.mm))) return;
          k.set(v.ret, -EAGAIN);
          return 'up_read_map_changing';
        },
        for_each_vma_range(k) {
          const vma = tree.find(k, k.get(v.mm), k.get(v.at));
          if (vma === 0 || k.peek(vma + vm_start) >= k.get(v.end)) return 'up_read_map_changing';
          k.set(v.vma, vma);
          if (!(k.peek(vma + vm_flags) & VM_UFFD_WP)) {
            k.set(v.ret, -ENOENT);
            return 'up_read_map_changing';
          }
          const cut = k.get(v.start) % pt.span !== 0 || k.get(v.pages) % pt.span !== 0;
          if (k.peek(vma + vm_ops) === VM_OPS_HUGETLB && cut) {
            k.set(v.ret, -EINVAL);
            return 'up_read_map_changing';
          }
        },
        uffd_wp_range(k) {
          const vma = k.get(v.vma);
          const from = Math.max(k.get(v.at), k.peek(vma + vm_start));
          k.set(v.at, k.peek(vma + vm_end));
          k.set(v.ret, 0);
          const to = Math.min(k.get(v.end), k.get(v.at));
          return k.call(uffd_wp_range, k.get(v.mm), vma, from, to, k.get(v.wp));
        },
        next(k) {
          if (k.get(v.at) < k.get(v.end)) return 'for_each_vma_range';
        },
        up_read_map_changing: (k) => k.call(rw.up_read, ctx.mapChangingLock(ctx.of(k.get(v.mm)))),
        mmap_read_unlock: (k) => k.call(mmap.mmap_read_unlock, k.get(v.mm)),
        wake_userfault(k) {
          if (k.get(v.ret) !== 0 || k.get(v.wp) || k.get(v.mode)) return 'done';
          return k.call(ctx.wake_userfault, k.get(v.mm), k.get(v.start), k.get(v.end));
        },
        done: (k) => k.ret(k.get(v.ret)),
      }),
    ),
  );

  b.name('UFFDIO_WRITEPROTECT', 'ioctl', 'include/uapi/linux/userfaultfd.h');
  return { uffd_wp_range, userfaultfd_writeprotect };
}
