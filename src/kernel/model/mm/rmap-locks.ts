/** Keeping rmap out of a VMA: take_rmap_locks and drop_rmap_locks in mm/mremap.c. */
import { type Routine, routine } from '../machine/index.ts';
import type { AnonVma } from './anon-vma.ts';
import type { MmCore } from './mm-core.ts';
import type { Shmem } from './shmem.ts';

export interface RmapLocks {
  /** `(vma)`: locks the lists a VMA is found by, that of its file first. */
  readonly take_rmap_locks: Routine;
  /** `(vma)`: the other way round. */
  readonly drop_rmap_locks: Routine;
}

export function rmapLocks(c: MmCore, anon: AnonVma, shm: Shmem): RmapLocks {
  const { b, VMA, rw } = c;
  const { vm_file } = VMA.at;
  return {
    take_rmap_locks: b.add(
      routine('take_rmap_locks', ['vma'], (v) => ({
        i_mmap_lock_write(k) {
          const file = k.peek(k.get(v.vma) + vm_file);
          if (file !== 0) return k.call(rw.down_write, shm.mappingSemOf(file));
        },
        anon_vma_lock_write(k) {
          const sem = anon.rwsemOf(k, k.get(v.vma));
          if (sem !== 0) return k.call(rw.down_write, sem);
        },
        done: (k) => k.ret(),
      })),
    ),
    drop_rmap_locks: b.add(
      routine('drop_rmap_locks', ['vma'], (v) => ({
        anon_vma_unlock_write(k) {
          const sem = anon.rwsemOf(k, k.get(v.vma));
          if (sem !== 0) return k.call(rw.up_write, sem);
        },
        i_mmap_unlock_write(k) {
          const file = k.peek(k.get(v.vma) + vm_file);
          if (file !== 0) return k.call(rw.up_write, shm.mappingSemOf(file));
        },
        done: (k) => k.ret(),
      })),
    ),
  };
}
