import type { Edition } from '../model/index.ts';
import { v6_15 } from './v6.15.ts';

export const v7_0: Edition = {
  name: 'v7.0',
  title: 'Linux 7.0',
  kernelVersion: '7.0',
  description:
    'Per-VMA locks as one reference count in the VMA (vm_refcnt), VMAs reused under SLAB_TYPESAFE_BY_RCU; madvise, binder and readers of /proc try the lock too, and a fork that waits for readers can be killed.',
  parts: {
    ...v6_15.parts,
    structures: '7.0',
    reuseCheck: 'vma_start_read',
    writeWait: 'killable',
    pfnmapFork: 'leaves_copy',
    unfaultedMerge: 'merged',
    madvise: 'vma_lock',
    madviseGuard: 'vma_lock',
    procMaps: 'vma_lock',
    futexMpol: true,
    uprobes: { lookup: 'speculation', trampoline: true },
    vmaAllocFile: 'mm/vma_init.c',
  },
};
