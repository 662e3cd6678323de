/** /proc/PID/pagemap and mem: looking at the pages of an address space, and getting at them. After fs/proc/task_mmu.c, fs/proc/base.c and mm/memory.c. */
import { type Routine, routine, W } from '../machine/index.ts';
import type { FindVma } from '../mm/find-vma.ts';
import { FOLL_FORCE, FOLL_GET } from '../mm/gup/flags.ts';
import { FOLL_WRITE, type Gup } from '../mm/gup/index.ts';
import type { MmCore } from '../mm/mm-core.ts';
import type { Syscalls } from '../mm/syscalls.ts';
import { clearRefs } from './clear-refs.ts';

const EIO = 5;

export interface ProcPages {
  /** `(mm, start, pages) -> 0 or -errno`: one read. */
  readonly pagemap_read: Routine;
  /** `(mm, type) -> 0 or -errno`. */
  readonly clear_refs_write: Routine;
  /** `(mm, start, pages) -> 0 or -EIO`. */
  readonly mem_read: Routine;
  readonly mem_write: Routine;
}

export function procPages(c: MmCore, find: FindVma, gup: Gup, sys: Syscalls): ProcPages {
  const { b, mmap, tree, pt } = c;

  const pagemap_read = b.add(
    routine('pagemap_read', ['mm', 'start', 'pages', 'end', 'next'], (v) => ({
      // untagged_addr_remote wants the lock.
      mmap_read_lock_killable: (k) => k.call(mmap.mmap_read_lock_killable, k.get(v.mm)),
      locked(k) {
        if (k.result() !== 0) return k.ret(k.result());
        k.set(v.end, Math.min(pt.pages, k.get(v.start) + k.get(v.pages)));
        return k.call(mmap.mmap_read_unlock, k.get(v.mm));
      },
      // As much as one page table maps at a time (PAGEMAP_WALK_SIZE).
      next_chunk(k) {
        const at = k.get(v.start);
        if (at >= k.get(v.end)) return k.ret(0);
        k.set(v.next, Math.min(k.get(v.end), (Math.floor(at / pt.span) + 1) * pt.span));
        return k.call(mmap.mmap_read_lock_killable, k.get(v.mm));
      },
      walk_page_range(k) {
        if (k.result() !== 0) return k.ret(k.result());
        return k.call(sys.walk_page_range, k.get(v.mm), k.get(v.start), k.get(v.next));
      },
      mmap_read_unlock(k) {
        k.set(v.start, k.get(v.next));
        return k.callThen('next_chunk', mmap.mmap_read_unlock, k.get(v.mm));
      },
    })),
  );

  /** A page at a time: access_remote_vm. Whoever may open the file goes around the protection of private pages. */
  const mem_rw = (name: string, flags: number) =>
    b.add(
      routine(name, ['mm', 'start', 'pages'], (v) => ({
        mmap_read_lock_killable: (k) => k.call(mmap.mmap_read_lock_killable, k.get(v.mm)),
        vma_lookup(k) {
          if (k.result() !== 0) return k.ret(-EIO);
          if (tree.walk(k, k.get(v.mm), k.get(v.start)) !== 0) return 'get_user_page_vma_remote';
          return k.call(find.expand_stack, k.get(v.mm), k.get(v.start));
        },
        // Where no stack can grow, mmap_lock is free by now.
        expanded(k) {
          if (k.result() === 0) return k.ret(-EIO);
        },
        get_user_page_vma_remote: (k) =>
          k.call(
            gup.__get_user_pages,
            k.get(v.mm),
            k.get(v.start),
            1,
            flags | FOLL_GET | FOLL_FORCE,
          ),
        copy(k) {
          if (k.result() < 0) return k.callThen('failed', mmap.mmap_read_unlock, k.get(v.mm));
          k.work(W.copy_page);
          gup.unpin(k, 1);
        },
        mmap_read_unlock: (k) => k.call(mmap.mmap_read_unlock, k.get(v.mm)),
        next_page(k) {
          k.set(v.start, k.get(v.start) + 1);
          k.set(v.pages, k.get(v.pages) - 1);
          return k.get(v.pages) > 0 ? 'mmap_read_lock_killable' : k.ret(0);
        },
        failed: (k) => k.ret(-EIO),
      })),
    );

  return {
    pagemap_read,
    clear_refs_write: clearRefs(c, sys),
    mem_read: mem_rw('mem_read', 0),
    mem_write: mem_rw('mem_write', FOLL_WRITE),
  };
}
