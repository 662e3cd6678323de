/**
 * The per-VMA lock since 6.15: one reference count. 0 is detached, 1 attached, each reader adds one, and a writer that
 * waits for readers adds a flag that keeps new ones out. After mm/mmap_lock.c and include/linux/mmap_lock.h of 7.0, and
 * include/linux/mm.h and mm/memory.c of 6.15.
 */

import type { KernelBuilder } from '../../kernel-builder.ts';
import {
  type Exec,
  inFrame,
  type Routine,
  routine,
  TASK,
  TASK_KILLABLE,
  TASK_RUNNING,
  TASK_UNINTERRUPTIBLE,
} from '../../machine/index.ts';
import { isSince, type Release } from '../../release.ts';
import type { Rcu } from '../../sync/rcu.ts';
import { rwsemIsFree } from '../../sync/rwsem/index.ts';
import type { mmStruct, vmaStruct } from '../structs.ts';
import type { VmaTree } from '../vma-tree.ts';
import { lockFiles } from './lock-files.ts';
import { type ReuseCheck, refcountLookup } from './refcount-lookup.ts';
import { bug, type VmaLock, type VmaLockStats } from './vma-lock.ts';

const SPECULATE_H = 'include/linux/mmap_lock.h';
const NEVER_LOCKED = -1;
const EINTR = 4;

/**
 * include/linux/mm_types.h: set while a writer or a detacher keeps readers out. VMA_LOCK_OFFSET and VMA_REF_LIMIT in 6.15.
 */
export const VM_REFCNT_EXCLUDE_READERS_FLAG = 0x4000_0000;
export const VM_REFCNT_LIMIT = VM_REFCNT_EXCLUDE_READERS_FLAG - 1;

/** How a writer waits for readers. */
export type WriteWait = 'uninterruptible' | 'killable';

export interface RefcountVmaLockParts {
  readonly MM: ReturnType<typeof mmStruct>;
  readonly VMA: ReturnType<typeof vmaStruct>;
  readonly rcu: Rcu;
  readonly tree: VmaTree;
  readonly stats: VmaLockStats | undefined;
  readonly release: Release;
  readonly reuseCheck: ReuseCheck;
  /** `killable`: besides, there is a form that a fatal signal interrupts. */
  readonly writeWait: WriteWait;
}

export interface RefcountVmaLock extends VmaLock {
  /** `(vma) -> 1 or 0`: read-locks under mmap_lock; fails only when the count is full or the VMA detached. */
  readonly vma_start_read_locked: Routine;
  /** `(mm, vma) -> vma, 0 or -EAGAIN`: read-locks under RCU; -EAGAIN when the VMA is detached. Who drops RCU is {@link ReuseCheck}'s. */
  readonly vma_start_read: Routine;
}

