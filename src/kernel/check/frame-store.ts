import { FRAME_CALLER, FRAME_ROUTINE, TASK } from '../model/index.ts';
import { Interner } from './interner.ts';
import type { Subject } from './subject.ts';

const { fp: FP, result: RESULT } = TASK.at;

/**
 * The frames of threads as numbers. A block of frames is the frame pointer less the task's address, the last result, then the words of the
 * frames, whose pointers to callers are relative as well.
 */
export class FrameStore {
  /** Blocks of each thread. */
  readonly of: readonly Interner[];
  readonly #s: Subject;
  readonly #groups: readonly number[];
  readonly #scratch = new Int32Array(1 << 12);
  readonly #stale: Int32Array[] = [];

  constructor(subject: Subject) {
    this.#s = subject;
    // Threads that may change places have their frames numbered together.
    const groups = subject.likeness?.groups ?? [];
    this.#groups = subject.tasks.map((_, t) => 1 + groups.findIndex((g) => g.includes(t)));
    const shared = groups.map(() => new Interner());
    this.of = this.#groups.map((g) => shared[g - 1] ?? new Interner());
  }

  /** Number of the group of a thread, from 1 on; 0 for a thread that is alone. */
  groupOf(t: number): number {
    return this.#groups[t] as number;
  }

  get bytes(): number {
    return this.of.reduce((sum, f) => sum + f.bytes, 0);
  }

  /** How many numbers there are, of the thread that has most. */
  get most(): number {
    return this.of.reduce((most, f) => Math.max(most, f.size), 0);
  }

  /** Puts one thread's frames into the executor's memory. */
  load(t: number, frames: number): void {
    const { exec, tasks } = this.#s;
    const { mem } = exec;
    const task = tasks[t] as number;
    const block = (this.of[t] as Interner).block(frames);
    mem[task + FP] = block[0] === 0 ? 0 : task + (block[0] as number);
    mem[task + RESULT] = block[1] as number;
    const from = task + TASK.size;
    const n = block.length - 2;
    for (let i = 0; i < n; i++) mem[from + i] = block[i + 2] as number;
    if (n > 0) this.#relocate(mem, task, block[0] as number, from, 1);
    const clean = this.#s.stackUsed[t] as number;
    for (let i = n; i < clean; i++) mem[from + i] = 0;
    this.#s.stackUsed[t] = n;
  }

  /** Frames of thread `t` after another thread ended the write section: see `BUMPED`. */
  stale(t: number, frames: number): number {
    let known = this.#stale[t];
    if (known === undefined) known = this.#stale[t] = new Int32Array(1 << 10).fill(-1);
    while (frames >= known.length) {
      const next = new Int32Array(known.length * 2).fill(-1);
      next.set(known);
      known = this.#stale[t] = next;
    }
    if (known[frames] === -1) {
      this.load(t, frames);
      this.#s.sequence?.outdate(this.#s.exec, t);
      known[frames] = this.now(t);
    }
    return known[frames] as number;
  }

  /** Makes the pointers to callers in a block of frames relative to its task (-1), or real again (1). */
  #relocate(words: Int32Array, task: number, fp: number, from: number, sign: 1 | -1): void {
    for (let at = fp; at !== 0; ) {
      const caller = from + at - TASK.size + FRAME_CALLER;
      const value = words[caller] as number;
      if (value === 0) return;
      words[caller] = value + sign * task;
      at = sign === 1 ? value : value - task;
    }
  }

  /** Number of the frames of thread `t` in the executor's memory, without what they will not need. */
  now(t: number): number {
    const { exec, tasks } = this.#s;
    const { mem } = exec;
    const task = tasks[t] as number;
    const fp = mem[task + FP] as number;
    const words = this.#scratch;
    if (fp === 0) {
      words[0] = 0;
      words[1] = 0;
      this.#s.stackUsed[t] = 0;
      return (this.of[t] as Interner).intern(words, 2);
    }
    words[0] = fp - task;
    words[1] = mem[task + RESULT] as number;
    const from = task + TASK.size;
    const routine = exec.routineOf(mem[fp + FRAME_ROUTINE] as number);
    const length = fp + 4 + routine.vars.length - from;
    for (let i = 0; i < length; i++) words[i + 2] = mem[from + i] as number;
    this.#relocate(words, task, fp - task, 2, -1);
    this.#s.stackUsed[t] = length;
    exec.live.clear(words, (id) => exec.routineOf(id));
    return (this.of[t] as Interner).intern(words, length + 2);
  }
}
