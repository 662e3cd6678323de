import { PROT_READ, PROT_WRITE } from '../uapi.ts';
import { type OpSpec, pages } from './spec.ts';

/** Files in memory, on the root file system and of System V. */
export const FILE_OPS = {
  memfd_create: {
    does: 'memfd_create and ftruncate: a file in memory of so many pages, none of them there yet',
    params: [pages],
    returns: 'file',
  },
  creat: {
    does: 'makes a file of so many pages on the root file system, none of them there yet',
    params: [pages],
    returns: 'file',
  },
  pwrite: {
    does: 'writes whole pages to a file, which puts them into the page cache',
    params: [
      { name: 'file', kind: 'file' },
      pages,
      { name: 'offset', kind: 'integer', default: 0 },
    ],
    returns: false,
  },
  ftruncate: {
    does: 'makes a file so many pages long; what lay behind is gone, also from its mappings',
    params: [
      { name: 'file', kind: 'file' },
      { name: 'pages', kind: 'integer' },
    ],
    returns: false,
  },
  punch_hole: {
    does: 'fallocate(FALLOC_FL_PUNCH_HOLE): takes pages out of a file and out of its mappings',
    params: [
      { name: 'file', kind: 'file' },
      pages,
      { name: 'offset', kind: 'integer', default: 0 },
    ],
    returns: false,
  },
  close: {
    does: 'closes a file; its mappings stay',
    params: [{ name: 'file', kind: 'file' }],
    returns: false,
  },
  shmget: {
    does: 'makes a System V shared memory segment of so many pages',
    params: [pages],
    returns: 'file',
  },
  shmat: {
    does: 'attaches a segment, as a whole, where there is room; `pages` is how long it is',
    params: [
      { name: 'segment', kind: 'file' },
      pages,
      { name: 'prot', kind: 'prot', default: PROT_READ | PROT_WRITE },
    ],
    returns: true,
  },
  shmdt: {
    does: 'detaches the segment attached at an address',
    params: [{ name: 'at', kind: 'mapping' }],
    returns: false,
  },
  shmctl_rmid: {
    does: 'removes a segment once nobody has it attached',
    params: [{ name: 'segment', kind: 'file' }],
    returns: false,
  },
} as const satisfies Readonly<Record<string, OpSpec>>;
