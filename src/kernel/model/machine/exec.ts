import { KernelBug } from './kernel-bug.ts';
import type { LockEvent, LockMode } from './lock-hooks.ts';
import { NULL_WORDS } from './memory.ts';
import type { Control, Routine } from './routine.ts';
import {
  FRAME_CALLER,
  FRAME_PC,
  FRAME_RETURN,
  FRAME_ROUTINE,
  FRAME_VARS,
  TASK,
  TASK_DEAD,
  TASK_RUNNING,
  TASK_UNINTERRUPTIBLE,
} from './task.ts';

/** What a step did to its thread. */
export const RAN = 0;
/** The step changed nothing and waits for the word at {@link Exec.spinningOn} to change. */
export const SPIN = 1;
/** The thread gave up its CPU in `schedule()` and waits to be woken. */
export const SLEEP = 2;
/** The outermost routine returned. */
export const ENDED = 3;
export type Outcome = typeof RAN | typeof SPIN | typeof SLEEP | typeof ENDED;

/** How a step touches a shared word. */
export const READ = 0;
export const WRITE = 1;
/** Atomic read-modify-write: on x86 an instruction with a lock prefix. */
export const ATOMIC = 2;
export type AccessKind = typeof READ | typeof WRITE | typeof ATOMIC;

const TASK_FP = TASK.at.fp;
const TASK_RESULT = TASK.at.result;
const TASK_STATE = TASK.at.__state;
const TASK_ON_RQ = TASK.at.on_rq;
const TASK_PID = TASK.at.pid;
const TASK_SIGKILL = TASK.at.sigkill;

/** Where a task's frames are: `[task + TASK.size, task + TASK.size + stackWords)`. */
export interface TaskArea {
  /** Addresses of the task_struct of each thread, by thread number. */
  readonly tasks: readonly number[];
  /** Words of stack behind each task_struct. */
  readonly stackWords: number;
  /** What a task with a fatal signal runs in the place of its program when a call would return to that (get_signal). */
  killed?: Routine;
}

/** A routine under way on a thread's stack. */
export interface StackFrame {
  readonly routine: Routine;
  /** What it runs next; where it called or sleeps, the label that did so. */
  readonly label: string;
  /** The frame's words, by name. */
  readonly vars: Readonly<Record<string, number>>;
}

/**
 * The machine a step runs on: one memory of words, threads whose frames live in that memory, and the
 * operations a step may use. Executors extend it: they choose which thread steps next and what an access
 * or a piece of work means to them.
 *
 * Everything that makes up a state is in `mem`. The tallies `events` and `calls` are observations: no step
 * reads them.
 */
export abstract class Exec {
  readonly mem: Int32Array;
  /** Occurrences by event number, see `KernelBuilder.event`. */
  readonly events: Float64Array;
  /** Calls by routine number. */
  readonly calls: Float64Array;
  /** Thread number of the thread that is stepping. */
  tid = 0;
  /** Address of its task_struct. */
  task = 0;
  /** After a step that gave {@link SPIN}: the word it waits for, and whether it gives up when its timer runs out. */
  spinningOn = 0;
  spinsUntilTimer = false;
  /** The same, and whether it gives up when it should leave the CPU to another thread. */
  spinsUntilResched = false;
  /** And whether it keeps its CPU. */
  spinsPreemptOff = false;

  protected readonly routines: readonly Routine[];
  protected readonly area: TaskArea;
  #fp = 0;
  #outcome: Outcome = RAN;

  constructor(routines: readonly Routine[], area: TaskArea, words: number, events: number) {
    this.routines = routines;
    this.area = area;
    this.mem = new Int32Array(words);
    this.events = new Float64Array(events);
    this.calls = new Float64Array(routines.length);
  }

  /** Called for each access to a shared word, before it takes effect. */
  protected abstract onAccess(address: number, kind: AccessKind): void;
  /** Called for work that touches no shared word; `kind` is an index into `WORK`. */
  protected abstract onWork(kind: number, amount: number): void;
  /** Called when a sleeping task becomes runnable. */
  protected abstract onWake(tid: number): void;

