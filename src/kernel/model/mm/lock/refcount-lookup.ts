/**
 * Finding and read-locking a VMA without mmap_lock where the lock is a reference count. VMAs come from a SLAB_TYPESAFE_BY_RCU
 * cache, so the one found may be reused for another mm by the time its reference is taken; who looks at that has changed.
 * After include/linux/mm.h and mm/memory.c of 6.15, and mm/mmap_lock.c of 7.0.
 */
import type { KernelBuilder } from '../../kernel-builder.ts';
import { inFrame, type Routine, routine } from '../../machine/index.ts';
import type { Rcu } from '../../sync/rcu.ts';
import type { mmStruct, vmaStruct } from '../structs.ts';
import type { VmaTree } from '../vma-tree.ts';
import type { LockFiles } from './lock-files.ts';
import { countVmaLock, type VmaLockStats } from './vma-lock.ts';

const EAGAIN = 11;

/**
 * Who looks whether a VMA was reused for another mm: up to 6.16 lock_vma_under_rcu, under the RCU section it entered; later
 * vma_start_read itself, which leaves the section when it fails.
 */
export type ReuseCheck = 'lock_vma_under_rcu' | 'vma_start_read';

export interface RefcountLookupParts {
  readonly MM: ReturnType<typeof mmStruct>;
  readonly VMA: ReturnType<typeof vmaStruct>;
  readonly rcu: Rcu;
  readonly tree: VmaTree;
  readonly stats: VmaLockStats | undefined;
  readonly files: LockFiles;
  /** Largest count a reader may make. */
  readonly limit: number;
  readonly vma_refcount_put: Routine;
  readonly vma_end_read: Routine;
}

export interface RefcountLookup {
  /** `(mm, vma) -> vma, 0 or -EAGAIN`: read-locks under RCU; -EAGAIN when the VMA is detached. */
  readonly vma_start_read: Routine;
  /** `(mm, address) -> vma or 0`. */
  readonly lock_vma_under_rcu: Routine;
}

const SIGNATURES = {
  start: '(mm, vma) -> vma, NULL or -EAGAIN',
  lookup: '(mm, address) -> vma or NULL',
};

export function refcountLookup(
  b: KernelBuilder,
  p: RefcountLookupParts,
  check: ReuseCheck,
): RefcountLookup {
  return check === 'vma_start_read' ? startReadChecks(b, p) : lookupChecks(b, p);
}

/** Since 6.17: vma_start_read keeps RCU on success only. */
function startReadChecks(b: KernelBuilder, p: RefcountLookupParts): RefcountLookup {
  const { MM, VMA, rcu, tree, stats, vma_refcount_put, limit } = p;
  const mmSeq = MM.at.mm_lock_seq;
  const { vm_mm, vm_start, vm_end, vm_refcnt, vm_lock_seq } = VMA.at;
  const file = p.files.code;

  const vma_start_read = b.fn(
    { file, signature: SIGNATURES.start },
    routine('vma_start_read', ['mm', 'vma', 'seq', 'old'], (v) => ({
      read_vm_lock_seq(k) {
        k.set(v.seq, k.load(k.get(v.vma) + vm_lock_seq));
      },
      check_mm_lock_seq(k) {
        if (k.load(k.get(v.mm) + mmSeq) === k.get(v.seq)) return 'busy';
      },
      read_refcnt(k) {
        k.set(v.old, k.load(k.get(v.vma) + vm_refcnt));
      },
      inc_not_zero_limited(k) {
        const old = k.get(v.old);
        if (old === 0) return 'detached';
        if (old + 1 > limit) return 'busy';
        const seen = k.cmpxchg(k.get(v.vma) + vm_refcnt, old, old + 1);
        if (seen !== old) {
          k.set(v.old, seen);
          return 'inc_not_zero_limited';
        }
      },
      check_vm_mm(k) {
        if (k.load(k.get(v.vma) + vm_mm) !== k.get(v.mm)) return 'put_reused';
      },
      reread_vm_lock_seq(k) {
        k.set(v.seq, k.load(k.get(v.vma) + vm_lock_seq));
      },
      recheck_mm_lock_seq(k) {
        if (k.load(k.get(v.mm) + mmSeq) === k.get(v.seq)) return 'put_write_locked';
        return k.ret(k.get(v.vma));
      },
      put_write_locked: inFrame((k) => k.callThen('busy', vma_refcount_put, k.get(v.vma))),
      put_reused: inFrame((k) => k.call(vma_refcount_put, k.get(v.vma))),
      busy(k) {
        rcu.readUnlock(k);
        return k.ret(0);
      },
      detached(k) {
        rcu.readUnlock(k);
        return k.ret(-EAGAIN);
      },
    })),
  );

  const lock_vma_under_rcu = b.fn(
    { file, signature: SIGNATURES.lookup },
    routine('lock_vma_under_rcu', ['mm', 'address', 'vma'], (v) => ({
      rcu_read_lock(k) {
        rcu.readLock(k);
      },
      mas_walk(k) {
        const vma = tree.walk(k, k.get(v.mm), k.get(v.address));
        k.set(v.vma, vma);
        if (vma === 0) return 'inval_rcu';
      },
      vma_start_read: inFrame((k) => k.call(vma_start_read, k.get(v.mm), k.get(v.vma))),
      started(k) {
        if (k.result() === 0) return 'inval';
        if (k.result() === -EAGAIN) return 'miss';
        rcu.readUnlock(k);
      },
      check_range(k) {
        const vma = k.get(v.vma);
        const address = k.get(v.address);
        if (address < k.load(vma + vm_start) || address >= k.peek(vma + vm_end)) {
          return 'inval_end_read';
        }
        return k.ret(vma);
      },
      miss(k) {
        countVmaLock(k, stats, 'vma_lock_miss');
        return 'rcu_read_lock';
      },
      inval_end_read: inFrame((k) => k.callThen('inval', p.vma_end_read, k.get(v.vma))),
      inval_rcu(k) {
        rcu.readUnlock(k);
      },
      inval(k) {
        countVmaLock(k, stats, 'vma_lock_abort');
        return k.ret(0);
      },
    })),
  );
  return { vma_start_read, lock_vma_under_rcu };
}

