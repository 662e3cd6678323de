import { FRAME_ROUTINE, FRAME_VARS, TASK } from '../model/index.ts';
import { StepTable } from './step-table.ts';
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

/** Words of a task that say how it is, whoever it is. */
const { __state, on_rq, sigkill, rcu_read_lock_nesting, wait_kind, wait_handoff, osq_locked } =
  TASK.at;
const OWN = [__state, on_rq, sigkill, rcu_read_lock_nesting, wait_kind, wait_handoff, osq_locked];

/** More threads than this are not put in order: a permutation is one number of four bits each. */
const MOST = 7;

/**
 * Makes one state of all that differ only in which of several alike threads is where: threads of a group are put in the order of their
 * frames' numbers, and with them all words that belong to them or name them. Threads that are equal in frames and in their own words keep
 * their order, so that some alike states stay apart.
 */
export class Symmetry {
  readonly #s: Subject;
  readonly #likeness: Likeness;
  readonly #stepper: Stepper;
  /** Shared block after a permutation. */
  readonly #shared = new StepTable();
  /** Frames block after a permutation. */
  readonly #frames = new StepTable();
  readonly #order: number[];
  readonly #before: Int32Array;
  readonly #scratch = new Int32Array(1 << 12);
  /** For each block of shared words what {@link #mark} gives for each thread, once it was asked for. */
  readonly #marks = new Map<number, readonly number[]>();

  constructor(subject: Subject, likeness: Likeness, stepper: Stepper) {
    this.#s = subject;
    this.#likeness = likeness;
    this.#stepper = stepper;
    this.#order = subject.tasks.map((_, t) => t);
    this.#before = new Int32Array(subject.tasks.length + 1);
  }

  get bytes(): number {
    return this.#shared.bytes + this.#frames.bytes;
  }

  /** The likeness of a subject, where it can be used at all. */
  static of(subject: Subject): Likeness | undefined {
    const usable = subject.likeness !== undefined && subject.tasks.length <= MOST;
    return usable && subject.likeness.groups.length > 0 ? subject.likeness : undefined;
  }

  /** Puts the threads of a state in order, in place. */
  settle(state: Int32Array): void {
    const order = this.#order;
    let code = 0;
    let sorted = true;
    for (let t = 0; t < order.length; t++) order[t] = t;
    for (const group of this.#likeness.groups) {
      for (let i = 1; i < group.length; i++) {
        for (let j = i; j > 0; j--) {
          const a = group[j - 1] as number;
          const b = group[j] as number;
          const left = order[a] as number;
          const right = order[b] as number;
          const way = (state[left + 1] as number) - (state[right + 1] as number);
          if (way < 0 || (way === 0 && this.#inOrder(state[0] as number, left, right))) break;
          order[a] = right;
          order[b] = left;
          sorted = false;
        }
      }
    }
    if (sorted) return;
    for (let t = 0; t < order.length; t++) code = code * 16 + (order[t] as number);
    const before = this.#before;
    before.set(state);
    state[0] = this.#sharedAfter(code, before[0] as number);
    for (let t = 0; t < order.length; t++) {
      state[t + 1] = this.#framesAfter(code, t, before[(order[t] as number) + 1] as number);
    }
  }

  /** Threads with equal frames are put in the order of their own shared words: asleep or not, waiting or not. */
  #inOrder(shared: number, left: number, right: number): boolean {
    let marks = this.#marks.get(shared);
    if (marks === undefined) {
      this.#stepper.loadShared(shared);
      marks = this.#s.tasks.map((task, t) => this.#mark(task, t));
      this.#marks.set(shared, marks);
    }
    return (marks[left] as number) <= (marks[right] as number);
  }

  /** A number made of a thread's own shared words, whichever thread it is. */
  #mark(task: number, t: number): number {
    const { mem } = this.#s.exec;
    let mark = 0;
    const add = (value: number) => {
      mark = Math.imul(mark ^ value, 0x9e3779b1);
      mark ^= mark >>> 15;
    };
    for (const at of OWN) add(mem[task + at] as number);
    for (const { base, words } of this.#likeness.perThread) {
      for (let i = 0; i < words; i++) add(mem[base + t * words + i] as number);
    }
    return mark;
  }

  /** Where thread `t` was stays what thread `order[t]` was: gives the new place of each thread. */
  #places(): number[] {
    const places: number[] = [];
    this.#order.forEach((old, now) => {
      places[old] = now;
    });
    return places;
  }

  #sharedAfter(code: number, shared: number): number {
    const at = this.#shared.find(code, shared);
    if (at >= 0) return this.#shared.rows[at] as number;
    const { exec, tasks } = this.#s;
    const { mem, slots } = exec;
    this.#stepper.loadShared(shared);
    const places = this.#places();
    const words = slots.map((address) => this.#renamed(address, mem[address] as number, places));
    slots.forEach((address, i) => {
      mem[this.#moved(address, places)] = words[i] as number;
    });
    const next = this.#stepper.internShared();
    this.#shared.put(code, shared, next, 0, tasks.length);
    return next;
  }

  /** Where a word goes with its thread. */
  #moved(address: number, places: readonly number[]): number {
    const { tasks } = this.#s;
    for (const [t, task] of tasks.entries()) {
      if (address >= task && address < task + TASK.size) {
        return (tasks[places[t] as number] as number) + address - task;
      }
    }
    for (const { base, words } of this.#likeness.perThread) {
      const at = address - base;
      if (at < 0 || at >= words * tasks.length) continue;
      return base + (places[Math.floor(at / words)] as number) * words + (at % words);
    }
    return address;
  }

  #renamed(address: number, value: number, places: readonly number[]): number {
    const kind = this.#likeness.names(address);
    if (kind === undefined || value === 0) return value;
    if (kind === 'task') return this.#task(value, places);
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
  #framesAfter(code: number, t: number, frames: number): number {
    const interner = this.#stepper.frames[t];
    if (interner === undefined) return frames;
    // Groups have numbers of their own, so that a number may stand for frames of several groups.
    const key = code * 8 + this.#stepper.groupOf(t);
    const at = this.#frames.find(key, frames);
    if (at >= 0) return this.#frames.rows[at] as number;
    const block = interner.block(frames);
    const words = this.#scratch;
    words.set(block);
    const places = this.#places();
    for (let fp = words[0] as number; fp !== 0; ) {
      const from = fp - TASK.size + 2;
      const routine = this.#s.exec.routineOf(words[from + FRAME_ROUTINE] as number);
      for (const name of TASK_VARIABLES[routine.name] ?? []) {
        const slot = from + FRAME_VARS + routine.vars.indexOf(name);
        words[slot] = this.#task(words[slot] as number, places);
      }
      fp = words[from + 2] as number;
    }
    const next = interner.intern(words, block.length);
    this.#frames.put(key, frames, next, 0, 0);
    return next;
  }
}
