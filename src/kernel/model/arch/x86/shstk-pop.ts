/** How sigreturn reads the frame that signal delivery left on a shadow stack. After shstk_pop_sigframe in arch/x86/kernel/shstk.c. */
import { type Exec, type Routine, routine, TASK, W } from '../../machine/index.ts';
import type { FindVma } from '../../mm/find-vma.ts';
import { FOLL_GET } from '../../mm/gup/flags.ts';
import type { Gup } from '../../mm/gup/index.ts';
import type { WaitingLookup } from '../../mm/lock/waiting-lookup.ts';
import { EFAULT, EINTR, EINVAL, type MmCore } from '../../mm/mm-core.ts';
import { PTE_PRESENT, ptePfn } from '../../mm/page-table.ts';
import { ZERO_PFN } from '../../mm/pages.ts';
import { VM_SHADOW_STACK } from '../../mm/structs.ts';
import type { X86Fault } from './fault.ts';

const FILE = 'arch/x86/kernel/shstk.c';

/** How an edition's sigreturn makes sure that what it reads is a shadow stack, and stays one while it is read. */
export type ShadowStack =
  /** 6.6 to 7.0: only at the start of a page, under mmap_lock, which the fault of the read itself may want as well. */
  | 'mmap_lock'
  /** Stable kernels of that age: always, and the page is read without a fault (get_user_pages under mmap_lock). */
  | 'gup'
  /** 7.1: looked up under mmap_lock, read without it, and all over again if a writer came in between. */
  | 'mm_seqcount'
  /** The series, first version: read with the VMA locked by the helper that waits for writers. */
  | 'waiting_lookup';

export interface PopParts {
  readonly x86: X86Fault;
  readonly find: FindVma;
  readonly gup: Gup;
  readonly lookup: WaitingLookup | undefined;
}

