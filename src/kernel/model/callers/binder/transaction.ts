/** What a transaction does to the receiver's buffer: takes room in it, installs what is missing, and gives it back. After drivers/android/binder_alloc.c. */
import { type Exec, type Routine, routine } from '../../machine/index.ts';
import { EINVAL, type MmCore } from '../../mm/mm-core.ts';
import { transfer } from '../../mm/transfer.ts';
import { spinLock, spinUnlock } from '../../sync/spinlock.ts';
import type { BinderAlloc } from './alloc.ts';
import { ESRCH, FILE } from './insert.ts';

export interface Transaction {
  /** `(mm, address) -> 0 or -errno`: a transaction whose data lie in that page of the buffer. */
  readonly binder_alloc_new_buf: Routine;
  /** `(mm, address) -> 0 or -EINVAL`: the receiver is through with it (BC_FREE_BUFFER). */
  readonly binder_alloc_free_buf: Routine;
}

/** @param install `(alloc, index) -> 0 or -errno` */
export function binderTransaction(c: MmCore, binder: BinderAlloc, install: Routine): Transaction {
  const { b } = c;
  const { at, lru_lock } = binder;

  const binder_alloc_free_buf = b.fn(
    { file: FILE, signature: '(alloc, buffer)' },
    routine('binder_alloc_free_buf', ['mm', 'address', 'alloc', 'index'], (v) => ({
      find_buffer(k) {
        const alloc = binder.of(k.get(v.mm));
        k.set(v.alloc, alloc);
        k.access(alloc + at.vm_start, 0);
        k.set(v.index, binder.indexOf(k, alloc, k.get(v.address)));
        if (k.get(v.index) < 0) return k.ret(-EINVAL);
      },
      mutex_lock: (k) => spinLock(k, k.get(v.alloc) + at.mutex),
      check_in_use(k) {
        const word = k.get(v.alloc) + at.in_use + k.get(v.index);
        if (k.load(word) === 0) return 'not_in_use';
        k.poke(word, 0);
      },
      lock_lru: (k) => spinLock(k, lru_lock),
      binder_lru_freelist_add(k) {
        k.access(lru_lock, 1);
        binder.lruAdd(k, k.get(v.alloc), k.get(v.index));
      },
      unlock_lru(k) {
        spinUnlock(k, lru_lock);
      },
      mutex_unlock(k) {
        spinUnlock(k, k.get(v.alloc) + at.mutex);
        return k.ret(0);
      },
      not_in_use(k) {
        spinUnlock(k, k.get(v.alloc) + at.mutex);
        return k.ret(-EINVAL);
      },
    })),
  );

  /** The sender's data: what the task itself would store. */
  const copy_user_to_buffer = (k: Exec, alloc: number, index: number) =>
    transfer(c, k, k.peek(alloc + at.pages + index), 1);

  const binder_alloc_new_buf = b.fn(
    {
      file: FILE,
      signature: '(alloc, data_size, offsets_size, extra_buffers_size, is_async) -> buffer',
    },
    routine('binder_alloc_new_buf', ['mm', 'address', 'alloc', 'index', 'ret'], (v) => ({
      binder_alloc_is_mapped(k) {
        const alloc = binder.of(k.get(v.mm));
        k.set(v.alloc, alloc);
        k.set(v.index, binder.indexOf(k, alloc, k.get(v.address)));
        if (!binder.isMapped(k, alloc) || k.get(v.index) < 0) return k.ret(-ESRCH);
      },
      mutex_lock: (k) => spinLock(k, k.get(v.alloc) + at.mutex),
      lock_lru: (k) => spinLock(k, lru_lock),
      binder_lru_freelist_del(k) {
        k.access(lru_lock, 1);
        binder.lruDel(k, k.get(v.alloc), k.get(v.index));
      },
      unlock_lru(k) {
        spinUnlock(k, lru_lock);
      },
      binder_insert_allocated_buffer(k) {
        k.store(k.get(v.alloc) + at.in_use + k.get(v.index), 1);
      },
      mutex_unlock(k) {
        spinUnlock(k, k.get(v.alloc) + at.mutex);
      },
      // binder_install_buffer_pages
      binder_get_installed_page(k) {
        if (k.load(k.get(v.alloc) + at.pages + k.get(v.index)) !== 0) {
          copy_user_to_buffer(k, k.get(v.alloc), k.get(v.index));
          return k.ret(0);
        }
        return k.call(install, k.get(v.alloc), k.get(v.index));
      },
      installed(k) {
        k.set(v.ret, k.result());
        if (k.result() === 0) {
          copy_user_to_buffer(k, k.get(v.alloc), k.get(v.index));
          return k.ret(0);
        }
        return k.call(binder_alloc_free_buf, k.get(v.mm), k.get(v.address));
      },
      failed: (k) => k.ret(k.get(v.ret)),
    })),
  );
  return { binder_alloc_new_buf, binder_alloc_free_buf };
}
