/** Pages of user space on behalf of the kernel. */
import type { Fault } from '../fault.ts';
import type { FindVma } from '../find-vma.ts';
import type { MmCore } from '../mm-core.ts';
import type { Shmem } from '../shmem.ts';
import { type FixupUserFault, fixupUserFault } from './fixup-user-fault.ts';
import { type GetUserPages, getUserPages } from './get-user-pages.ts';
import { type Populate, populate } from './populate.ts';

export { FOLL_WRITE, gupDropped, gupPages } from './flags.ts';
export { type GetUserPages, MAX_PINNED } from './get-user-pages.ts';
export type { Populate } from './populate.ts';

export interface Gup extends GetUserPages, Populate, FixupUserFault {}

export function gupRoutines(c: MmCore, find: FindVma, fault: Fault, shm: Shmem): Gup {
  const pages = getUserPages(c, find, fault, shm);
  return {
    ...pages,
    ...populate(c, pages),
    ...fixupUserFault(c, pages.gup_vma_lookup, fault),
  };
}
