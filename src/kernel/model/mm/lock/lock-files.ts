/** Where a release keeps the code of the per-VMA lock. 6.16 gave it files of its own. */
import { isSince, type Release } from '../../release.ts';

export interface LockFiles {
  /** Functions inlined into their callers, and the stubs. */
  readonly header: string;
  /** The others. */
  readonly code: string;
}

export function lockFiles(release: Release): LockFiles {
  return isSince(release, '7.0')
    ? { header: 'include/linux/mmap_lock.h', code: 'mm/mmap_lock.c' }
    : { header: 'include/linux/mm.h', code: 'mm/memory.c' };
}
