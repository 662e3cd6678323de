import { FRAME_ROUTINE, FRAME_VARS, TASK } from '../model/index.ts';
import type { Domain } from './fields.ts';
import type { Layout } from './layout.ts';
import type { Stepper } from './stepper.ts';
import type { Subject } from './subject.ts';

/** Which threads are alike, and where a state names threads. */
export interface Likeness {
  /** Threads of each group run the same script with the same arguments. */
  readonly groups: readonly (readonly number[])[];
  /** Arrays with the words of each thread in turn, beside the task_structs. */
  readonly perThread: readonly { readonly base: number; readonly words: number }[];
  /** Whether a shared word holds the address of a task, or a bit for each thread. */
  names(address: number): 'task' | 'mask' | undefined;
}

/** Variables that hold the address of a task, by routine. */
const TASK_VARIABLES: Readonly<Record<string, readonly string[]>> = {
  rwsem_wake: ['head', 'chain'],
  rwsem_spin_on_owner: ['holder'],
  osq_lock: ['prev', 'next'],
  osq_wait_next: ['old'],
  osq_unlock: ['next'],
  vma_refcount_put: ['task'],
};

/** More threads than this are not put in order: a permutation is one number of four bits each. */
const MOST = 7;

/** What numbers of a state become when threads change places in one way. Filled as it is needed, -1 where it is not known. */
interface Renaming {
  readonly places: readonly number[];
  /** Of frames, by group. */
  readonly frames: Int32Array[];
  /** Of values, by field that names threads. */
  readonly values: Int32Array[];
}

/**
 * Makes one state of all that differ only in which of several alike threads is where: threads of a group are put in the order of their
 * words, and with them all words that name them. Threads that differ in nothing but whom they name keep their order, so that some alike
 * states stay apart.
 */
export class Symmetry {
  readonly #s: Subject;
  readonly #likeness: Likeness;
  readonly #stepper: Stepper;
  readonly #order: number[];
  readonly #renamings = new Map<number, Renaming>();
  readonly #scratch = new Int32Array(1 << 12);
  #before = new Int32Array(0);
  /** Fields that name threads. */
  #naming: readonly number[] = [];
  /** Fields of the same word of each thread, by thread; those that name threads left out. */
  #own: number[][] = [];
  #layout: Layout | undefined;

  constructor(subject: Subject, likeness: Likeness, stepper: Stepper) {
    this.#s = subject;
    this.#likeness = likeness;
    this.#stepper = stepper;
    this.#order = subject.tasks.map((_, t) => t);
  }

  /** The likeness of a subject, where it can be used at all. */
  static of(subject: Subject): Likeness | undefined {
    const usable = subject.likeness !== undefined && subject.tasks.length <= MOST;
    return usable && subject.likeness.groups.length > 0 ? subject.likeness : undefined;
  }

