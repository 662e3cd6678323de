/** Names the fault path declares, and what it checks of the flags it is given. */

import { type Exec, W } from '../machine/index.ts';
import { isSince } from '../release.ts';
import { FAULT_FLAG_RETRY_NOWAIT, FAULT_FLAG_VMA_LOCK } from './fault-flags.ts';
import { bug } from './lock/vma-lock.ts';
import type { MmCore } from './mm-core.ts';

/** Declares the flag, and the functions that drop or assert whichever lock a fault holds. */
export function declareFaultNames({ b, release }: MmCore): void {
  const value = `0x${FAULT_FLAG_VMA_LOCK.toString(16)}`;
  b.name('FAULT_FLAG_VMA_LOCK', 'enumerator', 'include/linux/mm_types.h', value);
  b.inline('sanitize_fault_flags', {
    file: 'mm/memory.c',
    signature: '(vma, flags) -> vm_fault_t',
  });
  // Before that the fault path never dropped a VMA lock.
  if (!isSince(release, '6.6')) return;
  b.inline('release_fault_lock', { file: 'include/linux/mm.h', signature: '(vmf)' });
  b.inline('assert_fault_locked', { file: 'include/linux/mm.h', signature: '(vmf)' });
}

/**
 * sanitize_fault_flags, as far as it is about locks: a fault under a VMA lock drops it when it must be tried again, so it cannot
 * promise not to, which the kernel warns of. Compiled only with the lock, since 6.6.
 *
 * @throws {KernelBug}
 */
export function sanitizeFaultFlags({ lockKind, release }: MmCore, k: Exec, flags: number): void {
  if (lockKind === 'absent' || !isSince(release, '6.6')) return;
  k.work(W.fault_flags);
  const both = FAULT_FLAG_VMA_LOCK | FAULT_FLAG_RETRY_NOWAIT;
  if ((flags & both) !== both) return;
  bug(k, 'sanitize_fault_flags: FAULT_FLAG_RETRY_NOWAIT with FAULT_FLAG_VMA_LOCK');
}
