import {
  type Exec,
  MemoryMap,
  type Routine,
  routine,
  TASK,
  TASK_RUNNING,
  TASK_UNINTERRUPTIBLE,
  WORK,
  wordStruct,
} from '../model/machine/index.ts';
import { type MachineSpec, USER_REGISTERS } from '../model/machine-spec.ts';
import { type OpName, USER_OPS } from '../model/user-ops.ts';
import type { CostProfile } from './profile.ts';

const STACK_WORDS = 128;

/** Words the toy machine's routines share, each on a line of its own. */
export interface ToyMachine {
  readonly spec: MachineSpec;
  readonly lock: number;
  readonly counter: number;
  readonly guarded: number;
  /** atomic_add(counter, 1), n times. */
  readonly count: Routine;
  /** n times { spin_lock; guarded++ in two steps; spin_unlock }. */
  readonly spin: Routine;
  /** The same with a lock whose waiters sleep. */
  readonly sleep: Routine;
  /** One access of a given kind to a given word, then the next label. */
  readonly touch: Routine;
  /** How often a critical section was entered while another thread was inside. */
  readonly violations: number;
}

/** A machine with a spinlock, an atomic counter and a sleeping lock, for tests of executors. */
export function toyMachine(threads: number, uniprocessor = false): ToyMachine {
  const memory = new MemoryMap();
  const spacing = { ...TASK, size: TASK.size + STACK_WORDS };
  const base = memory.pool(spacing, threads, 'task');
  const stride = MemoryMap.stride(spacing);
  const tasks = Array.from({ length: threads }, (_, i) => base + i * stride);
  const word = (name: string) => memory.object(wordStruct(name, { value: 1 }), name);
  const lock = word('lock');
  const counter = word('counter');
  const guarded = word('guarded');
  const inside = word('inside');
  const violations = word('violations');
  const mutex = word('mutex');
  const waiter = memory.object(wordStruct('waiters', { tids: { array: threads } }), 'waiters');
  const registers = memory.pool(
    wordStruct('registers', { r: { array: USER_REGISTERS } }),
    threads,
    'registers',
  );
  const routines: Routine[] = [];
  const add = (r: Routine) => {
    r.id = routines.length;
    routines.push(r);
    return r;
  };
  const enter = (k: Exec) => {
    if (k.peek(inside) !== 0) k.poke(violations, k.peek(violations) + 1);
    k.poke(inside, 1);
  };
  const count = add(
    routine('count', ['seed', 'n'], (v) => ({
      add(k) {
        if (k.get(v.n) === 0) return k.ret();
        k.fetchAdd(counter, 1);
        k.set(v.n, k.get(v.n) - 1);
        return 'add';
      },
    })),
  );
  const spin = add(
    routine('spin', ['seed', 'n', 'seen'], (v) => ({
      lock(k) {
        if (k.get(v.n) === 0) return k.ret();
        if (k.peek(lock) !== 0) {
          k.load(lock);
          return k.spin(lock);
        }
        k.cmpxchg(lock, 0, 1);
        enter(k);
      },
      read(k) {
        k.set(v.seen, k.load(guarded));
      },
      write(k) {
        k.store(guarded, k.get(v.seen) + 1);
      },
      unlock(k) {
        k.poke(inside, 0);
        k.store(lock, 0);
        k.set(v.n, k.get(v.n) - 1);
        return 'lock';
      },
    })),
  );
  const sleep = add(
    routine('sleep', ['seed', 'n', 'seen', 'wake'], (v) => ({
      announce(k) {
        if (k.get(v.n) === 0) return k.ret();
        k.poke(waiter + k.tid, 1);
        k.store(k.task + TASK.at.__state, TASK_UNINTERRUPTIBLE);
      },
      trylock(k) {
        if (k.cmpxchg(mutex, 0, 1) !== 0) return k.schedule();
        k.poke(waiter + k.tid, 0);
        enter(k);
        return 'running';
      },
      woken: () => 'announce',
      running(k) {
        k.store(k.task + TASK.at.__state, TASK_RUNNING);
      },
      read(k) {
        k.set(v.seen, k.load(guarded));
      },
      write(k) {
        k.store(guarded, k.get(v.seen) + 1);
      },
      unlock(k) {
        k.poke(inside, 0);
        k.store(mutex, 0);
        k.set(v.wake, 0);
        k.set(v.n, k.get(v.n) - 1);
      },
      wake_next(k) {
        const tid = k.get(v.wake);
        if (tid === threads) return 'announce';
        k.set(v.wake, tid + 1);
        if (k.peek(waiter + tid) === 1) k.wake(tasks[tid] as number);
        return 'wake_next';
      },
    })),
  );
  const touch = add(
    routine('touch', ['address', 'kind'], (v) => ({
      touch(k) {
        k.access(k.get(v.address), k.get(v.kind) as 0 | 1 | 2);
      },
      end: (k) => k.ret(),
    })),
  );
  // Every operation of user space counts one; that is all the compiler's tests need.
  const user = Object.fromEntries(
    Object.entries(USER_OPS).map(([name, op]) => [
      name,
      add(
        routine(name, ['a', 'b', 'c', 'd'], (v) => ({
          body(k) {
            k.count(0);
            k.fetchAdd(counter, 1);
            return k.ret(op.returns ? 1000 : k.get(v.a));
          },
        })),
      ),
    ]),
  ) as unknown as Record<OpName, Routine>;
  // The toy has no processes: making one and waiting for it only count, as other operations do.
  const nothing = (name: string) =>
    add(
      routine(name, ['a'], () => ({
        body(k) {
          k.count(0);
          return k.ret(1);
        },
      })),
    );
  const taskCalls = {
    fork: nothing('fork'),
    vfork: nothing('vfork'),
    childBegins: nothing('ret_from_fork'),
    vforkBegins: nothing('vfork_child'),
    posix_spawn: nothing('posix_spawn'),
    spawnBegins: nothing('__spawni_child'),
    execve: nothing('execve'),
    exit: nothing('exit_group'),
    wait: nothing('wait4'),
    pause: nothing('pause'),
    pthread_create: nothing('pthread_create'),
    threadBegins: nothing('start_thread'),
    threadEnds: nothing('pthread_exit'),
    pthread_join: nothing('pthread_join'),
  };
  const spec: MachineSpec = {
    size: { threads, processOf: tasks.map(() => 0), vmas: 0, pages: 0, pageTables: 0 },
    memory,
    words: memory.size,
    routines,
    area: { tasks, stackWords: STACK_WORDS },
    events: {
      names: ['op'],
      vmstat: new Map([['op', 0]]),
      mmapLock: { read_acquired: 0, write_acquired: 0, read_failed: 0, write_failed: 0 },
      mmapLockBy: new Map(),
      exported: new Set(),
      vmaWriteLocks: -1,
      fallbacks: new Map(),
    },
    user,
    tasks: { ...taskCalls, ancestor: () => 0, mmInUse: () => true },
    userRegister: (tid, index) => registers + tid * Math.ceil(USER_REGISTERS / 16) * 16 + index,
    waits: new Map(),
    lacking: new Set(),
    nullField: () => undefined,
    uniprocessor,
    timeSlices: 'same',
    addRoutine: add,
    boot() {},
  };
  return { spec, lock, counter, guarded, count, spin, sleep, touch, violations };
}

/** A profile whose figures are easy to tell apart in a sum. */
export function plainProfile(changes: Partial<CostProfile> = {}): CostProfile {
  return { ...PLAIN, ...changes };
}

const PLAIN: CostProfile = {
  name: 'plain',
  description: 'for tests',
  unit: 'ns',
  cpus_per_socket: 2,
  step: 1,
  line: {
    hit: 2,
    memory: 100,
    shared_local: 20,
    shared_remote: 200,
    dirty_local: 50,
    dirty_remote: 500,
    upgrade_local: 30,
    upgrade_remote: 300,
  },
  memory: { page_bytes: 4096, bandwidth: 0, batch: 63, zone_page: 0 },
  atomic: 7,
  scheduler: {
    slice: 1000,
    context_switch: 10,
    wakeup: 5,
    idle_entry: 8,
    idle_exit: 15,
    timer: 1,
    flush_interrupt: 3,
    flush_wait: 40,
  },
  jitter: { start: 0, user: 0 },
  work: Object.fromEntries(WORK.map((name) => [name, 1])) as CostProfile['work'],
};
