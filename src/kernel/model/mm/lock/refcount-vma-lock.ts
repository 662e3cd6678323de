/**
 * The per-VMA lock since 6.15: one reference count. 0 is detached, 1 attached, each reader adds one, and a writer that
 * waits for readers adds a flag that keeps new ones out. VMAs come from a SLAB_TYPESAFE_BY_RCU cache, so a reader that found
 * one under RCU may find it reused, in another mm even, and checks after taking its reference.
 * After mm/mmap_lock.c and include/linux/mmap_lock.h of 7.0.
 */

import type { KernelBuilder } from '../../kernel-builder.ts';
import {
  type Exec,
  type Routine,
  routine,
  TASK,
  TASK_RUNNING,
  TASK_UNINTERRUPTIBLE,
} from '../../machine/index.ts';
import type { Rcu } from '../../sync/rcu.ts';
import type { mmStruct, vmaStruct } from '../structs.ts';
import type { VmaTree } from '../vma-tree.ts';
import { bug, countVmaLock, type VmaLock, type VmaLockStats } from './vma-lock.ts';

const MMAP_LOCK_H = 'include/linux/mmap_lock.h';
const MMAP_LOCK_C = 'mm/mmap_lock.c';
const NEVER_LOCKED = -1;
const EAGAIN = 11;

/** include/linux/mm_types.h: set while a writer or a detacher keeps readers out. */
export const VM_REFCNT_EXCLUDE_READERS_FLAG = 0x4000_0000;
export const VM_REFCNT_LIMIT = VM_REFCNT_EXCLUDE_READERS_FLAG - 1;

export interface RefcountVmaLockParts {
  readonly MM: ReturnType<typeof mmStruct>;
  readonly VMA: ReturnType<typeof vmaStruct>;
  readonly rcu: Rcu;
  readonly tree: VmaTree;
  readonly stats: VmaLockStats | undefined;
}

export interface RefcountVmaLock extends VmaLock {
  /** `(vma) -> 1 or 0`: read-locks under mmap_lock; fails only when the count is full or the VMA detached. */
  readonly vma_start_read_locked: Routine;
  /** `(mm, vma) -> vma, 0 or -EAGAIN`: read-locks under RCU, which is kept on success only; -EAGAIN when the VMA is detached. */
  readonly vma_start_read: Routine;
}

