import type { Edition } from '../model/index.ts';
import { v6_12 } from './v6.12.ts';

export const v6_6: Edition = {
  name: 'v6.6',
  title: 'Linux 6.6',
  kernelVersion: '6.6',
  description:
    'Every VMA type may be locked; the fault path drops the lock and asks for mmap_lock where it calls into a file or needs an anon_vma.',
  parts: {
    ...v6_12.parts,
    structures: '6.6',
    mmLockSeq: 'counter',
    lockedFaults: 'fault_around',
    accessError: 'mmap_lock',
    pfnmapFork: 'leaves_copy',
    binder: 'range_under_mmap_write_lock',
    uffdLock: 'mmap_lock',
    uffdIoctls: 'poison',
    bpfTaskVma: 'none',
    shadowStack: 'mmap_lock',
    procmapQuery: false,
    mseal: false,
  },
};
