/** What makes one edition of the kernel differ from another: which variant of which part it is made of. */
import type { BinderLock } from './callers/binder.ts';
import type { ProcMapsLock } from './callers/proc-maps.ts';
import type { Tree } from './layout/index.ts';
import type { SlowPathLookup } from './mm/lock/waiting-lookup.ts';
import type { MadviseLock } from './mm/madvise.ts';

/** The parts an edition chooses. Adding an edition is adding a file that names these. */
export interface EditionParts {
  /** Design of the per-VMA lock where it is built in. */
  readonly vmaLock: 'rwsem' | 'refcount';
  /** Which builds have it: those with the option, or all. */
  readonly vmaLockIn: 'PER_VMA_LOCK' | 'all builds';
  readonly madvise: MadviseLock;
  readonly binder: BinderLock;
  readonly procMaps: ProcMapsLock;
  /** Who finds the VMA for a TCP zerocopy receive: the caller with its own fallback, or the waiting helper. */
  readonly tcp: 'fallback' | 'waiting_lookup';
  /** The lookup that waits for writers, if the edition has one, and what its slow path does. */
  readonly waitingLookup: 'none' | SlowPathLookup;
  /** Which release's structure declarations it is built from. */
  readonly structures: Tree;
  /** File of vm_area_alloc and its kin. */
  readonly vmaAllocFile: string;
}

/** A state of the kernel's design. */
export interface Edition {
  /** Name in option sets and on the command line, e.g. `v7.0`. */
  readonly name: string;
  readonly title: string;
  /** Release it is, or is based on: `6.12`. */
  readonly kernelVersion: string;
  readonly description: string;
  readonly parts: EditionParts;
}
