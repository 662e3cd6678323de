/** What makes one edition of the kernel differ from another: which variant of which part it is made of. */
import type { AccessErrorLock } from './arch/x86/fault.ts';
import type { ShadowStack } from './arch/x86/shstk-pop.ts';
import type { BinderLock, BinderShrinker } from './callers/binder/index.ts';
import type { BpfTaskVma } from './callers/bpf/index.ts';
import type { ProcMapsLock } from './callers/proc-maps.ts';
import type { TcpLock } from './callers/tcp.ts';
import type { UprobeParts } from './callers/uprobes/index.ts';
import type { TimeSlices } from './machine-spec.ts';
import type { FaultCount } from './mm/fault.ts';
import type { StackExpansion } from './mm/find-vma.ts';
import type { PfnmapFork } from './mm/fork.ts';
import type { HugeZeroWrite } from './mm/huge-memory.ts';
import type { ReuseCheck } from './mm/lock/refcount-lookup.ts';
import type { WriteWait } from './mm/lock/refcount-vma-lock.ts';
import type { LockingWriters } from './mm/lock/vma-lock.ts';
import type { SlowPath } from './mm/lock/waiting-lookup.ts';
import type { LockedFaults } from './mm/locked-faults.ts';
import type { GuardLock, MadviseLock } from './mm/madvise.ts';
import type { MmLockSeq } from './mm/mmap-lock.ts';
import type { ProcessMadviseLock } from './mm/remote.ts';
import type { UffdIoctls, UffdLock } from './mm/userfaultfd/index.ts';
import type { UnfaultedMerge } from './mm/vma-edit/index.ts';
import type { Release } from './release.ts';
import type { RwsemReaders } from './sync/rwsem/index.ts';

/** The parts an edition chooses. Adding an edition is adding a file that names these. */
export interface EditionParts {
  /** Release whose headers it is built from: structures, and the names, files and stubs of functions. */
  readonly structures: Release;
  /** Design of the per-VMA lock where it is built in. */
  readonly vmaLock: 'rwsem' | 'refcount';
  /** Which builds have it: those with the option, or all. */
  readonly vmaLockIn: 'PER_VMA_LOCK' | 'all builds';
  readonly mmLockSeq: MmLockSeq;
  readonly rwsemReaders: RwsemReaders;
  readonly timeSlices: TimeSlices;
  /** Of a reference count: who notices that a VMA was reused. */
  readonly reuseCheck: ReuseCheck;
  /** Of a reference count: how a writer waits for readers. */
  readonly writeWait: WriteWait;
  /** The lookup that waits for writers, if the edition has one, and what its slow path does. */
  readonly waitingLookup: 'none' | SlowPath;
  readonly lockingWriters: LockingWriters;
  readonly lockedFaults: LockedFaults;
  readonly accessError: AccessErrorLock;
  readonly faultCount: FaultCount;
  readonly stackExpansion: StackExpansion;
  readonly hugeZeroWrite: HugeZeroWrite;
  readonly pfnmapFork: PfnmapFork;
  readonly unfaultedMerge: UnfaultedMerge;
  readonly madvise: MadviseLock;
  readonly processMadvise: ProcessMadviseLock;
  readonly madviseGuard: GuardLock;
  readonly binder: BinderLock;
  readonly binderShrinker: BinderShrinker;
  readonly tcp: TcpLock;
  readonly uffdLock: UffdLock;
  readonly uffdIoctls: UffdIoctls;
  readonly procMaps: ProcMapsLock;
  readonly bpfTaskVma: BpfTaskVma;
  readonly uprobes: UprobeParts;
  /** What holds the shadow stack still while a signal handler returns through it. */
  readonly shadowStack: ShadowStack;
  /** Whether futexes have a node, which may be that of their memory's policy (6.16). */
  readonly futexMpol: boolean;
  /** Whether /proc/PID/maps answers PROCMAP_QUERY (since 6.11). */
  readonly procmapQuery: boolean;
  /** Whether there is mseal() (since 6.10). */
  readonly mseal: boolean;
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