/** 6.15 and 6.16: RCU is the caller's, held whatever vma_start_read gives. */
function lookupChecks(b: KernelBuilder, p: RefcountLookupParts): RefcountLookup {
  const { MM, VMA, rcu, tree, stats, vma_refcount_put, limit } = p;
  const mmSeq = MM.at.mm_lock_seq;
  const { vm_mm, vm_start, vm_end, vm_refcnt, vm_lock_seq } = VMA.at;

  const vma_start_read = b.fn(
    { file: p.files.header, signature: SIGNATURES.start },
    routine('vma_start_read', ['mm', 'vma', 'seq', 'old'], (v) => ({
      read_vm_lock_seq(k) {
        k.set(v.seq, k.load(k.get(v.vma) + vm_lock_seq));
      },
      check_mm_lock_seq(k) {
        if (k.load(k.get(v.mm) + mmSeq) === k.get(v.seq)) return k.ret(0);
      },
      read_refcnt(k) {
        k.set(v.old, k.load(k.get(v.vma) + vm_refcnt));
      },
      inc_not_zero_limited(k) {
        const old = k.get(v.old);
        if (old === 0) return k.ret(-EAGAIN);
        if (old + 1 > limit) return k.ret(0);
        const seen = k.cmpxchg(k.get(v.vma) + vm_refcnt, old, old + 1);
        if (seen !== old) {
          k.set(v.old, seen);
          return 'inc_not_zero_limited';
        }
      },
      reread_vm_lock_seq(k) {
        k.set(v.seq, k.load(k.get(v.vma) + vm_lock_seq));
      },
      // Of the mm that was asked for: of a VMA reused in another it says nothing, so the caller looks again.
      recheck_mm_lock_seq(k) {
        if (k.load(k.get(v.mm) + mmSeq) !== k.get(v.seq)) return k.ret(k.get(v.vma));
      },
      put_write_locked: inFrame((k) => k.call(vma_refcount_put, k.get(v.vma))),
      busy: inFrame((k) => k.ret(0)),
    })),
  );

  const lock_vma_under_rcu = b.fn(
    { file: p.files.code, signature: SIGNATURES.lookup },
    routine('lock_vma_under_rcu', ['mm', 'address', 'vma'], (v) => ({
      rcu_read_lock(k) {
        rcu.readLock(k);
      },
      mas_walk(k) {
        const vma = tree.walk(k, k.get(v.mm), k.get(v.address));
        k.set(v.vma, vma);
        if (vma === 0) return 'inval';
      },
      vma_start_read: inFrame((k) => k.call(vma_start_read, k.get(v.mm), k.get(v.vma))),
      started: inFrame((k) => {
        if (k.result() === 0) return 'inval';
        if (k.result() === -EAGAIN) return 'miss';
      }),
      check_vm_mm(k) {
        if (k.load(k.get(v.vma) + vm_mm) !== k.get(v.mm)) return 'inval_end_read';
      },
      check_range(k) {
        const vma = k.get(v.vma);
        const address = k.get(v.address);
        if (address < k.load(vma + vm_start) || address >= k.peek(vma + vm_end)) {
          return 'inval_end_read';
        }
      },
      rcu_read_unlock(k) {
        rcu.readUnlock(k);
        return k.ret(k.get(v.vma));
      },
      miss(k) {
        countVmaLock(k, stats, 'vma_lock_miss');
        return 'mas_walk';
      },
      inval_end_read: inFrame((k) => k.call(p.vma_end_read, k.get(v.vma))),
      inval(k) {
        rcu.readUnlock(k);
        countVmaLock(k, stats, 'vma_lock_abort');
        return k.ret(0);
      },
    })),
  );
  return { vma_start_read, lock_vma_under_rcu };
}
