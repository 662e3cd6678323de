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
import { type Field, Fields } from './fields.ts';
import { FrameStore } from './frame-store.ts';
import type { Interner } from './interner.ts';
import { Layout } from './layout.ts';
import { Loops } from './loops.ts';
import { StepTrees } from './step-trees.ts';
import type { Subject } from './subject.ts';
import type { TraceState } from './trace-state.ts';

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
/** Numbers of frames there is room for at first. */
const LEAST_FRAMES = 1 << 8;

const { fp: FP, on_rq: ON_RQ } = TASK.at;
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
  readonly state?: TraceState | undefined;
}

/**
 * Steps one thread of a state. What a step does depends on the thread's frames and on the few shared words it reads, so each case is run
 * on the model once and remembered, see {@link StepTrees}.
 *
 * One step here is all local steps the thread comes by and then one that is not.
 */
export class Stepper {
  readonly fields: Fields;
  readonly frames: FrameStore;
  readonly loops = new Loops();
  /** Messages of broken rules, by the first word of the step's leaf. */
  readonly broken: string[] = [];
  layout: Layout;
  /** The state to step from, packed. */
  current: Int32Array<ArrayBuffer>;
  /** Called when states are to be laid out anew, after {@link current} has been. */
  onLayout: (now: Layout, before: Layout) => void = () => {};
  /** Steps of the model that were run. */
  executed = 0;
  readonly #s: Subject;
  readonly #trees: StepTrees;

  constructor(subject: Subject) {
    this.#s = subject;
    this.frames = new FrameStore(subject);
    this.#trees = new StepTrees(subject.tasks.length);
    this.fields = new Fields(subject);
    this.layout = this.#newLayout();
    this.current = new Int32Array(this.layout.width);
    this.#begin();
  }

  get bytes(): number {
    return this.frames.bytes + this.#trees.bytes;
  }