export function refcountVmaLock(b: KernelBuilder, p: RefcountVmaLockParts): RefcountVmaLock {
  const { MM, VMA, release } = p;
  const files = lockFiles(release);
  const named70 = isSince(release, '7.0');
  const mmSeq = MM.at.mm_lock_seq;
  const writerWait = MM.at.vma_writer_wait;
  const { vm_mm, vm_refcnt, vm_lock_seq } = VMA.at;
  const STATE = TASK.at.__state;
  const writeLocks = b.event('vma_write_locks');
  const fn = (file: string, signature: string, r: Routine) => b.fn({ file, signature }, r);

  // Only the attach reference is left, or none: the writer that waits may go on.
  b.inline(named70 ? '__vma_are_readers_excluded' : 'is_vma_writer_only', {
    file: files.header,
    signature: '(refcnt) -> bool',
  });
  const readersExcluded = (count: number): boolean =>
    count >= VM_REFCNT_EXCLUDE_READERS_FLAG && count <= VM_REFCNT_EXCLUDE_READERS_FLAG + 1;

  const vma_refcount_put = fn(
    files.header,
    '(vma)',
    routine('vma_refcount_put', ['vma', 'mm', 'task'], (v) => ({
      read_vm_mm(k) {
        // Before the decrement: after it the VMA may be gone.
        k.set(v.mm, k.load(k.get(v.vma) + vm_mm));
      },
      dec_refcnt(k) {
        const now = k.fetchAdd(k.get(v.vma) + vm_refcnt, -1) - 1;
        if (!readersExcluded(now)) return k.ret();
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

  /** `(vma, target, state) -> 1, 0 for a detached VMA, or -EINTR`: waits until the count is `target`; no reader can come meanwhile. */
  const vma_wait_for_readers = b.add(
    routine(
      named70 ? '__vma_start_exclude_readers' : '__vma_enter_locked',
      ['vma', 'target', 'state', 'mm', 'ret'],
      (v) => ({
        add_exclude_flag(k) {
          const vma = k.get(v.vma);
          k.set(v.mm, k.peek(vma + vm_mm));
          k.set(v.ret, 1);
          // Detached: no reader can come, nothing to wait for.
          if (k.peek(vma + vm_refcnt) === 0) {
            k.load(vma + vm_refcnt);
            return k.ret(0);
          }
          k.fetchAdd(vma + vm_refcnt, VM_REFCNT_EXCLUDE_READERS_FLAG);
        },
        rcuwait_set_task(k) {
          k.store(k.get(v.mm) + writerWait, k.task);
        },
        set_current_state(k) {
          k.store(k.task + STATE, k.get(v.state));
        },
        check_refcnt(k) {
          if (k.load(k.get(v.vma) + vm_refcnt) === k.get(v.target)) return 'set_running';
          return k.get(v.state) === TASK_KILLABLE ? 'signal_pending_state' : 'schedule';
        },
        signal_pending_state(k) {
          if (k.load(k.task + TASK.at.sigkill) === 0) return 'schedule';
          k.set(v.ret, -EINTR);
          return 'set_running';
        },
        schedule: (k) => k.schedule(),
        again: () => 'set_current_state',
        set_running(k) {
          k.store(k.task + STATE, TASK_RUNNING);
        },
        rcuwait_clear_task(k) {
          k.store(k.get(v.mm) + writerWait, 0);
          if (k.get(v.ret) === 1) return k.ret(1);
        },
        drop_exclude_flag(k) {
          k.fetchAdd(k.get(v.vma) + vm_refcnt, -VM_REFCNT_EXCLUDE_READERS_FLAG);
          return k.ret(k.get(v.ret));
        },
      }),
    ),
  );

  b.waitsIn(vma_wait_for_readers, (k, frame) => {
    const vma = frame.vma as number;
    const object = b.memory.nameOf(vma).replace(/\..*$/, '');
    const readers =
      k.peek(vma + vm_refcnt) - ((frame.target as number) - VM_REFCNT_EXCLUDE_READERS_FLAG);
    const left = readers - VM_REFCNT_EXCLUDE_READERS_FLAG;
    const pages = `pages ${k.peek(vma + VMA.at.vm_start)} to ${k.peek(vma + VMA.at.vm_end) - 1}`;
    return {
      kind: 'vma_lock',
      object,
      text: `the VMA lock of ${object} (${pages}), read-locked by ${left}`,
    };
  });

  b.inline('__is_vma_write_locked', {
    file: files.header,
    signature: named70 ? '(vma) -> bool' : '(vma, mm_lock_seq) -> bool',
  });
  if (named70) b.inline('__vma_raw_mm_seqnum', { file: files.header, signature: '(vma) -> seq' });
  const __vma_start_write = fn(
    files.code,
    named70 ? '(vma, state) -> int' : '(vma, mm_lock_seq)',
    routine('__vma_start_write', ['vma', 'seq', 'state', 'excluded'], (v) => ({
      exclude_readers: inFrame((k) =>
        k.call(
          vma_wait_for_readers,
          k.get(v.vma),
          VM_REFCNT_EXCLUDE_READERS_FLAG + 1,
          k.get(v.state),
        ),
      ),
      set_vm_lock_seq(k) {
        k.set(v.excluded, k.result());
        if (k.result() < 0) return k.ret(k.result());
        k.count(writeLocks);
        k.store(k.get(v.vma) + vm_lock_seq, k.get(v.seq));
        if (k.get(v.excluded) === 0) return k.ret();
      },
      drop_exclude_flag(k) {
        k.fetchAdd(k.get(v.vma) + vm_refcnt, -VM_REFCNT_EXCLUDE_READERS_FLAG);
        return k.ret();
      },
    })),
  );
  const startWrite = (name: string, signature: string, state: number) =>
    fn(
      files.header,
      signature,
      routine(name, ['vma', 'seq'], (v) => ({
        read_mm_lock_seq(k) {
          k.set(v.seq, k.load(k.peek(k.get(v.vma) + vm_mm) + mmSeq));
        },
        check_vm_lock_seq(k) {
          if (k.load(k.get(v.vma) + vm_lock_seq) === k.get(v.seq)) return k.ret();
        },
        start_write: inFrame((k) => k.call(__vma_start_write, k.get(v.vma), k.get(v.seq), state)),
        done: inFrame((k) => k.ret(k.result())),
      })),
    );
  const vma_start_write = startWrite('vma_start_write', '(vma)', TASK_UNINTERRUPTIBLE);
  const killable = p.writeWait === 'killable' && {
    vma_start_write_killable: startWrite(
      'vma_start_write_killable',
      '(vma) -> 0 or -EINTR',
      TASK_KILLABLE,
    ),
  };

  const vma_start_read_locked = fn(
    files.header,
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

  b.inline('vma_start_read_locked_nested', {
    file: files.header,
    signature: '(vma, subclass) -> bool',
  });

  const vma_end_read = fn(
    files.header,
    '(vma)',
    routine('vma_end_read', ['vma'], (v) => ({
      refcount_put: inFrame((k) => k.call(vma_refcount_put, k.get(v.vma))),
      done: inFrame((k) => k.ret()),
    })),
  );

  // The C macro gives its sequence through a pointer; here the result is 0 for false, else the sequence plus one.
  const try_begin = fn(
    SPECULATE_H,
    '(mm, seq) -> bool',
    routine('mmap_lock_speculate_try_begin', ['mm', 'seq'], (v) => ({
      read_mm_lock_seq(k) {
        const seq = k.load(k.get(v.mm) + mmSeq);
        return k.ret(seq & 1 ? 0 : seq + 1);
      },
    })),
  );
  const retry = fn(
    SPECULATE_H,
    '(mm, seq) -> bool',
    routine('mmap_lock_speculate_retry', ['mm', 'seq'], (v) => ({
      reread_mm_lock_seq: (k) => k.ret(k.load(k.get(v.mm) + mmSeq) === k.get(v.seq) ? 0 : 1),
    })),
  );

  const vma_mark_attached = fn(
    files.header,
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

  // Inlined since its slow path stands alone.
  const vma_mark_detached = fn(
    named70 ? files.header : files.code,
    '(vma)',
    routine('vma_mark_detached', ['vma'], (v) => ({
      dec_refcnt(k) {
        const vma = k.get(v.vma);
        if (!writeLocked(k, vma)) bug(k, 'vma_mark_detached: VMA is not write-locked');
        if (k.peek(vma + vm_refcnt) === 0) bug(k, 'vma_mark_detached: VMA is detached');
        if (k.fetchAdd(vma + vm_refcnt, -1) === 1) return k.ret();
      },
      // A reader is between its increment and its re-check; wait it out.
      exclude_readers: inFrame((k) =>
        k.call(
          vma_wait_for_readers,
          k.get(v.vma),
          VM_REFCNT_EXCLUDE_READERS_FLAG,
          TASK_UNINTERRUPTIBLE,
        ),
      ),
      excluded: inFrame((k) => {
        if (k.result() === 0) return k.ret();
      }),
      drop_exclude_flag(k) {
        k.fetchAdd(k.get(v.vma) + vm_refcnt, -VM_REFCNT_EXCLUDE_READERS_FLAG);
        return k.ret();
      },
    })),
  );

  const { vma_start_read, lock_vma_under_rcu } = refcountLookup(
    b,
    { ...p, files, limit: VM_REFCNT_LIMIT, vma_refcount_put, vma_end_read },
    p.reuseCheck,
  );

  const writeLocked = (k: Exec, vma: number) =>
    k.peek(vma + vm_lock_seq) === k.peek(k.peek(vma + vm_mm) + mmSeq);
  b.inline('vma_lock_init', { file: files.header, signature: '(vma, reset_refcnt)' });
  const assertion = (name: string) => b.inline(name, { file: files.header, signature: '(vma)' });
  assertion('vma_assert_write_locked');
  assertion('vma_assert_locked');
  assertion('vma_assert_attached');
  assertion('vma_assert_detached');
  if (named70) {
    assertion('vma_assert_stabilised');
    b.inline('vma_is_attached', { file: files.header, signature: '(vma) -> bool' });
    b.inline('__vma_exclude_readers_for_detach', { file: files.code, signature: '(vma)' });
  }
  const isLocked = (k: Exec, vma: number) => k.peek(vma + vm_refcnt) > 1 || writeLocked(k, vma);

  return {
    vma_end_read,
    vma_start_write,
    ...killable,
    lock_vma_under_rcu,
    vma_mark_detached,
    vma_mark_attached,
    vma_start_read_locked,
    vma_start_read,
    speculate: { try_begin, retry },
    writeLocks,
    init(k: Exec, vma: number) {
      k.poke(vma + vm_refcnt, 0);
      k.poke(vma + vm_lock_seq, NEVER_LOCKED);
    },
    assertWriteLocked(k, vma) {
      if (!writeLocked(k, vma)) bug(k, 'vma_assert_write_locked');
    },
    assertLocked(k, vma) {
      if (!isLocked(k, vma)) bug(k, 'vma_assert_locked');
    },
    assertStabilised(k, vma) {
      const mmapLocked = !rwsemIsFree(k, k.peek(vma + vm_mm) + MM.at.mmap_lock);
      if (!mmapLocked && !isLocked(k, vma)) bug(k, 'vma_assert_stabilised');
    },
    assertDetached(k, vma) {
      if (k.peek(vma + vm_refcnt) !== 0) bug(k, 'vma_assert_detached');
    },
    readerFree: (k: Exec, vma: number) => k.peek(vma + vm_refcnt) <= 1,
  };
}
