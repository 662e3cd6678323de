/** The VMAs that map a file, as rmap finds them: the tree i_mmap of its address_space under i_mmap_rwsem. After mm/vma.c of 6.12. */
import { type Routine, routine, W } from '../machine/index.ts';
import { isSince } from '../release.ts';
import type { MmCore } from './mm-core.ts';
import type { Shmem } from './shmem.ts';

/** Whether VMAs of one file that lie near each other share a lock when they are unmapped: since 6.10, of the releases here since 6.12. */
export function batchesUnlinking(c: MmCore): boolean {
  return isSince(c.release, '6.12');
}

export interface IMmap {
  /** `(vma)`: links a VMA to its file, if it has one. mmap_lock is held for writing. */
  readonly vma_link_file: Routine;
  /** `(vma, end)`: unlinks the VMAs of a chain from `vma`, which has a file, until before `end`. Those with a file have the same. */
  readonly unlink_file_vma_batch_final: Routine;
  /** The same when a batch is full or the file another. */
  readonly unlink_file_vma_batch_process: Routine;
}

export function iMmap(c: MmCore, shm: Shmem): IMmap {
  const { b, VMA, rw } = c;
  const { vm_file, detach_next } = VMA.at;

  const vma_link_file = b.add(
    routine('vma_link_file', ['vma', 'file'], (v) => ({
      i_mmap_lock_write(k) {
        k.set(v.file, k.peek(k.get(v.vma) + vm_file));
        if (k.get(v.file) === 0) return k.ret();
        return k.call(rw.down_write, shm.mappingSemOf(k.get(v.file)));
      },
      vma_interval_tree_insert(k) {
        // In, and one day out again.
        k.work(W.anon_vma_interval);
        shm.link(k, k.get(v.file), 1);
      },
      i_mmap_unlock_write: (k) => k.call(rw.up_write, shm.mappingSemOf(k.get(v.file))),
      done: (k) => k.ret(),
    })),
  );

  const unlinking = (name: string) =>
    b.add(
      routine(name, ['vma', 'end', 'file'], (v) => ({
        i_mmap_lock_write(k) {
          k.set(v.file, k.peek(k.get(v.vma) + vm_file));
          return k.call(rw.down_write, shm.mappingSemOf(k.get(v.file)));
        },
        __remove_shared_vm_struct(k) {
          let n = 0;
          for (let at = k.get(v.vma); at !== k.get(v.end); at = k.peek(at + detach_next)) {
            if (k.peek(at + vm_file) !== 0) n++;
          }
          shm.link(k, k.get(v.file), -n);
        },
        i_mmap_unlock_write: (k) => k.call(rw.up_write, shm.mappingSemOf(k.get(v.file))),
        done: (k) => k.ret(),
      })),
    );
  if (!batchesUnlinking(c)) {
    const unlink_file_vma = unlinking('unlink_file_vma');
    return {
      vma_link_file,
      unlink_file_vma_batch_final: unlink_file_vma,
      unlink_file_vma_batch_process: unlink_file_vma,
    };
  }
  return {
    vma_link_file,
    unlink_file_vma_batch_final: unlinking('unlink_file_vma_batch_final'),
    unlink_file_vma_batch_process: unlinking('unlink_file_vma_batch_process'),
  };
}
