/** Registering ranges with userfaultfd, and write-protecting their pages. After fs/userfaultfd.c and mm/userfaultfd.c. */
import { type Exec, type Routine, routine, W, WRITE } from '../../machine/index.ts';
import { spinLock, spinUnlock } from '../../sync/spinlock.ts';
import { UFFD_MODES } from '../../user-ops.ts';
import { EINVAL, type MmCore } from '../mm-core.ts';
import {
  isSwapPte,
  PTE_DIRTY,
  PTE_MARKER_GUARD,
  PTE_MARKER_POISONED,
  PTE_UFFD_WP,
  PTE_WRITE,
  ptePfn,
  ptePresent,
} from '../page-table.ts';
import { ZERO_PFN } from '../pages.ts';
import {
  __VM_UFFD_FLAGS,
  VM_OPS_ANON,
  VM_OPS_HUGETLB,
  VM_OPS_SHMEM,
  VM_SHARED,
  VM_UFFD_MINOR,
  VM_UFFD_MISSING,
  VM_UFFD_WP,
  VM_WRITE,
} from '../structs.ts';
import type { VmaEdit } from '../vma-edit/index.ts';
import { EBADF, type UserfaultCtx } from './ctx.ts';
import { ENOENT } from './lock.ts';

export interface UserfaultRegister {
  /** `(mm, start, pages, modes) -> 0 or -errno`. */
  readonly userfaultfd_register: Routine;
  /** `(mm, start, pages) -> 0 or -errno`. */
  readonly userfaultfd_unregister: Routine;
  /** `(mm, start, pages, wp) -> 0 or -errno`. */
  readonly userfaultfd_writeprotect: Routine;
}