  /** Puts the state the subject starts in into {@link current}. */
  #begin(): void {
    const { exec, initial, tasks } = this.#s;
    exec.mem.set(initial);
    this.fields.all.forEach(({ start }, f) => {
      this.layout.set(this.current, 0, f, start);
    });
    tasks.forEach((_, t) => {
      this.layout.setFrames(this.current, 0, t, this.frames.now(t));
    });
  }

  #newLayout(): Layout {
    const frames = Math.max(LEAST_FRAMES, this.frames.most);
    return Layout.roomy(this.fields, this.#s.tasks.length, frames);
  }

  /** Lays states out anew, with room for all that has come up since. */
  relayout(): void {
    const before = this.layout;
    this.layout = this.#newLayout();
    const current = new Int32Array(this.layout.width);
    this.layout.repack(this.fields, before, this.current, 0, current, 0);
    this.current = current;
    this.#trees.clear();
    this.onLayout(this.layout, before);
  }

  /**
   * Takes the step of thread `t` from {@link current}: gives its leaf, for {@link info} and {@link apply}. May lay states out anew; the leaf
   * is one of the layout there is then.
   */
  step(t: number): number {
    const { current } = this;
    return this.#trees.find(t, this.layout.frames(current, 0, t), current) || this.#learn(t);
  }

  /** Kind and flags of a step; the loops passed are in {@link loopsOf} it. */
  info(leaf: number): number {
    return this.#trees.leaves[leaf] as number;
  }

  /** What rule the step broke. */
  messageOf(leaf: number): string {
    return this.broken[this.#trees.leaves[leaf + 1] as number] as string;
  }

  /**
   * Writes the state that a step of thread `t` leads to from {@link current}. Where that does not fit, states are laid out anew and nothing
   * of worth is written: {@link layout} is another then.
   */
  apply(t: number, leaf: number, to: Int32Array, at: number): void {
    const { current, layout } = this;
    const { leaves } = this.#trees;
    const { width } = layout;
    for (let w = 0, l = leaf + 1; w < width; w++, l += 2) {
      to[at + w] = ((current[w] as number) & (leaves[l] as number)) | (leaves[l + 1] as number);
    }
    if (!((leaves[leaf] as number) & BUMPED)) return;
    const threads = this.frames.of.length;
    for (let u = 0; u < threads; u++) {
      if (u === t) continue;
      const frames = this.frames.stale(u, layout.frames(to, at, u));
      if (frames > layout.framesMask) {
        this.relayout();
        return;
      }
      layout.setFrames(to, at, u, frames);
    }
  }

  /** A state in full, whatever its layout: each thread's number of frames, then the values of all shared words. */
  unpack(state: Int32Array, from: number): Int32Array {
    const { layout } = this;
    const frames = this.frames.of.map((_, t) => layout.frames(state, from, t));
    const words = this.fields.all.map(
      ({ domain }, f) => domain.values[layout.get(state, from, f)] as number,
    );
    return Int32Array.of(...frames, ...words);
  }

  /** Makes a state that {@link unpack} gave the {@link current} one. */
  resume(state: Int32Array): void {
    const threads = this.frames.of.length;
    this.fields.all.forEach(({ domain, start }, f) => {
      const value = state[threads + f];
      this.layout.set(this.current, 0, f, value === undefined ? start : domain.id(value));
    });
    for (let t = 0; t < threads; t++) {
      this.layout.setFrames(this.current, 0, t, state[t] as number);
    }
  }

  #learn(t: number): number {
    for (;;) {
      this.load(t);
      const { exec } = this.#s;
      exec.beginRun();
      const info = this.#run(t);
      const kind = Stepper.kindOf(info);
      const frames = kind === MOVED ? this.frames.now(t) : 0;
      this.fields.sync();
      if (kind === MOVED) for (const a of exec.writes) this.#valueAt(a);
      if (!this.layout.fits(this.fields, this.frames.most)) {
        this.relayout();
        continue;
      }
      const { layout, current } = this;
      const reads = exec.reads.map((a) => this.fields.at[a] as number).filter((f) => f !== -1);
      const leaf = this.#trees.plant(t, layout.frames(current, 0, t), current, layout, reads);
      const { leaves } = this.#trees;
      leaves[leaf] = info;
      leaves.fill(0, leaf + 1, leaf + 1 + 2 * layout.width);
      if (kind === BROKE) leaves[leaf + 1] = this.broken.length - 1;
      if (kind === MOVED) this.#writeLeaf(t, leaf, frames);
      return leaf;
    }
  }

  #valueAt(address: number): number {
    const field = this.fields.all[this.fields.at[address] as number];
    return field === undefined ? 0 : field.domain.id(this.#s.exec.mem[address] as number);
  }

  /** What a step writes: its own frames and each word it wrote, whether that changed or not. */
  #writeLeaf(t: number, leaf: number, frames: number): void {
    const { layout, fields } = this;
    const { leaves } = this.#trees;
    const keep = new Int32Array(layout.width).fill(-1);
    const set = new Int32Array(layout.width);
    for (const address of this.#s.exec.writes) {
      const f = fields.at[address] as number;
      const word = layout.word[f] as number;
      const shift = layout.shift[f] as number;
      keep[word] = (keep[word] as number) & ~((layout.mask[f] as number) << shift);
      set[word] = (set[word] as number) | (this.#valueAt(address) << shift);
    }
    const word = layout.framesWord[t] as number;
    keep[word] = (keep[word] as number) & ~(layout.framesMask << layout.framesShift);
    set[word] = (set[word] as number) | (frames << layout.framesShift);
    for (let w = 0; w < layout.width; w++) {
      leaves[leaf + 1 + 2 * w] = keep[w] as number;
      leaves[leaf + 2 + 2 * w] = set[w] as number;
    }
    this.#checkWrites(leaf);
  }

  /** A word that changed without the executor knowing would be lost. */
  #checkWrites(leaf: number): void {
    const { layout, fields, current } = this;
    const { leaves } = this.#trees;
    fields.all.forEach(({ address }, f) => {
      const word = layout.word[f] as number;
      const now =
        ((current[word] as number) & (leaves[leaf + 1 + 2 * word] as number)) |
        (leaves[leaf + 2 + 2 * word] as number);
      const value = (now >>> (layout.shift[f] as number)) & (layout.mask[f] as number);
      if (value === this.#valueAt(address)) return;
      throw new Error(`${this.#s.nameOf(address)} changed without having been written`);
    });
  }

  static kindOf(info: number): number {
    return info & KIND;
  }

  /** One bit for each jump back the step made; numbered as in {@link loops}. */
  static loopsOf(info: number): number {
    return info >>> LOOP_SHIFT;
  }

  /** Puts the shared words of {@link current} and one thread's frames into the executor's memory. */
  load(t: number): void {
    const { layout, current } = this;
    const { mem } = this.#s.exec;
    const { all } = this.fields;
    for (let f = 0; f < all.length; f++) {
      const { address, domain } = all[f] as Field;
      mem[address] = domain.values[layout.get(current, 0, f)] as number;
    }
    this.frames.load(t, layout.frames(current, 0, t));
  }

  /** Words of the frames of thread `t` in {@link current}; a view that is good until the next step. */
  framesOf(t: number): Int32Array {
    return (this.frames.of[t] as Interner).block(this.layout.frames(this.current, 0, t));
  }

  /** Runs the step of thread `t` from the executor's memory; with `micro` tells what it was made of. */
  #run(t: number, micro?: MicroStep[]): number {
    const s = this.#s;
    const { exec } = s;
    const task = s.tasks[t] as number;
    if (exec.mem[task + FP] === 0 || exec.look(task + ON_RQ) === 0) return BLOCKED;
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
          micro.push({ ...place, accesses, spun, locks: s.lockState(), state: s.traceState?.() });
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
      this.broken.push(error.message);
      s.stackUsed[t] = s.stackWords;
      return BROKE;
    } finally {
      exec.trace = undefined;
    }
    const bumped = s.sequence?.settle(exec, t, seq);
    return MOVED | (bumped ? BUMPED : 0) | (loops << LOOP_SHIFT);
  }

  /** The atomic steps that {@link step} of this thread from {@link current} is made of. */
  explain(t: number): MicroStep[] {
    const steps: MicroStep[] = [];
    this.#s.tasks.forEach((_, u) => {
      this.frames.load(u, this.layout.frames(this.current, 0, u));
    });
    this.load(t);
    this.#run(t, steps);
    return steps;
  }
}
