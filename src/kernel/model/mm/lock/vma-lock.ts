/** What the rest of the model needs of the per-VMA lock, whichever variant a kernel is built with. */
import { type Exec, type Frame, KernelBug, type Routine } from '../../machine/index.ts';

/** Throws a {@link KernelBug} that says where the current thread is. */
export function bug(k: Exec, what: string): never {
  const at = k.where(k.tid);
  throw new KernelBug(what, `thread ${k.tid} in ${at?.routine.name}.${at?.label}`);
}

/** Reading an address space without any lock, and finding out afterwards whether it changed meanwhile (mmap_lock_speculate_*). */
export interface Speculate {
  /** `(mm, unused) -> 0 or the sequence plus one`: 0 while mmap_lock is held for writing. */
  readonly try_begin: Routine;
  /** `(mm, seq) -> 1 or 0`: whether a writer has come. */
  readonly retry: Routine;
}

export interface VmaLock {
  /** `(vma)`: read-unlocks. */
  readonly vma_end_read: Routine;
  /** `(vma)`: write-locks until mmap_lock is dropped or downgraded; mmap_lock is held for writing. */
  readonly vma_start_write: Routine;
  /** `(vma) -> 0 or -EINTR`: as vma_start_write, but a fatal signal ends the wait. Absent before 6.19. */
  readonly vma_start_write_killable?: Routine;
  /** `(mm, address) -> vma or 0`: finds and read-locks without mmap_lock. */
  readonly lock_vma_under_rcu: Routine;
  /** `(vma)`: marks a VMA that leaves the tree; it is write-locked. */
  readonly vma_mark_detached: Routine;
  /** Absent before 6.13. */
  readonly speculate?: Speculate;
  /** `(vma)`: marks a VMA that has just entered the tree; it is write-locked. */
  readonly vma_mark_attached: Routine;
  /** `vma_assert_write_locked`: throws a {@link KernelBug} unless the VMA may be changed. */
  assertWriteLocked(k: Exec, vma: number): void;
  /** `vma_assert_locked`: throws a {@link KernelBug} unless the VMA is stable. */
  assertLocked(k: Exec, vma: number): void;
  /** `vma_assert_stabilised`: throws a {@link KernelBug} unless mmap_lock or the VMA's lock is held. */
  assertStabilised(k: Exec, vma: number): void;
  /** `vma_assert_detached`: throws a {@link KernelBug} when a VMA that readers can still find is freed. */
  assertDetached(k: Exec, vma: number): void;
  /** Initialises the lock of a new VMA that nobody else can see (vma_lock_init, vma_lock_alloc). */
  init(k: Exec, vma: number): void;
  /** Event counted for each write lock really taken; -1 without the lock. */
  readonly writeLocks: number;
  /** For invariants in tests: whether no reader holds the VMA. */
  readerFree(k: Exec, vma: number): boolean;
}

/**
 * Which writers write-lock the VMAs they change. As merged in 6.4 a fork did not lock its parent's, nor mmap the one it made;
 * 6.5 does, and 6.4.3.
 */
export type LockingWriters = 'all_but_fork_and_mmap' | 'all';

/** Counters of CONFIG_PER_VMA_LOCK_STATS (include/linux/vm_event_item.h); `undefined` without it. */
export interface VmaLockStats {
  readonly vma_lock_success: number;
  readonly vma_lock_abort: number;
  readonly vma_lock_retry: number;
  readonly vma_lock_miss: number;
}

/** `count_vm_vma_lock_event`: counts, or is empty without CONFIG_PER_VMA_LOCK_STATS. */
export function countVmaLock(
  k: Frame,
  stats: VmaLockStats | undefined,
  event: keyof VmaLockStats,
): void {
  if (stats !== undefined) k.count(stats[event]);
}
