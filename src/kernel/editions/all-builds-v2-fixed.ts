import type { Edition } from '../model/index.ts';
import { allBuildsV2 } from './all-builds-v2.ts';

export const allBuildsV2Fixed: Edition = {
  name: 'all-builds-v2-fixed',
  title: `${allBuildsV2.title}, repaired`,
  kernelVersion: allBuildsV2.kernelVersion,
  description:
    'The second version with the VMA looked up under mmap_lock in the slow path of vma_start_read_unlocked, and a shrinker of binder that leaves a page alone whose VMA it could not lock.',
  parts: {
    ...allBuildsV2.parts,
    waitingLookup: 'vma_lookup',
    binderShrinker: 'vma_lock_is_mapped',
  },
};
