import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  ATOMIC,
  type Exec,
  READ,
  type Routine,
  routine,
  SequentialExec,
  TASK,
  TASK_UNINTERRUPTIBLE,
  W,
  WRITE,
} from '../model/machine/index.ts';
import type { Program } from './program.ts';
import { TimedExec } from './timed-exec.ts';
import { plainProfile, type ToyMachine, toyMachine } from './toy-machine.test-util.ts';

function executor(toy: ToyMachine, cpus: number, seed = 1, jitter = 0): TimedExec {
  const profile = plainProfile({ jitter: { start: jitter, user: 0 } });
  return new TimedExec(toy.spec, { cpus, profile, seed });
}

const program = (tid: number, r: Routine, ...args: number[]): Program => ({
  tid,
  routine: r,
  args,
  counted: true,
});

describe('hand-computed costs', () => {
  test('a step costs its base and its access', () => {
    const toy = toyMachine(1);
    const exec = executor(toy, 1);
    // From memory 1+100, then the end 1.
    exec.run([program(0, toy.touch, toy.counter, READ)]);
    expect(exec.now).toBe(102_000);
    // A hit 1+2, then the end 1.
    exec.run([program(0, toy.touch, toy.counter, WRITE)]);
    expect(exec.now).toBe(106_000);
    // Lock prefix 1+2+7, then the end 1.
    exec.run([program(0, toy.touch, toy.counter, ATOMIC)]);
    expect(exec.now).toBe(117_000);
  });

  test('two CPUs that increment one word take turns at the speed of the line', () => {
    const toy = toyMachine(2);
    const exec = executor(toy, 2);
    exec.run([program(0, toy.count, 1, 100), program(1, toy.count, 1, 100)]);
    expect(exec.mem[toy.counter]).toBe(200);
    // One fetch from memory, 199 transfers of 50 one behind the other (step and prefix hide behind the wait, save
    // the first), and the last step.
    const expected = 1 + 7 + 100 + 199 * 50 + 1;
    expect(exec.now / 1000).toBeCloseTo(expected, 6);
  });

  test('who finds another value than it expected tries again while it has the line', () => {
    const threads = 8;
    const rounds = 50;
    const toy = toyMachine(threads);
    let tries = 0;
    const increment = toy.spec.addRoutine(
      routine('increment', ['seed', 'n', 'old'], (v) => ({
        read(k) {
          if (k.get(v.n) === 0) return k.ret();
          k.set(v.old, k.load(toy.counter));
        },
        try_cmpxchg(k) {
          tries++;
          const found = k.cmpxchg(toy.counter, k.get(v.old), k.get(v.old) + 1);
          if (found !== k.get(v.old)) {
            k.set(v.old, found);
            return 'try_cmpxchg';
          }
          k.set(v.n, k.get(v.n) - 1);
          return 'read';
        },
      })),
    );
    const exec = executor(toy, threads);
    exec.run(Array.from({ length: threads }, (_, tid) => program(tid, increment, 1, rounds)));
    expect(exec.mem[toy.counter]).toBe(threads * rounds);
    // The others come between the read and the first try, and not between the first and the second.
    expect(tries).toBeGreaterThan(threads * rounds);
    expect(tries).toBeLessThanOrEqual(2 * threads * rounds);
  });

  test('a spinner starts when the lock is released and pays for the transfer', () => {
    const toy = toyMachine(2);
    const exec = executor(toy, 2);
    exec.run([program(0, toy.spin, 1, 1), program(1, toy.spin, 1, 1)]);
    expect(exec.mem[toy.guarded]).toBe(2);
    expect(exec.mem[toy.violations]).toBe(0);
    // CPU 0 locks until 108, reads until 209, writes until 212; its store to the lock, which CPU 1 shares by
    // then, is an upgrade until 243. CPU 1 looks again at 212, has the line 50 after 243, and goes on to
    // read (50), write (upgrade, 30), unlock (a hit) and end: 293 + 51 + 31 + 3 + 1.
    expect(exec.now).toBe(379_000);
  });

  test('code takes longer beside a busy thread of the same core', () => {
    const [apart, together] = [2, 1].map((other) => {
      const toy = toyMachine(2);
      const works = toy.spec.addRoutine(
        routine('works', ['seed'], () => ({
          first: (k: Exec) => k.work(0, 1000),
          second: (k: Exec) => k.work(0, 1000),
          end: (k) => k.ret(),
        })),
      );
      const smt = { threads: 2, slowdown: 1.5 };
      const profile = plainProfile({ smt, cpus_per_socket: 4 });
      const exec = new TimedExec(toy.spec, { cpus: 4, profile, seed: 1 });
      exec.run([
        { ...program(0, works, 1), cpu: 0 },
        { ...program(1, works, 1), cpu: other },
      ]);
      return exec.now;
    });
    expect(apart).toBe(2_003_000);
    // The first to step does so before the other has come.
    expect(together).toBe(1.5 * 2_003_000);
  });

  test('a pause takes its time and the CPU is free in the meantime', () => {
    const toy = toyMachine(2);
    const pause = toy.spec.addRoutine(
      routine('pause', ['seed'], () => ({
        pause: (k: Exec) => k.pause(500, false),
        end: (k) => k.ret(),
      })),
    );
    const exec = executor(toy, 1);
    exec.run([program(0, pause, 1), program(1, toy.count, 1, 3)]);
    // Step 1, pause 500, timer 1, idle exit 15, half a context switch 5, last step 1.
    expect(exec.now).toBe(523_000);
  });

  test('a CPU that is not asleep yet needs no interrupt', () => {
    const [soon, late] = [10, 14].map((pause) => {
      const toy = toyMachine(1);
      const pauses = toy.spec.addRoutine(
        routine('pauses', ['seed'], () => ({
          pause: (k: Exec) => k.pause(pause, false),
          end: (k) => k.ret(),
        })),
      );
      const exec = executor(toy, 1);
      exec.run([program(0, pauses, 1)]);
      return exec.now;
    });
    // Step 1, half a switch 5, on the way to sleep 8, half a switch 5, last step 1.
    expect(soon).toBe(20_000);
    // Step 1, pause 14, timer 1, idle exit 15, half a switch 5, last step 1.
    expect(late).toBe(37_000);
  });

  /** When a thread that flushes the TLB once is done, while others work, idle, or have another mm. */
  function flushed(others: readonly ('works' | 'idles' | 'other')[], cpumask: boolean): number {
    const toy = toyMachine(1 + others.length);
    let done = 0;
    const flushes = toy.spec.addRoutine(
      routine('flushes', ['seed'], () => ({
        wait: (k: Exec) => k.work(0, 400),
        flush: (k) => k.flushTlb(7),
        end(k) {
          done = (k as TimedExec).moment;
          return k.ret();
        },
      })),
    );
    const works = toy.spec.addRoutine(
      routine('works', ['seed'], () => ({
        work: (k: Exec) => k.work(0, 2000),
        end: (k) => k.ret(),
      })),
    );
    const idles = toy.spec.addRoutine(
      routine('idles', ['seed'], () => ({
        work: (k: Exec) => k.work(0, 10),
        pause: (k) => k.pause(1500, false),
        end: (k) => k.ret(),
      })),
    );
    const profile = plainProfile({
      cpus_per_socket: 8,
      ...(cpumask ? { flushes: 'mm_cpumask' } : {}),
    });
    const exec = new TimedExec(toy.spec, { cpus: 1 + others.length, profile, seed: 1 });
    toy.spec.area.tasks.forEach((task, tid) => {
      exec.mem[task + TASK.at.mm] = others[tid - 1] === 'other' ? 8 : 7;
    });
    exec.run([
      program(0, flushes, 1),
      ...others.map((kind, i) => program(1 + i, kind === 'idles' ? idles : works, 1)),
    ]);
    return done / 1000 - 401;
  }

  test('who flushes the TLB waits for all whom it interrupts', () => {
    // A step 1 and the flush itself 1.
    expect(flushed([], false)).toBe(2);
    expect(flushed(['other', 'idles'], false)).toBe(2);
    // 1 to send to each, and 40 until the last is done.
    expect(flushed(['works'], false)).toBe(43);
    expect(flushed(['works', 'idles', 'works'], false)).toBe(44);
  });

  test('where flushes go by mm_cpumask those that idle are woken', () => {
    expect(flushed([], true)).toBe(2);
    expect(flushed(['other'], true)).toBe(2);
    expect(flushed(['works'], true)).toBe(43);
    // Another 15 until one that sleeps is awake.
    expect(flushed(['works', 'idles', 'works'], true)).toBe(60);
  });

  test('paced rounds begin a period apart whatever they do', () => {
    const toy = toyMachine(1);
    const paced = toy.spec.addRoutine(
      routine('paced', ['seed', 'n'], (v) => ({
        pace: (k: Exec) => k.pause(1000, true),
        work(k) {
          k.work(0, 300);
          k.set(v.n, k.get(v.n) - 1);
          return k.get(v.n) > 0 ? 'pace' : k.ret();
        },
      })),
    );
    const exec = executor(toy, 1);
    exec.run([program(0, paced, 1, 5)]);
    // The first round begins 1 + 1000 after the start, each other 1000 later; then 21 to wake, 301 work.
    expect(exec.now / 1000).toBe(1 + 5 * 1000 + 21 + 301);
  });
});

