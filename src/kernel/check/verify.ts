import type { Edition, KernelConfig } from '../model/index.ts';
import type { Edges } from './edges.ts';
import { type Aim, type Exploration, explore, framesIn } from './explore.ts';
import { fairCycle } from './fair-cycles.ts';
import { kernelSubject } from './kernel-subject.ts';
import type { BackEdge } from './loops.ts';
import { type Move, wayTo } from './paths.ts';
import type { Question } from './question.ts';
import { retryBounds } from './retries.ts';
import type { Subject } from './subject.ts';
import { threadNames, traceOf, wayFromStart } from './trace.ts';
import type { LoopBound, Verdict } from './verdict.ts';

/** Most bytes the checker's tables may take, and which share of the memory there is: beyond it says that it could not decide. */
const MOST_BYTES = 6e9;
const SHARE = 0.7;

type Answer = Pick<Verdict, 'verdict' | 'what' | 'trace'> &
  Partial<Pick<Verdict, 'retryBound' | 'loops'>>;

/**
 * Answers a question by exploring all schedules of the model. `share` is the part of the memory there is that it may take:
 * less than all where others are answered beside it.
 *
 * @throws {RangeError} where the kernel has no such lookup or no such safeguard to drop
 */
export function verify(edition: Edition, config: KernelConfig, q: Question, share = 1): Verdict {
  const begin = performance.now();
  const s = kernelSubject(edition, config, q);
  const e = explore(s, aimOf(q, s, share));
  const answer = e.end === 'limit' ? undecided(e) : answerOf(q, s, e);
  return {
    edition: edition.name,
    question: q,
    property: q.property,
    fairness: q.fairness,
    assumptions: s.assumptions,
    states: e.states.size,
    transitions: e.transitions,
    depth: e.depth,
    seconds: (performance.now() - begin) / 1000,
    retryBound: null,
    loops: [],
    ...answer,
  };
}

function aimOf(q: Question, s: Subject, share: number): Aim {
  const maxBytes = Math.min(MOST_BYTES, process.availableMemory() * SHARE) * share;
  const room = { maxStates: q.maxStates, maxBytes, symmetry: q.reduce };
  const left = (
    which: (t: number, frames: Int32Array) => boolean,
    how = '',
  ): NonNullable<Aim['stuck']> => {
    return (stepper) => {
      const names = threadNames(s).filter((_, t) => {
        const frames = stepper.framesOf(t);
        return frames[0] !== 0 && which(t, frames);
      });
      return names.length > 0 ? `${list(names)} ${how}can never go on` : undefined;
    };
  };
  const over: NonNullable<Aim['over']> = (stepper) =>
    readers(s).every((t) => s.past(t, stepper.framesOf(t)));
  switch (q.property) {
    case 'safety':
      return { ...room, rules: true };
    case 'deadlock':
      return { ...room, rules: false, stuck: left((t, frames) => !s.mayStay(t, frames)) };
    case 'killable':
      return {
        ...room,
        rules: false,
        stuck: left(s.busy, 'with a fatal signal '),
        symmetry: false,
      };
    case 'progress':
      return { ...room, rules: false, edges: true, symmetry: false, stuck: left(s.busy), over };
    case 'retries':
      return { ...room, rules: false, edges: true, symmetry: false, over };
  }
}

function list(names: readonly string[]): string {
  const last = names.at(-1) as string;
  return names.length > 1 ? `${names.slice(0, -1).join(', ')} and ${last}` : last;
}

function undecided(e: Exploration): Answer {
  return { verdict: 'undecided', what: `not decided beyond ${e.states.size} states`, trace: null };
}

function answerOf(q: Question, s: Subject, e: Exploration): Answer {
  if (e.finding !== undefined) {
    const { state, thread, what } = e.finding;
    const last: Move[] = thread === -1 ? [] : [{ state, thread }];
    const trace = traceOf(s, e, what, [...wayFromStart(e, state), ...last]);
    return { verdict: 'violated', what, trace };
  }
  if (q.property === 'progress') return progress(q, s, e, e.edges as Edges);
  if (q.property === 'retries') return retries(s, e, e.edges as Edges);
  return { verdict: 'holds', what: HOLDS[q.property], trace: null };
}

const HOLDS = {
  safety: 'no schedule breaks a rule',
  deadlock: 'in no state do all threads wait',
  killable: 'every reader with a fatal signal gets out',
  progress: 'every lookup that started returns',
};

/** States in which a reader is inside its lookup. */
function busyStates(s: Subject, e: Exploration, t: number): (state: number) => boolean {
  const known: boolean[] = [];
  return (state) => {
    const frames = framesIn(e, state, t);
    const busy = known[frames];
    if (busy !== undefined) return busy;
    const block = e.stepper.frames.of[t]?.block(frames) as Int32Array;
    return (known[frames] = s.busy(t, block));
  };
}

