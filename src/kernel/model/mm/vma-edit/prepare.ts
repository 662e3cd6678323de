/** What changing a VMA's range does around it. After vma_prepare and vma_complete in mm/vma.c. */
import { type Exec, type Routine, routine, W } from '../../machine/index.ts';
import type { AnonVma } from '../anon-vma.ts';
import type { MmCore } from '../mm-core.ts';
import type { Shmem } from '../shmem.ts';
import type { VmaAlloc } from '../vma.ts';
import { account } from './account.ts';

export interface VmaPrepare {
  /**
   * `(vma, insert) -> sem`: locks the lists rmap has of a VMA whose range is about to change, those of its file and of its anon_vma, and
   * links one that is split off it; gives the rwsem of the anon_vma, 0 when there is none.
   */
  readonly vma_prepare: Routine;
  /** `(sem, vma, mm, gone, gone2)`: unlocks, and takes leave of VMAs that another has swallowed; they are write-locked and out of the tree. */
  readonly vma_complete: Routine;
}

export function vmaPrepare(c: MmCore, alloc: VmaAlloc, anon: AnonVma, shm: Shmem): VmaPrepare {
  const { b, VMA, lock, rw } = c;
  const { vm_file } = VMA.at;
  const fileOf = (k: Exec, vma: number): number => k.peek(vma + vm_file);

  const vma_prepare = b.add(
    routine('vma_prepare', ['vma', 'insert', 'sem'], (v) => ({
      i_mmap_lock_write(k) {
        const file = fileOf(k, k.get(v.vma));
        if (file === 0) return 'anon_vma_lock_write';
        k.work(W.anon_vma_interval);
        return k.call(rw.down_write, shm.mappingSemOf(file));
      },
      __vma_link_file(k) {
        if (k.get(v.insert) !== 0) shm.link(k, fileOf(k, k.get(v.vma)), 1);
      },
      anon_vma_lock_write(k) {
        k.set(v.sem, anon.rwsemOf(k, k.get(v.vma)));
        if (k.get(v.sem) === 0) return;
        k.work(W.anon_vma_interval);
        return k.call(rw.down_write, k.get(v.sem));
      },
      done: (k) => k.ret(k.get(v.sem)),
    })),
  );

  const vma_complete = b.add(
    routine('vma_complete', ['sem', 'vma', 'mm', 'gone', 'gone2'], (v) => ({
      __remove_shared_vm_struct(k) {
        const gone = (k.get(v.gone) ? 1 : 0) + (k.get(v.gone2) ? 1 : 0);
        if (fileOf(k, k.get(v.vma)) !== 0 && gone > 0) shm.link(k, fileOf(k, k.get(v.vma)), -gone);
      },
      anon_vma_unlock_write(k) {
        if (k.get(v.sem)) return k.call(rw.up_write, k.get(v.sem));
      },
      i_mmap_unlock_write(k) {
        const file = fileOf(k, k.get(v.vma));
        if (file !== 0) return k.call(rw.up_write, shm.mappingSemOf(file));
      },
      again(k) {
        if (k.get(v.gone) === 0) return k.ret();
        return k.call(lock.vma_mark_detached, k.get(v.gone));
      },
      anon_vma_merge: (k) => k.call(anon.unlink_anon_vmas, k.get(v.gone)),
      put_file(k) {
        const vma = k.get(v.gone);
        if (k.peek(vma + vm_file) !== 0) shm.put(k, k.peek(vma + vm_file));
        account(c, k, k.get(v.mm), -1, 0);
      },
      vm_area_free: (k) => k.call(alloc.vm_area_free, k.get(v.gone)),
      next(k) {
        k.set(v.gone, k.get(v.gone2));
        k.set(v.gone2, 0);
        return 'again';
      },
    })),
  );
  return { vma_prepare, vma_complete };
}