  /** Called when entries of an mm's page tables are taken back and every CPU that runs it must forget them. */
  protected abstract onTlbFlush(mm: number): void;

  // ---- what an executor does with threads ----

  /** Makes a thread ready to run `routine` with the given arguments from its first label. */
  spawn(tid: number, routine: Routine, args: readonly number[]): void {
    const task = this.area.tasks[tid];
    if (task === undefined) throw new RangeError(`no thread ${tid}`);
    const fp = task + TASK.size;
    this.mem.fill(0, fp, fp + this.area.stackWords);
    this.mem[fp + FRAME_ROUTINE] = routine.id;
    args.forEach((a, i) => {
      this.mem[fp + FRAME_VARS + i] = a;
    });
    this.mem[task + TASK_FP] = fp;
    this.mem[task + TASK_PID] = tid;
    this.mem[task + TASK_STATE] = TASK_RUNNING;
    this.mem[task + TASK_ON_RQ] = 1;
  }

  /**
   * `wake_up_new_task`: makes a task run a program, with the variables of the caller's own program for its variables. The
   * step's one access is the write to the task's state.
   */
  startTask(tid: number, program: number): void {
    const routine = this.routines[program] as Routine;
    const vars = this.task + TASK.size + FRAME_VARS;
    this.onAccess((this.area.tasks[tid] as number) + TASK_STATE, WRITE);
    this.spawn(tid, routine, [...this.mem.subarray(vars, vars + routine.vars.length)]);
    this.onNewTask(tid);
  }

  /** Called when a step has made a task that runs from now on. */
  protected onNewTask(_tid: number): void {}

  /** Whether the thread may be given a CPU. */
  runnable(tid: number): boolean {
    return this.mem[(this.area.tasks[tid] as number) + TASK_ON_RQ] === 1;
  }

  /** Makes `tid` the thread that {@link step} runs. */
  select(tid: number): void {
    this.tid = tid;
    this.task = this.area.tasks[tid] as number;
    this.#fp = this.mem[this.task + TASK_FP] as number;
  }

  /** Runs one step of the selected thread. */
  step(): Outcome {
    const mem = this.mem;
    const fp = this.#fp;
    const routine = this.routines[mem[fp + FRAME_ROUTINE] as number] as Routine;
    const pc = mem[fp + FRAME_PC] as number;
    this.#outcome = RAN;
    const next = (routine.steps[pc] as (k: Exec) => unknown)(this);
    if (next === undefined) mem[fp + FRAME_PC] = pc + 1;
    else if (typeof next === 'string') {
      mem[fp + FRAME_PC] = routine.labelIndex.get(next) as number;
    }
    return this.#outcome;
  }

  /**
   * Whether the selected thread's next step stays in its frame, see `inFrame`. Not told of those of a program or of what it calls itself: a
   * return to it is where a signal is looked for.
   */
  protected nextInFrame(): boolean {
    const mem = this.mem;
    const fp = this.#fp;
    const { inFrame } = this.routines[mem[fp + FRAME_ROUTINE] as number] as Routine;
    return (
      ((inFrame >> (mem[fp + FRAME_PC] as number)) & 1) !== 0 &&
      (mem[fp + FRAME_CALLER] as number) > this.task + TASK.size
    );
  }

  /** Routine and label the thread will run next, for traces; `undefined` when it has ended. */
  where(tid: number): { routine: Routine; label: string } | undefined {
    const fp = this.mem[(this.area.tasks[tid] as number) + TASK_FP] as number;
    if (fp === 0) return undefined;
    const routine = this.routines[this.mem[fp + FRAME_ROUTINE] as number] as Routine;
    return { routine, label: routine.labels[this.mem[fp + FRAME_PC] as number] ?? '?' };
  }

