import type { Edition } from '../model/index.ts';
import { v7_0 } from './v7.0.ts';

export const v7_1: Edition = {
  name: 'v7.1',
  title: 'Linux 7.1',
  kernelVersion: '7.1',
  description:
    'As 7.0; the return through a shadow stack reads user memory without mmap_lock and asks its sequence afterwards, so shadow stacks need per-VMA locks.',
  parts: { ...v7_0.parts, bpfTaskVma: 'vma_lock', shadowStack: 'mm_seqcount' },
};
