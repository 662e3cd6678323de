import { type Exec, type Next, type Routine, W } from '../model/machine/index.ts';
import type { MachineSpec } from '../model/machine-spec.ts';
import { Assembler } from './assembler.ts';
import { planThreads, type ThreadPlan } from './layout.ts';
import { BARRIER_REGISTER, DONE_REGISTER } from './scope.ts';
import { refusalOf, UnexpectedError } from './unexpected-error.ts';
import {
  type Address,
  type Argument,
  type OpStatement,
  type Place,
  type SpawnStatement,
  type Statement,
  someStatement,
  type Workload,
} from './workload.ts';

/** A thread with its programs: routines of the machine that take the seed as their argument. */
export interface CompiledThread extends ThreadPlan {
  readonly setup: Routine;
  readonly run: Routine;
}

/** A workload as routines of one machine. */
export interface CompiledWorkload {
  readonly workload: Workload;
  /** Runs once on thread 0, before every other setup. */
  readonly setup: Routine | undefined;
  readonly threads: readonly CompiledThread[];
}

/** The first frame variable of every program: the state of its random numbers. */
const SEED = 0;
/** Frame slots of the workload follow it. */
const FIRST_SLOT = 1;

/**
 * Compiles a workload into routines of `spec` and registers them there. The machine must have been built for the
 * same number of CPUs.
 *
 * @param strict  an operation that gives a refusal its statement does not expect throws an {@link UnexpectedError}
 */
export function compileWorkload(
  workload: Workload,
  spec: MachineSpec,
  cpus: number,
  strict = false,
): CompiledWorkload {
  const plans = planThreads(workload, cpus);
  const foreground = plans.filter((p) => !p.kind.background).length;
  const hasBackground = foreground < plans.length;
  const machine = new Machine(spec, plans, strict);
  const programs = new Map(
    workload.threads.map((kind) => {
      const setup = new Compiler(machine, foreground, false, kind.setupSlots);
      setup.statements(kind.setup);
      const counts = !kind.background && !someStatement(kind.run, (s) => s.kind === 'counted');
      const run = new Compiler(machine, foreground, counts, kind.runSlots);
      if (kind.background) run.endlessly(kind.run);
      else {
        run.statements(kind.run);
        if (hasBackground) run.reportDone();
      }
      return [
        kind,
        {
          setup: spec.addRoutine(setup.finish(`${kind.name}.setup`)),
          run: spec.addRoutine(run.finish(`${kind.name}.run`)),
        },
      ] as const;
    }),
  );
  let setup: Routine | undefined;
  if (workload.setup.length > 0) {
    const compiler = new Compiler(machine, foreground, false, workload.setupSlots);
    compiler.statements(workload.setup);
    setup = spec.addRoutine(compiler.finish(`${workload.name}.setup`));
  }
  return {
    workload,
    setup,
    threads: plans.map((plan) => {
      const program = programs.get(plan.kind);
      if (program === undefined) throw new RangeError(`no program for ${plan.kind.name}`);
      return { ...plan, ...program };
    }),
  };
}

/** Where the machine keeps what programs use. */
class Machine {
  readonly spec: MachineSpec;
  /** Number of each thread within its kind, by thread number. */
  readonly indexOf: Int32Array;

  readonly strict: boolean;

  constructor(spec: MachineSpec, plans: readonly ThreadPlan[], strict: boolean) {
    if (plans.length > spec.size.threads) {
      throw new RangeError(`${plans.length} threads on a machine for ${spec.size.threads}`);
    }
    this.spec = spec;
    this.strict = strict;
    this.indexOf = Int32Array.from(plans, (p) => p.index);
  }

  /** Addresses of a register, by thread number. */
  register(index: number): Int32Array {
    return Int32Array.from({ length: this.spec.size.threads }, (_, tid) =>
      this.spec.userRegister(tid, index),
    );
  }
}

type Get = (k: Exec) => number;
type Set = (k: Exec, value: number) => void;

class Compiler {
  readonly #machine: Machine;
  readonly #foreground: number;
  readonly #asm = new Assembler();
  /** Whether each operation is counted by itself. */
  readonly #counts: boolean;

  readonly #slots: readonly string[];
  /** Where `exit` goes, in the program of a task made at run time. */
  #exit = '';

  constructor(machine: Machine, foreground: number, counts: boolean, slots: readonly string[]) {
    this.#slots = slots;
    this.#machine = machine;
    this.#foreground = foreground;
    this.#counts = counts;
  }

  statements(body: readonly Statement[]): void {
    for (const s of body) this.#statement(s);
  }

  /** The body again and again until every foreground thread has reported. */
  endlessly(body: readonly Statement[]): void {
    const asm = this.#asm;
    const start = asm.label('again');
    const done = this.#machine.spec.userRegister(0, DONE_REGISTER);
    const all = this.#foreground;
    const out = asm.label('out');
    asm.target(start, (k) => (k.load(done) === all ? out : undefined));
    this.statements(body);
    asm.step(asm.label('round'), () => start);
    asm.target(out, (k) => k.ret());
  }

