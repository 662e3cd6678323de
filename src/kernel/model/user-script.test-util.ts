/** Runs operations of user space on a small machine and gives what they did. For tests. */
import { editionNamed } from '../editions/index.ts';
import type { Edition } from './edition.ts';
import { buildWithInternals, type Internals } from './kernel.ts';
import type { KernelConfig } from './kernel-builder.ts';
import {
  type Exec,
  type Routine,
  routine,
  type Scheduler,
  SequentialExec,
  TASK,
} from './machine/index.ts';
import type { MachineSize, MachineSpec } from './machine-spec.ts';
import type { OpName } from './user-ops.ts';

/**
 * One operation with its arguments; an argument may be computed from the results of the operations before. `fork` and
 * `pthread_create` take what the new task does, whose results are kept nowhere.
 */
export type ScriptOp =
  | readonly [OpName | 'wait' | 'pthread_join' | 'pause', ...Argument[]]
  | readonly ['fork' | 'vfork' | 'posix_spawn' | 'pthread_create', readonly ScriptOp[]];
type Argument = number | ((results: readonly number[]) => number);

export function config(options: Readonly<Record<string, string>>): KernelConfig {
  return { get: (name) => options[name] ?? '' };
}

export const SMP64 = {
  '64BIT': 'y',
  X86_64: 'y',
  SMP: 'y',
  MMU: 'y',
  NR_CPUS: '64',
  PER_VMA_LOCK: 'y',
  VM_EVENT_COUNTERS: 'y',
  PER_VMA_LOCK_STATS: 'y',
  RWSEM_SPIN_ON_OWNER: 'y',
  TRANSPARENT_HUGEPAGE: 'y',
  HUGETLBFS: 'y',
  USERFAULTFD: 'y',
  PROC_FS: 'y',
  ADVISE_SYSCALLS: 'y',
  INET: 'y',
  ANDROID_BINDER_IPC: 'y',
  BPF_SYSCALL: 'y',
  UPROBES: 'y',
  FUTEX: 'y',
  NUMA: 'y',
  FUTEX_MPOL: 'y',
  X86_USER_SHADOW_STACK: 'y',
};
export const SMP64_WITHOUT = { ...SMP64, PER_VMA_LOCK: 'n', PER_VMA_LOCK_STATS: 'n' };
export const UP64 = {
  ...SMP64_WITHOUT,
  SMP: 'n',
  NR_CPUS: '1',
  RWSEM_SPIN_ON_OWNER: 'n',
  NUMA: 'n',
  FUTEX_MPOL: 'n',
};

export interface Ran {
  readonly exec: SequentialExec;
  readonly machine: MachineSpec & Internals;
  /** Results of each thread's operations, in order. */
  readonly results: number[][];
  /**
   * What the last load of each of these operations gave, 0 for one that loads nothing. The n-th operation of a thread stores {@link wordOf} of them;
   * those of tasks made at run time store words of their own.
   */
  readonly loads: number[][];
  /** Results and loads of tasks made at run time, in the order they were made. */
  readonly made: readonly Made[];
  count(event: string): number;
  calls(routineName: string): number;
  /** Sets the tallies back to zero. */
  reset(): void;
  /** Runs more operations, one list per thread, on the same machine. */
  run(scripts: readonly (readonly ScriptOp[])[], schedule?: Scheduler): void;
}

/** A machine with the programs that carry out scripts; any number of executors can run on it, one after the other. */
export interface LaidOut {
  readonly machine: MachineSpec & Internals;
  /** What the scripts of an executor are and gave. */
  readonly states: WeakMap<Exec, Scripts>;
  readonly script: Routine;
  /** Memory of a booted machine, once there has been one. */
  booted?: Int32Array;
}

interface Scripts {
  /** What each thread still has to do. */
  readonly pending: ScriptOp[][];
  readonly results: number[][];
  readonly loads: number[][];
  readonly made: Made[];
  /** What tasks made at run time do, by the number in their frame. */
  readonly later: (readonly ScriptOp[])[];
}

