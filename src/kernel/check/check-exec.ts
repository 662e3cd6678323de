import {
  type AccessKind,
  type Control,
  Exec,
  FRAME_CALLER,
  FRAME_PC,
  FRAME_RETURN,
  FRAME_ROUTINE,
  KernelBug,
  type Outcome,
  READ,
  type Routine,
  TASK,
  type TaskArea,
  WRITE,
} from '../model/index.ts';
import { LiveVariables } from './live-variables.ts';
import { WatchedWords } from './watched-words.ts';

const { fp: FP, __state: STATE, on_rq: ON_RQ, sigkill: SIGKILL } = TASK.at;

/** A word read or written by a step. */
export interface Access {
  readonly address: number;
  readonly kind: AccessKind;
  readonly before: number;
  after: number;
}

/** Looks at accesses and calls and says what must not be; given by the subject. */
export interface Monitor {
  /** Called before an access takes effect. Throws a `KernelBug` for one that must not be. */
  access(k: CheckExec, address: number, kind: AccessKind): void;
}

/** A lock whose holders are known, for {@link WatchedWords}. */
export interface TrackedLock {
  readonly address: number;
  /** Bit that stands for it. */
  readonly bit: number;
}

/** How a routine takes or drops a tracked lock: its first argument is the lock. */
export type LockUse = 'read' | 'write' | 'tryread' | 'trywrite' | 'drop' | 'downgrade';

export interface CheckExecOptions {
  readonly routines: readonly Routine[];
  readonly area: TaskArea;
  readonly words: number;
  readonly events: number;
  /** Two words per thread: locks held for reading or writing, and for writing. They belong to the state. */
  readonly heldLocks: number;
  readonly locks: readonly TrackedLock[];
  readonly lockUses: ReadonlyMap<Routine, LockUse>;
  /** Words that are touched together with another one, which stands for them: a tree's entries and its root. */
  readonly standsFor?: (address: number) => number;
  /** Whether a timer that has been started has run out (how long a lock may be stolen from its first waiter). */
  readonly timersExpire: boolean;
  readonly monitor?: Monitor;
}

/**
 * The executor of the checker: runs the steps of one thread from a state put into its memory, and notes what each touches and which
 * words have ever changed.
 */
export class CheckExec extends Exec {
  readonly words: WatchedWords;
  readonly live = new LiveVariables();
  /** Whether the step touched a word that other threads may touch at the same time. */
  visible = false;
  /** The step counts as outside any RCU section, whatever the depth says: for a mutant. */
  outsideRcu = false;
  /** What the step touched, when asked for. */
  trace: Access[] | undefined;
  /** Addresses of the shared words written so far, in the order of the first write. */
  readonly slots: number[] = [];
  readonly #slotOf: Int32Array;
  readonly #o: CheckExecOptions;
  readonly #standsFor: Int32Array;
  #watching = false;
  #quiet = false;
  /** Words the run under way has read before it wrote them, in order: with the thread's frames what it depends on. */
  readonly reads: number[] = [];
  /** Words it has written. */
  readonly writes: number[] = [];
  readonly #readIn: Int32Array;
  readonly #writtenIn: Int32Array;
  #run = 1;

  constructor(o: CheckExecOptions) {
    super(o.routines, o.area, o.words, o.events);
    this.#o = o;
    this.words = new WatchedWords(o.words);
    this.#slotOf = new Int32Array(o.words).fill(-1);
    this.#readIn = new Int32Array(o.words);
    this.#writtenIn = new Int32Array(o.words);
    this.#standsFor = Int32Array.from({ length: o.words }, (_, i) => o.standsFor?.(i) ?? i);
  }

  /** Takes nothing together and leaves nothing out. */
  distrust(): void {
    this.words.distrust();
    this.live.trusted = false;
  }

  /** Begins to note accesses; until then memory is being set up. */
  watch(): void {
    this.#watching = true;
  }

