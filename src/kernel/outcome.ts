/** How a simulated workload ended: all keys are stable, they are exported as JSON. */

/** Which run of a simulation ended so, and in which part of it. */
export interface RunPlace {
  readonly cpus: number;
  /** Number of the run at this CPU count, from 1. */
  readonly run: number;
  readonly part: 'setup' | 'run';
}

/** A thread of user space. */
export interface OutcomeThread {
  readonly tid: number;
  /** As the workload calls it, with its number where there are several: `faulter#2`. */
  readonly name: string;
}

/** A place in the kernel's code: both names are the kernel's. */
export interface CodePlace {
  readonly routine: string;
  readonly label: string;
}

/** A thread with its call chain. */
export interface StoppedThread extends OutcomeThread, CodePlace {
  /** Line of the workload it is at: `file:line`; `null` where none is known. */
  readonly at: string | null;
  /** Innermost first; the first entry is the place itself. */
  readonly trace: readonly CodePlace[];
}

/** What a hung thread waits for. */
export interface WaitFor {
  readonly kind: 'lock' | 'vma_lock' | 'userfault' | 'futex' | 'task' | 'barrier' | 'event';
  /** The object: `mm#0.mmap_lock`. */
  readonly object: string;
  /** In words that follow "waits for". */
  readonly text: string;
  /** Threads that are known to hold it, or that it waits for. */
  readonly holders: readonly OutcomeThread[];
}

/** The modelled kernel crashed. */
export interface OopsOutcome extends RunPlace {
  readonly kind: 'oops';
  /** What the kernel found wrong: `NULL pointer dereference`, or the assertion that does not hold. */
  readonly bug: string;
  readonly thread: StoppedThread;
  /** Byte address that was dereferenced, in hexadecimal; `null` for an assertion or an unknown layout. */
  readonly address: string | null;
  /** The member that lies there, `vm_area_struct.vm_refcnt`; `null` where it is not known. */
  readonly field: string | null;
}

/** Threads that have to end wait for ever. */
export interface HungOutcome extends RunPlace {
  readonly kind: 'hung';
  readonly threads: readonly (StoppedThread & { readonly waits_for: WaitFor })[];
}

/** An operation gave an error that says "not here", and the workload does not expect it. */
export interface RefusedOutcome extends RunPlace {
  /** `unsupported`: this kernel does not have the operation. `refused`: it does not take these arguments. */
  readonly kind: 'unsupported' | 'refused';
  readonly op: string;
  readonly error: string;
  readonly file: string;
  readonly line: number;
  readonly column: number;
}

export type Outcome = { readonly kind: 'completed' } | OopsOutcome | HungOutcome | RefusedOutcome;

/** An outcome without figures. */
export type Failure = Exclude<Outcome, { kind: 'completed' }>;
