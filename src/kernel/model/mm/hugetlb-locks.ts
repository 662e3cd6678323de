/** What keeps faults and rmap out of a mapping of hugetlbfs: hugetlb_zap_begin, hugetlb_zap_end and others in mm/hugetlb.c. */
import { type Exec, type Routine, routine } from '../machine/index.ts';
import type { MmCore } from './mm-core.ts';
import type { Shmem } from './shmem.ts';
import { VM_OPS_HUGETLB } from './structs.ts';

export interface HugetlbLocks {
  /** `(vma)`: locks out faults (hugetlb_vma_lock_write), then rmap (i_mmap_lock_write). */
  readonly hugetlb_zap_begin: Routine;
  /** `(vma)`. */
  readonly hugetlb_zap_end: Routine;
  /** Whether a VMA is a mapping of hugetlbfs. Touches nothing shared. */
  isHugetlb(k: Exec, vma: number): boolean;
}

export function hugetlbLocks(c: MmCore, shm: Shmem): HugetlbLocks {
  const { b, VMA, rw } = c;
  const { vm_file, vm_ops } = VMA.at;
  const fileOf = (k: Exec, vma: number): number => k.peek(vma + vm_file);
  return {
    hugetlb_zap_begin: b.add(
      routine('hugetlb_zap_begin', ['vma'], (v) => ({
        hugetlb_vma_lock_write: (k) => k.call(rw.down_write, shm.semOf(fileOf(k, k.get(v.vma)))),
        i_mmap_lock_write: (k) => k.call(rw.down_write, shm.mappingSemOf(fileOf(k, k.get(v.vma)))),
        done: (k) => k.ret(),
      })),
    ),
    hugetlb_zap_end: b.add(
      routine('hugetlb_zap_end', ['vma'], (v) => ({
        hugetlb_vma_unlock_write: (k) => k.call(rw.up_write, shm.semOf(fileOf(k, k.get(v.vma)))),
        i_mmap_unlock_write: (k) => k.call(rw.up_write, shm.mappingSemOf(fileOf(k, k.get(v.vma)))),
        done: (k) => k.ret(),
      })),
    ),
    isHugetlb: (k, vma) => k.peek(vma + vm_ops) === VM_OPS_HUGETLB,
  };
}
