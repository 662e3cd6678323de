/** The per-VMA lock a kernel is built with, and what stands on it. */
import type { EditionParts } from '../../edition.ts';
import type { KernelBuilder } from '../../kernel-builder.ts';
import type { Routine } from '../../machine/index.ts';
import { isSince } from '../../release.ts';
import type { MmCore } from '../mm-core.ts';
import type { VmaLockKind } from '../structs.ts';
import { absentVmaLock } from './absent-vma-lock.ts';
import { lockNextVma } from './lock-next-vma.ts';
import {
  refcountVmaLock,
  VM_REFCNT_EXCLUDE_READERS_FLAG,
  VM_REFCNT_LIMIT,
} from './refcount-vma-lock.ts';
import { rwsemVmaLock } from './rwsem-vma-lock.ts';
import type { VmaLock, VmaLockStats } from './vma-lock.ts';
import { type WaitingLookup, waitingLookup } from './waiting-lookup.ts';

export { vmaLockStats } from './lock-stats.ts';

export interface LockParts extends Pick<MmCore, 'MM' | 'VMA' | 'rw' | 'mmap' | 'rcu' | 'tree'> {
  readonly kind: VmaLockKind;
  readonly stats: VmaLockStats;
}

export interface BuiltLock {
  readonly lock: VmaLock;
  /** The lookup that waits for writers, where the edition has one. */
  readonly waiting?: WaitingLookup;
  /** `lock_next_vma`, where there is one. */
  readonly nextVma?: Routine;
}

/** Registers the lock of an edition, or the stubs of a kernel without. */
export function buildLock(b: KernelBuilder, parts: EditionParts, p: LockParts): BuiltLock {
  const release = parts.structures;
  if (isSince(release, '6.15')) countNames(b, isSince(release, '7.0'));
  if (p.kind === 'absent') return { lock: absentVmaLock(b, release, p.MM, p.VMA) };
  if (p.kind === 'rwsem') {
    return { lock: rwsemVmaLock(b, { ...p, release, lockedFaults: parts.lockedFaults }) };
  }
  const { reuseCheck, writeWait } = parts;
  const lock = refcountVmaLock(b, { ...p, release, reuseCheck, writeWait });
  return {
    lock,
    ...(parts.procMaps === 'vma_lock' && { nextVma: lockNextVma(b, { ...p, lock }) }),
    ...(parts.waitingLookup !== 'none' && {
      waiting: waitingLookup(b, { ...p, lock }, parts.waitingLookup),
    }),
  };
}

/** Values of vm_refcnt: in the headers with and without the lock. */
function countNames(b: KernelBuilder, named70: boolean): void {
  const macro = (name: string, value: string) =>
    b.name(name, 'macro', 'include/linux/mm_types.h', value);
  const hex = (n: number) => `0x${n.toString(16)}`;
  if (!named70) {
    macro('VMA_LOCK_OFFSET', hex(VM_REFCNT_EXCLUDE_READERS_FLAG));
    macro('VMA_REF_LIMIT', hex(VM_REFCNT_LIMIT));
    return;
  }
  macro('VM_REFCNT_EXCLUDE_READERS_BIT', String(Math.log2(VM_REFCNT_EXCLUDE_READERS_FLAG)));
  macro('VM_REFCNT_EXCLUDE_READERS_FLAG', hex(VM_REFCNT_EXCLUDE_READERS_FLAG));
  macro('VM_REFCNT_LIMIT', hex(VM_REFCNT_LIMIT));
}
