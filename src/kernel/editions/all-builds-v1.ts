import type { Edition } from '../model/index.ts';
import { allBuildsV2 } from './all-builds-v2.ts';

export const allBuildsV1: Edition = {
  name: 'all-builds-v1',
  title: 'Linux 7.0 with "mm: Make per-VMA locks available in all builds", first version',
  kernelVersion: '7.0',
  description:
    'Both Kconfig symbols are gone and every build has the lock; binder, tcp and the return through a shadow stack use lock_vma_under_rcu_wait, which waits for mmap_lock and tries again.',
  parts: {
    ...allBuildsV2.parts,
    waitingLookup: 'retry',
    binderShrinker: 'vma_lock_only',
    shadowStack: 'waiting_lookup',
  },
};