/** @param __pte_alloc `(mm, address)`: makes the page table that holds an entry */
export function userfaultRegister(
  c: MmCore,
  ctx: UserfaultCtx,
  edit: VmaEdit,
  __pte_alloc: Routine,
): UserfaultRegister {
  const { b, VMA, tree, lock, mmap, pt, rw } = c;
  const { vm_start, vm_end, vm_flags, vm_ops } = VMA.at;
  // HAVE_ARCH_USERFAULTFD_WP and HAVE_ARCH_USERFAULTFD_MINOR
  const is64 = b.enabled('X86_64');

  const flagsOf = (modes: number): number =>
    (modes & UFFD_MODES.missing ? VM_UFFD_MISSING : 0) |
    (modes & UFFD_MODES.wp ? VM_UFFD_WP : 0) |
    (modes & UFFD_MODES.minor ? VM_UFFD_MINOR : 0);
  /** `vma_can_userfault`. */
  const canUserfault = (k: Exec, vma: number, flags: number): boolean => {
    const ops = k.peek(vma + vm_ops);
    // The model keeps no mark of write protection in huge mappings.
    if (ops === VM_OPS_HUGETLB) return !(flags & VM_UFFD_WP);
    return ops === VM_OPS_SHMEM || (ops === VM_OPS_ANON && !(flags & VM_UFFD_MINOR));
  };

  /**
   * `(mm, vma, start, end, enable)`: marks or clears write protection (uffd_wp_range). In a mapping of a file an entry without a page
   * gets a marker, as the page may be in the file without being mapped.
   */
  const uffd_wp_range = b.add(
    routine('uffd_wp_range', ['mm', 'vma', 'start', 'end', 'enable', 'ptl', 'any'], (v) => ({
      next_table(k) {
        const at = k.get(v.start);
        if (at >= k.get(v.end)) return 'flush_tlb';
        const entry = pt.find(k, k.get(v.mm), at);
        if (entry === 0) {
          // The model keeps no mark of it in huge mappings.
          if (k.get(v.enable) && pt.huge(k, k.get(v.mm), at) !== 0) {
            return k.callThen('next_table', c.split_huge_pmd, k.get(v.mm), at);
          }
          if (k.get(v.enable) && k.peek(k.get(v.vma) + vm_ops) !== VM_OPS_ANON) {
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
        const flags = k.peek(k.get(v.vma) + vm_flags);
        k.access(k.get(v.ptl), WRITE);
        pt.each(k, k.get(v.mm), at, end, (entry) => {
          const pte = k.peek(entry);
          if (!ptePresent(pte)) {
            if (isSwapPte(pte)) {
              k.poke(entry, k.get(v.enable) ? pte | PTE_UFFD_WP : pte & ~PTE_UFFD_WP);
              return;
            }
            if (pte & (PTE_MARKER_POISONED | PTE_MARKER_GUARD)) return;
            const marked = k.get(v.enable) && k.peek(k.get(v.vma) + vm_ops) !== VM_OPS_ANON;
            k.poke(entry, marked ? PTE_UFFD_WP : 0);
            return;
          }
          let next = k.get(v.enable) ? (pte | PTE_UFFD_WP) & ~PTE_WRITE : pte & ~PTE_UFFD_WP;
          // MM_CP_TRY_CHANGE_WRITABLE: a private page that nobody else has needs no second fault, nor does a shared one that was written.
          const exclusive = ptePfn(pte) !== ZERO_PFN && c.swap.exclusive(k, ptePfn(pte));
          const seen = c.softDirty.needsWriteFault(flags, pte);
          const upgrade = !k.get(v.enable) && pte & PTE_UFFD_WP && flags & VM_WRITE && !seen;
          if (upgrade && (flags & VM_SHARED || exclusive) && pte & PTE_DIRTY) next |= PTE_WRITE;
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
      flush_tlb(k) {
        if (k.get(v.any)) k.flushTlb(k.get(v.mm));
        return k.ret();
      },
    })),
  );

  /** `(mm, start, end, flags) -> first VMA, or -EINVAL`: looks for VMAs that cannot be registered. mmap_lock is held for writing. */
  const search = b.add(
    routine('userfaultfd_search', ['mm', 'start', 'end', 'flags', 'first'], (v) => ({
      vma_find(k) {
        const vma = tree.find(k, k.get(v.mm), k.get(v.start));
        const none = vma === 0 || k.peek(vma + vm_start) >= k.get(v.end);
        if (none) return k.ret(k.get(v.first) || -EINVAL);
        if (!canUserfault(k, vma, k.get(v.flags))) return k.ret(-EINVAL);
        // Whole huge pages only, at either end.
        const huge = k.peek(vma + vm_ops) === VM_OPS_HUGETLB;
        const begins = k.get(v.first) === 0 && k.get(v.start) % pt.span !== 0;
        const ends = k.get(v.end) <= k.peek(vma + vm_end) && k.get(v.end) % pt.span !== 0;
        if (huge && (begins || ends)) return k.ret(-EINVAL);
        if (k.get(v.first) === 0) k.set(v.first, vma);
        k.set(v.start, k.peek(vma + vm_end));
        return k.get(v.start) < k.get(v.end) ? 'vma_find' : k.ret(k.get(v.first));
      },
    })),
  );

  /** `(vma, flags)`: makes a VMA the descriptor's, or with no flags nobody's. */
  const userfaultfd_set_ctx = b.add(
    routine('userfaultfd_set_ctx', ['vma', 'flags'], (v) => ({
      vma_start_write: (k) => k.call(lock.vma_start_write, k.get(v.vma)),
      vm_flags_reset(k) {
        const at = k.get(v.vma) + vm_flags;
        lock.assertWriteLocked(k, k.get(v.vma));
        k.store(at, (k.peek(at) & ~__VM_UFFD_FLAGS) | k.get(v.flags));
        return k.ret();
      },
    })),
  );

  /** Both ioctls: they differ in what makes a VMA of the range need nothing, and in what leaves with a registration. */
  const change = (name: string, register: boolean) =>
    b.add(
      routine(name, ['mm', 'start', 'pages', 'modes', 'end', 'flags', 'vma', 'to', 'ret'], (v) => ({
        validate_range(k) {
          const modes = k.get(v.modes);
          if (!ctx.isOpen(k, k.get(v.mm))) return k.ret(-EBADF);
          k.set(v.end, k.get(v.start) + k.get(v.pages));
          k.set(v.flags, flagsOf(modes));
          if (k.get(v.end) > pt.pages) return k.ret(-EINVAL);
          if (register && modes === 0) return k.ret(-EINVAL);
          if (!is64 && modes & (UFFD_MODES.wp | UFFD_MODES.minor)) return k.ret(-EINVAL);
        },
        mmap_write_lock: (k) => k.call(mmap.mmap_write_lock, k.get(v.mm)),
        search: (k) => k.call(search, k.get(v.mm), k.get(v.start), k.get(v.end), k.get(v.flags)),
        searched(k) {
          if (k.result() > 0) return;
          k.set(v.ret, k.result());
          return 'mmap_write_unlock';
        },
        vma_find(k) {
          const vma = tree.find(k, k.get(v.mm), k.get(v.start));
          k.set(v.vma, vma);
          if (vma === 0 || k.peek(vma + vm_start) >= k.get(v.end)) return 'mmap_write_unlock';
          const now = k.peek(vma + vm_flags) & __VM_UFFD_FLAGS;
          k.set(v.start, Math.max(k.get(v.start), k.peek(vma + vm_start)));
          k.set(v.to, Math.min(k.get(v.end), k.peek(vma + vm_end)));
          const flags = k.get(v.flags);
          // Nothing to do: registered in these modes already, or not registered.
          if (register ? now !== 0 && (now & flags) === flags : now === 0) return 'skip';
          if (register) return 'vma_modify_flags_uffd';
          // Nobody will answer the faults that wait.
          if (now & VM_UFFD_MISSING) return;
          return now & VM_UFFD_WP ? 'uffd_wp_range' : 'vma_modify_flags_uffd';
        },
        wake_userfault: (k) => k.call(ctx.wake_userfault, k.get(v.mm), k.get(v.start), k.get(v.to)),
        userfaultfd_wp(k) {
          if (!(k.peek(k.get(v.vma) + vm_flags) & VM_UFFD_WP)) return 'vma_modify_flags_uffd';
        },
        uffd_wp_range: (k) =>
          k.call(uffd_wp_range, k.get(v.mm), k.get(v.vma), k.get(v.start), k.get(v.to), 0),
        vma_modify_flags_uffd(k) {
          const vma = k.get(v.vma);
          const flags = (k.peek(vma + vm_flags) & ~__VM_UFFD_FLAGS) | k.get(v.flags);
          const [mm, start, to] = [k.get(v.mm), k.get(v.start), k.get(v.to)];
          return k.call(edit.vma_modify_flags, mm, vma, start, to, flags);
        },
        userfaultfd_set_ctx(k) {
          if (k.result() < 0) {
            k.set(v.ret, k.result());
            return 'mmap_write_unlock';
          }
          k.set(v.vma, k.result());
          return k.call(userfaultfd_set_ctx, k.get(v.vma), k.get(v.flags));
        },
        skip(k) {
          k.set(v.start, k.peek(k.get(v.vma) + vm_end));
          if (k.get(v.start) < k.get(v.end)) return 'vma_find';
        },
        mmap_write_unlock: (k) => k.call(mmap.mmap_write_unlock, k.get(v.mm)),
        done: (k) => k.ret(k.get(v.ret)),
      })),
    );

  const userfaultfd_writeprotect = b.add(
    routine(
      'userfaultfd_writeprotect',
      ['mm', 'start', 'pages', 'wp', 'at', 'end', 'vma', 'ret'],
      (v) => ({
        validate_range(k) {
          if (!ctx.isOpen(k, k.get(v.mm))) return k.ret(-EBADF);
          k.set(v.at, k.get(v.start));
          k.set(v.end, k.get(v.start) + k.get(v.pages));
          k.set(v.ret, -ENOENT);
          if (k.get(v.end) > pt.pages) return k.ret(-EINVAL);
        },
        mmap_read_lock: (k) => k.call(mmap.mmap_read_lock, k.get(v.mm)),
        down_read_map_changing: (k) =>
          k.call(rw.down_read, ctx.mapChangingLock(ctx.of(k.get(v.mm)))),
        for_each_vma_range(k) {
          const vma = tree.find(k, k.get(v.mm), k.get(v.at));
          if (vma === 0 || k.peek(vma + vm_start) >= k.get(v.end)) return 'up_read_map_changing';
          k.set(v.vma, vma);
          if (!(k.peek(vma + vm_flags) & VM_UFFD_WP)) {
            k.set(v.ret, -ENOENT);
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
          if (k.get(v.ret) !== 0 || k.get(v.wp)) return 'done';
          return k.call(ctx.wake_userfault, k.get(v.mm), k.get(v.start), k.get(v.end));
        },
        done: (k) => k.ret(k.get(v.ret)),
      }),
    ),
  );

  for (const ioctl of ['REGISTER', 'UNREGISTER', 'WRITEPROTECT']) {
    b.name(`UFFDIO_${ioctl}`, 'ioctl', 'include/uapi/linux/userfaultfd.h');
  }
  return {
    userfaultfd_register: change('userfaultfd_register', true),
    userfaultfd_unregister: change('userfaultfd_unregister', false),
    userfaultfd_writeprotect,
  };
}
