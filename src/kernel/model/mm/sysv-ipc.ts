/** The lock of the identifiers of System V shared memory (shm_ids(ns).rwsem), of one namespace. After ipc/shm.c and ipc/util.c. */
import { type Routine, routine, wordStruct } from '../machine/index.ts';
import { RWSEM } from '../sync/rwsem/index.ts';
import type { MmCore } from './mm-core.ts';

export interface ShmIds {
  /** Address of the rwsem. Taken inside mmap_lock when a mapping goes, and by itself else. */
  readonly rwsem: number;
  /** `()`: an attachment goes with its VMA (shm_vm_ops.close). How many there are is the file's count of references. */
  readonly __shm_close: Routine;
}

export function shmIds(c: MmCore): ShmIds {
  const { b, rw } = c;
  const rwsem = b.memory.object(wordStruct('ipc_ids', { rwsem: { line: RWSEM } }), 'shm_ids');
  const __shm_close = b.add(
    routine('__shm_close', [], () => ({
      down_write: (k) => k.call(rw.down_write, rwsem),
      up_write: (k) => k.call(rw.up_write, rwsem),
      done: (k) => k.ret(),
    })),
  );
  return { rwsem, __shm_close };
}
