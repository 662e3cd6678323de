/** System calls that look at a range of VMAs and change nothing: mincore and msync. After mm/mincore.c and mm/msync.c. */
import { type Routine, routine, W } from '../machine/index.ts';
import { MSYNC_FLAGS } from '../uapi.ts';
import type { FindVma } from './find-vma.ts';
import { EBUSY, EINVAL, ENOMEM, type MmCore } from './mm-core.ts';
import { VM_LOCKED, VM_SHARED } from './structs.ts';
import type { Syscalls } from './syscalls.ts';

/** Pages mincore looks at in one go: its answer is collected in one page, a byte for each. */
const MINCORE_PAGES = 4096;

export interface Mincore {
  /** `(mm, start, pages) -> 0 or -errno`. */
  readonly mincore: Routine;
  /** `(mm, start, pages, flags) -> 0 or -errno`. */
  readonly msync: Routine;
}

export function mincore(c: MmCore, find: FindVma, sys: Syscalls): Mincore {
  const { b, VMA, mmap, tree } = c;
  const { vm_start, vm_end, vm_flags, vm_file } = VMA.at;

  const __do_sys_mincore = b.add(
    routine('__do_sys_mincore', ['mm', 'start', 'pages', 'done', 'ret'], (v) => ({
      mmap_read_lock: (k) => k.call(mmap.mmap_read_lock, k.get(v.mm)),
      vma_lookup(k) {
        const start = k.get(v.start);
        const vma = tree.walk(k, k.get(v.mm), start);
        if (vma === 0) {
          k.set(v.ret, -ENOMEM);
          return 'mmap_read_unlock';
        }
        const n = Math.min(k.get(v.pages), MINCORE_PAGES, k.peek(vma + vm_end) - start);
        k.set(v.done, n);
        k.work(W.mincore_page, n);
        return k.call(sys.walk_page_range, k.get(v.mm), start, start + n);
      },
      mmap_read_unlock: (k) => k.call(mmap.mmap_read_unlock, k.get(v.mm)),
      copy_to_user(k) {
        k.set(v.start, k.get(v.start) + k.get(v.done));
        k.set(v.pages, k.get(v.pages) - k.get(v.done));
        return k.get(v.ret) === 0 && k.get(v.pages) > 0 ? 'mmap_read_lock' : k.ret(k.get(v.ret));
      },
    })),
  );

  const __do_sys_msync = b.add(
    routine('__do_sys_msync', ['mm', 'start', 'pages', 'flags', 'end', 'vma', 'unmapped'], (v) => ({
      begin(k) {
        const flags = k.get(v.flags);
        if (flags & MSYNC_FLAGS.async && flags & MSYNC_FLAGS.sync) return k.ret(-EINVAL);
        k.set(v.end, k.get(v.start) + k.get(v.pages));
      },
      mmap_read_lock: (k) => k.call(mmap.mmap_read_lock, k.get(v.mm)),
      find_vma: (k) => k.call(find.find_vma, k.get(v.mm), k.get(v.start)),
      found(k) {
        const vma = k.result();
        k.set(v.vma, vma);
        if (vma === 0) return 'out_of_vmas';
        const start = k.load(vma + vm_start);
        if (k.get(v.start) < start) {
          k.set(v.unmapped, -ENOMEM);
          // Nothing is left to be done when only the mappings are looked at.
          if (k.get(v.flags) === MSYNC_FLAGS.async) return 'mmap_read_unlock';
          if (start >= k.get(v.end)) return 'mmap_read_unlock';
        }
        // What is locked in memory is not thrown out of it.
        if (k.get(v.flags) & MSYNC_FLAGS.invalidate && k.peek(vma + vm_flags) & VM_LOCKED) {
          k.set(v.unmapped, -EBUSY);
          return 'mmap_read_unlock';
        }
        k.set(v.start, k.peek(vma + vm_end));
        const synced =
          k.get(v.flags) & MSYNC_FLAGS.sync &&
          k.peek(vma + vm_file) !== 0 &&
          k.peek(vma + vm_flags) & VM_SHARED;
        if (!synced) return k.get(v.start) >= k.get(v.end) ? 'mmap_read_unlock' : 'find_vma';
      },
      // A file is synced without the lock, then the search goes on from there. One in memory has nothing to write (noop_fsync).
      unlock_to_sync: (k) => k.call(mmap.mmap_read_unlock, k.get(v.mm)),
      vfs_fsync_range(k) {
        if (k.get(v.start) < k.get(v.end)) return 'mmap_read_lock';
        return k.ret(k.get(v.unmapped));
      },
      out_of_vmas(k) {
        k.set(v.unmapped, -ENOMEM);
      },
      mmap_read_unlock: (k) => k.call(mmap.mmap_read_unlock, k.get(v.mm)),
      done: (k) => k.ret(k.get(v.unmapped)),
    })),
  );
  return { mincore: __do_sys_mincore, msync: __do_sys_msync };
}
