import type { Span } from '../../input/index.ts';
import type { Program } from '../model/program.ts';
import type { OpName } from '../model/user-ops.ts';
import type { Refusal } from './unexpected-error.ts';

/**
 * A workload after reading: names resolved to places, parameters to numbers, everything checked that can be
 * known without running it. The compiler turns it into routines; nothing after this stage sees YAML.
 */
export interface Workload {
  readonly name: string;
  /** The file it was read from, for messages. */
  readonly file: string;
  readonly description: string;
  /** What one counted operation is called, in the singular: `fault`. */
  readonly unit: string;
  /** Mixed into the seed of a run for `choose`. */
  readonly seed: number;
  /** Runs once, on thread 0, before the threads' own setup. Its variables are seen by every thread. */
  readonly setup: readonly Statement[];
  /** Words of the setup's frame, by slot after the seed. */
  readonly setupSlots: readonly string[];
  readonly threads: readonly ThreadKind[];
  /** What processes can run; the listed ones begin with the first. */
  readonly programs: readonly Program[];
}

/** How many threads of a kind there are: a number, or the simulated CPUs less some (but at least one). */
export type ThreadCount = { readonly fixed: number } | { readonly cpusLess: number };

/** Threads that run the same program. */
export interface ThreadKind {
  readonly name: string;
  readonly count: ThreadCount;
  /** Whether all threads of the file that say so share one mm, or each has its own. */
  readonly process: 'shared' | 'own';
  /** Loops for ever until all other threads are done; its operations are not counted. */
  readonly background: boolean;
  /** The one CPU they run on while they are measured; where there are fewer, it is counted round. */
  readonly cpu: number | undefined;
  /** Their nice value: 0 to 19. */
  readonly nice: number;
  readonly setup: readonly Statement[];
  readonly run: readonly Statement[];
  /** Loop counters and `for` variables: words of the program's frame, by slot after the seed. */
  readonly setupSlots: readonly string[];
  readonly runSlots: readonly string[];
}

/** Where a variable lives. */
export type Place =
  /** A user register of the thread. */
  | { readonly kind: 'register'; readonly index: number }
  /** A user register of thread 0, written by the file's own `setup`. */
  | { readonly kind: 'shared'; readonly index: number }
  /** A word of the program's frame. */
  | { readonly kind: 'frame'; readonly slot: number };

/** A page number: a variable plus an offset, plus a multiple of the thread's number within its kind. */
export interface Address {
  readonly place: Place;
  readonly name: string;
  readonly offset: number;
  readonly perIndex: number;
  readonly span: Span;
}

/** A parameter of an operation. */
export type Argument = number | Address;

/** Runs an operation of user space once, or once on each page of a run. */
export interface OpStatement {
  readonly kind: 'op';
  readonly op: OpName;
  readonly args: readonly Argument[];
  /** Where the result goes. */
  readonly as: { readonly place: Place; readonly name: string } | undefined;
  /** For operations on one page: repeat on this many pages ascending. 1 otherwise. */
  readonly touches: number;
  /** Frame slot that counts the touches; -1 when there is one. */
  readonly slot: number;
  /** The author expects SIGSEGV, which the program handles. */
  readonly segv: boolean;
  /** Refusals the author expects: a result like any other. */
  readonly errors: readonly Refusal[];
  readonly span: Span;
}

export type Statement =
  | OpStatement
  | SpawnStatement
  | ReapStatement
  /** `pause` sleeps for good; `exit` ends the task that was made at run time. */
  | { readonly kind: 'pause' | 'exit'; readonly span: Span }
  | {
      readonly kind: 'repeat';
      readonly times: number;
      readonly slot: number;
      readonly body: readonly Statement[];
      readonly span: Span;
    }
  | {
      readonly kind: 'for';
      /** Frame slot of the page number; the offset from `of` is kept in `slot + 1`. */
      readonly slot: number;
      readonly each: string;
      readonly of: Address;
      readonly pages: number;
      readonly step: number;
      /** Rounds, each on a page (a multiple of `step`) chosen at random; 0: all pages, ascending. */
      readonly random: number;
      readonly body: readonly Statement[];
      readonly span: Span;
    }
  | {
      readonly kind: 'choose';
      readonly arms: readonly { readonly weight: number; readonly body: readonly Statement[] }[];
      readonly span: Span;
    }
  /** The body is one counted operation. */
  | { readonly kind: 'counted'; readonly body: readonly Statement[]; readonly span: Span }
  /** All threads that are not in the background wait here for each other. `slot` counts the passages. */
  | { readonly kind: 'barrier'; readonly slot: number; readonly span: Span }
  /** Off the CPU for `ns`; `paced`: until `ns` after this statement let the thread go last time. */
  | {
      readonly kind: 'sleep';
      readonly ns: number;
      readonly paced: boolean;
      readonly span: Span;
    };

/** How a task is made at run time: a process of its own, one that borrows the memory until it runs a program, or a thread. */
export type TaskKind = 'fork' | 'vfork' | 'posix_spawn' | 'pthread';

/** Makes a task that runs `body` with a copy of the program's variables. `as` keeps its number. */
export interface SpawnStatement {
  readonly kind: 'spawn';
  readonly how: TaskKind;
  readonly body: readonly Statement[];
  readonly as: { readonly place: Place; readonly name: string } | undefined;
  readonly span: Span;
}

/** Waits for the end of a task; without `of` for any child. */
export interface ReapStatement {
  readonly kind: 'reap';
  readonly how: TaskKind;
  readonly of: Address | undefined;
  readonly span: Span;
}

/** Whether some statement of the program satisfies `test`, at any depth. */
export function someStatement(
  body: readonly Statement[],
  test: (statement: Statement) => boolean,
): boolean {
  return body.some((s) => test(s) || bodiesOf(s).some((inner) => someStatement(inner, test)));
}

/** The statement lists directly inside a statement. */
export function bodiesOf(statement: Statement): readonly (readonly Statement[])[] {
  switch (statement.kind) {
    case 'repeat':
    case 'for':
    case 'counted':
    case 'spawn':
      return [statement.body];
    case 'choose':
      return statement.arms.map((arm) => arm.body);
    default:
      return [];
  }
}

/** Times a `for` runs its body. */
export function iterations(loop: {
  readonly pages: number;
  readonly step: number;
  readonly random: number;
}): number {
  return loop.random > 0 ? loop.random : Math.ceil(loop.pages / loop.step);
}
