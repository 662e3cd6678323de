/**
 * The lookup that waits for writers instead of giving up, as the 2026 series "mm: Unconditional per-VMA locks and cleanups"
 * proposes it in its second version: try without mmap_lock, else take the reference under mmap_lock held for reading.
 */

import type { KernelBuilder } from '../../kernel-builder.ts';
import { type Routine, routine } from '../../machine/index.ts';
import type { RwsemRoutines } from '../../sync/rwsem/index.ts';
import type { mmStruct } from '../structs.ts';
import type { VmaTree } from '../vma-tree.ts';
import type { RefcountVmaLock } from './refcount-vma-lock.ts';
import { bug } from './vma-lock.ts';

/** Whether the slow path looks the VMA up, or, as posted, uses the NULL the fast path gave. */
export type SlowPathLookup = 'as-posted' | 'vma_lookup';

export interface WaitingLookup {
  /** `(mm, address) -> vma or 0`, read-locked; mmap_lock is not held afterwards. */
  readonly routine: Routine;
}

export function vmaStartReadUnlocked(
  b: KernelBuilder,
  MM: ReturnType<typeof mmStruct>,
  rw: RwsemRoutines,
  lock: RefcountVmaLock,
  tree: VmaTree,
  slowPath: SlowPathLookup,
): WaitingLookup {
  const { mmap_lock } = MM.at;
  const r = b.fn(
    { file: 'mm/mmap_lock.c', signature: '(mm, address) -> vma or NULL' },
    routine('vma_start_read_unlocked', ['mm', 'address', 'vma'], (v) => ({
      lock_vma_under_rcu: (k) => k.call(lock.lock_vma_under_rcu, k.get(v.mm), k.get(v.address)),
      got_it(k) {
        k.set(v.vma, k.result());
        if (k.result() !== 0) return k.ret(k.result());
      },
      // guard(rwsem_read): the semaphore itself, past the mmap_lock wrappers and their trace points.
      guard_rwsem_read: (k) => k.call(rw.down_read, k.get(v.mm) + mmap_lock),
      vma_lookup(k) {
        if (slowPath === 'as-posted') return;
        k.set(v.vma, tree.walk(k, k.get(v.mm), k.get(v.address)));
        if (k.get(v.vma) === 0) return 'unlock';
      },
      vma_start_read_locked(k) {
        if (k.get(v.vma) === 0) bug(k, 'NULL pointer dereference: vm_refcnt of no VMA');
        return k.call(lock.vma_start_read_locked, k.get(v.vma));
      },
      started(k) {
        if (k.result() === 0) k.set(v.vma, 0);
      },
      unlock: (k) => k.call(rw.up_read, k.get(v.mm) + mmap_lock),
      done: (k) => k.ret(k.get(v.vma)),
    })),
  );
  return { routine: r };
}
