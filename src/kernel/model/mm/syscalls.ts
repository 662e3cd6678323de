/** mmap, munmap, brk, mprotect and madvise. After mm/mmap.c, mm/mprotect.c and mm/madvise.c of 6.12. */
import { type Exec, type Routine, routine, W } from '../machine/index.ts';
import { ADVICE, MAP_FLAGS } from '../user-ops.ts';
import type { FindVma } from './find-vma.ts';
import type { Populate } from './gup/index.ts';
import { isHugeAdvice, type Khugepaged } from './khugepaged.ts';
import { advisedFlags, madviseWalk, WRITE_ADVICE } from './madvise-walk.ts';
import { EINVAL, ENOMEM, EPERM, type MmCore } from './mm-core.ts';
import { isSealed, sealForbids } from './mseal.ts';
import type { Shmem } from './shmem.ts';
import { STACK_RESERVE } from './stack.ts';
import {
  __VM_UFFD_FLAGS,
  VM_ACCESS_FLAGS,
  VM_GROWSDOWN,
  VM_LOCKED,
  VM_OPS_ANON,
  VM_OPS_SHMEM,
  VM_SHARED,
  VM_WRITE,
} from './structs.ts';
import type { VmaAlloc } from './vma.ts';
import type { VmaEdit } from './vma-edit/index.ts';

export interface Syscalls {
  /** `(mm, start, end, flags, file, pgoff) -> start`: mmap_lock is held for writing. */
  readonly mmap_region: Routine;
  /** `(mm, pages, prot, flags, at) -> address or -errno`. */
  readonly vm_mmap_pgoff: Routine;
  /** `(mm, pages, prot, ops) -> address or -errno`: maps what a driver backs (a socket, binder). */
  readonly mmap_driver: Routine;
  /** `(mm, start, pages) -> 0 or -errno`. */
  readonly __vm_munmap: Routine;
  /** `(mm, start, pages, prot) -> 0 or -errno`. */
  readonly do_mprotect_pkey: Routine;
  /** `(mm, by) -> old end or -errno`. */
  readonly sys_brk: Routine;
  /** `(mm, start, pages, advice) -> 0 or -errno`. */
  readonly do_madvise: Routine;
  /** `(mm, start, end)`: visits the page tables of a range, VMA by VMA; mmap_lock is held. */
  readonly walk_page_range: Routine;
  /** `(mm, start, end, advice) -> 0 or -errno`: advice about the pages of several VMAs; mmap_lock is held for reading. */
  readonly madvise_walk_vmas: Routine;
}

/** What madvise takes for advice that only touches pages of one VMA: mmap_lock, or since 6.16 the VMA's lock first. */
export type MadviseLock = 'mmap_lock' | 'vma_lock';

/** Advice tried under the VMA lock where there is one (get_lock_mode in mm/madvise.c). */
const VMA_LOCK_ADVICE: readonly number[] = [ADVICE.dontneed, ADVICE.free];

