import type { Edition } from '../model/index.ts';
import { v7_1 } from './v7.1.ts';

export const allBuildsV2: Edition = {
  name: 'all-builds-v2',
  title: 'Linux 7.0 with "mm: Unconditional per-VMA locks and cleanups", second version',
  kernelVersion: '7.0',
  description:
    'Both Kconfig symbols are gone and every build has the lock; binder and tcp use vma_start_read_unlocked alone, whose slow path, as posted, does not look the VMA up.',
  parts: {
    ...v7_1.parts,
    vmaLockIn: 'all builds',
    binder: 'waiting_lookup',
    binderShrinker: 'vma_lock_as_posted',
    tcp: 'waiting_lookup',
    waitingLookup: 'as-posted',
  },
};
