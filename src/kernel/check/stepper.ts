import {
  FRAME_CALLER,
  FRAME_PC,
  FRAME_ROUTINE,
  KernelBug,
  type Outcome,
  PoolExhaustedError,
  RAN,
  SPIN,
  TASK,
} from '../model/index.ts';
import type { Access } from './check-exec.ts';
import { Interner } from './interner.ts';
import { Loops } from './loops.ts';
import { StepTable } from './step-table.ts';
import type { Subject } from './subject.ts';

/** The step ran. */
export const MOVED = 0;
/** The thread has ended, sleeps, or busy-waits for a word to change. */
export const BLOCKED = 1;
/** The step broke a rule; see {@link Stepper.broken}. */
export const BROKE = 2;
const KIND = 3;
/** The thread ended the write section of its mm: copies of its sequence that others hold are of the past. */
export const BUMPED = 4;
const LOOP_SHIFT = 3;

const { fp: FP, result: RESULT, on_rq: ON_RQ } = TASK.at;
/** Most local steps taken together: a thread that makes only such may never end. */
const MOST_LOCAL = 2000;

/** What one atomic step of the model did. */
export interface MicroStep {
  readonly tid: number;
  readonly routine: string;
  readonly label: string;
  readonly accesses: readonly Access[];
  /** It found nothing changed and waits. */
  readonly spun: boolean;
  /** Locks after it. */
  readonly locks: string;
}

/**
 * Steps one thread of a state. A state is the number of the block of shared words and, for each thread, that of the block of its frames;
 * what a step does depends on these two alone, so each pair is run on the model once and remembered.
 *
 * One step here is all local steps the thread comes by and then one that is not.
 */
export class Stepper {
  readonly shared = new Interner();
  readonly frames: readonly Interner[];
  readonly loops = new Loops();
  /** Messages of broken rules, by `sharedAfter` of the step. */
  readonly broken: string[] = [];
  readonly #s: Subject;
  readonly #known: readonly StepTable[];
  readonly #groups: readonly number[];
  readonly #scratch = new Int32Array(1 << 12);
  /** Steps of the model that were run. */
  executed = 0;
  /** Where {@link step} leaves what the step led to. */
  nextShared = 0;
  nextFrames = 0;

  constructor(subject: Subject) {
    this.#s = subject;
    // Threads that may change places have their frames numbered together.
    const groups = subject.likeness?.groups ?? [];
    this.#groups = subject.tasks.map((_, t) => 1 + groups.findIndex((g) => g.includes(t)));
    const shared = groups.map(() => new Interner());
    this.frames = this.#groups.map((g) => shared[g - 1] ?? new Interner());
    this.#known = subject.tasks.map(() => new StepTable());
  }

  /** Number of the group of a thread, from 1 on; 0 for a thread that is alone. */
  groupOf(t: number): number {
    return this.#groups[t] as number;
  }