  reportDone(): void {
    const done = this.#machine.spec.userRegister(0, DONE_REGISTER);
    this.#asm.step(this.#asm.label('done'), (k) => {
      k.fetchAdd(done, 1);
    });
  }

  finish(name: string): Routine {
    this.#asm.step(this.#asm.label('end'), (k) => k.ret());
    return this.#asm.finish(name, ['seed', ...this.#slots]);
  }

  #statement(s: Statement): void {
    switch (s.kind) {
      case 'op':
        this.#op(s);
        break;
      case 'repeat': {
        const head = this.#asm.label(`repeat@${s.span.line}`);
        this.#asm.target(head, () => undefined);
        this.statements(s.body);
        this.#again(FIRST_SLOT + s.slot, s.times, 1, head);
        break;
      }
      case 'for': {
        const page = FIRST_SLOT + s.slot;
        const offset = page + 1;
        const base = this.#address(s.of);
        const asm = this.#asm;
        const head = asm.label(`for@${s.span.line}`);
        const { random: rounds, step } = s;
        const places = Math.ceil(s.pages / step);
        asm.target(head, (k) => {
          const away = rounds > 0 ? (random(k) % places) * step : k.get(offset);
          k.set(page, base(k) + away);
        });
        this.statements(s.body);
        if (rounds > 0) this.#again(offset, rounds, 1, head);
        else this.#again(offset, places * step, step, head);
        break;
      }
      case 'choose':
        this.#choose(s);
        break;
      case 'counted':
        this.#asm.before(opBegin);
        this.statements(s.body);
        this.#asm.before(opEnd);
        break;
      case 'barrier':
        this.#barrier(s.slot, s.span.line);
        break;
      case 'sleep': {
        const { ns, paced } = s;
        const name = paced ? 'pace' : 'sleep';
        this.#asm.step(this.#asm.label(`${name}@${s.span.line}`), (k) => k.pause(ns, paced));
        return;
      }
      case 'spawn':
        this.#spawn(s);
        break;
      case 'reap': {
        const { wait, pthread_join } = this.#machine.spec.tasks;
        const of = s.of === undefined ? zero : this.#address(s.of);
        this.#call(s, s.how === 'pthread' ? pthread_join : wait, of);
        break;
      }
      case 'pause':
        this.#call(s, this.#machine.spec.tasks.pause, zero);
        break;
      case 'exit': {
        const end = this.#exit;
        this.#asm.step(this.#asm.label(`exit@${s.span.line}`), () => end);
        break;
      }
    }
  }

  #op(s: OpStatement): void {
    const asm = this.#asm;
    const routine = this.#machine.spec.user[s.op];
    const label = asm.label(`${s.op}@${s.span.line}`);
    const counts = this.#counts;
    const [a0 = zero, a1 = zero, a2 = zero, a3 = zero, a4 = zero, a5 = zero] = s.args.map((a) =>
      this.#argument(a),
    );
    const touch = FIRST_SLOT + s.slot;
    const first: Get = s.slot < 0 ? a0 : (k) => a0(k) + k.get(touch);
    // `think` is user code itself.
    const around = s.op === 'think' ? 0 : 1;
    const call = (k: Exec): Next => {
      k.work(W.user_loop, around);
      return k.call(routine, first(k), a1(k), a2(k), a3(k), a4(k), a5(k));
    };
    if (s.slot >= 0) asm.flush();
    if (counts) {
      asm.step(label, (k) => {
        k.opBegin();
        return call(k);
      });
      asm.before(opEnd);
    } else asm.step(label, call);
    if (this.#machine.strict) {
      const { lacking } = this.#machine.spec;
      asm.before((k) => {
        const error = refusalOf(k.result());
        if (error === undefined || s.errors.includes(error)) return;
        throw new UnexpectedError(s.op, error, s.span, lacking.has(routine) || error !== 'EINVAL');
      });
    }
    if (s.as !== undefined) {
      const store = this.#setter(s.as.place);
      asm.before((k) => store(k, k.result()));
    }
    if (s.slot >= 0) this.#again(touch, s.touches, 1, label);
  }

  /** A task's program is a routine of its own over the same words, which it gets copies of. */
  #spawn(s: SpawnStatement): void {
    const { spec } = this.#machine;
    const { tasks } = spec;
    const [make, begins, ends] = {
      fork: [tasks.fork, tasks.childBegins, tasks.exit],
      vfork: [tasks.vfork, tasks.vforkBegins, tasks.exit],
      posix_spawn: [tasks.posix_spawn, tasks.spawnBegins, tasks.exit],
      pthread: [tasks.pthread_create, tasks.threadBegins, tasks.threadEnds],
    }[s.how] as [Routine, Routine, Routine];
    const child = new Compiler(this.#machine, this.#foreground, false, this.#slots);
    const asm = child.#asm;
    child.#exit = asm.label('exit');
    asm.step(asm.label('begin'), (k) => k.call(begins));
    child.statements(s.body);
    asm.target(child.#exit, (k) => k.call(ends));
    const program = spec.addRoutine(child.finish(`${s.how}@${s.span.line}`));
    this.#call(s, make, () => program.id);
    if (s.as !== undefined) {
      const store = this.#setter(s.as.place);
      this.#asm.before((k) => store(k, k.result()));
    }
  }

  #call(s: Statement, routine: Routine, argument: Get): void {
    const asm = this.#asm;
    const counts = this.#counts;
    asm.step(asm.label(`${routine.name}@${s.span.line}`), (k) => {
      if (counts) k.opBegin();
      k.work(W.user_loop);
      return k.call(routine, argument(k));
    });
    if (counts) asm.before(opEnd);
  }

  /** Counts a round and jumps back to `head` until `end`; then leaves the counter at 0 for the next time. */
  #again(slot: number, end: number, step: number, head: string): void {
    this.#asm.step(this.#asm.label(`next ${head}`), (k) => {
      const next = k.get(slot) + step;
      if (next < end) {
        k.set(slot, next);
        return head;
      }
      k.set(slot, 0);
    });
  }

  #choose(s: Extract<Statement, { kind: 'choose' }>): void {
    const asm = this.#asm;
    const name = `choose@${s.span.line}`;
    const arms = s.arms.map((_, i) => asm.label(`${name}.${i + 1}`));
    const end = asm.label(`${name}.end`);
    const total = s.arms.reduce((sum, arm) => sum + arm.weight, 0);
    const weights = s.arms.map((arm) => arm.weight);
    asm.step(asm.label(name), (k) => {
      let rest = random(k) % total;
      let i = 0;
      while (rest >= (weights[i] as number)) rest -= weights[i++] as number;
      return arms[i];
    });
    s.arms.forEach((arm, i) => {
      asm.target(arms[i] as string, () => undefined);
      this.statements(arm.body);
      asm.step(asm.label(`${name}.leave`), () => end);
    });
    asm.target(end, () => undefined);
  }

  /** Arrivals are only ever counted up: the n-th passage is open once n times all threads have arrived. */
  #barrier(slot: number, line: number): void {
    const asm = this.#asm;
    const word = this.#machine.spec.userRegister(0, BARRIER_REGISTER);
    const all = this.#foreground;
    const target = FIRST_SLOT + slot;
    asm.step(asm.label(`barrier@${line}`), (k) => {
      // A round of a barrier needs the thread itself, so no thread is ever two rounds ahead.
      const arrived = k.fetchAdd(word, 1);
      k.set(target, (Math.floor(arrived / all) + 1) * all);
    });
    asm.target(asm.label(`barrier-wait@${line}`), (k) => {
      if (k.load(word) < k.get(target)) return k.spin(word);
      k.set(target, 0);
      return undefined;
    });
  }

  #argument(a: Argument): Get {
    return typeof a === 'number' ? () => a : this.#address(a);
  }

  #address(a: Address): Get {
    const base = this.#getter(a.place);
    const { offset, perIndex } = a;
    if (perIndex !== 0) {
      const { indexOf } = this.#machine;
      const { tasks } = this.#machine.spec;
      const listed = indexOf.length;
      return (k) => {
        const tid = k.tid < listed ? k.tid : tasks.ancestor(k, k.tid);
        return base(k) + offset + perIndex * (indexOf[tid] as number);
      };
    }
    return offset === 0 ? base : (k) => base(k) + offset;
  }

  #getter(place: Place): Get {
    if (place.kind === 'frame') {
      const slot = FIRST_SLOT + place.slot;
      return (k) => k.get(slot);
    }
    if (place.kind === 'shared') {
      const address = this.#machine.spec.userRegister(0, place.index);
      return (k) => k.peek(address);
    }
    const addresses = this.#machine.register(place.index);
    return (k) => k.peek(addresses[k.tid] as number);
  }

  #setter(place: Place): Set {
    if (place.kind === 'frame') throw new RangeError('a frame variable is set by its loop only');
    if (place.kind === 'shared') {
      const address = this.#machine.spec.userRegister(0, place.index);
      return (k, value) => k.poke(address, value);
    }
    const addresses = this.#machine.register(place.index);
    return (k, value) => k.poke(addresses[k.tid] as number, value);
  }
}

const zero: Get = () => 0;

function opBegin(k: Exec): void {
  k.opBegin();
}

function opEnd(k: Exec): void {
  k.opEnd();
}

/** The next random number of the program, from 1 to 2^32-1: Marsaglia's xorshift32 over a word of the frame. */
function random(k: Exec): number {
  let x = k.get(SEED);
  x ^= x << 13;
  x ^= x >>> 17;
  x ^= x << 5;
  k.set(SEED, x);
  return x >>> 0;
}
