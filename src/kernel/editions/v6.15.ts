import type { Edition } from '../model/index.ts';
import { v6_12 } from './v6.12.ts';

export const v6_15: Edition = {
  name: 'v6.15',
  title: 'Linux 6.15',
  kernelVersion: '6.15',
  description:
    'The first per-VMA locks as one reference count in the VMA (vm_refcnt), VMAs reused under SLAB_TYPESAFE_BY_RCU; binder tries the lock too.',
  parts: {
    ...v6_12.parts,
    structures: '6.15',
    vmaLock: 'refcount',
    hugeZeroWrite: 'huge page',
    processMadvise: 'once',
    madviseGuard: 'mmap_lock',
    binder: 'vma_lock',
    binderShrinker: 'vma_lock',
    bpfTaskVma: 'mmap_trylock',
    shadowStack: 'mmap_lock',
    uprobes: { lookup: 'speculation', trampoline: false },
  },
};