  /**
   * Puts the threads of a packed state in order, in place. Where names do not fit, states are laid out anew and this one is worth nothing:
   * the stepper's layout is another then.
   */
  settle(state: Int32Array, at: number): void {
    const { layout } = this.#stepper;
    if (layout !== this.#layout) this.#take(layout);
    const order = this.#order;
    let sorted = true;
    for (let t = 0; t < order.length; t++) order[t] = t;
    const { groups } = this.#likeness;
    for (let g = 0; g < groups.length; g++) {
      const group = groups[g] as readonly number[];
      for (let i = 1; i < group.length; i++) {
        for (let j = i; j > 0; j--) {
          const a = group[j - 1] as number;
          const b = group[j] as number;
          const left = order[a] as number;
          const right = order[b] as number;
          if (this.#inOrder(layout, state, at, left, right)) break;
          order[a] = right;
          order[b] = left;
          sorted = false;
        }
      }
    }
    if (!sorted) this.#permute(layout, state, at);
  }

  /**
   * Whether what two threads are and have, whom they name aside, is in order: by frames, then by their words. Numbers are compared one by
   * one, so that the order is the same in every layout.
   */
  #inOrder(layout: Layout, state: Int32Array, at: number, left: number, right: number): boolean {
    const way = layout.frames(state, at, left) - layout.frames(state, at, right);
    if (way !== 0) return way < 0;
    const { globals, perThread, plain } = layout;
    const a = at + globals + left * perThread;
    const b = at + globals + right * perThread;
    let same = true;
    for (let w = 0; w < perThread; w++) {
      if ((((state[a + w] as number) ^ (state[b + w] as number)) & (plain[w] as number)) !== 0) {
        same = false;
      }
    }
    if (same) return true;
    for (const fields of this.#own) {
      const l = layout.get(state, at, fields[left] as number);
      const r = layout.get(state, at, fields[right] as number);
      if (l !== r) return l < r;
    }
    return true;
  }

  #take(layout: Layout): void {
    this.#layout = layout;
    this.#before = new Int32Array(layout.width);
    const { all } = this.#stepper.fields;
    this.#naming = [...all.keys()].filter((f) => all[f]?.names !== undefined);
    this.#own = [];
    all.forEach(({ owner, kind, names }, f) => {
      if (owner === -1 || names !== undefined) return;
      const fields = (this.#own[kind] ??= []);
      fields[owner] = f;
    });
    this.#own = this.#own.filter((fields) => fields !== undefined);
    // Fields may have come in between.
    this.#renamings.clear();
  }

  #permute(layout: Layout, state: Int32Array, at: number): void {
    const order = this.#order;
    const { width, globals, perThread } = layout;
    const before = this.#before;
    for (let w = globals; w < width; w++) before[w] = state[at + w] as number;
    let code = 0;
    for (let t = 0; t < order.length; t++) code = code * 16 + (order[t] as number);
    let renaming = this.#renamings.get(code);
    if (renaming === undefined) this.#renamings.set(code, (renaming = this.#newRenaming()));
    for (let t = 0; t < order.length; t++) {
      const from = globals + (order[t] as number) * perThread;
      const to = at + globals + t * perThread;
      for (let w = 0; w < perThread; w++) state[to + w] = before[from + w] as number;
      const frames = layout.frames(state, at, t);
      const next = this.#framesAfter(renaming, t, frames);
      if (next === frames) continue;
      if (next > layout.framesMask) {
        this.#stepper.relayout();
        return;
      }
      layout.setFrames(state, at, t, next);
    }
    const naming = this.#naming;
    for (let i = 0; i < naming.length; i++) {
      const f = naming[i] as number;
      const value = layout.get(state, at, f);
      const known = renaming.values[i] as Int32Array;
      let next = value < known.length ? (known[value] as number) : -1;
      if (next === -1) next = this.#valueAfter(renaming, i, f, value);
      if (next === value) continue;
      const mask = layout.mask[f] as number;
      if (mask !== -1 && next > mask) {
        this.#stepper.relayout();
        return;
      }
      layout.set(state, at, f, next);
    }
  }

  #newRenaming(): Renaming {
    // Where thread `t` was stays what thread `order[t]` was: the new place of each thread.
    const places: number[] = [];
    this.#order.forEach((old, now) => {
      places[old] = now;
    });
    return { places, frames: [], values: this.#naming.map(() => new Int32Array(0)) };
  }

  #valueAfter(r: Renaming, i: number, f: number, value: number): number {
    const { domain, names } = this.#stepper.fields.all[f] as { domain: Domain; names: string };
    const next = domain.id(this.#renamed(names, domain.values[value] as number, r.places));
    const known = widened(r.values[i] as Int32Array, value);
    known[value] = next;
    r.values[i] = known;
    return next;
  }

  #renamed(names: string, value: number, places: readonly number[]): number {
    if (value === 0) return value;
    if (names === 'task') return this.#task(value, places);
    let mask = 0;
    for (let t = 0; t < places.length; t++)
      if (value & (1 << t)) mask |= 1 << (places[t] as number);
    return mask;
  }

  #task(value: number, places: readonly number[]): number {
    const t = this.#s.tasks.indexOf(value);
    return t === -1 ? value : (this.#s.tasks[places[t] as number] as number);
  }

  /** Frames that thread `t` has after a permutation: tasks named in them are renamed. */
  #framesAfter(r: Renaming, t: number, frames: number): number {
    const interner = this.#stepper.frames.of[t];
    // Groups have numbers of their own, so that a number may stand for frames of several groups; a thread that is alone has its own.
    const group = this.#stepper.frames.groupOf(t);
    const table = group === 0 ? this.#likeness.groups.length + 1 + t : group;
    let known = r.frames[table];
    if (known === undefined || frames >= known.length) {
      known = r.frames[table] = widened(known ?? new Int32Array(0), frames);
    }
    const next = known[frames] as number;
    if (next !== -1 || interner === undefined) return next;
    const block = interner.block(frames);
    const words = this.#scratch;
    words.set(block);
    const { length } = block;
    for (let fp = words[0] as number; fp !== 0; ) {
      const from = fp - TASK.size + 2;
      const routine = this.#s.exec.routineOf(words[from + FRAME_ROUTINE] as number);
      for (const name of TASK_VARIABLES[routine.name] ?? []) {
        const slot = from + FRAME_VARS + routine.vars.indexOf(name);
        words[slot] = this.#task(words[slot] as number, r.places);
      }
      fp = words[from + 2] as number;
    }
    return (known[frames] = interner.intern(words, length));
  }
}

/** A table with room for `index`, new places unknown. */
function widened(old: Int32Array, index: number): Int32Array {
  if (index < old.length) return old;
  const next = new Int32Array(2 ** Math.ceil(Math.log2(index + 2)) * 2).fill(-1);
  next.set(old);
  return next;
}
