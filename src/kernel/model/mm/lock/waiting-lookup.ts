/**
 * The lookup that waits for writers instead of giving up, as the 2026 series proposes it: in its first version ("mm: Make per-VMA
 * locks available in all builds") mmap_lock is taken to wait and the lookup tried again; in its second ("mm: Unconditional
 * per-VMA locks and cleanups") the reference is taken under mmap_lock.
 */

import type { KernelBuilder } from '../../kernel-builder.ts';
import { type Routine, routine } from '../../machine/index.ts';
import type { RwsemRoutines } from '../../sync/rwsem/index.ts';
import type { MmapLock } from '../mmap-lock.ts';
import type { mmStruct } from '../structs.ts';
import type { VmaTree } from '../vma-tree.ts';
import type { RefcountVmaLock } from './refcount-vma-lock.ts';

/** What the lookup does when the fast one gives nothing. */
export type SlowPath =
  /** First version: waits for mmap_lock, sees whether a VMA is there, and tries again. */
  | 'retry'
  /** The same, giving up on a fatal signal. */
  | 'retry-killable'
  /** Second version as posted: uses the NULL of the fast path. */
  | 'as-posted'
  /** Second version with the VMA looked up under mmap_lock. */
  | 'vma_lookup'
  /** The same, giving up on a fatal signal. */
  | 'vma_lookup-killable';

export interface WaitingLookup {
  /** `(mm, address) -> vma, 0 or, if it can be killed, -EINTR`, read-locked; mmap_lock is not held afterwards. */
  readonly routine: Routine;
}

export interface WaitingLookupParts {
  readonly MM: ReturnType<typeof mmStruct>;
  readonly rw: RwsemRoutines;
  readonly mmap: MmapLock;
  readonly lock: Pick<RefcountVmaLock, 'lock_vma_under_rcu' | 'vma_start_read_locked'>;
  readonly tree: VmaTree;
}

export function waitingLookup(b: KernelBuilder, p: WaitingLookupParts, slow: SlowPath) {
  const killable = slow === 'retry-killable' || slow === 'vma_lookup-killable';
  const make = slow === 'retry' || slow === 'retry-killable' ? retrying : referencing;
  const declaration = {
    file: 'mm/mmap_lock.c',
    signature: `(mm, address) -> vma${killable ? ', NULL or -EINTR' : ' or NULL'}`,
  };
  return { routine: b.fn(declaration, make(p, slow, killable)) };
}

/** mmap_lock is used to wait for writers, for nothing else; another may have come before the VMA is tried again. */
function retrying(p: WaitingLookupParts, _slow: SlowPath, killable: boolean): Routine {
  const { mmap, lock, tree } = p;
  const readLock = killable ? mmap.mmap_read_lock_killable : mmap.mmap_read_lock;
  return routine('lock_vma_under_rcu_wait', ['mm', 'address', 'vma'], (v) => ({
    lock_vma_under_rcu: (k) => k.call(lock.lock_vma_under_rcu, k.get(v.mm), k.get(v.address)),
    got_it(k) {
      if (k.result() !== 0) return k.ret(k.result());
    },
    mmap_read_lock: (k) => k.call(readLock, k.get(v.mm)),
    locked(k) {
      if (killable && k.result() !== 0) return k.ret(k.result());
    },
    vma_lookup(k) {
      k.set(v.vma, tree.walk(k, k.get(v.mm), k.get(v.address)));
    },
    mmap_read_unlock: (k) => k.call(mmap.mmap_read_unlock, k.get(v.mm)),
    retry: (k) => (k.get(v.vma) === 0 ? k.ret(0) : 'lock_vma_under_rcu'),
  }));
}

/** No writer can exist under mmap_lock, so the reference cannot be refused but for a full count. */
function referencing(p: WaitingLookupParts, slow: SlowPath, killable: boolean): Routine {
  const { MM, rw, mmap, lock, tree } = p;
  const { mmap_lock } = MM.at;
  return routine('vma_start_read_unlocked', ['mm', 'address', 'vma'], (v) => ({
    lock_vma_under_rcu: (k) => k.call(lock.lock_vma_under_rcu, k.get(v.mm), k.get(v.address)),
    got_it(k) {
      k.set(v.vma, k.result());
      if (k.result() !== 0) return k.ret(k.result());
    },
    // guard(rwsem_read): the semaphore itself, past the mmap_lock wrappers and their trace points. No guard can be killed.
    guard_rwsem_read: (k) =>
      killable
        ? k.call(mmap.mmap_read_lock_killable, k.get(v.mm))
        : k.call(rw.down_read, k.get(v.mm) + mmap_lock),
    vma_lookup(k) {
      if (killable && k.result() !== 0) return k.ret(k.result());
      if (slow === 'as-posted') return;
      k.set(v.vma, tree.walk(k, k.get(v.mm), k.get(v.address)));
      if (k.get(v.vma) === 0) return 'unlock';
    },
    vma_start_read_locked: (k) => k.call(lock.vma_start_read_locked, k.get(v.vma)),
    started(k) {
      if (k.result() === 0) k.set(v.vma, 0);
    },
    unlock: (k) =>
      killable
        ? k.call(mmap.mmap_read_unlock, k.get(v.mm))
        : k.call(rw.up_read, k.get(v.mm) + mmap_lock),
    done: (k) => k.ret(k.get(v.vma)),
  }));
}
