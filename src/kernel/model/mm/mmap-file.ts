/** Mapping files, and attaching and detaching System V segments. After mm/mmap.c and ipc/shm.c. */
import { type Routine, routine, TASK, W } from '../machine/index.ts';
import { MAP_FLAGS } from '../uapi.ts';
import { EEXIST, EINVAL, ENOMEM, type MmCore } from './mm-core.ts';
import type { Shmem } from './shmem.ts';
import { STACK_RESERVE } from './stack.ts';
import {
  VM_HUGETLB,
  VM_LOCKED,
  VM_LOCKED_MASK,
  VM_NORESERVE,
  VM_OPS_HUGETLB,
  VM_OPS_SHM,
  VM_SHARED,
} from './structs.ts';
import type { Syscalls } from './syscalls.ts';
import { TELL_LATE } from './userfaultfd/events.ts';
import type { VmaEdit } from './vma-edit/index.ts';

export interface FileMapping {
  /** `(pages, prot, flags, at, file, pgoff) -> address or -errno`: maps a file into the caller's mm. */
  readonly vm_mmap_file: Routine;
  /** `(address) -> 0 or -errno`: unmaps the segment attached at an address. */
  readonly ksys_shmdt: Routine;
}

export function fileMapping(c: MmCore, shm: Shmem, sys: Syscalls, edit: VmaEdit): FileMapping {
  const { b, MM, VMA, mmap, tree, pt } = c;
  const { vm_start, vm_end, vm_ops, vm_pgoff, vm_file } = VMA.at;
  const MM_OF_TASK = TASK.at.mm;

  const vm_mmap_file = b.add(
    routine(
      'vm_mmap_file',
      ['pages', 'prot', 'flags', 'at', 'file', 'pgoff', 'mm', 'start', 'ret'],
      (v) => ({
        mmap_write_lock_killable(k) {
          k.set(v.mm, k.peek(k.task + MM_OF_TASK));
          return k.call(mmap.mmap_write_lock_killable, k.get(v.mm));
        },
        locked(k) {
          if (k.result() !== 0) return k.ret(k.result());
        },
        get_unmapped_area(k) {
          const at = k.get(v.at);
          const end = at + k.get(v.pages);
          const huge = shm.opsOf(k, k.get(v.file)) === VM_OPS_HUGETLB;
          if (huge && (at % pt.span !== 0 || end % pt.span !== 0)) {
            k.set(v.ret, -EINVAL);
            return 'mmap_write_unlock';
          }
          if (at === 0) return 'search';
          if (end > pt.pages) return 'no_memory';
          k.set(v.start, at);
          if (k.get(v.flags) & MAP_FLAGS.fixed) return 'mmap_region';
          const there = tree.find(k, k.get(v.mm), at);
          if (there === 0 || k.peek(there + vm_start) >= end) return 'mmap_region';
          if (k.get(v.flags) & MAP_FLAGS.fixed_noreplace) {
            k.set(v.ret, -EEXIST);
            return 'mmap_write_unlock';
          }
        },
        search(k) {
          const mm = k.get(v.mm);
          k.work(W.find_free_area);
          // hugetlb_get_unmapped_area: aligned to the size of its pages.
          const align = shm.opsOf(k, k.get(v.file)) === VM_OPS_HUGETLB ? pt.span : 1;
          const room = k.get(v.pages) + align - 1;
          const floor = k.peek(mm + MM.at.mmap_base);
          const found = tree.findGap(k, mm, room, floor, pt.pages - STACK_RESERVE);
          if (found === 0) return 'no_memory';
          k.set(v.start, Math.ceil(found / align) * align);
        },
        mmap_region(k) {
          edit.events?.tell(k, TELL_LATE);
          const file = k.get(v.file);
          const hugetlb = shm.opsOf(k, file) === VM_OPS_HUGETLB;
          const locked =
            k.peek(k.get(v.mm) + MM.at.def_flags) |
            (k.get(v.flags) & MAP_FLAGS.locked ? VM_LOCKED : 0) |
            (k.get(v.flags) & MAP_FLAGS.noreserve ? VM_NORESERVE : 0);
          const flags =
            k.get(v.prot) |
            (k.get(v.flags) & MAP_FLAGS.shared ? VM_SHARED : 0) |
            // Pages of hugetlbfs stay in memory anyway.
            (hugetlb ? VM_HUGETLB | (locked & ~VM_LOCKED_MASK) : locked);
          const start = k.get(v.start);
          const end = start + k.get(v.pages);
          return k.call(sys.mmap_region, k.get(v.mm), start, end, flags, file, k.get(v.pgoff));
        },
        mapped(k) {
          k.set(v.ret, k.result());
        },
        mmap_write_unlock: (k) => k.call(mmap.mmap_write_unlock, k.get(v.mm)),
        userfaultfd_unmap_complete(k) {
          const { events } = edit;
          if (events?.finish(k)) return k.call(events.userfaultfd_complete, k.get(v.mm));
        },
        done: (k) => k.ret(k.get(v.ret)),
        no_memory(k) {
          k.set(v.ret, -ENOMEM);
          return 'mmap_write_unlock';
        },
      }),
    ),
  );

  const ksys_shmdt = b.add(
    routine('ksys_shmdt', ['address', 'mm', 'at', 'file', 'end', 'next', 'ret'], (v) => ({
      mmap_write_lock_killable(k) {
        k.set(v.mm, k.peek(k.task + MM_OF_TASK));
        return k.call(mmap.mmap_write_lock_killable, k.get(v.mm));
      },
      locked(k) {
        if (k.result() !== 0) return k.ret(k.result());
        k.set(v.at, k.get(v.address));
        k.set(v.ret, -EINVAL);
      },
      // The first VMA that is where the segment's page at its offset would be says which segment it is.
      find_vma(k) {
        const vma = tree.find(k, k.get(v.mm), k.get(v.at));
        const start = vma === 0 ? 0 : k.peek(vma + vm_start);
        if (vma === 0 || (k.get(v.file) !== 0 && k.peek(vma + vm_end) > k.get(v.end))) {
          return 'mmap_write_unlock';
        }
        k.set(v.next, k.peek(vma + vm_end));
        const file = k.peek(vma + vm_file);
        const ours =
          k.peek(vma + vm_ops) === VM_OPS_SHM &&
          start - k.get(v.address) === k.peek(vma + vm_pgoff) &&
          (k.get(v.file) === 0 || k.get(v.file) === file);
        if (!ours) return 'next_vma';
        if (k.get(v.file) === 0) k.set(v.end, k.get(v.address) + shm.sizeOf(k, file));
        k.set(v.file, file);
        k.set(v.ret, 0);
        return k.callThen(
          'next_vma',
          edit.do_vmi_munmap,
          k.get(v.mm),
          start,
          k.peek(vma + vm_end),
          0,
        );
      },
      next_vma(k) {
        k.set(v.at, k.get(v.next));
        return 'find_vma';
      },
      mmap_write_unlock: (k) => k.call(mmap.mmap_write_unlock, k.get(v.mm)),
      done: (k) => k.ret(k.get(v.ret)),
    })),
  );
  return { vm_mmap_file, ksys_shmdt };
}
