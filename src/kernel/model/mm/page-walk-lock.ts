/** Locks a walk of page tables takes on the VMAs it visits. After mm/pagewalk.c, since 6.5. */
import { EMPTY } from '../kernel-builder.ts';
import { isSince } from '../release.ts';
import type { MmCore } from './mm-core.ts';

/**
 * Declares process_vma_walk_lock and what it can be told. Most walks of the model hold mmap_lock and no more (PGWALK_RDLOCK), for
 * which it does nothing.
 */
export function declarePageWalkLock({ b, lockKind, release }: MmCore): void {
  if (!isSince(release, '6.6')) return;
  b.inline(
    'process_vma_walk_lock',
    { file: 'mm/pagewalk.c', signature: '(vma, walk_lock)' },
    lockKind === 'absent' ? EMPTY : undefined,
  );
  const walks = ['RDLOCK', 'WRLOCK', 'WRLOCK_VERIFY'];
  // For walks of one VMA under its own lock.
  if (isSince(release, '7.0')) walks.push('VMA_RDLOCK_VERIFY');
  for (const walk of walks) b.name(`PGWALK_${walk}`, 'enumerator', 'include/linux/pagewalk.h');
}
