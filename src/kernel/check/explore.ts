import { Edges } from './edges.ts';
import { NoRoomError } from './interner.ts';
import { StateTable } from './state-table.ts';
import { BLOCKED, BROKE, Stepper } from './stepper.ts';
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

/** What ended a search. */
export interface Finding {
  /** State it was found in. */
  readonly state: number;
  /** Thread whose step broke a rule; -1 for a state that is bad by itself. */
  readonly thread: number;
  readonly what: string;
}

/** Number of the frames of thread `t` in a state. */
export function framesIn({ states, stepper }: Exploration, state: number, t: number): number {
  return stepper.layout.frames(states.arena, state * states.width, t);
}

/** What to look for on the way. */
export interface Aim {
  /** Whether a step that breaks a rule ends the search. */
  readonly rules: boolean;
  /** Says what is wrong with a state in which no thread moves, the stepper's current one, or nothing. */
  readonly stuck?: (stepper: Stepper) => string | undefined;
  readonly maxStates: number;
  readonly maxBytes: number;
  /** Whether nothing that is asked about can come after a state, the stepper's current one: it is not gone on from. */
  readonly over?: (stepper: Stepper) => boolean;
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
    const { words, live } = subject.exec;
    words.restart();
    live.restart();
    const found = search(subject, aim, restarts);
    if (words.fresh === 0 && !live.fresh) return found;
  }
}

/** States after which a search that will be repeated anyway ends. */
const PILOT = 5000;
const LOOK_EVERY = 1 << 14;
/** Bytes a state takes while cycles are looked for. */
const CYCLE_BYTES = 32;

function search(subject: Subject, aim: Aim, restarts: number): Exploration {
  const threads = subject.tasks.length;
  const stepper = new Stepper(subject);
  const states = new StateTable(stepper.layout.width, aim.maxBytes);
  const { words, live } = subject.exec;
  let transitions = 0;
  let depth = 0;
  let levelEnd = 1;
  const likeness = aim.symmetry ? Symmetry.of(subject) : undefined;
  const symmetry = likeness && new Symmetry(subject, likeness, stepper);
  const edges = aim.edges ? new Edges(threads, aim.maxBytes) : undefined;
  const seen = edges && ((from: number, t: number, to: number) => edges.lead(from, t, to));
  const bytes = () =>
    states.bytes + stepper.bytes + (edges ? edges.bytes + states.size * CYCLE_BYTES : 0);
  /** Whether all states come by so far have been taken in. */
  let room = true;
  const flush = () => states.flush(aim.maxStates, seen);
  stepper.onLayout = (now, before) => {
    room &&= flush();
    states.repack(stepper.fields, now, before);
  };
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
  const run = (): Exploration => {
    states.batch.set(stepper.current, 0);
    states.push(-1, 0);
    if (!flush()) return done('limit');
    for (let at = 0; ; at++) {
      if (at === levelEnd) {
        if (!flush()) return done('limit');
        if (at === states.size) return done('all');
        depth++;
        levelEnd = states.size;
      }
      if ((words.fresh > 0 || live.fresh) && at > PILOT) return done('limit');
      if (at % LOOK_EVERY === 0 && bytes() > aim.maxBytes) return done('limit');
      copyState(states, at, stepper.current);
      if (aim.over?.(stepper)) continue;
      let moving = false;
      for (let t = 0; t < threads; t++) {
        const leaf = stepper.step(t);
        const info = stepper.info(leaf);
        const kind = Stepper.kindOf(info);
        if (kind === BLOCKED) continue;
        moving = true;
        transitions++;
        if (kind === BROKE) {
          if (!aim.rules) continue;
          const what = stepper.messageOf(leaf);
          return room && flush() ? done('found', { state: at, thread: t, what }) : done('limit');
        }
        reach(stepper, symmetry, t, leaf, states);
        edges?.passes(at, t, Stepper.loopsOf(info));
        if (states.push(at, t)) room &&= flush();
        if (!room) return done('limit');
      }
      if (moving || aim.stuck === undefined) continue;
      const what = aim.stuck(stepper);
      if (what === undefined) continue;
      return room && flush() ? done('found', { state: at, thread: -1, what }) : done('limit');
    }
  };
  try {
    return run();
  } catch (error) {
    if (error instanceof NoRoomError) return done('limit');
    throw error;
  }
}

function copyState({ arena, width }: StateTable, state: number, to: Int32Array): void {
  const from = state * width;
  for (let w = 0; w < width; w++) to[w] = arena[from + w] as number;
}

/** Writes where a step leads to as the next state of the batch, whatever layout that takes. */
function reach(
  stepper: Stepper,
  symmetry: Symmetry | undefined,
  t: number,
  leaf: number,
  states: StateTable,
): void {
  for (let known = leaf; ; known = stepper.step(t)) {
    const { layout } = stepper;
    stepper.apply(t, known, states.batch, states.next);
    if (stepper.layout === layout) symmetry?.settle(states.batch, states.next);
    if (stepper.layout === layout) return;
  }
}