  /** The routines under way on a thread's stack, innermost first; empty when it has ended. */
  stackOf(tid: number): StackFrame[] {
    const mem = this.mem;
    const task = this.area.tasks[tid] as number;
    const frames: StackFrame[] = [];
    for (let fp = mem[task + TASK_FP] as number; fp !== 0; fp = mem[fp + FRAME_CALLER] as number) {
      const routine = this.routines[mem[fp + FRAME_ROUTINE] as number] as Routine;
      // A sleeper's own label is behind its schedule().
      const asleep = frames.length === 0 && !this.runnable(tid);
      const pc = (mem[fp + FRAME_PC] as number) - (asleep ? 1 : 0);
      const vars = routine.vars.map((name, i) => [name, mem[fp + FRAME_VARS + i] as number]);
      frames.push({
        routine,
        label: routine.labels[pc] ?? '?',
        vars: Object.fromEntries(vars) as Record<string, number>,
      });
    }
    return frames;
  }

  /** An access to no object: what the processor reports as a page fault of the kernel at a small address. */
  #nullPointer(address: number): never {
    const at = this.where(this.tid);
    throw new KernelBug(
      address < 0 ? 'unable to handle page fault' : 'NULL pointer dereference',
      `thread ${this.tid} in ${at?.routine.name}.${at?.label}`,
      address,
    );
  }

  // ---- what a step may do ----

  /** A variable of the current frame. */
  get(slot: number): number {
    return this.mem[this.#fp + FRAME_VARS + slot] as number;
  }

  /** Sets a variable of the current frame. */
  set(slot: number, value: number): void {
    this.mem[this.#fp + FRAME_VARS + slot] = value;
  }

  /** Reads a shared word (READ_ONCE, or a plain load). */
  load(address: number): number {
    if (address < NULL_WORDS) this.#nullPointer(address);
    this.onAccess(address, READ);
    return this.mem[address] as number;
  }

  /** Writes a shared word (WRITE_ONCE, or a plain store). */
  store(address: number, value: number): void {
    if (address < NULL_WORDS) this.#nullPointer(address);
    this.onAccess(address, WRITE);
    this.mem[address] = value;
  }

  /** Atomically adds. Returns the old value (atomic_fetch_add). */
  fetchAdd(address: number, delta: number): number {
    if (address < NULL_WORDS) this.#nullPointer(address);
    this.onAccess(address, ATOMIC);
    const old = this.mem[address] as number;
    this.mem[address] = old + delta;
    return old;
  }

  /** Atomically compares and exchanges. Returns the old value; it took effect if that equals `expected`. */
  cmpxchg(address: number, expected: number, value: number): number {
    if (address < NULL_WORDS) this.#nullPointer(address);
    this.onAccess(address, ATOMIC);
    const old = this.mem[address] as number;
    if (old === expected) this.mem[address] = value;
    return old;
  }

  /**
   * Declares the one shared access of a step that treats a larger object (the VMA tree, a page-table
   * walk) as atomic; the step then uses {@link peek} and {@link poke} on its words.
   */
  access(address: number, kind: AccessKind): void {
    if (address < NULL_WORDS) this.#nullPointer(address);
    this.onAccess(address, kind);
  }

  /** Reads a word covered by an {@link access} of this step, or private to the thread. */
  peek(address: number): number {
    return this.mem[address] as number;
  }

  /** Writes a word covered by an {@link access} of this step, or private to the thread. */
  poke(address: number, value: number): void {
    this.mem[address] = value;
  }

  /** Writes `value` to the words `[from, end)`, covered as those of {@link poke}. */
  fill(value: number, from: number, end: number): void {
    this.mem.fill(value, from, end);
  }

  /** Copies the words `[from, end)` to `to`, covered as those of {@link poke}; the ranges may overlap. */
  move(to: number, from: number, end: number): void {
    this.mem.copyWithin(to, from, end);
  }

  /** Does work that touches no shared word; see `WORK`. */
  work(kind: number, amount = 1): void {
    this.onWork(kind, amount);
  }

  /** Flushes the TLBs of all CPUs that run an mm (flush_tlb_mm_range): an interrupt to each that is not this one. */
  flushTlb(mm: number): void {
    this.onTlbFlush(mm);
  }

  /** Counts an event. */
  count(event: number, by = 1): void {
    this.events[event] = (this.events[event] as number) + by;
  }

  /** The thread did not get a lock at once (lock_contended). May be said again while it waits. Locks go by the address of a word. */
  lockContended(_lock: number, _mode: LockMode): void {}

  /** The thread has got a lock (lock_acquired). */
  lockAcquired(_lock: number, _mode: LockMode): void {}

  /** The thread lets go of a lock, or has given up waiting for it (lock_release). */
  lockReleased(_lock: number, _mode: LockMode): void {}

  /** Something else has happened to a lock. */
  lockEvent(_lock: number, _mode: LockMode, _event: LockEvent, _amount: number): void {}

  /** One counted operation of a user program begins; an executor that measures overrides it. */
  opBegin(): void {}

  /** The operation begun last ends. */
  opEnd(): void {}

  /**
   * The user program leaves the CPU for `ns` nanoseconds, or, `paced`, until `ns` after this was last over.
   * Executors without time go on at once.
   */
  pause(_ns: number, _paced: boolean): void {}

  /** Calls a routine; when it returns, the caller goes on at its next label. */
  call(routine: Routine, a0 = 0, a1 = 0, a2 = 0, a3 = 0, a4 = 0, a5 = 0): Control {
    const pc = this.mem[this.#fp + FRAME_PC] as number;
    return this.#enter(pc + 1, routine, a0, a1, a2, a3, a4, a5);
  }

  /** Calls a routine; when it returns, the caller goes on at `label`. */
  callThen(
    label: string,
    routine: Routine,
    a0 = 0,
    a1 = 0,
    a2 = 0,
    a3 = 0,
    a4 = 0,
    a5 = 0,
  ): Control {
    const current = this.routines[this.mem[this.#fp + FRAME_ROUTINE] as number] as Routine;
    const index = current.labelIndex.get(label);
    if (index === undefined) throw new RangeError(`${current.name} has no label ${label}`);
    return this.#enter(index, routine, a0, a1, a2, a3, a4, a5);
  }

  #enter(
    after: number,
    routine: Routine,
    a0: number,
    a1: number,
    a2: number,
    a3: number,
    a4: number,
    a5: number,
  ): Control {
    const mem = this.mem;
    const caller = this.#fp;
    const current = this.routines[mem[caller + FRAME_ROUTINE] as number] as Routine;
    const fp = caller + FRAME_VARS + current.vars.length;
    const vars = routine.vars.length;
    if (fp + FRAME_VARS + vars > this.task + TASK.size + this.area.stackWords) {
      throw new RangeError(`stack of thread ${this.tid} overflows in ${routine.name}`);
    }
    mem[fp + FRAME_ROUTINE] = routine.id;
    mem[fp + FRAME_PC] = 0;
    mem[fp + FRAME_CALLER] = caller;
    mem[fp + FRAME_RETURN] = after;
    const v = fp + FRAME_VARS;
    if (vars > 0) mem[v] = a0;
    if (vars > 1) mem[v + 1] = a1;
    if (vars > 2) mem[v + 2] = a2;
    if (vars > 3) mem[v + 3] = a3;
    if (vars > 4) mem[v + 4] = a4;
    if (vars > 5) mem[v + 5] = a5;
    this.#fp = fp;
    mem[this.task + TASK_FP] = fp;
    this.calls[routine.id] = (this.calls[routine.id] as number) + 1;
    return 1 as Control;
  }

  /** Returns from the routine. The frame's words are cleared, so that equal states have equal memory. */
  ret(value = 0): Control {
    const mem = this.mem;
    const fp = this.#fp;
    const caller = mem[fp + FRAME_CALLER] as number;
    const after = mem[fp + FRAME_RETURN] as number;
    const routine = this.routines[mem[fp + FRAME_ROUTINE] as number] as Routine;
    // A frame is a handful of words: fill() costs more than it clears.
    const end = fp + FRAME_VARS + routine.vars.length;
    for (let at = fp; at < end; at++) mem[at] = 0;
    mem[this.task + TASK_RESULT] = value;
    mem[this.task + TASK_FP] = caller;
    this.#fp = caller;
    if (caller === 0) {
      if (mem[this.task + TASK_SIGKILL] !== 0 && this.#getSignal(fp)) return 1 as Control;
      mem[this.task + TASK_STATE] = TASK_DEAD;
      mem[this.task + TASK_ON_RQ] = 0;
      this.#outcome = ENDED;
    } else {
      mem[caller + FRAME_PC] = after;
      if (mem[this.task + TASK_SIGKILL] !== 0 && mem[caller + FRAME_CALLER] === 0) {
        this.#getSignal(caller);
      }
    }
    return 1 as Control;
  }

  /**
   * On the way to user mode with a fatal signal pending: the program, whose frame is the outermost, is never gone on with. Gives whether the
   * signal was there to be delivered.
   */
  #getSignal(program: number): boolean {
    const { mem, task } = this;
    const { killed } = this.area;
    // One that is through with its end only has its last step left.
    if (killed === undefined || mem[task + TASK.at.unhashed] !== 0) return false;
    mem.fill(0, program + FRAME_ROUTINE, task + TASK.size + this.area.stackWords);
    mem[program + FRAME_ROUTINE] = killed.id;
    mem[task + TASK_FP] = program;
    this.#fp = program;
    return true;
  }

  /** Starts the thread's one timer (a comparison with jiffies or sched_clock in the kernel). */
  startTimer(_ns: number): void {}

  /**
   * Whether a task's timer has run out. Without time anything may take arbitrarily long, so it has; executors that know
   * better override it.
   */
  timerExpired(_task: number): boolean {
    return true;
  }

  /** Whether another thread should have the CPU (need_resched). Without CPUs nobody waits for one. */
  needResched(): boolean {
    return false;
  }

  /** Whether a task runs (owner_on_cpu). Without CPUs every task that can run does. */
  onCpu(task: number): boolean {
    return this.peek(task + TASK_ON_RQ) === 1;
  }

  /** What the routine called last returned. */
  result(): number {
    return this.mem[this.task + TASK_RESULT] as number;
  }

  /**
   * Busy-waits: the step runs again once the word at `address` has changed, with `untilTimer` when the thread's timer has
   * run out, or with `untilResched` when {@link needResched} or the owner the step looks at leaves its CPU. With `preemptOff` the thread
   * keeps its CPU meanwhile, however long others wait for that. It must not have written anything.
   */
  spin(address: number, untilTimer = false, untilResched = false, preemptOff = false): Control {
    this.spinningOn = address;
    this.spinsUntilTimer = untilTimer;
    this.spinsUntilResched = untilResched;
    this.spinsPreemptOff = preemptOff;
    this.#outcome = SPIN;
    return 1 as Control;
  }

  /**
   * `schedule()`: sleeps if the task's state says so (set before by a store to `__state`), else goes on; a fatal signal does not let
   * it sleep where one may wake it.
   * Either way the thread continues at the next label.
   */
  schedule(): Control {
    const pc = this.#fp + FRAME_PC;
    this.mem[pc] = (this.mem[pc] as number) + 1;
    const state = this.mem[this.task + TASK_STATE] as number;
    // signal_pending_state
    if (
      state !== TASK_RUNNING &&
      state !== TASK_UNINTERRUPTIBLE &&
      this.mem[this.task + TASK_SIGKILL]
    ) {
      this.mem[this.task + TASK_STATE] = TASK_RUNNING;
    } else if (state !== TASK_RUNNING) {
      this.mem[this.task + TASK_ON_RQ] = 0;
      this.#outcome = SLEEP;
    }
    return 1 as Control;
  }

  /** `wake_up_process`: makes the task runnable. The step's one access is the write to its state. */
  wake(task: number): void {
    this.onAccess(task + TASK_STATE, WRITE);
    if (this.mem[task + TASK_STATE] === TASK_DEAD) return;
    this.mem[task + TASK_STATE] = TASK_RUNNING;
    if (this.mem[task + TASK_ON_RQ] === 0) {
      this.mem[task + TASK_ON_RQ] = 1;
      this.onWake(this.mem[task + TASK_PID] as number);
    }
  }
}