export function refcountVmaLock(b: KernelBuilder, p: RefcountVmaLockParts): RefcountVmaLock {
  const { MM, VMA, rcu, tree, stats } = p;
  const mmSeq = MM.at.mm_lock_seq;
  const writerWait = MM.at.vma_writer_wait;
  const { vm_mm, vm_start, vm_end, vm_refcnt, vm_lock_seq } = VMA.at;
  const STATE = TASK.at.__state;
  const writeLocks = b.event('vma_write_locks');
  const fn = (file: string, signature: string, r: Routine) => b.fn({ file, signature }, r);

  const vma_refcount_put = fn(
    MMAP_LOCK_H,
    '(vma)',
    routine('vma_refcount_put', ['vma', 'mm', 'task'], (v) => ({
      read_vm_mm(k) {
        // Before the decrement: after it the VMA may be gone.
        k.set(v.mm, k.load(k.get(v.vma) + vm_mm));
      },
      dec_refcnt(k) {
        const now = k.fetchAdd(k.get(v.vma) + vm_refcnt, -1) - 1;
        const excluded = now >= VM_REFCNT_EXCLUDE_READERS_FLAG;
        if (!(excluded && now <= VM_REFCNT_EXCLUDE_READERS_FLAG + 1)) return k.ret();
      },
      rcuwait_read_task(k) {
        k.set(v.task, k.load(k.get(v.mm) + writerWait));
        if (k.get(v.task) === 0) return k.ret();
      },
      rcuwait_wake_up(k) {
        k.wake(k.get(v.task));
        return k.ret();
      },
    })),
  );

  /** `(vma, target)`: waits until the count is `target`; readers are excluded, so it only falls. */
  const vma_wait_for_readers = b.add(
    routine('__vma_exclude_readers', ['vma', 'target', 'mm', 'n'], (v) => ({
      add_exclude_flag(k) {
        const vma = k.get(v.vma);
        k.set(v.mm, k.peek(vma + vm_mm));
        const old = k.peek(vma + vm_refcnt);
        // Detached: no reader can come, nothing to wait for.
        if (old === 0) {
          k.set(v.n, k.load(vma + vm_refcnt));
          return k.ret(0);
        }
        k.fetchAdd(vma + vm_refcnt, VM_REFCNT_EXCLUDE_READERS_FLAG);
      },
      rcuwait_set_task(k) {
        k.store(k.get(v.mm) + writerWait, k.task);
      },
      set_current_state(k) {
        k.store(k.task + STATE, TASK_UNINTERRUPTIBLE);
      },
      check_refcnt(k) {
        if (k.load(k.get(v.vma) + vm_refcnt) === k.get(v.target)) return 'set_running';
      },
      schedule: (k) => k.schedule(),
      again: () => 'set_current_state',
      set_running(k) {
        k.store(k.task + STATE, TASK_RUNNING);
      },
      rcuwait_clear_task(k) {
        k.store(k.get(v.mm) + writerWait, 0);
        return k.ret(1);
      },
    })),
  );

  b.inline('__is_vma_write_locked', { file: MMAP_LOCK_H, signature: '(vma) -> bool' });
  const __vma_start_write = fn(
    MMAP_LOCK_C,
    '(vma, state) -> int',
    routine('__vma_start_write', ['vma', 'seq', 'excluded'], (v) => ({
      exclude_readers(k) {
        k.count(writeLocks);
        return k.call(vma_wait_for_readers, k.get(v.vma), VM_REFCNT_EXCLUDE_READERS_FLAG + 1);
      },
      set_vm_lock_seq(k) {
        k.set(v.excluded, k.result());
        k.store(k.get(v.vma) + vm_lock_seq, k.get(v.seq));
        if (k.get(v.excluded) === 0) return k.ret();
      },
      drop_exclude_flag(k) {
        k.fetchAdd(k.get(v.vma) + vm_refcnt, -VM_REFCNT_EXCLUDE_READERS_FLAG);
        return k.ret();
      },
    })),
  );
  const vma_start_write = fn(
    MMAP_LOCK_H,
    '(vma)',
    routine('vma_start_write', ['vma', 'seq'], (v) => ({
      read_mm_lock_seq(k) {
        k.set(v.seq, k.load(k.peek(k.get(v.vma) + vm_mm) + mmSeq));
      },
      check_vm_lock_seq(k) {
        if (k.load(k.get(v.vma) + vm_lock_seq) === k.get(v.seq)) return k.ret();
      },
      start_write: (k) => k.call(__vma_start_write, k.get(v.vma), k.get(v.seq)),
      done: (k) => k.ret(),
    })),
  );

  // Gives the VMA with RCU still held, 0, or -EAGAIN for a detached one; RCU is dropped on failure.
  const vma_start_read = fn(
    MMAP_LOCK_C,
    '(mm, vma) -> vma, NULL or -EAGAIN',
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
        if (old + 1 > VM_REFCNT_LIMIT) return 'busy';
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
      put_write_locked: (k) => k.callThen('busy', vma_refcount_put, k.get(v.vma)),
      put_reused: (k) => k.call(vma_refcount_put, k.get(v.vma)),
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

  const vma_start_read_locked = fn(
    MMAP_LOCK_H,
    '(vma) -> bool',
    routine('vma_start_read_locked', ['vma', 'old'], (v) => ({
      read_refcnt(k) {
        k.set(v.old, k.load(k.get(v.vma) + vm_refcnt));
      },
      inc_not_zero_limited(k) {
        const old = k.get(v.old);
        if (old === 0 || old + 1 > VM_REFCNT_LIMIT) return k.ret(0);
        const seen = k.cmpxchg(k.get(v.vma) + vm_refcnt, old, old + 1);
        if (seen === old) return k.ret(1);
        k.set(v.old, seen);
        return 'inc_not_zero_limited';
      },
    })),
  );

  const vma_end_read = fn(
    MMAP_LOCK_H,
    '(vma)',
    routine('vma_end_read', ['vma'], (v) => ({
      refcount_put: (k) => k.call(vma_refcount_put, k.get(v.vma)),
      done: (k) => k.ret(),
    })),
  );

  // The C macro gives its sequence through a pointer; here the result is 0 for false, else the sequence plus one.
  fn(
    MMAP_LOCK_H,
    '(mm, seq) -> bool',
    routine('mmap_lock_speculate_try_begin', ['mm', 'seq'], (v) => ({
      read_mm_lock_seq(k) {
        const seq = k.load(k.get(v.mm) + mmSeq);
        return k.ret(seq & 1 ? 0 : seq + 1);
      },
    })),
  );
  fn(
    MMAP_LOCK_H,
    '(mm, seq) -> bool',
    routine('mmap_lock_speculate_retry', ['mm', 'seq'], (v) => ({
      reread_mm_lock_seq: (k) => k.ret(k.load(k.get(v.mm) + mmSeq) === k.get(v.seq) ? 0 : 1),
    })),
  );

  const vma_mark_attached = fn(
    MMAP_LOCK_H,
    '(vma)',
    routine('vma_mark_attached', ['vma'], (v) => ({
      set_refcnt(k) {
        const vma = k.get(v.vma);
        if (!writeLocked(k, vma)) bug(k, 'vma_mark_attached: VMA is not write-locked');
        if (k.peek(vma + vm_refcnt) !== 0) bug(k, 'vma_mark_attached: VMA is attached');
        k.store(k.get(v.vma) + vm_refcnt, 1);
        return k.ret();
      },
    })),
  );

  const vma_mark_detached = fn(
    MMAP_LOCK_H,
    '(vma)',
    routine('vma_mark_detached', ['vma'], (v) => ({
      dec_refcnt(k) {
        const vma = k.get(v.vma);
        if (!writeLocked(k, vma)) bug(k, 'vma_mark_detached: VMA is not write-locked');
        if (k.peek(vma + vm_refcnt) === 0) bug(k, 'vma_mark_detached: VMA is detached');
        if (k.fetchAdd(vma + vm_refcnt, -1) === 1) return k.ret();
      },
      // A reader is between its increment and its re-check; wait it out.
      exclude_readers: (k) =>
        k.call(vma_wait_for_readers, k.get(v.vma), VM_REFCNT_EXCLUDE_READERS_FLAG),
      excluded(k) {
        if (k.result() === 0) return k.ret();
      },
      drop_exclude_flag(k) {
        k.fetchAdd(k.get(v.vma) + vm_refcnt, -VM_REFCNT_EXCLUDE_READERS_FLAG);
        return k.ret();
      },
    })),
  );

  const lock_vma_under_rcu = fn(
    MMAP_LOCK_C,
    '(mm, address) -> vma or NULL',
    routine('lock_vma_under_rcu', ['mm', 'address', 'vma'], (v) => ({
      rcu_read_lock(k) {
        rcu.readLock(k);
      },
      mas_walk(k) {
        const vma = tree.walk(k, k.get(v.mm), k.get(v.address));
        k.set(v.vma, vma);
        if (vma === 0) return 'inval_rcu';
      },
      vma_start_read: (k) => k.call(vma_start_read, k.get(v.mm), k.get(v.vma)),
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
      inval_end_read: (k) => k.callThen('inval', vma_end_read, k.get(v.vma)),
      inval_rcu(k) {
        rcu.readUnlock(k);
      },
      inval(k) {
        countVmaLock(k, stats, 'vma_lock_abort');
        return k.ret(0);
      },
    })),
  );

  const writeLocked = (k: Exec, vma: number) =>
    k.peek(vma + vm_lock_seq) === k.peek(k.peek(vma + vm_mm) + mmSeq);
  b.inline('vma_lock_init', { file: MMAP_LOCK_H, signature: '(vma, reset_refcnt)' });
  for (const name of [
    'vma_assert_write_locked',
    'vma_assert_locked',
    'vma_assert_attached',
    'vma_assert_detached',
  ]) {
    b.inline(name, { file: MMAP_LOCK_H, signature: '(vma)' });
  }

  return {
    vma_end_read,
    vma_start_write,
    lock_vma_under_rcu,
    vma_mark_detached,
    vma_mark_attached,
    vma_start_read_locked,
    vma_start_read,
    writeLocks,
    init(k: Exec, vma: number) {
      k.poke(vma + vm_refcnt, 0);
      k.poke(vma + vm_lock_seq, NEVER_LOCKED);
    },
    assertWriteLocked(k, vma) {
      if (!writeLocked(k, vma)) bug(k, 'vma_assert_write_locked');
    },
    assertLocked(k, vma) {
      if (k.peek(vma + vm_refcnt) <= 1 && !writeLocked(k, vma)) bug(k, 'vma_assert_locked');
    },
    assertDetached(k, vma) {
      if (k.peek(vma + vm_refcnt) !== 0) bug(k, 'vma_assert_detached');
    },
    readerFree: (k: Exec, vma: number) => k.peek(vma + vm_refcnt) <= 1,
  };
}
