import { READ } from '../model/index.ts';
import type { Exploration } from './explore.ts';
import type { Move } from './paths.ts';
import type { MicroStep } from './stepper.ts';
import type { Subject } from './subject.ts';
import type { TraceState } from './trace-state.ts';
import { unfold } from './unfold.ts';

/** A word that a step of a trace read or wrote. */
export interface TraceAccess {
  readonly word: string;
  readonly wrote: boolean;
  readonly before: number;
  readonly after: number;
}

/** One atomic step of the model in a trace. */
export interface TraceStep {
  readonly thread: number;
  readonly name: string;
  readonly routine: string;
  readonly label: string;
  readonly accesses: readonly TraceAccess[];
  /** Whether another thread may touch one of the words at the same time. */
  readonly shared: boolean;
  readonly locks: string;
  /** Locks and VMAs after it; absent where they are as after the step before. */
  readonly state?: TraceState;
}

/** A schedule that shows something, from the initial state on. */
export interface Trace {
  readonly threads: readonly string[];
  readonly steps: readonly TraceStep[];
  /** Source files of the kernel functions among the routines, by name; absent in traces of older versions. */
  readonly files?: Readonly<Record<string, string>>;
  /** Index of the step from which on the rest goes round for ever; absent for a trace that ends. */
  readonly cycleFrom?: number;
  readonly what: string;
}

/** Names of the threads: `reader 0`, `writer 0`, … */
export function threadNames(s: Subject): string[] {
  const counts = new Map<string, number>();
  return s.roles.map((role) => {
    const n = counts.get(role) ?? 0;
    counts.set(role, n + 1);
    return `${role} ${n}`;
  });
}

/** The way the search first came to a state. */
export function wayFromStart(e: Exploration, state: number): Move[] {
  const way: Move[] = [];
  const { parent, via } = e.states;
  for (let at = state; (parent[at] as number) >= 0; at = parent[at] as number) {
    way.push({ state: parent[at] as number, thread: via[at] as number, to: at });
  }
  return way.reverse();
}

/** Writes down moves, the last of them perhaps one that breaks a rule; those from `cycle` on go round for ever. */
export function traceOf(
  s: Subject,
  e: Exploration,
  what: string,
  moves: readonly Move[],
  cycle?: number,
): Trace {
  const names = threadNames(s);
  const steps: TraceStep[] = [];
  const states: (TraceState | undefined)[] = [];
  let cycleFrom: number | undefined;
  unfold(e, moves).forEach(({ state, thread }, i) => {
    if (i === cycle) cycleFrom = steps.length;
    e.stepper.resume(state);
    for (const micro of e.stepper.explain(thread)) {
      steps.push(stepOf(s, micro, names[thread] as string));
      states.push(micro.state);
    }
  });
  return {
    threads: names,
    steps: withStates(steps, states),
    files: filesOf(s, steps),
    what,
    ...(cycleFrom !== undefined && { cycleFrom }),
  };
}

/** The steps with the states that are news, and of each the address spaces and VMAs that ever change. */
function withStates(
  steps: readonly TraceStep[],
  states: readonly (TraceState | undefined)[],
): TraceStep[] {
  const all = states.filter((state) => state !== undefined);
  const changes = (of: (s: TraceState) => readonly { readonly name: string }[]) => {
    const seen = new Map<string, string>();
    const changing = new Set<string>();
    for (const object of all.flatMap(of)) {
      const now = JSON.stringify(object);
      if ((seen.get(object.name) ?? now) !== now) changing.add(object.name);
      seen.set(object.name, now);
    }
    return changing;
  };
  const mms = changes((state) => state.mms);
  const vmas = changes((state) => state.vmas);
  let last = '';
  return steps.map((step, i) => {
    const state = states[i];
    if (state === undefined) return step;
    const shown: TraceState = {
      ...state,
      mms: state.mms.filter(({ name }, at) => at === 0 || mms.has(name)),
      vmas: state.vmas.filter(({ name, held_by }) => vmas.has(name) || held_by.length > 0),
    };
    const now = JSON.stringify(shown);
    if (now === last) return step;
    last = now;
    return { ...step, state: shown };
  });
}

function filesOf(s: Subject, steps: readonly TraceStep[]): Record<string, string> {
  const passed = new Set(steps.map(({ routine }) => routine));
  const known = s.functions?.().filter(({ name }) => passed.has(name)) ?? [];
  return Object.fromEntries(known.map(({ name, file }) => [name, file]));
}

function stepOf(s: Subject, micro: MicroStep, name: string): TraceStep {
  const racy = ({ address }: { address: number }) => s.exec.isRacy(address);
  const worth = micro.accesses.filter(racy);
  return {
    thread: micro.tid,
    name,
    routine: micro.routine,
    label: micro.label,
    accesses: unique(
      (worth.length > 0 ? worth : micro.accesses).map(({ address, kind, before, after }) => ({
        word: s.nameOf(address),
        wrote: kind !== READ,
        before,
        after,
      })),
    ),
    shared: worth.length > 0,
    locks: micro.locks,
  };
}

/** One entry for each word; a write tells more than the read before it. */
function unique(accesses: readonly TraceAccess[]): TraceAccess[] {
  const byWord = new Map<string, TraceAccess>();
  for (const a of accesses) {
    const known = byWord.get(a.word);
    if (known === undefined) byWord.set(a.word, a);
    else if (a.wrote && !known.wrote) byWord.set(a.word, { ...a, before: known.before });
  }
  return [...byWord.values()];
}