describe('conservation', () => {
  const sizes = fc.record({
    cpus: fc.integer({ min: 1, max: 8 }),
    threads: fc.integer({ min: 1, max: 12 }),
    rounds: fc.integer({ min: 1, max: 40 }),
    seed: fc.nat(),
    jitter: fc.constantFrom(0, 300, 20_000),
  });
  const kinds = ['count', 'spin', 'sleep'] as const;
  const mix = fc.array(fc.constantFrom(...kinds), { minLength: 12, maxLength: 12 });

  test('every thread ends, no increment is lost, critical sections never overlap', () => {
    fc.assert(
      fc.property(sizes, mix, ({ cpus, threads, rounds, seed, jitter }, choice) => {
        const toy = toyMachine(threads);
        // Two kinds of lock do not exclude each other, so one word is guarded by one kind only.
        const locked = choice[0] === 'sleep' ? 'sleep' : 'spin';
        const programs = choice
          .slice(0, threads)
          .map((kind, tid) => program(tid, toy[kind === 'count' ? kind : locked], 1, rounds));
        const exec = executor(toy, cpus, seed, jitter);
        exec.run(programs);
        const counting = programs.filter((p) => p.routine === toy.count).length;
        expect(exec.mem[toy.counter]).toBe(counting * rounds);
        expect(exec.mem[toy.guarded]).toBe((threads - counting) * rounds);
        expect(exec.mem[toy.violations]).toBe(0);
        expect(exec.mem[toy.lock]).toBe(0);
        // The same words as after some order of the threads without time, frames aside.
        const plain = new SequentialExec(toy.spec.routines, toy.spec.area, toy.spec.words, 1);
        for (const p of programs) plain.spawn(p.tid, p.routine, p.args);
        plain.run();
        expect(plain.mem[toy.counter]).toBe(exec.mem[toy.counter]);
        expect(plain.mem[toy.guarded]).toBe(exec.mem[toy.guarded]);
      }),
      { numRuns: 150 },
    );
  });

  test('the same seed gives the same run, byte for byte', () => {
    fc.assert(
      fc.property(sizes, ({ cpus, threads, rounds, seed, jitter }) => {
        const run = () => {
          const toy = toyMachine(threads);
          const exec = executor(toy, cpus, seed, jitter);
          exec.run(Array.from({ length: threads }, (_, t) => program(t, toy.sleep, 1, rounds)));
          return [exec.now, exec.steps, ...exec.mem];
        };
        expect(run()).toEqual(run());
      }),
      { numRuns: 30 },
    );
  });

  test('time never runs backwards, on no CPU and for no word', () => {
    fc.assert(
      fc.property(sizes, ({ cpus, threads, rounds, seed, jitter }) => {
        const toy = toyMachine(threads);
        const moments: number[] = [];
        const watched = toy.spec.addRoutine(
          routine('watched', ['seed', 'n'], (v) => ({
            op(k: Exec) {
              k.opBegin();
              k.fetchAdd(toy.counter, 1);
            },
            done(k) {
              moments.push((k as TimedExec).meter.total);
              k.opEnd();
              k.set(v.n, k.get(v.n) - 1);
              return k.get(v.n) > 0 ? 'op' : k.ret();
            },
          })),
        );
        const exec = executor(toy, cpus, seed, jitter);
        exec.run(Array.from({ length: threads }, (_, t) => program(t, watched, 1, rounds)));
        const { meter } = exec;
        expect(meter.total).toBe(threads * rounds);
        // A latency below the cost of one hit would mean that an end came before its begin.
        expect(meter.meanLatency).toBeLessThanOrEqual(meter.maxLatency);
        expect(meter.meanLatency).toBeGreaterThanOrEqual(10_000);
        expect(meter.latencies.quantile(0)).toBeGreaterThanOrEqual(10_000 * (1 - 1 / 200));
        expect(moments).toEqual(moments.map((_, i) => i));
      }),
      { numRuns: 50 },
    );
  });
});

