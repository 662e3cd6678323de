/** Changing the set of VMAs of an mm. */
import type { Exec, Routine } from '../../machine/index.ts';
import type { AnonVma } from '../anon-vma.ts';
import type { MmCore } from '../mm-core.ts';
import type { Shmem } from '../shmem.ts';
import type { VmaAlloc } from '../vma.ts';
import { type Merge, merge } from './merge.ts';
import { type Munmap, munmap } from './munmap.ts';
import { splitVma } from './split.ts';
import { type Zap, zapRoutines } from './zap.ts';

export { KEEP_GUARDS } from './zap.ts';

export interface VmaEdit extends Merge, Munmap, Zap {
  readonly __split_vma: Routine;
}

/** @param close tells what is behind a VMA that it goes (vm_ops->close) */
export function vmaEdit(
  c: MmCore,
  alloc: VmaAlloc,
  anon: AnonVma,
  shm: Shmem,
  close: (k: Exec, vma: number) => void,
): VmaEdit {
  const __split_vma = splitVma(c, alloc, anon, shm);
  const zap = zapRoutines(c);
  return {
    __split_vma,
    ...zap,
    ...merge(c, alloc, anon, shm, __split_vma),
    ...munmap(c, alloc, anon, shm, __split_vma, zap, close),
  };
}
