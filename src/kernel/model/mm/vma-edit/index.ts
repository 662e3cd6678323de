/** Changing the set of VMAs of an mm. */
import type { Exec, Routine } from '../../machine/index.ts';
import type { AnonVma } from '../anon-vma.ts';
import { type HugetlbLocks, hugetlbLocks } from '../hugetlb-locks.ts';
import { type IMmap, iMmap } from '../i-mmap.ts';
import type { MmCore } from '../mm-core.ts';
import type { Shmem } from '../shmem.ts';
import type { UserfaultEvents } from '../userfaultfd/events.ts';
import type { VmaAlloc } from '../vma.ts';
import { freePgtables } from './free-pgtables.ts';
import { type Merge, merge, type UnfaultedMerge } from './merge.ts';
import { type Munmap, munmap } from './munmap.ts';
import { vmaPrepare } from './prepare.ts';
import { type PunchHole, punchHole } from './punch-hole.ts';
import { splitVma } from './split.ts';
import { type Zap, zapRoutines } from './zap.ts';

export { KEEP_GUARDS, KEEP_UFFD_WP } from './zap.ts';

export interface VmaEdit extends HugetlbLocks, IMmap, Merge, Munmap, PunchHole, Zap {
  readonly __split_vma: Routine;
  /** What a userfaultfd wants to be told; absent without USERFAULTFD. */
  readonly events: UserfaultEvents | undefined;
}

export type { UnfaultedMerge } from './merge.ts';

/**
 * @param shm_close `()`: what a mapping of a System V segment does when it goes
 * @param close tells what is behind a VMA that it goes (vm_ops->close)
 * @param events what a userfaultfd wants to be told
 */
export function vmaEdit(
  c: MmCore,
  alloc: VmaAlloc,
  anon: AnonVma,
  shm: Shmem,
  shm_close: Routine,
  unfaulted: UnfaultedMerge,
  close: (k: Exec, vma: number) => void,
  events: UserfaultEvents | undefined,
): VmaEdit {
  const prep = vmaPrepare(c, alloc, anon, shm);
  const __split_vma = splitVma(c, alloc, anon, shm, prep);
  const files = iMmap(c, shm);
  const hugetlb = hugetlbLocks(c, shm);
  const free_pgtables = freePgtables(c, anon, files);
  const zap = zapRoutines(c, hugetlb);
  return {
    __split_vma,
    events,
    ...files,
    ...hugetlb,
    ...zap,
    ...punchHole(c, shm),
    ...merge(c, anon, shm, __split_vma, prep, unfaulted),
    ...munmap(c, alloc, shm, __split_vma, free_pgtables, shm_close, zap, hugetlb, close, events),
  };
}
