/** What BPF programs look up in address spaces, with BPF_SYSCALL. */
import type { Routine } from '../../machine/index.ts';
import type { FindVma } from '../../mm/find-vma.ts';
import type { MmCore } from '../../mm/mm-core.ts';
import { sysNiSyscall } from '../../mm/ni-syscall.ts';
import type { Shmem } from '../../mm/shmem.ts';
import { bpfFindVma } from './find-vma.ts';
import { mmapUnlockWork } from './mmap-unlock-work.ts';
import { stackMapBuildId } from './stackmap.ts';
import { type BpfTaskVma, bpfTaskVma } from './task-vma.ts';

export type { BpfTaskVma } from './task-vma.ts';

/** Each `(mm, address, irqs_off, programs, entries) -> result`: a program that runs in the process it looks at. */
export interface Bpf {
  readonly bpf_iter_task_vma: Routine;
  readonly bpf_find_vma: Routine;
  readonly bpf_get_stack: Routine;
}

export interface BpfParts {
  readonly find: FindVma;
  readonly shm: Shmem;
  /** `(mm)`. */
  readonly mmput: Routine;
}

export function bpf(c: MmCore, iterator: BpfTaskVma, { find, shm, mmput }: BpfParts): Bpf {
  if (!c.b.enabled('BPF_SYSCALL')) {
    const none = sysNiSyscall(c.b);
    return { bpf_iter_task_vma: none, bpf_find_vma: none, bpf_get_stack: none };
  }
  const work = mmapUnlockWork(c);
  return {
    bpf_iter_task_vma: work.program(
      'bpf_prog_iter_task_vma',
      bpfTaskVma(c, iterator, { work, shm, mmput }),
    ),
    bpf_find_vma: work.program('bpf_prog_find_vma', bpfFindVma(c, find, work)),
    bpf_get_stack: work.program('bpf_prog_get_stack', stackMapBuildId(c, find, work)),
  };
}
