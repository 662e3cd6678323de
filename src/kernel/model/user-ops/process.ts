import { address, type OpSpec, pages } from './spec.ts';

/** Calls about the process as a whole, and bare lookups of a VMA. */
export const PROCESS_OPS = {
  vma_lookup: {
    does: 'locks the VMA of a page for reading and lets it go, waiting for writers as the kernel at hand can',
    params: [address],
    returns: false,
  },
  vma_write_sleep: {
    does: 'locks the VMA of a page for writing and sleeps so many nanoseconds before it lets go',
    params: [address, { name: 'ns', kind: 'integer', default: 1000 }],
    returns: false,
  },
  getppid: { does: 'a system call that does next to nothing', params: [], returns: false },
  membarrier_register: {
    does: 'membarrier(REGISTER_PRIVATE_EXPEDITED)',
    params: [],
    returns: false,
  },
  membarrier: {
    does: 'membarrier(PRIVATE_EXPEDITED): a barrier on every CPU that runs the process',
    params: [],
    returns: false,
  },
  prctl_set_vma_anon_name: {
    does: 'names anonymous memory; a name is a number, 0 takes it away',
    params: [address, pages, { name: 'name', kind: 'integer', default: 0 }],
    returns: false,
  },
  prctl_set_memory_merge: {
    does: 'prctl(PR_SET_MEMORY_MERGE): all memory of the process may be merged by KSM, or with `on: 0` no more',
    params: [{ name: 'on', kind: 'integer', default: 1 }],
    returns: false,
  },
  prctl_set_thp_disable: {
    does: 'prctl(PR_SET_THP_DISABLE): no transparent huge pages for the process, or with `on: 0` again',
    params: [{ name: 'on', kind: 'integer', default: 1 }],
    returns: false,
  },
  execve: {
    does: 'runs another program in the process, to its `main`: the other threads end, and what follows is what it does; `shift` is how far randomisation moves the stack down',
    params: [
      { name: 'program', kind: 'program', default: 0 },
      { name: 'shift', kind: 'integer', default: 0 },
    ],
    returns: false,
  },
} as const satisfies Readonly<Record<string, OpSpec>>;
