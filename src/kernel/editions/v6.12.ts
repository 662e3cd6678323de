import type { Edition } from '../model/index.ts';

export const v6_12: Edition = {
  name: 'v6.12',
  title: 'Linux 6.12',
  kernelVersion: '6.12',
  description:
    'Per-VMA locks as an rw_semaphore beside each VMA, VMAs freed after an RCU grace period; every VMA type may fault under the lock.',
  parts: {
    structures: '6.12',
    vmaLock: 'rwsem',
    vmaLockIn: 'PER_VMA_LOCK',
    mmLockSeq: 'seqcount',
    reuseCheck: 'lock_vma_under_rcu',
    writeWait: 'uninterruptible',
    waitingLookup: 'none',
    lockedFaults: 'all',
    accessError: 'vma_lock',
    faultCount: 'last_try',
    stackExpansion: 'lock_mm_and_find_vma',
    hugeZeroWrite: 'split',
    pfnmapFork: 'write_locks_copy',
    madvise: 'mmap_lock',
    binder: 'mmap_write_lock',
    tcp: 'vma_lock',
    uffdLock: 'vma_lock',
    uffdIoctls: 'move',
    procMaps: 'mmap_lock',
    procmapQuery: true,
    mseal: true,
    shadowStack: 'mmap_lock',
    vmaAllocFile: 'kernel/fork.c',
  },
};