/** `(mm, page, aligned) -> 0 or -errno`: reads the entry that signal delivery left; `aligned` says that it is the first of its page. */
export function popSigframe(c: MmCore, how: ShadowStack, p: PopParts): Routine {
  const { b, VMA, mmap, lock, pt } = c;
  const { x86, find, gup } = p;
  const { vm_flags } = VMA.at;
  const mmOf = (k: Exec) => k.peek(k.task + TASK.at.mm);
  const declaration = { file: FILE, signature: '(ssp) -> int' };
  const isShadowStack = (k: Exec, vma: number) =>
    vma !== 0 && (k.load(vma + vm_flags) & VM_SHADOW_STACK) !== 0;

  /** `(page) -> 0 or -errno`: reads it as any user memory; a page of zeroes has no mark in it. */
  const get_shstk_data = b.add(
    routine('get_shstk_data', ['page'], (v) => ({
      get_user(k) {
        const pte = pt.walk(k, mmOf(k), k.get(v.page));
        if (!(pte & PTE_PRESENT)) return;
        k.work(W.user_access);
        return k.ret(ptePfn(pte) === ZERO_PFN ? -EINVAL : 0);
      },
      asm_exc_page_fault(k) {
        k.work(W.exception_entry);
        return k.call(x86.do_user_addr_fault, mmOf(k), k.get(v.page), 0);
      },
      ex_handler_uaccess: (k) => (k.result() === 0 ? 'get_user' : k.ret(-EFAULT)),
    })),
  );

  switch (how) {
    case 'mmap_lock':
      return b.fn(
        declaration,
        routine('shstk_pop_sigframe', ['mm', 'page', 'need_to_check_vma', 'ret'], (v) => ({
          mmap_read_lock_killable(k) {
            if (k.get(v.need_to_check_vma) === 0) return 'get_shstk_data';
            return k.call(mmap.mmap_read_lock_killable, k.get(v.mm));
          },
          locked(k) {
            if (k.result() !== 0) return k.ret(-EINTR);
          },
          get_shstk_data: (k) => k.call(get_shstk_data, k.get(v.page)),
          got(k) {
            k.set(v.ret, k.result());
            if (k.get(v.need_to_check_vma) === 0) return k.ret(k.result());
            if (k.result() !== 0) return 'mmap_read_unlock';
          },
          find_vma: (k) => k.call(find.find_vma, k.get(v.mm), k.get(v.page)),
          check_vma(k) {
            if (!isShadowStack(k, k.result())) k.set(v.ret, -EFAULT);
          },
          mmap_read_unlock: (k) => k.call(mmap.mmap_read_unlock, k.get(v.mm)),
          done: (k) => k.ret(k.get(v.ret)),
        })),
      );
    case 'gup':
      return b.fn(
        declaration,
        routine('shstk_pop_sigframe', ['mm', 'page', 'aligned', 'ret'], (v) => ({
          mmap_read_lock_killable: (k) => k.call(mmap.mmap_read_lock_killable, k.get(v.mm)),
          locked(k) {
            if (k.result() !== 0) return k.ret(-EINTR);
          },
          get_user_pages: (k) =>
            k.call(gup.__get_user_pages, k.get(v.mm), k.get(v.page), 1, FOLL_GET, 0),
          got(k) {
            if (k.result() > 0) {
              k.set(v.ret, gup.pinned(k, 0) === ZERO_PFN ? -EINVAL : 0);
              gup.unpin(k, 1);
            } else k.set(v.ret, -EFAULT);
            if (k.get(v.ret) !== 0) return 'mmap_read_unlock';
          },
          find_vma: (k) => k.call(find.find_vma, k.get(v.mm), k.get(v.page)),
          check_vma(k) {
            if (!isShadowStack(k, k.result())) k.set(v.ret, -EFAULT);
          },
          mmap_read_unlock: (k) => k.call(mmap.mmap_read_unlock, k.get(v.mm)),
          done: (k) => k.ret(k.get(v.ret)),
        })),
      );
    case 'mm_seqcount':
      return sequenceLoop();
    case 'waiting_lookup':
      return waiting();
  }

  function sequenceLoop(): Routine {
    const { speculate } = lock;
    if (speculate === undefined) throw new RangeError('this edition has no sequence of writers');
    const moved = b.fallback({
      site: 'shstk_pop_sigframe:mmap_lock_speculate_retry',
      file: FILE,
      caller: 'shstk_pop_sigframe',
      tries: 'mmap_lock_speculate_retry',
      trigger: 'a writer came while user memory was read',
      fallback: 'mmap_read_lock_killable and the same once more',
    });
    return b.fn(
      declaration,
      routine('shstk_pop_sigframe', ['mm', 'page', 'aligned', 'seq', 'valid'], (v) => ({
        mmap_read_lock_killable: (k) => k.call(mmap.mmap_read_lock_killable, k.get(v.mm)),
        locked(k) {
          if (k.result() !== 0) return k.ret(-EINTR);
        },
        find_vma: (k) => k.call(find.find_vma, k.get(v.mm), k.get(v.page)),
        check_vma(k) {
          k.set(v.valid, isShadowStack(k, k.result()) ? 1 : 0);
        },
        // With mmap_lock held no writer can be there: it always begins.
        mmap_lock_speculate_try_begin: (k) => k.call(speculate.try_begin, k.get(v.mm)),
        mmap_read_unlock(k) {
          k.set(v.seq, k.result() - 1);
          return k.call(mmap.mmap_read_unlock, k.get(v.mm));
        },
        get_shstk_data(k) {
          if (k.get(v.valid) === 0) return k.ret(-EINVAL);
          return k.call(get_shstk_data, k.get(v.page));
        },
        got(k) {
          if (k.result() !== 0) return k.ret(k.result());
          return k.call(speculate.retry, k.get(v.mm), k.get(v.seq));
        },
        retry(k) {
          if (k.result() === 0) return k.ret(0);
          k.count(moved);
          return 'mmap_read_lock_killable';
        },
      })),
    );
  }

  function waiting(): Routine {
    const { lookup } = p;
    if (lookup === undefined) throw new RangeError('this edition has no waiting lookup');
    return b.fn(
      declaration,
      routine('shstk_pop_sigframe', ['mm', 'page', 'aligned', 'vma', 'ret'], (v) => ({
        lookup: (k) => k.call(lookup.routine, k.get(v.mm), k.get(v.page)),
        found(k) {
          k.set(v.vma, k.result());
          if (k.result() === 0) return k.ret(-EFAULT);
        },
        check_vma(k) {
          k.set(v.ret, -EFAULT);
          if (!isShadowStack(k, k.get(v.vma))) return 'vma_end_read';
        },
        // A fault here wants mmap_lock while the VMA is held.
        get_shstk_data: (k) => k.call(get_shstk_data, k.get(v.page)),
        got(k) {
          k.set(v.ret, k.result());
        },
        vma_end_read: (k) => k.call(lock.vma_end_read, k.get(v.vma)),
        done: (k) => k.ret(k.get(v.ret)),
      })),
    );
  }
}
