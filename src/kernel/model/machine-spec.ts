import type { Exec, MemoryMap, Routine, TaskArea } from './machine/index.ts';
import type { Program } from './program.ts';
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
  /** What `execve` can run, by number; the first is what the processes run that the machine starts with. One that ships when left out. */
  readonly programs?: readonly Program[];
  /** Objects in the pools. */
  readonly vmas: number;
  readonly pages: number;
  readonly pageTables: number;
  /** Pipes there can be at once; 0 when left out. */
  readonly pipes?: number;
  /** Most pages that swap can be given; without it `swapon` has nothing to turn on. */
  readonly swap?: number;
}

/** How an executor turns tallies into the counts of a measurement. */
export interface EventTable {
  /** Name of each event, by number. */
  readonly names: readonly string[];
  /** Event numbers of the /proc/vmstat counters this kernel has, by counter name. */
  readonly vmstat: ReadonlyMap<string, number>;
  /** Names of those that /proc/vmstat of this kernel shows; the others are tallied as a tracer could. */
  readonly exported: ReadonlySet<string>;
  /** Event numbers of the mmap_lock trace points. */
  readonly mmapLock: {
    readonly read_acquired: number;
    readonly write_acquired: number;
    readonly read_failed: number;
    readonly write_failed: number;
  };
  /** Event numbers of its acquisitions, by the way it was taken. */
  readonly mmapLockBy: ReadonlyMap<string, number>;
  /** VMA write locks really taken; -1 where the kernel has no per-VMA lock. */
  readonly vmaWriteLocks: number;
  /** Event numbers of fallback hits, by site. */
  readonly fallbacks: ReadonlyMap<string, number>;
}

/** What a sleeping thread waits for. */
export interface Wait {
  readonly kind: 'lock' | 'vma_lock' | 'userfault' | 'futex' | 'task' | 'event';
  /** The object: `mm#0.mmap_lock`, `vma#3`. */
  readonly object: string;
  /** In words that follow "waits for". */
  readonly text: string;
  /** Tasks known to hold it or to be awaited: addresses of their task_struct. */
  readonly holders?: readonly number[];
}

/** Reads from the frame (words by name) of the selected thread, which sleeps, and the machine what it waits for. */
export type DescribeWait = (k: Exec, frame: Readonly<Record<string, number>>) => Wait;

/** A field of a structure that a NULL pointer does not lead to. */
export interface NullField {
  readonly struct: string;
  readonly field: string;
  /** Byte offset of the field, which is the address of the access; `null` where the layout does not tell. */
  readonly offset: number | null;
}

/** How long the threads of a CPU have their turns. */
export type TimeSlices =
  /** CFS, until 6.5: they share a latency of eight slices as long as they are fewer (sched_slice in kernel/sched/fair.c). */
  | 'share_latency'
  /** EEVDF, since 6.6: a slice each (base_slice_ns). */
  | 'same';

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
  /** What a thread that sleeps in a routine waits for. */
  readonly waits: ReadonlyMap<Routine, DescribeWait>;
  /** Operations of user space that this kernel does not have. */
  readonly lacking: ReadonlySet<Routine>;
  /** The field behind an access `words` from a NULL pointer that a frame's variable of that name holds. */
  nullField(variable: string, words: number): NullField | undefined;
  /** Address of `registers` words of thread `tid` that user programs keep their variables in. */
  userRegister(tid: number, index: number): number;
  /** Whether the kernel runs on one CPU without atomics' cost (SMP=n). */
  readonly uniprocessor: boolean;
  readonly timeSlices: TimeSlices;
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
