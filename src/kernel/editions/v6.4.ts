import type { Edition } from '../model/index.ts';
import { v6_6 } from './v6.6.ts';

export const v6_4: Edition = {
  name: 'v6.4',
  title: 'Linux 6.4',
  kernelVersion: '6.4',
  description:
    'The first per-VMA locks: only faults of anonymous VMAs that have an anon_vma, none that userfaultfd watches. Forks and mmap do not write-lock VMAs yet, and stacks grow under mmap_lock held for reading.',
  parts: {
    ...v6_6.parts,
    structures: '6.4',
    timeSlices: 'share_latency',
    lockingWriters: 'all_but_fork_and_mmap',
    lockedFaults: 'anonymous',
    faultCount: 'every_try',
    stackExpansion: 'mmap_read_lock',
    tcp: 'mmap_lock',
    uffdIoctls: 'continue',
  },
};