function readers(s: Subject): number[] {
  return [...s.roles.keys()].filter((t) => s.roles[t] === 'reader');
}

function progress(q: Question, s: Subject, e: Exploration, edges: Edges): Answer {
  for (const t of readers(s)) {
    const busy = busyStates(s, e, t);
    const cycle = fairCycle(edges, e.states.size, busy, q.fairness);
    if (cycle === undefined) continue;
    const what = `the lookup of ${threadNames(s)[t]} never returns`;
    // Goes by every thread that moves in the cycle, so that what is shown is as fair as what was found.
    const first = cycle[0] as number;
    const round = tour(edges, first, cycle, e.states.size);
    const start = wayFromStart(e, first);
    const trace = traceOf(s, e, what, [...start, ...round], start.length);
    return { verdict: 'violated', what, trace };
  }
  return { verdict: 'holds', what: HOLDS.progress, trace: null };
}

/** A way from a state of a component round to itself on which every thread moves that moves inside it, and every one rests that rests there. */
function tour(edges: Edges, first: number, cycle: Int32Array, states: number): Move[] {
  const inside = new Uint8Array(states);
  for (const state of cycle) inside[state] = 1;
  const within = (state: number) => inside[state] === 1;
  const way: Move[] = [];
  let at = first;
  const go = (target: (state: number) => boolean) => {
    const more = wayTo(edges, at, target, within) ?? [];
    way.push(...more);
    const last = more.at(-1);
    if (last !== undefined) at = edges.to(last.state, last.thread);
  };
  for (let t = 0; t < edges.threads; t++) {
    if (way.some(({ thread }) => thread === t)) continue;
    const moves = (state: number) => within(edges.to(state, t));
    if (cycle.some(moves)) {
      if (!moves(at)) go(moves);
      way.push({ state: at, thread: t });
      at = edges.to(at, t);
    } else if (!way.some(({ state }) => edges.to(state, t) === -1)) {
      go((state) => edges.to(state, t) === -1);
    }
  }
  if (at !== first || way.length === 0) go((state) => state === first);
  return way;
}

function retries(s: Subject, e: Exploration, edges: Edges): Answer {
  const { loops } = e.stepper;
  const own = [...loops.edges.keys()]
    .filter((i) => loops.edges[i]?.routine !== 'reader' && loops.isLoop(i))
    .sort((a, b) => outerness(loops.edges[a]) - outerness(loops.edges[b]));
  const bounds = new Map<number, number>();
  let worst: { t: number; loop: number; bound: number; from: number } | undefined;
  for (const t of readers(s)) {
    const found = retryBounds(edges, e.states.size, busyStates(s, e, t), t, own);
    found.forEach(({ bound, from }, i) => {
      const loop = own[i] as number;
      bounds.set(loop, Math.max(bound, bounds.get(loop) ?? 0));
      if (bound > 0 && bound > (worst?.bound ?? 0)) worst = { t, loop, bound, from };
    });
  }
  const rows: LoopBound[] = [...bounds].flatMap(([loop, bound]) => {
    const edge = loops.edges[loop];
    if (edge === undefined || bound === 0) return [];
    return [{ ...edge, bound: Number.isFinite(bound) ? bound : null }];
  });
  const bound = worst?.bound ?? 0;
  const common = {
    loops: rows,
    retryBound: Number.isFinite(bound) ? bound : ('unbounded' as const),
  };
  if (worst === undefined || Number.isFinite(bound)) {
    const what =
      bound === 0 ? 'no loop is ever passed twice' : `no loop is passed more than ${times(bound)}`;
    return { ...common, verdict: 'holds', what, trace: null };
  }
  const { t, loop, from } = worst;
  const edge = loops.edges[loop];
  const what = `${edge?.routine} goes back from ${edge?.from} to ${edge?.to} for ever`;
  const busy = busyStates(s, e, t);
  const back = wayTo(edges, edges.to(from, t), (state) => state === from, busy) ?? [];
  const start = wayFromStart(e, from);
  const trace = traceOf(s, e, what, [...start, { state: from, thread: t }, ...back], start.length);
  return { ...common, verdict: 'violated', what, trace };
}

/** Loops of the lookup itself come before those of what it calls: of two without bound the outer one is shown. */
function outerness(edge: BackEdge | undefined): number {
  if (edge === undefined || edge.routine === 'lock_vma_under_rcu') return 1;
  return /wait$|unlocked$|fallback$|addr_fault$/.test(edge.routine) ? 0 : 2;
}

function times(n: number): string {
  return n === 1 ? 'once' : n === 2 ? 'twice' : `${n} times`;
}
