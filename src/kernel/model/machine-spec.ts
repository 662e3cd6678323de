import type { Exec, MemoryMap, Routine, TaskArea } from './machine/index.ts';
import type { TaskRoutines } from './task/index.ts';
import type { OpName } from './user-ops.ts';

/** How large a machine to lay out. Pools are fixed: running out of one is an error of the run, not of the model. */
export interface MachineSize {
  /** Threads of user space. */
  readonly threads: number;
  /** Address spaces for processes made at run time; 0 when left out. Their threads have no entry in `processOf`. */
  readonly forks?: number;
  /** Process of each thread, by thread number: 0 … processes-1. Threads of one process share an mm. */
  readonly processOf: readonly number[];
  /** Objects in the pools. */
  readonly vmas: number;
  readonly pages: number;
  readonly pageTables: number;
}

/** How an executor turns tallies into the counts of a measurement. */
export interface EventTable {
  /** Name of each event, by number. */
  readonly names: readonly string[];
  /** Event numbers of the /proc/vmstat counters this kernel has, by counter name. */
  readonly vmstat: ReadonlyMap<string, number>;
  /** Event numbers of the mmap_lock trace points. */
  readonly mmapLock: {
    readonly read_acquired: number;
    readonly write_acquired: number;
    readonly read_failed: number;
    readonly write_failed: number;
  };
  /** VMA write locks really taken; -1 where the kernel has no per-VMA lock. */
  readonly vmaWriteLocks: number;
  /** Event numbers of fallback hits, by site. */
  readonly fallbacks: ReadonlyMap<string, number>;
}

/** A kernel laid out in memory with its threads, ready for an executor. */
export interface MachineSpec {
  readonly size: MachineSize;
  readonly memory: MemoryMap;
  /** Words of memory an executor must have. */
  readonly words: number;
  readonly routines: readonly Routine[];
  readonly area: TaskArea;
  readonly events: EventTable;
  /** The routine behind each operation of user space. */
  readonly user: Readonly<Record<OpName, Routine>>;
  /** The routines behind making and ending processes and threads. */
  readonly tasks: TaskRoutines;
  /** Address of `registers` words of thread `tid` that user programs keep their variables in. */
  userRegister(tid: number, index: number): number;
  /** Whether the kernel runs on one CPU without atomics' cost (SMP=n). */
  readonly uniprocessor: boolean;
  /**
   * Adds a routine made from user code (a compiled workload). Only before an executor is made.
   * Returns it with its number set.
   */
  addRoutine(routine: Routine): Routine;
  /** Puts the initial state (empty pools, one mm per process with its first VMAs) into an executor's memory. */
  boot(exec: Exec): void;
}

/** Words each thread has for variables of user code. */
export const USER_REGISTERS = 32;
