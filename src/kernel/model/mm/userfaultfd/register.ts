/** Registering ranges with userfaultfd, until they are unregistered or it is closed. After fs/userfaultfd.c and mm/userfaultfd.c. */
import { type Exec, type Routine, routine } from '../../machine/index.ts';
import { isSince } from '../../release.ts';
import { UFFD_MODES } from '../../uapi.ts';
import { EINVAL, type MmCore } from '../mm-core.ts';
import {
  __VM_UFFD_FLAGS,
  VM_OPS_ANON,
  VM_OPS_HUGETLB,
  VM_OPS_SHM,
  VM_OPS_SHMEM,
  VM_SHADOW_STACK,
  VM_UFFD_MINOR,
  VM_UFFD_MISSING,
  VM_UFFD_WP,
} from '../structs.ts';
import type { VmaEdit } from '../vma-edit/index.ts';
import { EBADF, type UserfaultCtx } from './ctx.ts';

const WATCHABLE: readonly number[] = [VM_OPS_ANON, VM_OPS_SHMEM, VM_OPS_SHM, VM_OPS_HUGETLB];

export interface UserfaultRegister {
  /** `(mm, start, pages, modes) -> 0 or -errno`. */
  readonly userfaultfd_register: Routine;
  /** `(mm, start, pages) -> 0 or -errno`. */
  readonly userfaultfd_unregister: Routine;
  /** `(mm, start, pages) -> 0 or -errno`. */
  readonly userfaultfd_wake: Routine;
  /** `(mm) -> 0 or -errno`: what close of the descriptor does (userfaultfd_release). */
  readonly userfaultfd_close: Routine;
}

/**
 * @param uffd_wp_range `(mm, vma, start, end, enable)`: marks or clears write protection
 * @param watchesEntries whether page-table entries have a bit for write protection
 */
export function userfaultRegister(
  c: MmCore,
  ctx: UserfaultCtx,
  edit: VmaEdit,
  uffd_wp_range: Routine,
  watchesEntries: boolean,
): UserfaultRegister {
  const { b, VMA, tree, lock, mmap, pt } = c;
  const { vm_mm, vm_start, vm_end, vm_flags, vm_ops } = VMA.at;
  const flagsOf = (modes: number): number =>
    (modes & UFFD_MODES.missing ? VM_UFFD_MISSING : 0) |
    (modes & UFFD_MODES.wp ? VM_UFFD_WP : 0) |
    (modes & UFFD_MODES.minor ? VM_UFFD_MINOR : 0);
  /** `vma_can_userfault`. */
  const canUserfault = (k: Exec, vma: number, flags: number): boolean => {
    const ops = k.peek(vma + vm_ops);
    // Whoever only watches writes, and answers none, may watch whatever is no driver's and not the kernel's own.
    const async = flags === VM_UFFD_WP && isSince(c.release, '6.12');
    if (async && ctx.isWpAsync(k, k.peek(vma + vm_mm))) {
      return WATCHABLE.includes(ops) && !(k.peek(vma + vm_flags) & VM_SHADOW_STACK);
    }
    return (
      ops === VM_OPS_SHMEM ||
      ops === VM_OPS_HUGETLB ||
      (ops === VM_OPS_ANON && !(flags & VM_UFFD_MINOR))
    );
  };

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
          if (!watchesEntries && modes & (UFFD_MODES.wp | UFFD_MODES.minor)) return k.ret(-EINVAL);
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
          const mm = k.get(v.mm);
          const start = k.get(v.start);
          const to = k.get(v.to);
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

  const userfaultfd_wake = b.add(
    routine('userfaultfd_wake', ['mm', 'start', 'pages'], (v) => ({
      wake_userfault(k) {
        if (!ctx.isOpen(k, k.get(v.mm))) return k.ret(-EBADF);
        const start = k.get(v.start);
        const end = k.get(v.start) + k.get(v.pages);
        if (end > pt.pages) return k.ret(-EINVAL);
        return k.call(ctx.wake_userfault, k.get(v.mm), start, end);
      },
      done: (k) => k.ret(0),
    })),
  );

  /** Every registration ends under one mmap_lock, then whoever waits is woken. */
  const userfaultfd_close = b.add(
    routine('userfaultfd_release', ['mm', 'at', 'vma'], (v) => ({
      released(k) {
        if (!ctx.isOpen(k, k.get(v.mm))) return k.ret(-EBADF);
        ctx.userfaultfd_release(k, k.get(v.mm));
      },
      mmap_write_lock: (k) => k.call(mmap.mmap_write_lock, k.get(v.mm)),
      for_each_vma(k) {
        const vma = tree.find(k, k.get(v.mm), k.get(v.at));
        k.set(v.vma, vma);
        if (vma === 0) return 'mmap_write_unlock';
        k.set(v.at, k.peek(vma + vm_end));
        const flags = k.peek(vma + vm_flags);
        if (!(flags & __VM_UFFD_FLAGS)) return 'for_each_vma';
        if (!(flags & VM_UFFD_WP)) return 'vma_modify_flags_uffd';
        const start = k.peek(vma + vm_start);
        const end = k.peek(vma + vm_end);
        return k.call(uffd_wp_range, k.get(v.mm), vma, start, end, 0);
      },
      vma_modify_flags_uffd(k) {
        const vma = k.get(v.vma);
        const flags = k.load(vma + vm_flags) & ~__VM_UFFD_FLAGS;
        const start = k.peek(vma + vm_start);
        const end = k.peek(vma + vm_end);
        return k.call(edit.vma_modify_flags, k.get(v.mm), vma, start, end, flags);
      },
      userfaultfd_reset_ctx(k) {
        if (k.result() < 0) return 'for_each_vma';
        k.set(v.at, k.load(k.result() + vm_end));
        return k.callThen('for_each_vma', userfaultfd_set_ctx, k.result(), 0);
      },
      mmap_write_unlock: (k) => k.call(mmap.mmap_write_unlock, k.get(v.mm)),
      wake_all: (k) => k.call(ctx.wake_userfault, k.get(v.mm), 0, pt.pages),
      wake_events: (k) => k.call(ctx.events.wake_all, k.get(v.mm)),
      done: (k) => k.ret(0),
    })),
  );

  for (const ioctl of ['REGISTER', 'UNREGISTER', 'WAKE']) {
    b.name(`UFFDIO_${ioctl}`, 'ioctl', 'include/uapi/linux/userfaultfd.h');
  }
  return {
    userfaultfd_register: change('userfaultfd_register', true),
    userfaultfd_unregister: change('userfaultfd_unregister', false),
    userfaultfd_wake,
    userfaultfd_close,
  };
}
