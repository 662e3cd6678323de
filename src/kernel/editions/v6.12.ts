import type { Edition } from '../model/index.ts';

export const v6_12: Edition = {
  name: 'v6.12',
  title: 'Linux 6.12',
  kernelVersion: '6.12',
  description:
    'Per-VMA locks as an rw_semaphore beside each VMA, VMAs freed after an RCU grace period; every VMA type may fault under the lock.',
  parts: {
    vmaLock: 'rwsem',
    vmaLockIn: 'PER_VMA_LOCK',
    madvise: 'mmap_lock',
    binder: 'mmap_write_lock',
    procMaps: 'mmap_lock',
    tcp: 'fallback',
    waitingLookup: 'none',
    structures: '6.12',
    vmaAllocFile: 'kernel/fork.c',
  },
};