/** Tasks made at run time count as threads from this on, in the order they were made. */
export const MADE = 16;
/** What the operations of a task gave, in order. */
interface Gave {
  readonly results: number[];
  readonly loads: number[];
}
/** The same of a task made at run time, and {@link wordOf} the operation that made it. */
interface Made extends Gave {
  readonly by: number;
}
/** As another argument of a store: it is made to another word of the page than the one that is looked at. */
export const ELSEWHERE = -1;
const STORES: readonly string[] = ['write', 'copy_to_user'];
const beforeOp = (k: Exec, stored: number) => {
  k.poke(k.task + TASK.at.stored, stored);
  k.poke(k.task + TASK.at.loaded, 0);
};
const noteResult = (k: Exec, of: Gave) => {
  of.results.push(k.result());
  of.loads.push(k.peek(k.task + TASK.at.loaded));
};
/** What the n-th operation of a thread stores. */
export const wordOf = (thread: number, n: number): number => (thread + 1) * 0x1_0000 + n;

const SPAWNS = ['fork', 'vfork', 'posix_spawn', 'pthread_create'] as const;

/** Lays a machine out for scripts. */
export function layOut(
  edition: string | Edition,
  options: Readonly<Record<string, string>>,
  size: Partial<MachineSize> = {},
): LaidOut {
  const ed = typeof edition === 'string' ? editionNamed(edition) : edition;
  if (ed === undefined) throw new RangeError(`no edition ${String(edition)}`);
  const threads = size.threads ?? 1;
  const machine = buildWithInternals(ed, config(options), {
    threads,
    processOf: Array.from({ length: threads }, () => 0),
    vmas: 128,
    pages: 2048,
    pageTables: 48,
    ...size,
    ...(size.forks === undefined ? {} : { threads: threads + size.forks }),
  });
  const states = new WeakMap<Exec, Scripts>();
  const scriptsOf = (k: Exec): Scripts => states.get(k) as Scripts;
  const { tasks } = machine;
  const calls: Readonly<Record<string, Routine>> = {
    ...machine.user,
    wait: tasks.wait,
    pthread_join: tasks.pthread_join,
    pause: tasks.pause,
  };
  const begin = (k: Exec, op: ScriptOp, known: readonly number[], scriptSlot: number) => {
    const [name, ...args] = op;
    const how = SPAWNS.find((s) => s === name);
    if (how !== undefined) {
      const by = k.peek(k.task + TASK.at.stored);
      scriptsOf(k).made.push({ by, results: [], loads: [] });
      k.set(scriptSlot, scriptsOf(k).later.push(args[0] as readonly ScriptOp[]) - 1);
      return k.callThen('next', tasks[how], spawned[how].id);
    }
    if (STORES.includes(name) && args[1] === ELSEWHERE) k.poke(k.task + TASK.at.stored, 0);
    const values = (args as Argument[]).map((a) => (typeof a === 'function' ? a(known) : a));
    const call = calls[name];
    if (call === undefined) throw new RangeError(`no operation ${name}`);
    const [a = 0, b = 0, c = 0, d = 0, e = 0, f = 0] = values;
    return k.callThen('next', call, a, b, c, d, e, f);
  };
  // The frame begins as a copy of the maker's: the number of the script is in it.
  const program = (name: string, first: Routine, last: Routine): Routine =>
    machine.addRoutine(
      routine(name, ['tid', 'running', 'script', 'at'], (v) => ({
        begin(k) {
          k.set(v.at, 0);
          k.set(v.tid, k.get(v.script));
          return k.call(first);
        },
        next(k) {
          const { later, made } = scriptsOf(k);
          const [n, at] = [k.get(v.tid), k.get(v.at)];
          if (at > 0) noteResult(k, made[n] as Made);
          const op = later[n]?.[at];
          if (op === undefined) return 'exit';
          beforeOp(k, wordOf(MADE + n, at));
          k.set(v.at, at + 1);
          return begin(k, op, [], v.script);
        },
        exit: (k) => k.call(last),
        end: (k) => k.ret(),
      })),
    );
  const spawned: Readonly<Record<(typeof SPAWNS)[number], Routine>> = {
    fork: program('user_child', tasks.childBegins, tasks.exit),
    vfork: program('user_vfork', tasks.vforkBegins, tasks.exit),
    posix_spawn: program('user_spawn', tasks.spawnBegins, tasks.exit),
    pthread_create: program('user_thread', tasks.threadBegins, tasks.threadEnds),
  };
  const script = machine.addRoutine(
    routine('user_script', ['tid', 'running', 'script', 'at'], (v) => ({
      next(k) {
        const tid = k.get(v.tid);
        const { pending, results, loads } = scriptsOf(k);
        if (k.get(v.running)) {
          noteResult(k, { results: results[tid] as number[], loads: loads[tid] as number[] });
        }
        beforeOp(k, wordOf(tid, results[tid]?.length ?? 0));
        const op = pending[tid]?.shift();
        if (op === undefined) return k.ret();
        k.set(v.running, 1);
        return begin(k, op, results[tid] as number[], v.script);
      },
    })),
  );
  return { machine, states, script };
}

