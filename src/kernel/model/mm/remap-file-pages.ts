/** remap_file_pages, which since 3.15 is a mmap over part of a shared mapping. After mm/mmap.c of 6.12. */
import { type Routine, routine, W } from '../machine/index.ts';
import type { Populate } from './gup/index.ts';
import { EINVAL, type MmCore } from './mm-core.ts';
import type { Shmem } from './shmem.ts';
import { VM_SHARED } from './structs.ts';
import type { Syscalls } from './syscalls.ts';

/** @returns `(mm, start, pages, pgoff) -> 0 or -errno` */
export function remapFilePages(c: MmCore, shm: Shmem, sys: Syscalls, populate: Populate): Routine {
  const { b, VMA, mmap, tree } = c;
  const { vm_start, vm_end, vm_flags, vm_file } = VMA.at;

  return b.add(
    routine(
      '__do_sys_remap_file_pages',
      ['mm', 'start', 'pages', 'pgoff', 'file', 'flags', 'end', 'at', 'ret'],
      (v) => ({
        mmap_read_lock_killable(k) {
          k.set(v.ret, -EINVAL);
          k.set(v.end, k.get(v.start) + k.get(v.pages));
          return k.call(mmap.mmap_read_lock_killable, k.get(v.mm));
        },
        vma_lookup(k) {
          if (k.result() !== 0) return k.ret(k.result());
          const vma = tree.walk(k, k.get(v.mm), k.get(v.start));
          const shared = vma !== 0 && k.peek(vma + vm_flags) & VM_SHARED && k.peek(vma + vm_file);
          if (!shared) return k.callThen('done', mmap.mmap_read_unlock, k.get(v.mm));
          k.set(v.file, k.peek(vma + vm_file));
          k.set(v.flags, k.peek(vma + vm_flags));
          shm.get(k, k.get(v.file));
        },
        mmap_read_unlock: (k) => k.call(mmap.mmap_read_unlock, k.get(v.mm)),
        mmap_write_lock_killable(k) {
          k.work(W.syscall_entry);
          k.set(v.at, k.get(v.start));
          return k.call(mmap.mmap_write_lock_killable, k.get(v.mm));
        },
        locked(k) {
          if (k.result() === 0) return;
          k.set(v.ret, k.result());
          return 'fput';
        },
        // Nothing may have changed meanwhile, and what the range spans must be one mapping in pieces.
        recheck(k) {
          const vma = tree.find(k, k.get(v.mm), k.get(v.at));
          const alike =
            vma !== 0 &&
            k.peek(vma + vm_start) <= k.get(v.at) &&
            k.peek(vma + vm_file) === k.get(v.file) &&
            k.peek(vma + vm_flags) === k.get(v.flags);
          if (!alike) return 'mmap_write_unlock';
          k.set(v.at, k.peek(vma + vm_end));
          if (k.get(v.at) < k.get(v.end)) return 'recheck';
        },
        do_mmap: (k) =>
          k.call(
            sys.mmap_region,
            k.get(v.mm),
            k.get(v.start),
            k.get(v.end),
            k.get(v.flags),
            k.get(v.file),
            k.get(v.pgoff),
          ),
        mapped(k) {
          k.set(v.ret, k.result());
        },
        mmap_write_unlock: (k) => k.call(mmap.mmap_write_unlock, k.get(v.mm)),
        fput(k) {
          shm.put(k, k.get(v.file));
          if (k.get(v.ret) < 0) return 'done';
        },
        mm_populate: (k) =>
          k.call(populate.__mm_populate, k.get(v.mm), k.get(v.ret), k.get(v.pages), 1),
        done: (k) => k.ret(Math.min(0, k.get(v.ret))),
      }),
    ),
  );
}
