import type { Edition } from '../model/index.ts';

export const v7_0: Edition = {
  name: 'v7.0',
  title: 'Linux 7.0',
  kernelVersion: '7.0',
  description:
    'Per-VMA locks as one reference count in the VMA (vm_refcnt), VMAs reused under SLAB_TYPESAFE_BY_RCU; madvise and binder try the lock too.',
  parts: {
    vmaLock: 'refcount',
    vmaLockIn: 'PER_VMA_LOCK',
    madvise: 'vma_lock',
    binder: 'vma_lock',
    procMaps: 'vma_lock',
    tcp: 'fallback',
    waitingLookup: 'none',
    structures: '7.0',
    vmaAllocFile: 'mm/vma_init.c',
  },
};
