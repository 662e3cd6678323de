/**
 * The per-VMA lock of 6.4 to 6.14: an rw_semaphore per VMA and a sequence compared with the mm's. A VMA is write-locked
 * while its `vm_lock_seq` equals `mm_lock_seq`; ending the mm's write section unlocks all at once.
 * After include/linux/mm.h of 6.4 to 6.12.
 */

import type { KernelBuilder } from '../../kernel-builder.ts';
import { type Exec, inFrame, type Routine, routine } from '../../machine/index.ts';
import { isSince, type Release } from '../../release.ts';
import type { Rcu } from '../../sync/rcu.ts';
import { RWSEM, type RwsemRoutines, rwsemIsFree } from '../../sync/rwsem/index.ts';
import type { LockedFaults } from '../locked-faults.ts';
import type { mmStruct, vmaStruct } from '../structs.ts';
import type { VmaTree } from '../vma-tree.ts';
import { lockFiles } from './lock-files.ts';
import { rwsemLookup } from './rwsem-lookup.ts';
import { bug, type VmaLock, type VmaLockStats } from './vma-lock.ts';

/** `vm_lock_seq` of a new VMA: equal to no sequence an mm starts with (UINT_MAX). */
const NEVER_LOCKED = -1;

export interface RwsemVmaLockParts {
  readonly MM: ReturnType<typeof mmStruct>;
  readonly VMA: ReturnType<typeof vmaStruct>;
  readonly rw: RwsemRoutines;
  readonly rcu: Rcu;
  readonly tree: VmaTree;
  readonly stats: VmaLockStats | undefined;
  readonly release: Release;
  /** Decides which VMAs the lookup gives. */
  readonly lockedFaults: LockedFaults;
}

