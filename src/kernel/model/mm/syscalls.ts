/** mmap, munmap, brk and mprotect. After mm/mmap.c and mm/mprotect.c of 6.12. */
import type { BinderAlloc } from '../callers/binder/index.ts';
import { type Exec, type Routine, routine, W } from '../machine/index.ts';
import { MAP_FLAGS } from '../uapi.ts';
import type { AnonVma } from './anon-vma.ts';
import type { FindVma } from './find-vma.ts';
import type { Guard } from './guard.ts';
import type { Populate } from './gup/index.ts';
import { EBUSY, mayNot } from './insert-page.ts';
import type { Khugepaged } from './khugepaged.ts';
import { ksmMark } from './ksm.ts';
import { type GuardLock, type Madvise, type MadviseLock, madvise } from './madvise.ts';
import { EACCES, EEXIST, EINVAL, ENOMEM, EPERM, type MmCore } from './mm-core.ts';
import { isSealed } from './mseal.ts';
import { pkeyIsAllocated } from './pkeys.ts';
import type { Shmem } from './shmem.ts';
import { STACK_RESERVE } from './stack.ts';
import {
  ARCH_VM_PKEY_FLAGS,
  VM_ACCESS_FLAGS,
  VM_ACCOUNT,
  VM_GROWSDOWN,
  VM_HUGETLB,
  VM_LOCKED,
  VM_NOHUGEPAGE,
  VM_NORESERVE,
  VM_OPS_ANON,
  VM_OPS_BINDER,
  VM_OPS_SHMEM,
  VM_PKEY_SHIFT,
  VM_SHARED,
  VM_WRITE,
} from './structs.ts';
import { TELL_LATE } from './userfaultfd/events.ts';
import type { VmaAlloc } from './vma.ts';
import type { VmaEdit } from './vma-edit/index.ts';

export interface Syscalls extends Madvise {
  /** `(mm, start, end, flags, file, pgoff) -> start`: mmap_lock is held for writing. */
  readonly mmap_region: Routine;
  /** `(mm, pages, prot, flags, at) -> address or -errno`. */
  readonly vm_mmap_pgoff: Routine;
  /** `(mm, pages, prot, ops) -> address or -errno`: maps what a driver backs (a socket, binder). */
  readonly mmap_driver: Routine;
  /** `(mm, start, pages) -> 0 or -errno`. */
  readonly __vm_munmap: Routine;
  /** `(mm, start, pages, prot, pkey) -> 0 or -errno`: a key plus one; 0 leaves the keys as they are. */
  readonly do_mprotect_pkey: Routine;
  /** `(mm, by) -> old end or -errno`. */
  readonly sys_brk: Routine;
}

