/** Futexes, as far as they touch user memory: the key of a futex, and looking at its value. After kernel/futex/core.c and waitwake.c. */
import { type Routine, routine, TASK, W } from '../machine/index.ts';
import { FOLL_WRITE, type Gup } from '../mm/gup/index.ts';
import { EAGAIN, EFAULT, type MmCore } from '../mm/mm-core.ts';
import { sysNiSyscall } from '../mm/ni-syscall.ts';
import { PTE_PRESENT } from '../mm/page-table.ts';
import { type FutexAtomic, futexAtomic } from './futex-atomic.ts';
import { futexWakeMpol } from './futex-mpol.ts';

export interface Futex extends FutexAtomic {
  /** `(mm, address) -> 0 or -errno`: FUTEX_WAKE where nobody waits. */
  readonly wake_shared: Routine;
  readonly wake_private: Routine;
  /** `(mm, address) -> -EAGAIN or -errno`: FUTEX_WAIT for a value the futex does not have. */
  readonly wait_shared: Routine;
  readonly wait_private: Routine;
  /** `(mm, address) -> 0 or -errno`: FUTEX2_MPOL, private. */
  readonly wake_mpol: Routine;
}

/**
 * @param copy_from_user `(address) -> 0 or -EFAULT`: loads from user space with faults taken in kernel mode
 * @param mpol whether the edition knows FUTEX2_MPOL
 */
export function futex(c: MmCore, gup: Gup, copy_from_user: Routine, mpol: boolean): Futex {
  const { b, VMA, tree, pt } = c;
  const { vm_file } = VMA.at;
  const MM_OF_TASK = TASK.at.mm;
  const configured = b.enabled('FUTEX');
  const policies = b.enabled('FUTEX_MPOL', configured && mpol);
  if (!configured) {
    const none = sysNiSyscall(b);
    return {
      wake_shared: none,
      wake_private: none,
      wait_shared: none,
      wait_private: none,
      wake_mpol: none,
      wake_op_shared: none,
      wake_op_private: none,
      lock_pi_shared: none,
      lock_pi_private: none,
      unlock_pi_shared: none,
      unlock_pi_private: none,
    };
  }

  /** `(mm, address, write) -> 0 or -errno`: the page behind a shared futex is its key; it must exist, and be writable if it is anonymous or with `write`. */
  const get_futex_key = b.add(
    routine('get_futex_key', ['mm', 'address', 'write'], (v) => ({
      get_user_pages_fast: (k) =>
        k.call(gup.get_user_pages_fast, k.get(v.mm), k.get(v.address), 1, FOLL_WRITE),
      got_writable(k) {
        if (k.result() !== -EFAULT || k.get(v.write)) return 'put_page';
      },
      get_user_pages_fast_ro: (k) =>
        k.call(gup.get_user_pages_fast, k.get(v.mm), k.get(v.address), 1, 0),
      got_readable(k) {
        if (k.result() < 0) return k.ret(k.result());
        gup.unpin(k, k.result());
      },
      check_mapping(k) {
        // An anonymous page that can only be read never changes; only a file's page will do.
        const vma = tree.walk(k, k.get(v.mm), k.get(v.address));
        return k.ret(vma !== 0 && k.peek(vma + vm_file) !== 0 ? 0 : -EFAULT);
      },
      put_page(k) {
        if (k.result() < 0) return k.ret(k.result());
        gup.unpin(k, k.result());
        return k.ret(0);
      },
    })),
  );

  const wake = (name: string, shared: boolean) =>
    b.add(
      routine(name, ['mm', 'address'], (v) => ({
        get_futex_key(k) {
          k.work(W.futex_hash);
          // The address alone is the key of a private one.
          if (shared) return k.call(get_futex_key, k.get(v.mm), k.get(v.address));
          return 'futex_hb_waiters_pending';
        },
        got_key(k) {
          if (k.result() !== 0) return k.ret(k.result());
        },
        futex_hb_waiters_pending: (k) => k.ret(0),
      })),
    );

  const wait = (name: string, shared: boolean) =>
    b.add(
      routine(name, ['mm', 'address'], (v) => ({
        get_futex_key(k) {
          k.work(W.futex_hash);
          if (shared) return k.call(get_futex_key, k.get(v.mm), k.get(v.address));
          return 'futex_get_value_locked';
        },
        got_key(k) {
          if (k.result() !== 0) return k.ret(k.result());
        },
        // With the hash bucket locked: a fault is not handled but ends the attempt.
        futex_get_value_locked(k) {
          const pte = pt.walk(k, k.peek(k.task + MM_OF_TASK), k.get(v.address));
          if (pte & PTE_PRESENT) return k.ret(-EAGAIN);
          k.work(W.exception_entry);
        },
        get_user: (k) => k.call(copy_from_user, k.get(v.address)),
        again: (k) => (k.result() === 0 ? 'get_futex_key' : k.ret(k.result())),
      })),
    );

  return {
    wake_shared: wake('futex_wake', true),
    wake_private: wake('futex_wake_private', false),
    wait_shared: wait('futex_wait', true),
    wait_private: wait('futex_wait_private', false),
    wake_mpol: futexWakeMpol(c, mpol, policies),
    ...futexAtomic(c, gup, get_futex_key, copy_from_user),
  };
}