export function rwsemVmaLock(b: KernelBuilder, p: RwsemVmaLockParts): VmaLock {
  const { MM, VMA, rw, rcu, release } = p;
  const { header } = lockFiles(release);
  const mmSeq = MM.at.mm_lock_seq;
  const { vm_mm, vm_lock, vm_lock_seq, detached } = VMA.at;
  const writeLocks = b.event('vma_write_locks');
  const fn = (file: string, signature: string, r: Routine) => b.fn({ file, signature }, r);

  const vma_start_read = fn(
    header,
    '(vma) -> bool',
    routine('vma_start_read', ['vma', 'seq'], (v) => ({
      read_vm_lock_seq(k) {
        k.set(v.seq, k.load(k.get(v.vma) + vm_lock_seq));
      },
      check_mm_lock_seq(k) {
        const mm = k.peek(k.get(v.vma) + vm_mm);
        if (k.load(mm + mmSeq) === k.get(v.seq)) return k.ret(0);
      },
      down_read_trylock: inFrame((k) => k.call(rw.down_read_trylock, k.get(v.vma) + vm_lock)),
      locked: inFrame((k) => {
        if (k.result() === 0) return k.ret(0);
      }),
      reread_vm_lock_seq(k) {
        k.set(v.seq, k.load(k.get(v.vma) + vm_lock_seq));
      },
      recheck_mm_lock_seq(k) {
        const mm = k.peek(k.get(v.vma) + vm_mm);
        return k.load(mm + mmSeq) === k.get(v.seq) ? 'up_read' : k.ret(1);
      },
      up_read: inFrame((k) => k.call(rw.up_read, k.get(v.vma) + vm_lock)),
      write_locked: inFrame((k) => k.ret(0)),
    })),
  );

  const vma_end_read = fn(
    header,
    '(vma)',
    routine('vma_end_read', ['vma'], (v) => ({
      up_read(k) {
        // Keeps the VMA until up_read is through with it.
        rcu.readLock(k);
        return k.call(rw.up_read, k.get(v.vma) + vm_lock);
      },
      rcu_read_unlock(k) {
        rcu.readUnlock(k);
        return k.ret();
      },
    })),
  );

  b.inline('__is_vma_write_locked', { file: header, signature: '(vma, mm_lock_seq) -> bool' });
  const vma_start_write = fn(
    header,
    '(vma)',
    routine('vma_start_write', ['vma', 'seq'], (v) => ({
      read_mm_lock_seq(k) {
        const mm = k.peek(k.get(v.vma) + vm_mm);
        k.set(v.seq, k.load(mm + mmSeq));
      },
      check_vm_lock_seq(k) {
        if (k.load(k.get(v.vma) + vm_lock_seq) === k.get(v.seq)) return k.ret();
      },
      down_write: inFrame((k) => {
        k.count(writeLocks);
        return k.call(rw.down_write, k.get(v.vma) + vm_lock);
      }),
      set_vm_lock_seq(k) {
        k.store(k.get(v.vma) + vm_lock_seq, k.get(v.seq));
      },
      up_write: inFrame((k) => k.call(rw.up_write, k.get(v.vma) + vm_lock)),
      done: inFrame((k) => k.ret()),
    })),
  );

  const vma_mark_detached = fn(
    header,
    '(vma, detached)',
    routine('vma_mark_detached', ['vma'], (v) => ({
      set_detached(k) {
        if (!writeLocked(k, k.get(v.vma))) bug(k, 'vma_mark_detached: VMA is not write-locked');
        k.store(k.get(v.vma) + detached, 1);
        return k.ret();
      },
    })),
  );
  const vma_mark_attached = b.add(
    routine('vma_mark_attached', ['vma'], (v) => ({
      clear_detached(k) {
        k.store(k.get(v.vma) + detached, 0);
        return k.ret();
      },
    })),
  );

  // Nobody calls it any more where the collapse of huge pages waits for readers.
  if (!isSince(release, '6.6')) {
    fn(
      header,
      '(vma) -> bool',
      routine('vma_try_start_write', ['vma', 'seq'], (v) => ({
        read_mm_lock_seq(k) {
          k.set(v.seq, k.load(k.peek(k.get(v.vma) + vm_mm) + mmSeq));
        },
        check_vm_lock_seq(k) {
          if (k.load(k.get(v.vma) + vm_lock_seq) === k.get(v.seq)) return k.ret(1);
        },
        down_write_trylock: inFrame((k) => k.call(rw.down_write_trylock, k.get(v.vma) + vm_lock)),
        set_vm_lock_seq(k) {
          if (k.result() === 0) return k.ret(0);
          k.count(writeLocks);
          k.store(k.get(v.vma) + vm_lock_seq, k.get(v.seq));
        },
        up_write: inFrame((k) => k.call(rw.up_write, k.get(v.vma) + vm_lock)),
        done: inFrame((k) => k.ret(1)),
      })),
    );
  }

  const lock_vma_under_rcu = rwsemLookup(b, { ...p, vma_start_read, vma_end_read });

  b.inline('vma_lock_alloc', { file: 'kernel/fork.c', signature: '(vma) -> bool' });
  b.inline('vma_lock_free', { file: 'kernel/fork.c', signature: '(vma)' });
  const writeLocked = (k: Exec, vma: number) =>
    k.peek(vma + vm_lock_seq) === k.peek(k.peek(vma + vm_mm) + mmSeq);
  b.inline('vma_assert_write_locked', { file: header, signature: '(vma)' });
  // Came with userfaultfd under the VMA lock.
  if (isSince(release, '6.6')) {
    b.inline('vma_assert_locked', { file: header, signature: '(vma)' });
  }

  return {
    vma_end_read,
    vma_start_write,
    lock_vma_under_rcu,
    vma_mark_detached,
    vma_mark_attached,
    writeLocks,
    init(k, vma) {
      for (let i = 0; i < RWSEM.size; i++) k.poke(vma + vm_lock + i, 0);
      k.poke(vma + vm_lock_seq, NEVER_LOCKED);
      k.poke(vma + detached, 0);
    },
    assertWriteLocked(k, vma) {
      if (!writeLocked(k, vma)) bug(k, 'vma_assert_write_locked');
    },
    assertLocked(k, vma) {
      const held = !rwsemIsFree(k, vma + vm_lock);
      if (!held && !writeLocked(k, vma)) bug(k, 'vma_assert_locked');
    },
    // 7.0's assertion.
    assertStabilised() {},
    // 6.12 asserts in the RCU callback that nobody holds the lock of a VMA being freed.
    assertDetached(k, vma) {
      if (!rwsemIsFree(k, vma + vm_lock)) bug(k, 'vm_area_free: the VMA is locked');
    },
    readerFree: (k, vma) => rwsemIsFree(k, vma + vm_lock),
  };
}
