import { address, type OpSpec, pages } from './spec.ts';

/** Memory by way of vectors: vmsplice, process_vm_readv, process_madvise. */
export const REMOTE_OPS = {
  vmsplice: {
    does: 'gives a page to a pipe with vmsplice, then empties the pipe with read',
    params: [address],
    returns: false,
  },
  process_vm_writev: {
    does: 'process_vm_writev to pages of the own process, one vector',
    params: [address, pages],
    returns: false,
  },
  process_vm_readv: {
    does: 'process_vm_readv from pages of the own process, one vector',
    params: [address, pages],
    returns: false,
  },
  process_madvise: {
    does: 'process_madvise of the own process, or with `parent: 1` of the parent: vectors of pages each, one behind the other',
    params: [
      address,
      pages,
      { name: 'advice', kind: 'advice' },
      { name: 'vectors', kind: 'integer', default: 1 },
      { name: 'parent', kind: 'integer', default: 0 },
    ],
    returns: false,
  },
} as const satisfies Readonly<Record<string, OpSpec>>;