/**
 * Boots a machine that is laid out.
 *
 * @param on  an executor for that machine which nobody looks at any more
 */
export function boot(laidOut: LaidOut, on?: SequentialExec): Ran {
  const { machine, states, script } = laidOut;
  const { routines, area, words, events } = machine;
  const exec = on ?? new SequentialExec(routines, area, words, events.names.length);
  exec.events.fill(0);
  exec.calls.fill(0);
  if (laidOut.booted === undefined) {
    machine.boot(exec);
    laidOut.booted = exec.mem.slice();
  } else exec.mem.set(laidOut.booted);
  const lists = <T>(): T[][] => machine.area.tasks.map(() => []);
  const threads = machine.size.processOf.length;
  const scripts: Scripts = {
    pending: lists<ScriptOp>().slice(0, threads),
    results: lists<number>().slice(0, threads),
    loads: lists<number>().slice(0, threads),
    made: [],
    later: [],
  };
  states.set(exec, scripts);
  return {
    exec,
    machine,
    results: scripts.results,
    loads: scripts.loads,
    made: scripts.made,
    count: (event) => exec.events[events.names.indexOf(event)] ?? Number.NaN,
    calls: (name) => {
      const r = routines.find((x) => x.name === name);
      return r === undefined ? Number.NaN : (exec.calls[r.id] as number);
    },
    reset() {
      exec.events.fill(0);
      exec.calls.fill(0);
    },
    run(all, schedule) {
      all.forEach((ops, tid) => {
        (scripts.pending[tid] as ScriptOp[]).push(...ops);
        exec.spawn(tid, script, [tid, 0]);
      });
      exec.run(schedule);
    },
  };
}

/** A booted machine of its own. */
export function start(
  edition: string | Edition,
  options: Readonly<Record<string, string>>,
  size: Partial<MachineSize> = {},
): Ran {
  return boot(layOut(edition, options, size));
}

/**
 * Picks by a fixed stream of numbers, so that a failing schedule shrinks and replays. Each time round it picks the next thread
 * in place of each: who spins until another has run would else go on for ever.
 */
export function scheduleFrom(numbers: readonly number[]): Scheduler {
  const { length } = numbers;
  let i = 0;
  return (ready) => {
    const pick = (numbers[i % length] as number) + Math.floor(i / length);
    i++;
    return ready[pick % ready.length] as number;
  };
}

/** Holds thread 0 where `stop` says, as often as it says, while another thread can move. */
export function holdAt(m: Ran, stop: (label: string, routine: string) => boolean): Scheduler {
  return (ready) => {
    const at = m.exec.where(0);
    const hold = at !== undefined && stop(at.label, at.routine.name);
    const others = ready.filter((tid) => tid !== 0);
    return (hold || !ready.includes(0)) && others.length > 0 ? (others[0] as number) : 0;
  };
}
