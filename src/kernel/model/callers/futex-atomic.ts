/**
 * Futexes the kernel changes by itself: FUTEX_WAKE_OP, and priority-inheriting ones. With the hash bucket locked a fault is not handled but
 * brought about afterwards. After kernel/futex/waitwake.c and pi.c.
 */
import { type Exec, type Routine, routine, TASK, W } from '../machine/index.ts';
import type { Gup } from '../mm/gup/index.ts';
import type { MmCore } from '../mm/mm-core.ts';
import { ptePermits, ptePfn } from '../mm/page-table.ts';
import { storedWord } from '../mm/transfer.ts';

export interface FutexAtomic {
  /** `(mm, address) -> 0 or -errno`: one futex that is woken and changed. */
  readonly wake_op_shared: Routine;
  readonly wake_op_private: Routine;
  /** `(mm, address) -> 0 or -errno`: FUTEX_LOCK_PI of a futex nobody has. */
  readonly lock_pi_shared: Routine;
  readonly lock_pi_private: Routine;
  /** `(mm, address) -> 0 or -errno`: FUTEX_UNLOCK_PI of a futex nobody waits for. */
  readonly unlock_pi_shared: Routine;
  readonly unlock_pi_private: Routine;
}

/** What a call does before it locks the hash bucket, and with it locked. */
interface Call {
  readonly shared: boolean;
  /** Whether it gets a key for which the page need not be writable, too. */
  readonly reads?: boolean;
  /** Whether it loads the value before all, with faults handled. */
  readonly loads?: boolean;
  /** What the futex is changed to, its value now given. */
  readonly changes: (k: Exec, word: number) => number;
}

/**
 * @param get_futex_key `(mm, address, write) -> 0 or -errno`
 * @param copy_from_user `(address) -> 0 or -EFAULT`
 */
export function futexAtomic(
  c: MmCore,
  gup: Gup,
  get_futex_key: Routine,
  copy_from_user: Routine,
): FutexAtomic {
  const { b, pages, pt } = c;
  /** Numbers of tasks begin with 0 here, those in futexes with 1. */
  const tid = (k: Exec) => k.peek(k.task + TASK.at.nr) + 1;
  /** A call that finds another value than it expects leaves it. */
  const taken = (k: Exec, word: number) => (word === 0 ? tid(k) : word);
  const given = (k: Exec, word: number) => (word === tid(k) ? 0 : word);

  const call = (name: string, how: Call): Routine =>
    b.add(
      routine(name, ['mm', 'address'], (v) => ({
        get_user(k) {
          if (how.loads) return k.call(copy_from_user, k.get(v.address));
          return 'retry';
        },
        loaded(k) {
          if (k.result() !== 0) return k.ret(k.result());
        },
        retry(k) {
          k.work(W.futex_hash);
          if (!how.shared) return 'retry_private';
          return how.reads
            ? k.call(get_futex_key, k.get(v.mm), k.get(v.address), 0)
            : 'get_futex_key_write';
        },
        got_key(k) {
          if (k.result() !== 0) return k.ret(k.result());
        },
        get_futex_key_write: (k) => k.call(get_futex_key, k.get(v.mm), k.get(v.address), 1),
        got_key_write(k) {
          if (k.result() !== 0) return k.ret(k.result());
        },
        retry_private(k) {
          const pte = pt.walk(k, k.get(v.mm), k.get(v.address));
          if (ptePermits(pte, 1)) {
            pages.setData(k, ptePfn(pte), how.changes(k, pages.data(k, ptePfn(pte))));
            return k.ret(0);
          }
          k.work(W.exception_entry);
        },
        fault_in_user_writeable: (k) =>
          k.call(gup.fault_in_user_writeable, k.get(v.mm), k.get(v.address)),
        faulted_in(k) {
          if (k.result() !== 0) return k.ret(k.result());
          return how.shared ? 'retry' : 'retry_private';
        },
      })),
    );

  return {
    wake_op_shared: call('futex_wake_op', { shared: true, reads: true, changes: storedWord }),
    wake_op_private: call('futex_wake_op_private', { shared: false, changes: storedWord }),
    lock_pi_shared: call('futex_lock_pi', { shared: true, changes: taken }),
    lock_pi_private: call('futex_lock_pi_private', { shared: false, changes: taken }),
    unlock_pi_shared: call('futex_unlock_pi', { shared: true, loads: true, changes: given }),
    unlock_pi_private: call('futex_unlock_pi_private', {
      shared: false,
      loads: true,
      changes: given,
    }),
  };
}
