/** /proc/PID/pagemap, mem, cmdline and environ: looking at the pages of an address space, and getting at them. After fs/proc/task_mmu.c, fs/proc/base.c and mm/memory.c. */
import { type Routine, routine, W } from '../machine/index.ts';
import type { FindVma } from '../mm/find-vma.ts';
import { FOLL_FORCE, FOLL_GET } from '../mm/gup/flags.ts';
import { FOLL_WRITE, type Gup } from '../mm/gup/index.ts';
import type { MmCore } from '../mm/mm-core.ts';
import type { Syscalls } from '../mm/syscalls.ts';
import { transfer } from '../mm/transfer.ts';
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
  /** `(mm) -> 0`: reads cmdline or environ to its end; the process has an environment. */
  readonly cmdline_read: Routine;
  readonly environ_read: Routine;
}

export function procPages(c: MmCore, find: FindVma, gup: Gup, sys: Syscalls): ProcPages {
  const { b, MM, mmap, tree, pt } = c;

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

  /** `(mm, page, flags) -> 0 or -EIO`: a page, around the protection of private memory with FOLL_FORCE. */
  const __access_remote_vm = b.add(
    routine('__access_remote_vm', ['mm', 'page', 'flags'], (v) => ({
      mmap_read_lock_killable: (k) => k.call(mmap.mmap_read_lock_killable, k.get(v.mm)),
      vma_lookup(k) {
        if (k.result() !== 0) return k.ret(-EIO);
        if (tree.walk(k, k.get(v.mm), k.get(v.page)) !== 0) return 'get_user_page_vma_remote';
        return k.call(find.expand_stack, k.get(v.mm), k.get(v.page));
      },
      // Where no stack can grow, mmap_lock is free by now.
      expanded(k) {
        if (k.result() === 0) return k.ret(-EIO);
      },
      get_user_page_vma_remote: (k) =>
        k.call(gup.__get_user_pages, k.get(v.mm), k.get(v.page), 1, k.get(v.flags) | FOLL_GET),
      copy(k) {
        if (k.result() < 0) return k.callThen('failed', mmap.mmap_read_unlock, k.get(v.mm));
        k.work(W.copy_page);
        transfer(c, k, gup.pinned(k, 0), k.get(v.flags) & FOLL_WRITE);
        gup.unpin(k, 1);
      },
      mmap_read_unlock: (k) => k.call(mmap.mmap_read_unlock, k.get(v.mm)),
      done: (k) => k.ret(0),
      failed: (k) => k.ret(-EIO),
    })),
  );

  /** A page at a time. Whoever may open the file goes around the protection of private pages. */
  const mem_rw = (name: string, flags: number) =>
    b.add(
      routine(name, ['mm', 'start', 'pages'], (v) => ({
        access_remote_vm: (k) =>
          k.call(__access_remote_vm, k.get(v.mm), k.get(v.start), flags | FOLL_FORCE),
        next_page(k) {
          if (k.result() !== 0) return k.ret(-EIO);
          k.set(v.start, k.get(v.start) + 1);
          k.set(v.pages, k.get(v.pages) - 1);
          return k.get(v.pages) > 0 ? 'access_remote_vm' : k.ret(0);
        },
      })),
    );

  /** `accesses` of the strings exec has put at the top of the stack, all in one page. */
  const strings = (name: string, accesses: number) =>
    b.add(
      routine(name, ['mm', 'n'], (v) => ({
        access_remote_vm(k) {
          if (k.get(v.n) === accesses) return k.ret(0);
          k.set(v.n, k.get(v.n) + 1);
          const page = k.peek(k.get(v.mm) + MM.at.start_stack);
          return k.callThen('access_remote_vm', __access_remote_vm, k.get(v.mm), page, 0);
        },
      })),
    );

  return {
    pagemap_read,
    clear_refs_write: clearRefs(c, sys),
    mem_read: mem_rw('mem_read', 0),
    mem_write: mem_rw('mem_write', FOLL_WRITE),
    // Each of two reads looks first whether the last byte has been written over; the second finds the end then.
    cmdline_read: strings('get_mm_cmdline', 3),
    environ_read: strings('environ_read', 1),
  };
}
