import {
  MAP_FLAGS,
  MLOCKALL_FLAGS,
  MREMAP_FLAGS,
  MSYNC_FLAGS,
  PROT_READ,
  PROT_WRITE,
} from '../uapi.ts';
import { address, type OpSpec, pages } from './spec.ts';

/** System calls that change or ask about mappings of the caller. */
export const MAPPING_OPS = {
  mmap: {
    does: 'maps pages; without `at` an isolated free range (a guard page on each side) is chosen, with `adjacent` the highest there is, as a kernel does, which may join its neighbours',
    params: [
      pages,
      { name: 'prot', kind: 'prot', default: PROT_READ | PROT_WRITE },
      { name: 'flags', kind: 'map_flags', default: MAP_FLAGS.private | MAP_FLAGS.anonymous },
      { name: 'at', kind: 'address', default: 0 },
      { name: 'file', kind: 'file', default: 0 },
      { name: 'offset', kind: 'integer', default: 0 },
    ],
    returns: true,
  },
  munmap: { does: 'unmaps pages', params: [address, pages], returns: false },
  mprotect: {
    does: 'changes the protection of pages',
    params: [address, pages, { name: 'prot', kind: 'prot' }],
    returns: false,
  },
  pkey_alloc: {
    does: 'takes the lowest protection key that is free; the keys are 1 to 15',
    params: [],
    returns: false,
  },
  pkey_free: {
    does: 'gives a protection key back',
    params: [{ name: 'key', kind: 'integer', default: 1 }],
    returns: false,
  },
  pkey_mprotect: {
    does: 'changes the protection of pages and gives them a protection key, which allows everything',
    params: [
      address,
      pages,
      { name: 'prot', kind: 'prot' },
      { name: 'key', kind: 'integer', default: 1 },
    ],
    returns: false,
  },
  madvise: {
    does: 'gives advice about pages',
    params: [address, pages, { name: 'advice', kind: 'advice' }],
    returns: false,
  },
  brk: {
    does: 'moves the end of the heap up (or down) by pages; gives the old end',
    params: [{ name: 'by', kind: 'integer' }],
    returns: true,
  },
  stack_write: {
    does: 'stores one byte `below` pages under the present start of the main stack, which grows it',
    params: [{ name: 'below', kind: 'integer', default: 1 }],
    returns: false,
  },
  mlock: {
    does: 'locks pages in memory and brings them in',
    params: [address, pages],
    returns: false,
  },
  mlock_onfault: {
    does: 'mlock2(MLOCK_ONFAULT): locks pages as they come in',
    params: [address, pages],
    returns: false,
  },
  munlock: { does: 'unlocks pages', params: [address, pages], returns: false },
  mlockall: {
    does: 'locks the whole address space',
    params: [
      { name: 'flags', kind: 'names', names: MLOCKALL_FLAGS, default: MLOCKALL_FLAGS.current },
    ],
    returns: false,
  },
  munlockall: { does: 'unlocks the whole address space', params: [], returns: false },
  mremap: {
    does: 'grows, shrinks or moves a mapping; gives its address',
    params: [
      address,
      pages,
      { name: 'new_pages', kind: 'pages' },
      { name: 'flags', kind: 'names', names: MREMAP_FLAGS, default: 0 },
      { name: 'to', kind: 'address', default: 0 },
    ],
    returns: true,
  },
  mseal: {
    does: 'forbids changes of a mapping for good',
    params: [address, pages],
    returns: false,
  },
  msync: {
    does: 'writes a shared mapping back, or with `async` only looks at it',
    params: [
      address,
      pages,
      { name: 'flags', kind: 'names', names: MSYNC_FLAGS, default: MSYNC_FLAGS.sync },
    ],
    returns: false,
  },
  remap_file_pages: {
    does: 'maps other pages of the file, from `offset` on, into part of a shared mapping',
    params: [address, pages, { name: 'offset', kind: 'integer' }],
    returns: false,
  },
  mincore: { does: 'asks which pages are in memory', params: [address, pages], returns: false },
} as const satisfies Readonly<Record<string, OpSpec>>;
