import { Edges } from './edges.ts';
import { StateTable } from './state-table.ts';
import { BLOCKED, BROKE, BUMPED, Stepper } from './stepper.ts';
import type { Subject } from './subject.ts';
import { Symmetry } from './symmetry.ts';
import { walk } from './walks.ts';

/** What a breadth-first search saw. */
export interface Exploration {
  readonly states: StateTable;
  readonly stepper: Stepper;
  readonly transitions: number;
  /** Steps on the longest of the shortest ways to a state. */
  readonly depth: number;
  /** How it ended: all was seen, something was found, or there is no room for more. */
  readonly end: 'all' | 'found' | 'limit';
  readonly finding?: Finding;
  /** How often the search began again because a word turned out to be racy. */
  readonly restarts: number;
  readonly edges?: Edges;
  readonly symmetry?: Symmetry;
}

export interface Finding {
  /** State it was found in. */
  readonly state: number;
  /** Thread whose step broke a rule; -1 for a state that is bad by itself. */
  readonly thread: number;
  readonly what: string;
}

/** What to look for on the way. */
export interface Aim {
  /** Whether a step that breaks a rule ends the search. */
  readonly rules: boolean;
  /** Says what is wrong with a state in which no thread moves, or nothing. */
  readonly stuck?: (e: { stepper: Stepper; tuple: Int32Array }) => string | undefined;
  readonly maxStates: number;
  readonly maxBytes: number;
  /** Whether to keep the transitions, for what is asked about cycles. */
  readonly edges?: boolean;
  /** Whether states that differ only in which of several alike threads is where are one; not for what is asked about cycles. */
  readonly symmetry?: boolean;
}

/**
 * Explores all states breadth-first, so that what is found is found by as few steps as possible. Starts again as often as words turn out to
 * be racy, see `WatchedWords`.
 */
export function explore(subject: Subject, aim: Aim): Exploration {
  walk(subject);
  for (let restarts = 0; ; restarts++) {
    subject.exec.words.restart();
    const found = search(subject, aim, restarts);
    if (subject.exec.words.fresh === 0) return found;
  }
}

/** States after which a search that will be repeated anyway ends. */
const PILOT = 5000;
const LOOK_EVERY = 1 << 14;

function search(subject: Subject, aim: Aim, restarts: number): Exploration {
  const threads = subject.tasks.length;
  const width = threads + 1;
  const stepper = new Stepper(subject);
  const states = new StateTable(width);
  const { words } = subject.exec;
  states.add(stepper.initial(), -1, 0);
  const next = new Int32Array(width);
  let transitions = 0;
  let depth = 0;
  let levelEnd = 1;
  const likeness = aim.symmetry ? Symmetry.of(subject) : undefined;
  const symmetry = likeness && new Symmetry(subject, likeness, stepper);
  const edges = aim.edges ? new Edges(threads) : undefined;
  const bytes = () => states.bytes + stepper.bytes + (edges?.bytes ?? 0) + (symmetry?.bytes ?? 0);
  const done = (end: Exploration['end'], finding?: Finding): Exploration => ({
    states,
    stepper,
    transitions,
    depth,
    end,
    ...(finding && { finding }),
    ...(edges && { edges }),
    restarts,
    ...(symmetry && { symmetry }),
  });
  for (let at = 0; at < states.size; at++) {
    if (at === levelEnd) {
      depth++;
      levelEnd = states.size;
    }
    if (words.fresh > 0 && at > PILOT) return done('limit');
    if (at % LOOK_EVERY === 0 && bytes() > aim.maxBytes) return done('limit');
    const from = at * width;
    const shared = states.arena[from] as number;
    let moving = false;
    for (let t = 0; t < threads; t++) {
      const info = stepper.step(t, shared, states.arena[from + t + 1] as number);
      const kind = Stepper.kindOf(info);
      if (kind === BLOCKED) continue;
      moving = true;
      transitions++;
      if (kind === BROKE) {
        if (!aim.rules) continue;
        const what = stepper.broken[stepper.nextShared] as string;
        return done('found', { state: at, thread: t, what });
      }
      successor(states.arena, from, t, info, stepper, next);
      symmetry?.settle(next);
      const to = states.add(next, at, t);
      if (to >= 0 && states.size > aim.maxStates) return done('limit');
      edges?.set(at, t, to >= 0 ? to : ~to, Stepper.loopsOf(info));
    }
    if (moving || aim.stuck === undefined) continue;
    const tuple = states.arena.slice(from, from + width);
    const what = aim.stuck({ stepper, tuple });
    if (what !== undefined) return done('found', { state: at, thread: -1, what });
  }
  return done('all');
}

/** Writes to `next` the state that the step taken last leads to from the one in `arena`. */
export function successor(
  arena: Int32Array,
  from: number,
  t: number,
  info: number,
  stepper: Stepper,
  next: Int32Array,
): void {
  const { nextShared, nextFrames } = stepper;
  for (let i = 0; i < next.length; i++) next[i] = arena[from + i] as number;
  next[0] = nextShared;
  next[t + 1] = nextFrames;
  if (!(info & BUMPED)) return;
  for (let u = 0; u < next.length - 1; u++) {
    if (u !== t) next[u + 1] = stepper.stale(u, next[u + 1] as number);
  }
}