  get bytes(): number {
    let bytes = this.shared.bytes;
    for (const t of this.#s.tasks.keys()) {
      bytes += (this.frames[t] as Interner).bytes + (this.#known[t] as StepTable).bytes;
    }
    return bytes;
  }

  /** Numbers of the state the subject starts in: shared words, then each thread's frames. */
  initial(): Int32Array {
    const { exec, initial, tasks } = this.#s;
    exec.mem.set(initial);
    return Int32Array.of(this.internShared(), ...tasks.map((_, t) => this.#internFrames(t)));
  }

  /** Takes the step of thread `t`. Gives its kind and flags; the loops passed are in {@link loopsOf} it. */
  step(t: number, shared: number, frames: number): number {
    const known = this.#known[t] as StepTable;
    const at = known.find(frames, shared);
    if (at >= 0) {
      const { rows } = known;
      this.nextShared = rows[at] as number;
      this.nextFrames = rows[at + 1] as number;
      return rows[at + 2] as number;
    }
    this.load(shared, t, frames);
    const info = this.#run(t);
    known.put(frames, shared, this.nextShared, this.nextFrames, info);
    return info;
  }

  static kindOf(info: number): number {
    return info & KIND;
  }

  /** One bit for each jump back the step made; numbered as in {@link loops}. */
  static loopsOf(info: number): number {
    return info >>> LOOP_SHIFT;
  }

  /** Puts the shared words and one thread's frames into the executor's memory. */
  load(shared: number, t: number, frames: number): void {
    this.loadShared(shared);
    this.loadFrames(t, frames);
  }

  /** Puts the shared words into the executor's memory. */
  loadShared(shared: number): void {
    const { exec, initial } = this.#s;
    const { mem, slots } = exec;
    const words = this.shared.block(shared);
    const n = words.length;
    for (let i = 0; i < n; i++) mem[slots[i] as number] = words[i] as number;
    for (let i = n; i < slots.length; i++) {
      const address = slots[i] as number;
      mem[address] = initial[address] as number;
    }
  }

  /** Puts one thread's frames into the executor's memory. */
  loadFrames(t: number, frames: number): void {
    const { exec, tasks } = this.#s;
    const { mem } = exec;
    const task = tasks[t] as number;
    const block = (this.frames[t] as Interner).block(frames);
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

  /** Runs the step of thread `t` from the executor's memory; with `micro` tells what it was made of. */
  #run(t: number, micro?: MicroStep[]): number {
    const s = this.#s;
    const { exec } = s;
    const task = s.tasks[t] as number;
    this.nextShared = 0;
    this.nextFrames = 0;
    if (exec.mem[task + FP] === 0 || exec.mem[task + ON_RQ] === 0) return BLOCKED;
    exec.select(t);
    const seq = s.sequence === undefined ? 0 : (exec.mem[s.sequence.word] as number);
    let loops = 0;
    let moved = false;
    try {
      for (let n = 0; ; n++) {
        exec.visible = false;
        const at = micro && exec.where(t);
        if (micro) exec.trace = [];
        const fp = exec.mem[task + FP] as number;
        const routine = exec.mem[fp + FRAME_ROUTINE] as number;
        const pc = exec.mem[fp + FRAME_PC] as number;
        const caller = exec.mem[fp + FRAME_CALLER] as number;
        const callerPc = caller === 0 ? 0 : (exec.mem[caller + FRAME_PC] as number);
        const note = (spun: boolean) => {
          if (!micro || !at) return;
          const accesses = exec.trace ?? [];
          for (const a of accesses) a.after = exec.mem[a.address] as number;
          const place = { tid: t, routine: at.routine.name, label: at.label };
          micro.push({ ...place, accesses, spun, locks: s.lockState() });
        };
        let outcome: Outcome;
        try {
          outcome = exec.step();
        } catch (error) {
          // An allocation that finds nothing free waits until something is.
          if (error instanceof PoolExhaustedError) outcome = SPIN;
          else {
            note(false);
            throw error;
          }
        }
        this.executed++;
        const spun = outcome === SPIN;
        note(spun);
        if (spun) {
          if (!moved) return BLOCKED;
          break;
        }
        moved = true;
        const now = exec.mem[task + FP] as number;
        if (now === fp) loops |= this.loops.flow(exec, routine, pc, exec.mem[fp + FRAME_PC] ?? 0);
        else if (now === caller && now !== 0) {
          const r = exec.mem[now + FRAME_ROUTINE] as number;
          loops |= this.loops.flow(exec, r, callerPc, exec.mem[now + FRAME_PC] as number);
        }
        if (outcome !== RAN || exec.visible || n === MOST_LOCAL) break;
      }
    } catch (error) {
      if (!(error instanceof KernelBug || error instanceof RangeError)) throw error;
      this.nextShared = this.broken.push(error.message) - 1;
      s.stackUsed[t] = s.stackWords;
      return BROKE;
    } finally {
      exec.trace = undefined;
    }
    const bumped = s.sequence?.settle(exec, t, seq);
    this.nextShared = this.internShared();
    this.nextFrames = this.#internFrames(t);
    return MOVED | (bumped ? BUMPED : 0) | (loops << LOOP_SHIFT);
  }

  /** The atomic steps that {@link step} of this thread is made of. */
  explain(t: number, state: ArrayLike<number>): MicroStep[] {
    const steps: MicroStep[] = [];
    this.#s.tasks.forEach((_, u) => {
      this.loadFrames(u, state[u + 1] as number);
    });
    this.load(state[0] as number, t, state[t + 1] as number);
    this.#run(t, steps);
    return steps;
  }

  readonly #stale: Int32Array[] = [];

  /** Frames of thread `t` after another thread ended the write section: see {@link BUMPED}. */
  stale(t: number, frames: number): number {
    let known = this.#stale[t];
    if (known === undefined) known = this.#stale[t] = new Int32Array(1 << 10).fill(-1);
    while (frames >= known.length) {
      const next = new Int32Array(known.length * 2).fill(-1);
      next.set(known);
      known = this.#stale[t] = next;
    }
    if (known[frames] === -1) {
      this.loadFrames(t, frames);
      this.#s.sequence?.outdate(this.#s.exec, t);
      known[frames] = this.#internFrames(t);
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

  /** Number of the shared words in the executor's memory. */
  internShared(): number {
    const { exec, initial } = this.#s;
    const { mem, slots } = exec;
    const words = this.#scratch;
    let length = 0;
    for (let i = 0; i < slots.length; i++) {
      const address = slots[i] as number;
      const value = mem[address] as number;
      words[i] = value;
      if (value !== initial[address]) length = i + 1;
    }
    return this.shared.intern(words, length);
  }

  #internFrames(t: number): number {
    const { exec, tasks } = this.#s;
    const { mem } = exec;
    const task = tasks[t] as number;
    const fp = mem[task + FP] as number;
    const words = this.#scratch;
    if (fp === 0) {
      words[0] = 0;
      words[1] = 0;
      this.#s.stackUsed[t] = 0;
      return (this.frames[t] as Interner).intern(words, 2);
    }
    words[0] = fp - task;
    words[1] = mem[task + RESULT] as number;
    const from = task + TASK.size;
    const routine = exec.routineOf(mem[fp + FRAME_ROUTINE] as number);
    const length = fp + 4 + routine.vars.length - from;
    for (let i = 0; i < length; i++) words[i + 2] = mem[from + i] as number;
    this.#relocate(words, task, fp - task, 2, -1);
    this.#s.stackUsed[t] = length;
    return (this.frames[t] as Interner).intern(words, length + 2);
  }
}
