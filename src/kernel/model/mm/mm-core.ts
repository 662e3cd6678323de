/** What the routines of the mm layer share: structures, locks, pools, and the kernel they are built into. */
import type { KernelBuilder } from '../kernel-builder.ts';
import type { Routine } from '../machine/index.ts';
import type { Release } from '../release.ts';
import type { Rcu } from '../sync/rcu.ts';
import type { RwsemRoutines } from '../sync/rwsem/index.ts';
import type { Slab } from '../sync/slab.ts';
import type { HugePages } from './huge-pages.ts';
import type { LockingWriters, VmaLock, VmaLockStats } from './lock/vma-lock.ts';
import type { MmapLock } from './mmap-lock.ts';
import type { PageTables } from './page-table.ts';
import type { SoftDirty } from './soft-dirty.ts';
import type { mmStruct, VmaLockKind, vmaStruct } from './structs.ts';
import type { Swap } from './swap.ts';
import type { VmaTree } from './vma-tree.ts';

export interface MmCore {
  readonly b: KernelBuilder;
  readonly lockKind: VmaLockKind;
  readonly lockingWriters: LockingWriters;
  /** Release whose headers the kernel is built from. */
  readonly release: Release;
  readonly MM: ReturnType<typeof mmStruct>;
  readonly VMA: ReturnType<typeof vmaStruct>;
  readonly rw: RwsemRoutines;
  readonly rcu: Rcu;
  readonly mmap: MmapLock;
  readonly lock: VmaLock;
  readonly stats: VmaLockStats | undefined;
  readonly tree: VmaTree;
  readonly vmas: Slab;
  readonly pages: HugePages;
  readonly pt: PageTables;
  readonly swap: Swap;
  readonly softDirty: SoftDirty;
  /** `(mm, address)`: splits a huge mapping, if there is one. */
  readonly split_huge_pmd: Routine;
  /** Address of each process's mm_struct. */
  readonly mms: readonly number[];
}

/** Errors as system calls give them. */
export const EPERM = 1;
export const EINTR = 4;
export const EAGAIN = 11;
export const ENOMEM = 12;
export const EBADF = 9;
export const EACCES = 13;
export const EFAULT = 14;
export const EBUSY = 16;
export const ENOSPC = 28;
export const EEXIST = 17;
export const EFBIG = 27;
export const EINVAL = 22;
export const ENOSYS = 38;
/** `vfs_ioctl` of a file that knows no ioctl. */
export const ENOTTY = 25;
