/** The address space execve prepares beside the caller's, and the arguments in it. After bprm_mm_init and get_arg_page in fs/exec.c. */
import { type Routine, routine, W } from '../../machine/index.ts';
import type { FindVma } from '../../mm/find-vma.ts';
import { FOLL_GET } from '../../mm/gup/flags.ts';
import { FOLL_WRITE, type Gup, gupPages } from '../../mm/gup/index.ts';
import { EFAULT, type MmCore } from '../../mm/mm-core.ts';
import { VM_ACCOUNT, VM_GROWSDOWN, VM_READ, VM_WRITE } from '../../mm/structs.ts';
import type { VmaAlloc } from '../../mm/vma.ts';
import { account } from '../../mm/vma-edit/account.ts';
import { isSince } from '../../release.ts';
import { stackTop } from './layout.ts';

/** What a stack is mapped with (VM_STACK_FLAGS). */
const VM_STACK_FLAGS = VM_READ | VM_WRITE | VM_GROWSDOWN | VM_ACCOUNT;

export interface Bprm {
  /** `(mm, vma, start, end, flags, ops) -> vma`: mmap_lock is held for writing; nothing is there. */
  readonly insert_vm_struct: Routine;
  /** `(mm) -> 0 or -errno`: a stack of one page. */
  readonly bprm_mm_init: Routine;
  /** `(mm, pages) -> 0 or -errno`: the name, environment and arguments, from the top of the stack down. */
  readonly copy_strings: Routine;
}

export function bprm(c: MmCore, alloc: VmaAlloc, find: FindVma, gup: Gup): Bprm {
  const { b, VMA, mmap, lock, tree, pt } = c;
  const { vm_start, vm_end, vm_flags, vm_ops, vm_pgoff } = VMA.at;

  const insert_vm_struct = b.add(
    routine('insert_vm_struct', ['mm', 'vma', 'start', 'end', 'flags', 'ops'], (v) => ({
      set_fields(k) {
        const vma = k.get(v.vma);
        k.work(W.vma_init);
        k.access(vma, 1);
        k.poke(vma + vm_start, k.get(v.start));
        k.poke(vma + vm_end, k.get(v.end));
        k.poke(vma + vm_flags, k.get(v.flags) | c.softDirty.vmFlag);
        k.poke(vma + vm_ops, k.get(v.ops));
        k.poke(vma + vm_pgoff, k.get(v.start));
      },
      vma_start_write(k) {
        if (c.lockingWriters === 'all') return k.call(lock.vma_start_write, k.get(v.vma));
      },
      vma_mark_attached: (k) => k.call(lock.vma_mark_attached, k.get(v.vma)),
      vma_iter_store(k) {
        tree.store(k, k.get(v.mm), k.get(v.start), k.get(v.end), k.get(v.vma));
        account(c, k, k.get(v.mm), 1, k.get(v.end) - k.get(v.start));
        return k.ret(k.get(v.vma));
      },
    })),
  );

  const bprm_mm_init = b.add(
    routine('bprm_mm_init', ['mm', 'vma', 'ret'], (v) => ({
      vm_area_alloc: (k) => k.call(alloc.vm_area_alloc, k.get(v.mm)),
      mmap_write_lock_killable(k) {
        k.set(v.vma, k.result());
        return k.call(mmap.mmap_write_lock_killable, k.get(v.mm));
      },
      locked(k) {
        k.set(v.ret, k.result());
        if (k.result() !== 0) return k.callThen('done', alloc.__vm_area_free, k.get(v.vma));
      },
      insert_vm_struct(k) {
        const end = stackTop(pt);
        const range = [end - 1, end] as const;
        return k.call(insert_vm_struct, k.get(v.mm), k.get(v.vma), ...range, VM_STACK_FLAGS);
      },
      mmap_write_unlock: (k) => k.call(mmap.mmap_write_unlock, k.get(v.mm)),
      done: (k) => k.ret(k.get(v.ret)),
    })),
  );

  // Until 6.5 the lookup for the page grows the stack, under mmap_lock held for reading.
  const growsFirst = isSince(c.release, '6.6');
  const get_arg_page = b.add(
    routine('get_arg_page', ['mm', 'page', 'vma', 'ret'], (v) => ({
      pos(k) {
        const vma = tree.find(k, k.get(v.mm), k.get(v.page));
        k.set(v.vma, vma);
        if (!growsFirst || k.get(v.page) >= k.peek(vma + vm_start)) return 'mmap_read_lock';
      },
      mmap_write_lock: (k) => k.call(mmap.mmap_write_lock, k.get(v.mm)),
      expand_downwards: (k) =>
        k.call(find.expand_downwards, k.get(v.mm), k.get(v.vma), k.get(v.page)),
      expanded(k) {
        if (k.result() === 0) return k.callThen('gup', mmap.mmap_write_downgrade, k.get(v.mm));
        k.set(v.ret, -EFAULT);
        return k.callThen('done', mmap.mmap_write_unlock, k.get(v.mm));
      },
      mmap_read_lock: (k) => k.call(mmap.mmap_read_lock, k.get(v.mm)),
      find_extend_vma(k) {
        if (growsFirst || k.get(v.page) >= k.peek(k.get(v.vma) + vm_start)) return 'gup';
        return k.call(find.expand_downwards, k.get(v.mm), k.get(v.vma), k.get(v.page));
      },
      gup(k) {
        const flags = FOLL_WRITE | FOLL_GET;
        return k.call(gup.__get_user_pages_locked, k.get(v.mm), k.get(v.page), 1, 1, flags);
      },
      got(k) {
        k.set(v.ret, k.result() < 0 ? k.result() : gupPages(k.result()) - 1);
      },
      mmap_read_unlock: (k) => k.call(mmap.mmap_read_unlock, k.get(v.mm)),
      put_arg_page(k) {
        if (k.get(v.ret) === 0) gup.unpin(k, 1);
      },
      done: (k) => k.ret(k.get(v.ret)),
    })),
  );

  // The page is asked for anew for the name, for each page of the environment, and for the arguments.
  const copy_strings = b.add(
    routine('copy_strings', ['mm', 'pages', 'i'], (v) => ({
      get_arg_page(k) {
        const i = k.get(v.i);
        const below = Math.min(Math.max(1, i), k.get(v.pages));
        return k.call(get_arg_page, k.get(v.mm), stackTop(pt) - below);
      },
      copied(k) {
        k.set(v.i, k.get(v.i) + 1);
        if (k.result() < 0) return k.ret(k.result());
        return k.get(v.i) < k.get(v.pages) + 2 ? 'get_arg_page' : k.ret(0);
      },
    })),
  );
  return { insert_vm_struct, bprm_mm_init, copy_strings };
}