export function syscalls(
  c: MmCore,
  alloc: VmaAlloc,
  edit: VmaEdit,
  shm: Shmem,
  find: FindVma,
  madviseLock: MadviseLock,
  huge: Khugepaged,
  populate: Populate,
): Syscalls {
  const { b, MM, VMA, mmap, lock, tree, pt } = c;
  const { vm_start, vm_end, vm_flags, vm_ops, vm_pgoff, vm_file } = VMA.at;
  const { map_count, total_vm, brk, def_flags } = MM.at;

  /**
   * `(mm, start, end, flags, file, pgoff) -> start`: puts a mapping at a place, over what may be there. mmap_lock is held for writing.
   * A driver's mapping has no file in the model: `file` is then its VM_OPS_*, negative.
   */
  const mmap_region = b.fn(
    { file: 'mm/mmap.c', signature: '(file, addr, len, vm_flags, pgoff, uf) -> addr' },
    routine(
      'mmap_region',
      ['mm', 'start', 'end', 'flags', 'file', 'pgoff', 'vma', 'gone'],
      (v) => ({
        gather: (k) =>
          k.call(edit.vms_gather_munmap_vmas, k.get(v.mm), k.get(v.start), k.get(v.end)),
        gathered(k) {
          if (k.result() < 0) return k.ret(k.result());
          k.set(v.gone, k.result());
          if (k.result() === 0) return 'try_merge';
        },
        vms_clean_up_area: (k) =>
          k.call(edit.zap_page_range, k.get(v.mm), k.get(v.start), k.get(v.end)),
        try_merge(k) {
          const file = k.get(v.file);
          const flags = k.get(v.flags);
          if (file < 0 || (file === 0 && flags & VM_SHARED) || flags & VM_GROWSDOWN) {
            return 'vm_area_alloc';
          }
          return k.call(
            edit.vma_merge_new_range,
            k.get(v.mm),
            k.get(v.start),
            k.get(v.end),
            flags,
            file,
            file === 0 ? k.get(v.start) : k.get(v.pgoff),
          );
        },
        merged(k) {
          if (k.result() !== 0) return 'account';
        },
        vm_area_alloc: (k) => k.call(alloc.vm_area_alloc, k.get(v.mm)),
        set_fields(k) {
          const vma = k.result();
          const start = k.get(v.start);
          k.set(v.vma, vma);
          k.work(W.vma_init);
          k.access(vma, 1);
          k.poke(vma + vm_start, start);
          k.poke(vma + vm_end, k.get(v.end));
          k.poke(vma + vm_flags, k.get(v.flags));
          const file = k.get(v.file);
          if (file > 0) {
            shm.get(k, file);
            k.poke(vma + vm_file, file);
            k.poke(vma + vm_ops, shm.opsOf(k, file));
            k.poke(vma + vm_pgoff, k.get(v.pgoff));
          } else if (file < 0) k.poke(vma + vm_ops, -file);
          else if (k.get(v.flags) & VM_SHARED) {
            // shmem_zero_setup
            k.poke(vma + vm_file, shm.create(k, k.get(v.end) - start));
            k.poke(vma + vm_ops, VM_OPS_SHMEM);
          } else k.poke(vma + vm_pgoff, start);
          k.poke(k.get(v.mm) + map_count, k.peek(k.get(v.mm) + map_count) + 1);
        },
        vma_start_write: (k) => k.call(lock.vma_start_write, k.get(v.vma)),
        vma_mark_attached: (k) => k.call(lock.vma_mark_attached, k.get(v.vma)),
        vma_iter_store(k) {
          tree.store(k, k.get(v.mm), k.get(v.start), k.get(v.end), k.get(v.vma));
        },
        account(k) {
          const mm = k.get(v.mm);
          k.poke(mm + total_vm, k.peek(mm + total_vm) + k.get(v.end) - k.get(v.start));
          if (k.get(v.gone) === 0) return k.ret(k.get(v.start));
        },
        vms_complete_munmap_vmas: (k) => k.call(edit.remove_vmas, k.get(v.mm), k.get(v.gone)),
        done: (k) => k.ret(k.get(v.start)),
      }),
    ),
  );

  const mapping = (name: string, driver: boolean) =>
    b.add(
      routine(name, ['mm', 'pages', 'prot', 'flags', 'at', 'start', 'ret'], (v) => ({
        mmap_write_lock_killable: (k) => k.call(mmap.mmap_write_lock_killable, k.get(v.mm)),
        locked(k) {
          if (k.result() !== 0) return k.ret(k.result());
        },
        get_unmapped_area(k) {
          const at = k.get(v.at);
          const end = at + k.get(v.pages);
          if (at === 0) return 'search';
          if (end > pt.pages) return 'no_memory';
          k.set(v.start, at);
          if (k.get(v.flags) & MAP_FLAGS.fixed) return 'mmap_region';
          // A hint is only a hint: taken if the place is free.
          const there = tree.find(k, k.get(v.mm), at);
          if (there === 0 || k.peek(there + vm_start) >= end) return 'mmap_region';
        },
        search(k) {
          const mm = k.get(v.mm);
          k.work(W.find_free_area);
          const floor = k.peek(mm + MM.at.mmap_base);
          // thp_get_unmapped_area: what is as long as huge pages is aligned to them.
          const align = huge.enabled && k.get(v.pages) % pt.span === 0 ? pt.span : 1;
          const room = k.get(v.pages) + align - 1;
          const found = tree.findGap(k, mm, room, floor, pt.pages - STACK_RESERVE);
          if (found === 0) return 'no_memory';
          k.set(v.start, Math.ceil(found / align) * align);
        },
        mmap_region(k) {
          const flags = k.get(v.flags);
          const shared = !driver && flags & MAP_FLAGS.shared;
          const file = driver ? -flags : 0;
          const vmFlags =
            k.get(v.prot) |
            (shared || driver ? VM_SHARED : 0) |
            (driver ? 0 : k.peek(k.get(v.mm) + def_flags)) |
            (!driver && flags & MAP_FLAGS.locked ? VM_LOCKED : 0) |
            (!driver && flags & MAP_FLAGS.growsdown ? VM_GROWSDOWN : 0);
          const start = k.get(v.start);
          return k.call(mmap_region, k.get(v.mm), start, start + k.get(v.pages), vmFlags, file);
        },
        mapped(k) {
          k.set(v.ret, k.result());
        },
        mmap_write_unlock: (k) => k.call(mmap.mmap_write_unlock, k.get(v.mm)),
        done: (k) => k.ret(k.get(v.ret)),
        no_memory(k) {
          k.set(v.ret, -ENOMEM);
          return 'mmap_write_unlock';
        },
      })),
    );
  const vm_mmap_pgoff = mapping('vm_mmap_pgoff', false);
  const mmap_driver = mapping('mmap_driver', true);

  const __vm_munmap = b.add(
    routine('__vm_munmap', ['mm', 'start', 'pages', 'ret'], (v) => ({
      mmap_write_lock_killable: (k) => k.call(mmap.mmap_write_lock_killable, k.get(v.mm)),
      locked(k) {
        if (k.result() !== 0) return k.ret(k.result());
      },
      do_vmi_munmap: (k) =>
        k.call(edit.do_vmi_munmap, k.get(v.mm), k.get(v.start), k.get(v.start) + k.get(v.pages), 1),
      failed(k) {
        k.set(v.ret, k.result());
        if (k.result() < 0) return k.call(mmap.mmap_write_unlock, k.get(v.mm));
      },
      done: (k) => k.ret(k.get(v.ret)),
    })),
  );

  const do_mprotect_pkey = b.add(
    routine(
      'do_mprotect_pkey',
      ['mm', 'start', 'pages', 'prot', 'vma', 'at', 'end', 'flags', 'old', 'ret'],
      (v) => ({
        mmap_write_lock_killable: (k) => k.call(mmap.mmap_write_lock_killable, k.get(v.mm)),
        locked(k) {
          if (k.result() !== 0) return k.ret(k.result());
          k.set(v.at, k.get(v.start));
          k.set(v.end, k.get(v.start) + k.get(v.pages));
        },
        find(k) {
          const vma = tree.find(k, k.get(v.mm), k.get(v.at));
          k.set(v.vma, vma);
          if (vma === 0 || k.peek(vma + vm_start) > k.get(v.at)) {
            k.set(v.ret, -ENOMEM);
            return 'mmap_write_unlock';
          }
          const flags = k.peek(vma + vm_flags);
          k.set(v.flags, (flags & ~VM_ACCESS_FLAGS) | k.get(v.prot));
          if (isSealed(c, k, vma)) {
            k.set(v.ret, -EPERM);
            return 'mmap_write_unlock';
          }
          k.set(v.old, flags);
          // mprotect_fixup: nothing to change in this one.
          if (k.get(v.flags) === flags) {
            k.set(v.at, k.peek(vma + vm_end));
            return 'next';
          }
        },
        vma_modify_flags(k) {
          const end = Math.min(k.get(v.end), k.peek(k.get(v.vma) + vm_end));
          const args = [k.get(v.mm), k.get(v.vma), k.get(v.at), end, k.get(v.flags)] as const;
          return k.call(edit.vma_modify_flags, ...args);
        },
        vma_start_write(k) {
          k.set(v.vma, k.result());
          return k.call(lock.vma_start_write, k.get(v.vma));
        },
        vm_flags_reset(k) {
          const vma = k.get(v.vma);
          lock.assertWriteLocked(k, vma);
          k.store(vma + vm_flags, k.get(v.flags));
        },
        change_protection(k) {
          const end = Math.min(k.get(v.end), k.peek(k.get(v.vma) + vm_end));
          return k.call(edit.change_protection, k.get(v.mm), k.get(v.vma), k.get(v.at), end);
        },
        // What is locked and becomes writable is copied now, not at the first write.
        populate_vma_page_range(k) {
          const locked = (k.get(v.old) & (VM_WRITE | VM_SHARED | VM_LOCKED)) === VM_LOCKED;
          if (!locked || !(k.get(v.flags) & VM_WRITE)) return;
          const end = Math.min(k.get(v.end), k.peek(k.get(v.vma) + vm_end));
          return k.call(populate.populate_vma_page_range, k.get(v.vma), k.get(v.at), end);
        },
        changed(k) {
          k.set(v.at, k.peek(k.get(v.vma) + vm_end));
        },
        next(k) {
          if (k.get(v.at) < k.get(v.end)) return 'find';
        },
        mmap_write_unlock: (k) => k.call(mmap.mmap_write_unlock, k.get(v.mm)),
        done: (k) => k.ret(k.get(v.ret)),
      }),
    ),
  );

  const sys_brk = b.add(
    routine('__x64_sys_brk', ['mm', 'by', 'old'], (v) => ({
      mmap_write_lock_killable: (k) => k.call(mmap.mmap_write_lock_killable, k.get(v.mm)),
      locked(k) {
        if (k.result() !== 0) return k.ret(k.result());
        k.set(v.old, k.peek(k.get(v.mm) + brk));
        if (k.get(v.by) < 0) return 'shrink';
        if (k.get(v.by) === 0) return 'unlock_same';
      },
      do_brk_flags(k) {
        const start = k.get(v.old);
        const flags = (VM_ACCESS_FLAGS & 3) | k.peek(k.get(v.mm) + def_flags);
        return k.call(mmap_region, k.get(v.mm), start, start + k.get(v.by), flags, VM_OPS_ANON);
      },
      set_brk(k) {
        if (k.result() < 0) return 'unlock_same';
        k.store(k.get(v.mm) + brk, k.get(v.old) + k.get(v.by));
      },
      unlock_same: (k) => k.call(mmap.mmap_write_unlock, k.get(v.mm)),
      done: (k) => k.ret(k.get(v.old)),
      shrink(k) {
        k.store(k.get(v.mm) + brk, k.get(v.old) + k.get(v.by));
      },
      do_vmi_munmap: (k) =>
        k.call(edit.do_vmi_munmap, k.get(v.mm), k.get(v.old) + k.get(v.by), k.get(v.old), 1),
      shrunk(k) {
        if (k.result() === 0) return 'done';
        k.store(k.get(v.mm) + brk, k.get(v.old));
        return 'unlock_same';
      },
    })),
  );

  /** `(mm, start, end)`: visits the page tables of a range, VMA by VMA. After walk_page_range in mm/pagewalk.c. */
  const walk_page_range = b.add(
    routine('walk_page_range', ['mm', 'start', 'end', 'vma', 'next'], (v) => ({
      find_vma(k) {
        return k.call(find.find_vma, k.get(v.mm), k.get(v.start));
      },
      found(k) {
        k.set(v.vma, k.result());
      },
      choose(k) {
        const vma = k.get(v.vma);
        const end = k.get(v.end);
        const start = vma === 0 ? end : k.load(vma + vm_start);
        if (k.get(v.start) < start) {
          k.set(v.next, Math.min(end, start));
          return 'advance';
        }
        k.set(v.next, Math.min(end, k.peek(vma + vm_end)));
        return k.call(find.find_vma, k.get(v.mm), k.peek(vma + vm_end));
      },
      walk_pgd_range(k) {
        k.set(v.vma, k.result());
        k.work(W.unmap_setup);
      },
      advance(k) {
        k.set(v.start, k.get(v.next));
        return k.get(v.start) < k.get(v.end) ? 'choose' : k.ret();
      },
    })),
  );

  const madviseFallback =
    madviseLock === 'vma_lock'
      ? b.fallback({
          site: 'do_madvise:try_vma_read_lock',
          file: 'mm/madvise.c',
          caller: 'do_madvise',
          tries: 'lock_vma_under_rcu',
          trigger: 'NULL, the range crosses the end of the VMA, or userfaultfd has the VMA',
          fallback: 'mmap_lock for reading, walk the VMAs',
        })
      : -1;

  /** Why a VMA does not take advice about its pages, or 0: it is sealed, or locked in memory. */
  const refuses = (k: Exec, vma: number, advice: number): number => {
    if (sealForbids(c, k, vma, advice)) return -EPERM;
    const locked = k.peek(vma + vm_flags) & VM_LOCKED && advice !== ADVICE.willneed;
    return locked ? -EINVAL : 0;
  };
  const madvise_walk_vmas = madviseWalk(c, find, edit, walk_page_range, refuses);

  const do_madvise = b.add(
    routine('do_madvise', ['mm', 'start', 'pages', 'advice', 'vma', 'flags', 'ret'], (v) => ({
      get_lock_mode(k) {
        if (isHugeAdvice(k.get(v.advice)) && !huge.enabled) return k.ret(-EINVAL);
        if (madviseLock === 'vma_lock' && VMA_LOCK_ADVICE.includes(k.get(v.advice))) {
          return 'try_vma_read_lock';
        }
        return WRITE_ADVICE.includes(k.get(v.advice))
          ? 'mmap_write_lock_killable'
          : 'mmap_read_lock';
      },
      try_vma_read_lock: (k) => k.call(lock.lock_vma_under_rcu, k.get(v.mm), k.get(v.start)),
      check_range(k) {
        const vma = k.result();
        k.set(v.vma, vma);
        if (vma === 0) return 'take_mmap_lock';
        if (k.get(v.start) + k.get(v.pages) > k.load(vma + vm_end)) return 'vma_end_read_crosses';
        // userfaultfd may have to be told, which cannot be done with a VMA lock held.
        if (k.peek(vma + vm_flags) & __VM_UFFD_FLAGS) return 'vma_end_read_crosses';
        k.set(v.ret, refuses(k, vma, k.get(v.advice)));
        if (k.get(v.ret) !== 0) return 'vma_end_read';
        if (k.get(v.advice) === ADVICE.free) {
          k.work(W.unmap_setup);
          return 'vma_end_read';
        }
      },
      zap_under_vma_lock: (k) =>
        k.call(edit.zap_page_range, k.get(v.mm), k.get(v.start), k.get(v.start) + k.get(v.pages)),
      vma_end_read: (k) => k.callThen('done', lock.vma_end_read, k.get(v.vma)),
      vma_end_read_crosses: (k) => k.call(lock.vma_end_read, k.get(v.vma)),
      take_mmap_lock(k) {
        k.count(madviseFallback);
      },
      mmap_read_lock: (k) => k.call(mmap.mmap_read_lock, k.get(v.mm)),
      find_read(k) {
        const vma = tree.find(k, k.get(v.mm), k.get(v.start));
        const end = k.get(v.start) + k.get(v.pages);
        if (vma === 0 || k.peek(vma + vm_start) > k.get(v.start)) {
          k.set(v.ret, -ENOMEM);
          return 'mmap_read_unlock';
        }
        if (k.get(v.advice) === ADVICE.collapse) {
          const start = k.get(v.start);
          if (k.peek(vma + vm_end) < end) {
            k.set(v.ret, -ENOMEM);
            return 'mmap_read_unlock';
          }
          return k.callThen('walked', huge.madvise_collapse, k.get(v.mm), vma, start, end);
        }
        if (k.peek(vma + vm_end) < end) return 'madvise_walk_vmas';
        k.set(v.ret, refuses(k, vma, k.get(v.advice)));
        if (k.get(v.ret) !== 0) return 'mmap_read_unlock';
        if (k.get(v.advice) === ADVICE.dontneed) return 'zap';
        return k.get(v.advice) === ADVICE.willneed ? 'mmap_read_unlock' : 'walk_page_range';
      },
      zap: (k) =>
        k.callThen(
          'mmap_read_unlock',
          edit.zap_page_range,
          k.get(v.mm),
          k.get(v.start),
          k.get(v.start) + k.get(v.pages),
        ),
      // FREE and COLD mark pages; nothing the model's counters show changes until reclaim runs.
      walk_page_range: (k) =>
        k.callThen(
          'mmap_read_unlock',
          walk_page_range,
          k.get(v.mm),
          k.get(v.start),
          k.get(v.start) + k.get(v.pages),
        ),
      mmap_read_unlock: (k) => k.call(mmap.mmap_read_unlock, k.get(v.mm)),
      done: (k) => k.ret(k.get(v.ret)),
      madvise_walk_vmas(k) {
        const end = k.get(v.start) + k.get(v.pages);
        return k.call(madvise_walk_vmas, k.get(v.mm), k.get(v.start), end, k.get(v.advice));
      },
      walked(k) {
        k.set(v.ret, k.result());
        return 'mmap_read_unlock';
      },

      mmap_write_lock_killable: (k) => k.call(mmap.mmap_write_lock_killable, k.get(v.mm)),
      locked(k) {
        if (k.result() !== 0) return k.ret(k.result());
      },
      find_write(k) {
        const vma = tree.find(k, k.get(v.mm), k.get(v.start));
        const end = k.get(v.start) + k.get(v.pages);
        k.set(v.vma, vma);
        if (vma === 0 || k.peek(vma + vm_start) > k.get(v.start) || k.peek(vma + vm_end) < end) {
          k.set(v.ret, -ENOMEM);
          return 'mmap_write_unlock';
        }
        const advice = k.get(v.advice);
        const flags = advisedFlags(advice, k.peek(vma + vm_flags), k.peek(vma + vm_file));
        if (flags < 0) {
          k.set(v.ret, flags);
          return 'mmap_write_unlock';
        }
        k.set(v.flags, flags);
        if (flags === k.peek(vma + vm_flags)) return 'mmap_write_unlock';
      },
      vma_modify_flags(k) {
        const start = k.get(v.start);
        const end = start + k.get(v.pages);
        return k.call(edit.vma_modify_flags, k.get(v.mm), k.get(v.vma), start, end, k.get(v.flags));
      },
      vma_start_write(k) {
        k.set(v.vma, k.result());
        return k.call(lock.vma_start_write, k.get(v.vma));
      },
      vm_flags_reset(k) {
        lock.assertWriteLocked(k, k.get(v.vma));
        k.store(k.get(v.vma) + vm_flags, k.get(v.flags));
      },
      mmap_write_unlock: (k) => k.call(mmap.mmap_write_unlock, k.get(v.mm)),
      done_write: (k) => k.ret(k.get(v.ret)),
    })),
  );
  return {
    mmap_region,
    vm_mmap_pgoff,
    mmap_driver,
    __vm_munmap,
    do_mprotect_pkey,
    sys_brk,
    do_madvise,
    madvise_walk_vmas,
    walk_page_range,
  };
}