export function syscalls(
  c: MmCore,
  alloc: VmaAlloc,
  edit: VmaEdit,
  shm: Shmem,
  anon: AnonVma,
  find: FindVma,
  madviseLock: MadviseLock,
  guardLock: GuardLock,
  guards: Guard,
  huge: Khugepaged,
  populate: Populate,
  binder: BinderAlloc | undefined,
  uprobe_mmap: Routine | undefined,
): Syscalls {
  const { b, MM, VMA, mmap, lock, tree, pt } = c;
  const { vm_start, vm_end, vm_flags, vm_ops, vm_pgoff, vm_file, anon_vma } = VMA.at;
  const { map_count, total_vm, start_brk, brk, def_flags } = MM.at;

  /**
   * `(mm, start, end, flags, file, pgoff) -> start`: puts a mapping at a place, over what may be there. mmap_lock is held for writing.
   * A driver's mapping has no file in the model: `file` is then its VM_OPS_*, negative. An anonymous one has no place in a file: with
   * `pgoff` 1 it becomes a VMA of its own.
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
        vms_clean_up_area(k) {
          const mm = k.get(v.mm);
          const gone = k.get(v.gone);
          return k.call(edit.vms_clear_ptes, mm, gone, k.get(v.start), k.get(v.end), 1);
        },
        try_merge(k) {
          // accountable_mapping; hugetlbfs has an accounting of its own.
          const promise = k.get(v.flags) & (VM_NORESERVE | VM_SHARED | VM_WRITE | VM_HUGETLB);
          if (promise === VM_WRITE) k.set(v.flags, k.get(v.flags) | VM_ACCOUNT);
          return 'vma_merge_new_range';
        },
        vma_merge_new_range(k) {
          const file = k.get(v.file);
          const flags = k.get(v.flags);
          const apart = file === 0 && (flags & VM_SHARED || k.get(v.pgoff));
          if (file < 0 || apart || flags & VM_GROWSDOWN) {
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
          k.set(v.vma, k.result());
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
        vma_start_write(k) {
          if (c.lockingWriters === 'all') return k.call(lock.vma_start_write, k.get(v.vma));
        },
        vma_mark_attached: (k) => k.call(lock.vma_mark_attached, k.get(v.vma)),
        vma_iter_store(k) {
          tree.store(k, k.get(v.mm), k.get(v.start), k.get(v.end), k.get(v.vma));
        },
        vma_link_file: (k) => k.call(edit.vma_link_file, k.get(v.vma)),
        account(k) {
          const mm = k.get(v.mm);
          const flags = k.get(v.vma) + vm_flags;
          // ksm_add_vma, and what is new counts as written.
          k.poke(flags, k.peek(flags) | ksmMark(c, k, mm, k.get(v.vma)) | c.softDirty.vmFlag);
          k.poke(mm + total_vm, k.peek(mm + total_vm) + k.get(v.end) - k.get(v.start));
          if (k.get(v.gone) === 0) return 'uprobe_mmap';
        },
        vms_complete_munmap_vmas: (k) =>
          k.call(edit.vms_complete_munmap_vmas, k.get(v.mm), k.get(v.gone)),
        uprobe_mmap(k) {
          if (k.get(v.file) <= 0 || uprobe_mmap === undefined) return;
          return k.call(uprobe_mmap, k.get(v.mm), k.get(v.vma));
        },
        done: (k) => k.ret(k.get(v.start)),
      }),
    ),
  );

  /** Tells a userfaultfd of what has gone, if it wants to know. */
  const told = (k: Exec, mm: number) =>
    edit.events?.finish(k) ? k.call(edit.events.userfaultfd_complete, mm) : undefined;

  /** The flags a VMA gets from those of mmap (calc_vm_flag_bits, do_mmap). */
  const mapFlags = (flags: number): number =>
    (flags & MAP_FLAGS.locked ? VM_LOCKED : 0) |
    (flags & MAP_FLAGS.growsdown ? VM_GROWSDOWN : 0) |
    (flags & MAP_FLAGS.noreserve ? VM_NORESERVE : 0) |
    (flags & MAP_FLAGS.stack && huge.enabled ? VM_NOHUGEPAGE : 0);

  const mapping = (name: string, driver: boolean) => {
    const isBinder = (ops: number) => driver && ops === VM_OPS_BINDER;
    return b.add(
      routine(name, ['mm', 'pages', 'prot', 'flags', 'at', 'start', 'ret'], (v) => ({
        mmap_write_lock_killable: (k) => k.call(mmap.mmap_write_lock_killable, k.get(v.mm)),
        locked(k) {
          if (k.result() !== 0) return k.ret(k.result());
        },
        get_unmapped_area(k) {
          edit.events?.tell(k, TELL_LATE);
          const at = k.get(v.at);
          const end = at + k.get(v.pages);
          if (isBinder(k.get(v.flags)) && binder?.isMapped(k, binder.of(k.get(v.mm)))) {
            k.set(v.ret, -EBUSY);
            return 'mmap_write_unlock';
          }
          if (at === 0) return 'search';
          if (end > pt.pages) return 'no_memory';
          k.set(v.start, at);
          if (!driver && k.get(v.flags) & MAP_FLAGS.fixed) return 'mmap_region';
          // A hint is only a hint: taken if the place is free.
          const there = tree.find(k, k.get(v.mm), at);
          if (there === 0 || k.peek(there + vm_start) >= end) return 'mmap_region';
          if (!driver && k.get(v.flags) & MAP_FLAGS.fixed_noreplace) {
            k.set(v.ret, -EEXIST);
            return 'mmap_write_unlock';
          }
        },
        search(k) {
          const mm = k.get(v.mm);
          k.work(W.find_free_area);
          const floor = k.peek(mm + MM.at.mmap_base);
          // thp_get_unmapped_area: what is as long as huge pages is aligned to them.
          const align = huge.enabled && k.get(v.pages) % pt.span === 0 ? pt.span : 1;
          const room = k.get(v.pages) + align - 1;
          const ceiling = pt.pages - STACK_RESERVE;
          // arch_get_unmapped_area_topdown
          const found =
            !driver && k.get(v.flags) & MAP_FLAGS.adjacent
              ? tree.findTopGap(k, mm, room, floor, ceiling)
              : tree.findGap(k, mm, room, floor, ceiling);
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
            (driver ? 0 : k.peek(k.get(v.mm) + def_flags) | mapFlags(flags));
          const start = k.get(v.start);
          return k.call(mmap_region, k.get(v.mm), start, start + k.get(v.pages), vmFlags, file);
        },
        mapped(k) {
          k.set(v.ret, k.result());
          if (!isBinder(k.get(v.flags)) || k.result() < 0) return;
          const mm = k.get(v.mm);
          const start = k.get(v.start);
          const pages = k.get(v.pages);
          binder?.mmapHandler(k, mm, tree.walk(k, mm, start), pages);
        },
        mmap_write_unlock: (k) => k.call(mmap.mmap_write_unlock, k.get(v.mm)),
        userfaultfd_unmap_complete: (k) => told(k, k.get(v.mm)),
        done: (k) => k.ret(k.get(v.ret)),
        no_memory(k) {
          k.set(v.ret, -ENOMEM);
          return 'mmap_write_unlock';
        },
      })),
    );
  };
  const vm_mmap_pgoff = mapping('vm_mmap_pgoff', false);
  const mmap_driver = mapping('mmap_driver', true);

  const __vm_munmap = b.add(
    routine('__vm_munmap', ['mm', 'start', 'pages', 'ret'], (v) => ({
      mmap_write_lock_killable: (k) => k.call(mmap.mmap_write_lock_killable, k.get(v.mm)),
      locked(k) {
        if (k.result() !== 0) return k.ret(k.result());
      },
      do_vmi_munmap(k) {
        edit.events?.tell(k, TELL_LATE);
        const end = k.get(v.start) + k.get(v.pages);
        return k.call(edit.do_vmi_munmap, k.get(v.mm), k.get(v.start), end, 1);
      },
      failed(k) {
        k.set(v.ret, k.result());
        if (k.result() < 0) return k.call(mmap.mmap_write_unlock, k.get(v.mm));
      },
      userfaultfd_unmap_complete: (k) => told(k, k.get(v.mm)),
      done: (k) => k.ret(k.get(v.ret)),
    })),
  );

  const do_mprotect_pkey = b.add(
    routine(
      'do_mprotect_pkey',
      ['mm', 'start', 'pages', 'prot', 'pkey', 'vma', 'at', 'end', 'flags', 'old', 'ret'],
      (v) => ({
        mmap_write_lock_killable: (k) => k.call(mmap.mmap_write_lock_killable, k.get(v.mm)),
        locked(k) {
          if (k.result() !== 0) return k.ret(k.result());
          k.set(v.at, k.get(v.start));
          k.set(v.end, k.get(v.start) + k.get(v.pages));
          // Without a key (0) the pages keep theirs.
          if (k.get(v.pkey) > 0 && pkeyIsAllocated(c, k, k.get(v.mm), k.get(v.pkey) - 1)) return;
          if (k.get(v.pkey) === 0) return;
          k.set(v.ret, -EINVAL);
          return 'mmap_write_unlock';
        },
        find(k) {
          const vma = tree.find(k, k.get(v.mm), k.get(v.at));
          k.set(v.vma, vma);
          if (vma === 0 || k.peek(vma + vm_start) > k.get(v.at)) {
            k.set(v.ret, -ENOMEM);
            return 'mmap_write_unlock';
          }
          const flags = k.peek(vma + vm_flags);
          const pkey = k.get(v.pkey) - 1;
          const key = pkey < 0 ? flags & ARCH_VM_PKEY_FLAGS : pkey << VM_PKEY_SHIFT;
          k.set(v.flags, (flags & ~(VM_ACCESS_FLAGS | ARCH_VM_PKEY_FLAGS)) | k.get(v.prot) | key);
          if (mayNot(k.peek(vma + vm_ops), flags) & k.get(v.prot)) {
            k.set(v.ret, -EACCES);
            return 'mmap_write_unlock';
          }
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
          // What becomes writable is promised; the promise is taken back only where nothing can have been written.
          const promised = VM_ACCOUNT | VM_WRITE | VM_HUGETLB | VM_SHARED | VM_NORESERVE;
          const untouched = k.peek(vma + vm_ops) === VM_OPS_ANON && k.peek(vma + anon_vma) === 0;
          if (k.get(v.flags) & VM_WRITE) {
            if (!(flags & promised)) k.set(v.flags, k.get(v.flags) | VM_ACCOUNT);
          } else if (untouched) k.set(v.flags, k.get(v.flags) & ~VM_ACCOUNT);
        },
        vma_modify_flags(k) {
          const end = Math.min(k.get(v.end), k.peek(k.get(v.vma) + vm_end));
          const vma = k.get(v.vma);
          return k.call(edit.vma_modify_flags, k.get(v.mm), vma, k.get(v.at), end, k.get(v.flags));
        },
        vma_start_write(k) {
          if (k.result() < 0) {
            k.set(v.ret, k.result());
            return 'mmap_write_unlock';
          }
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
        // vma_prev_limit: the first part of a heap does not look at what lies below.
        const first = start === k.peek(k.get(v.mm) + start_brk) ? 1 : 0;
        const end = start + k.get(v.by);
        return k.call(mmap_region, k.get(v.mm), start, end, flags, VM_OPS_ANON, first);
      },
      set_brk(k) {
        if (k.result() < 0) return 'unlock_same';
        k.store(k.get(v.mm) + brk, k.get(v.old) + k.get(v.by));
      },
      unlock_same: (k) => k.call(mmap.mmap_write_unlock, k.get(v.mm)),
      userfaultfd_unmap_complete: (k) => told(k, k.get(v.mm)),
      done: (k) => k.ret(k.get(v.old)),
      shrink(k) {
        k.store(k.get(v.mm) + brk, k.get(v.old) + k.get(v.by));
      },
      do_vmi_munmap(k) {
        edit.events?.tell(k, TELL_LATE);
        const mm = k.get(v.mm);
        const old = k.get(v.old);
        return k.call(edit.do_vmi_munmap, mm, old + k.get(v.by), old, 1);
      },
      shrunk(k) {
        if (k.result() === 0) return 'userfaultfd_unmap_complete';
        k.store(k.get(v.mm) + brk, k.get(v.old));
        return 'unlock_same';
      },
    })),
  );

  return {
    mmap_region,
    vm_mmap_pgoff,
    mmap_driver,
    __vm_munmap,
    do_mprotect_pkey,
    sys_brk,
    ...madvise(c, edit, find, { madviseLock, guardLock, huge, guards, shm, anon }),
  };
}