describe('the scheduler', () => {
  test('threads share a CPU by slices, in user mode', () => {
    const toy = toyMachine(2);
    const exec = executor(toy, 1);
    exec.run([program(0, toy.count, 1, 1000), program(1, toy.count, 1, 1000)]);
    expect(exec.mem[toy.counter]).toBe(2000);
    // 2002 steps of 10 (2 of them 1), 99 or so switches of 10: nothing else.
    expect(exec.now / 1000).toBeGreaterThan(20_000);
    expect(exec.now / 1000).toBeLessThan(20_500);
  });

  test('a nice thread gives way as soon as another wants its CPU, and between its system calls, too', () => {
    const turnsOf = (nice: number) => {
      const toy = toyMachine(2);
      const turns: number[] = [];
      const calls = toy.spec.addRoutine(
        routine('calls', ['n'], (v) => ({
          enter(k) {
            k.work(W.syscall_entry);
            turns.push(k.tid);
          },
          work(k) {
            k.work(W.user_loop, 100);
            k.set(v.n, k.get(v.n) + 1);
            return k.get(v.n) < 20 ? 'enter' : k.ret();
          },
        })),
      );
      const once = toy.spec.addRoutine(
        routine('once', ['seed'], () => ({
          call: (k) => k.call(calls),
          done: (k) => k.ret(),
        })),
      );
      const woken = toy.spec.addRoutine(
        routine('woken', ['seed'], () => ({
          pause: (k) => k.pause(500, false),
          call: (k) => k.call(calls),
          done: (k) => k.ret(),
        })),
      );
      const exec = executor(toy, 1);
      exec.run([
        { ...program(0, woken, 1), cpu: 0 },
        { ...program(1, once, 1), cpu: 0, nice },
      ]);
      return turns;
    };
    const nicer = turnsOf(15).indexOf(0);
    // The calls of the first 500 ns, at 100 and a few for each, and the one it enters as it gives way.
    expect(nicer).toBeGreaterThan(2);
    expect(nicer).toBeLessThan(8);
    expect(turnsOf(0).indexOf(0)).toBeGreaterThan(nicer + 2);
  });

  test('a thread that spins for one that has no CPU gives way', () => {
    const toy = toyMachine(3);
    const exec = executor(toy, 1);
    exec.run([0, 1, 2].map((t) => program(t, toy.spin, 1, 200)));
    expect(exec.mem[toy.guarded]).toBe(600);
  });

  test.each([true, false])('a thread that spins with preemption off (%s) keeps its CPU', (off) => {
    const toy = toyMachine(3);
    const order: string[] = [];
    const holder = toy.spec.addRoutine(
      routine('holder', ['seed'], () => ({
        lock: (k: Exec) => k.store(toy.lock, 1),
        hold: (k) => k.work(0, 10_000),
        unlock(k) {
          k.store(toy.lock, 0);
          return k.ret();
        },
      })),
    );
    const waiter = toy.spec.addRoutine(
      routine('waiter', ['seed'], () => ({
        arrive: (k: Exec) => k.work(0, 500),
        wait(k) {
          if (k.load(toy.lock) !== 0) return k.spin(toy.lock, false, false, off);
          order.push('lock');
          return k.ret();
        },
      })),
    );
    const other = toy.spec.addRoutine(
      routine('other', ['seed'], () => ({
        run(k: Exec) {
          order.push('other');
          return k.ret();
        },
      })),
    );
    const exec = executor(toy, 2);
    exec.run([
      { ...program(0, holder, 1), cpu: 0 },
      { ...program(1, waiter, 1), cpu: 1 },
      { ...program(2, other, 1), cpu: 1 },
    ]);
    // A slice is 1000, the lock is held for 10,000.
    expect(order).toEqual(off ? ['lock', 'other'] : ['other', 'lock']);
  });

  test('a deadlock is told with the place of each thread', () => {
    const toy = toyMachine(2);
    const forever = toy.spec.addRoutine(
      routine('forever', ['seed'], () => ({
        doze: (k: Exec) => k.store(k.task + TASK.at.__state, TASK_UNINTERRUPTIBLE),
        sleep: (k) => k.schedule(),
        end: (k) => k.ret(),
      })),
    );
    const exec = executor(toy, 2);
    exec.mem[toy.lock] = 1;
    expect(() => exec.run([program(0, forever, 1), program(1, toy.spin, 1, 1)])).toThrow(
      /^thread 0 in forever\.sleep; thread 1 in spin\.lock$/,
    );
  });

  test('a signal stops a run', () => {
    for (const cpus of [1, 2]) {
      const toy = toyMachine(cpus);
      const signal = AbortSignal.abort();
      const exec = new TimedExec(toy.spec, { cpus, profile: plainProfile(), seed: 1, signal });
      const endless = Array.from({ length: cpus }, (_, t) => program(t, toy.count, 1, 1e9));
      expect(() => exec.run(endless)).toThrow(/abort/i);
    }
  });
});