  /** Looks at the state with the model's own functions without noting accesses. */
  quietly<T>(look: () => T): T {
    const before = this.#quiet;
    this.#quiet = true;
    try {
      return look();
    } finally {
      this.#quiet = before;
    }
  }

  /** Begins a run whose {@link reads} and {@link writes} are wanted. */
  beginRun(): void {
    this.#run++;
    this.reads.length = 0;
    this.writes.length = 0;
  }

  /** Reads a word past the routine's own accesses; what the step does may depend on it. */
  look(address: number): number {
    if (this.#readIn[address] !== this.#run && this.#writtenIn[address] !== this.#run) {
      this.#readIn[address] = this.#run;
      this.reads.push(address);
    }
    return this.mem[address] as number;
  }

  #writing(address: number): void {
    if (this.#slotOf[address] === -1) this.#slotOf[address] = this.slots.push(address) - 1;
    if (this.#writtenIn[address] === this.#run) return;
    this.#writtenIn[address] = this.#run;
    this.writes.push(address);
  }

  #touch(address: number, kind: AccessKind): void {
    if (!this.#watching) return;
    if (kind !== WRITE) this.look(address);
    if (this.#quiet) return;
    this.#o.monitor?.access(this, address, kind);
    if (kind !== READ) this.#writing(address);
    this.trace?.push({ address, kind, before: this.mem[address] as number, after: 0 });
    const held = this.#o.heldLocks + this.tid * 2;
    const word = this.#standsFor[address] as number;
    const { words } = this;
    words.touch(word, kind, this.tid, this.look(held), this.look(held + 1));
    if (words.racy[word] === 1) this.visible = true;
  }

  /** Whether the current thread holds the tracked lock at an address, for reading or writing. */
  holds(lock: number): boolean {
    return (this.look(this.#o.heldLocks + this.tid * 2) & this.#bitOf(lock)) !== 0;
  }

  /** Writes a word of the checker's own that belongs to the state. */
  note(address: number, value: number): void {
    this.#writing(address);
    this.mem[address] = value;
  }

  override get(slot: number): number {
    this.live.get(slot);
    return super.get(slot);
  }

  override set(slot: number, value: number): void {
    this.live.set(slot);
    super.set(slot, value);
  }

  override result(): number {
    this.live.result();
    return super.result();
  }

  override step(): Outcome {
    const { mem, task, live } = this;
    const fp = mem[task + FP] as number;
    const routine = mem[fp + FRAME_ROUTINE] as number;
    const pc = mem[fp + FRAME_PC] as number;
    let next = -1;
    let called = -1;
    live.begin();
    try {
      const outcome = super.step();
      const now = mem[task + FP] as number;
      if (now > fp) {
        called = mem[now + FRAME_ROUTINE] as number;
        next = mem[now + FRAME_RETURN] as number;
      } else if (now === fp) next = mem[fp + FRAME_PC] as number;
      return outcome;
    } finally {
      live.ran(routine, pc, next, called);
    }
  }

  protected override onAccess(address: number, kind: AccessKind): void {
    this.#touch(address, kind);
  }

  protected override onWork(): void {}
  protected override onWake(): void {}
  protected override onTlbFlush(): void {}

  override access(address: number, kind: AccessKind): void {
    // Says only that it may write: what it does may depend on the word.
    this.look(address);
    super.access(address, kind);
  }

  override peek(address: number): number {
    this.#touch(address, READ);
    return this.mem[address] as number;
  }

  override poke(address: number, value: number): void {
    this.#touch(address, WRITE);
    this.mem[address] = value;
  }

  override fill(value: number, from: number, end: number): void {
    for (let at = from; at < end; at++) this.#touch(at, WRITE);
    super.fill(value, from, end);
  }

  override move(to: number, from: number, end: number): void {
    for (let at = from; at < end; at++) this.#touch(at, READ);
    for (let at = to; at < to + end - from; at++) this.#touch(at, WRITE);
    super.move(to, from, end);
  }

  override schedule(): Control {
    this.#touch(this.task + SIGKILL, READ);
    this.look(this.task + STATE);
    this.#touch(this.task + STATE, WRITE);
    this.#touch(this.task + ON_RQ, WRITE);
    return super.schedule();
  }

  override wake(task: number): void {
    this.look(task + STATE);
    this.look(task + ON_RQ);
    this.#touch(task + ON_RQ, WRITE);
    super.wake(task);
  }

  override timerExpired(_task: number): boolean {
    return this.#o.timersExpire;
  }

  #bitOf(address: number): number {
    for (const lock of this.#o.locks) if (lock.address === address) return lock.bit;
    return 0;
  }

  /** A lock is dropped when its release is called, before the release's first step. */
  #calling(routine: Routine, lock: number): void {
    const use = this.#o.lockUses.get(routine);
    if (use !== 'drop' && use !== 'downgrade') return;
    const bit = this.#bitOf(lock);
    if (bit === 0) return;
    const held = this.#o.heldLocks + this.tid * 2;
    if (!(this.look(held) & bit)) {
      throw new KernelBug(`${routine.name} of a lock that is not held`, this.#here());
    }
    if (use === 'drop') this.note(held, this.look(held) & ~bit);
    this.note(held + 1, this.look(held + 1) & ~bit);
  }

  override call(routine: Routine, a0 = 0, a1 = 0, a2 = 0, a3 = 0, a4 = 0, a5 = 0): Control {
    this.#calling(routine, a0);
    return super.call(routine, a0, a1, a2, a3, a4, a5);
  }

  override callThen(
    label: string,
    routine: Routine,
    a0 = 0,
    a1 = 0,
    a2 = 0,
    a3 = 0,
    a4 = 0,
    a5 = 0,
  ): Control {
    this.#calling(routine, a0);
    return super.callThen(label, routine, a0, a1, a2, a3, a4, a5);
  }

  override ret(value = 0): Control {
    const fp = this.mem[this.task + FP] as number;
    const routine = this.routines[this.mem[fp + FRAME_ROUTINE] as number] as Routine;
    const use = this.#o.lockUses.get(routine);
    // The end of a thread, which Exec writes itself.
    if (this.#watching && (this.mem[fp + FRAME_CALLER] as number) === 0) {
      this.#writing(this.task + STATE);
      this.#writing(this.task + ON_RQ);
    }
    const attempt = use === 'tryread' || use === 'trywrite';
    if (use !== undefined && use !== 'drop' && use !== 'downgrade' && attempt === (value !== 0)) {
      const bit = this.#bitOf(this.get(0));
      if (bit !== 0) this.#acquired(bit, use === 'write' || use === 'trywrite', routine);
    }
    return super.ret(value);
  }

  #acquired(bit: number, exclusive: boolean, routine: Routine): void {
    const { heldLocks, area } = this.#o;
    for (let u = 0; u < area.tasks.length; u++) {
      if (u !== this.tid && this.look(heldLocks + u * 2 + (exclusive ? 0 : 1)) & bit) {
        throw new KernelBug(`${routine.name} gives a lock that thread ${u} holds`, this.#here());
      }
    }
    const held = heldLocks + this.tid * 2;
    this.note(held, this.look(held) | bit);
    if (exclusive) this.note(held + 1, this.look(held + 1) | bit);
  }

  #here(): string {
    const at = this.where(this.tid);
    return `thread ${this.tid} in ${at?.routine.name}.${at?.label}`;
  }

  /** Whether accesses to a word are interleaved. */
  isRacy(address: number): boolean {
    return this.words.racy[this.#standsFor[address] as number] === 1;
  }

  /** The routine with a number. */
  routineOf(id: number): Routine {
    return this.routines[id] as Routine;
  }
}
