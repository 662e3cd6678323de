/** The lookups of a question as routines of a built kernel. */
import { SLOW_PATHS } from '../lookup-variants.ts';
import { type Exec, type Routine, routine } from '../model/index.ts';
import type { Internals } from '../model/kernel.ts';
import { FAULT_FLAG_USER, FAULT_FLAG_WRITE } from '../model/mm/fault-flags.ts';
import { type SlowPath, waitingLookup } from '../model/mm/lock/waiting-lookup.ts';
import type { SubjectName } from './question.ts';
import type { LookupCalls } from './scripts.ts';

/** Name each waiting lookup has in the kernel. */
const NAMES: Record<SlowPath, string> = {
  retry: 'lock_vma_under_rcu_wait',
  'retry-killable': 'lock_vma_under_rcu_wait',
  'as-posted': 'vma_start_read_unlocked',
  vma_lookup: 'vma_start_read_unlocked',
  'vma_lookup-killable': 'vma_start_read_unlocked',
};

/** Whether the current thread holds the mmap_lock of an mm. */
export type HoldsMmapLock = (k: Exec, mm: number) => boolean;

/** Registers the script-side routines of a lookup. Only before an executor is made. */
export function lookupCalls(
  m: Internals & { readonly routines: readonly Routine[] },
  lookup: SubjectName,
  holdsMmapLock: HoldsMmapLock,
): LookupCalls {
  if (lookup === 'fault') return pageFault(m);
  const slow = SLOW_PATHS[lookup];
  if (slow !== undefined) {
    const found = m.routines.find((r) => r.name === NAMES[slow]);
    return { lookup: found ?? addWaiting(m, slow), release: endRead(m) };
  }
  return lookup === 'classic' ? classic(m, holdsMmapLock) : underMmapLock(m);
}

/** `(mm, vma)`: read-unlocks the VMA. */
function endRead({ core: { b, lock } }: Internals): Routine {
  return b.add(
    routine('release_vma', ['mm', 'vma'], (v) => ({
      vma_end_read: (k) => k.call(lock.vma_end_read, k.get(v.vma)),
      done: (k) => k.ret(),
    })),
  );
}

/** The waiting lookup over a semaphore, which no edition has: its VMA is read-locked under mmap_lock by down_read (mm.h of 6.4, userfaultfd). */
function addWaiting({ core }: Internals, slow: SlowPath): Routine {
  const { b, lock, lockKind, rw, VMA } = core;
  if (lockKind !== 'rwsem')
    throw new RangeError(`no ${NAMES[slow]} on a kernel with ${lockKind} VMA locks`);
  const vma_start_read_locked = b.add(
    routine('vma_start_read_locked', ['vma'], (v) => ({
      down_read: (k) => k.call(rw.down_read, k.get(v.vma) + VMA.at.vm_lock),
      done: (k) => k.ret(1),
    })),
  );
  return waitingLookup(b, { ...core, lock: { ...lock, vma_start_read_locked } }, slow).routine;
}

/** A write of user space. Nothing of it is left when it returns, so that it gives no VMA. */
function pageFault(m: Internals & { readonly routines: readonly Routine[] }): LookupCalls {
  const { b } = m.core;
  const do_user_addr_fault = m.routines.find((r) => r.name === 'do_user_addr_fault');
  if (do_user_addr_fault === undefined) throw new RangeError('no page faults on this kernel');
  const lookup = b.add(
    routine('user_write', ['mm', 'address'], (v) => ({
      do_user_addr_fault(k) {
        const flags = FAULT_FLAG_USER | FAULT_FLAG_WRITE;
        return k.call(do_user_addr_fault, k.get(v.mm), k.get(v.address), flags);
      },
      done: (k) => k.ret(0),
    })),
  );
  return { lookup, release: endRead(m) };
}

/** As lock_vma_under_rcu's callers do it: what it does not give is looked up, and used, under mmap_lock. */
function classic({ core }: Internals, holdsMmapLock: HoldsMmapLock): LookupCalls {
  const { b, lock, mmap, tree } = core;
  const lookup = b.add(
    routine('lookup_with_fallback', ['mm', 'address', 'vma'], (v) => ({
      lock_vma_under_rcu: (k) => k.call(lock.lock_vma_under_rcu, k.get(v.mm), k.get(v.address)),
      got_it(k) {
        if (k.result() !== 0) return k.ret(k.result());
      },
      mmap_read_lock: (k) => k.call(mmap.mmap_read_lock, k.get(v.mm)),
      vma_lookup(k) {
        k.set(v.vma, tree.walk(k, k.get(v.mm), k.get(v.address)));
        if (k.get(v.vma) !== 0) return k.ret(k.get(v.vma));
      },
      mmap_read_unlock: (k) => k.call(mmap.mmap_read_unlock, k.get(v.mm)),
      done: (k) => k.ret(0),
    })),
  );
  const release = b.add(
    routine('release_vma_or_mmap_lock', ['mm', 'vma'], (v) => ({
      // The caller knows which it has; here the executor does.
      which: (k) => (holdsMmapLock(k, k.get(v.mm)) ? 'mmap_read_unlock' : 'vma_end_read'),
      vma_end_read: (k) => k.callThen('done', lock.vma_end_read, k.get(v.vma)),
      mmap_read_unlock: (k) => k.call(mmap.mmap_read_unlock, k.get(v.mm)),
      done: (k) => k.ret(),
    })),
  );
  return { lookup, release };
}

function underMmapLock({ core }: Internals): LookupCalls {
  const { b, mmap, tree } = core;
  const lookup = b.add(
    routine('lookup_under_mmap_lock', ['mm', 'address', 'vma'], (v) => ({
      mmap_read_lock: (k) => k.call(mmap.mmap_read_lock, k.get(v.mm)),
      vma_lookup(k) {
        k.set(v.vma, tree.walk(k, k.get(v.mm), k.get(v.address)));
        if (k.get(v.vma) !== 0) return k.ret(k.get(v.vma));
      },
      mmap_read_unlock: (k) => k.call(mmap.mmap_read_unlock, k.get(v.mm)),
      done: (k) => k.ret(0),
    })),
  );
  const release = b.add(
    routine('release_mmap_lock', ['mm', 'vma'], (v) => ({
      mmap_read_unlock: (k) => k.call(mmap.mmap_read_unlock, k.get(v.mm)),
      done: (k) => k.ret(),
    })),
  );
  return { lookup, release };
}
