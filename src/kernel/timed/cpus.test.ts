import { describe, expect, test } from 'vitest';
import { Cpus } from './cpus.ts';

const COSTS = {
  slice: 1e6,
  context_switch: 0,
  wakeup: 0,
  idle_entry: 0,
  idle_exit: 0,
  timer: 0,
  flush_interrupt: 0,
  flush_wait: 0,
};

/** Four CPUs on which threads 0 to 3 run. */
function busy(): Cpus {
  const cpus = new Cpus(4, 10, COSTS, new Float64Array(8), 'same');
  for (let cpu = 0; cpu < 4; cpu++) cpus.start(cpu, cpu, 0);
  return cpus;
}

test('new threads stand where fewest wait, first beside their parent', () => {
  const cpus = busy();
  const placed = [4, 5, 6, 7, 8].map((tid) => {
    cpus.inherit(tid, 2);
    return cpus.wakeNew(tid, 2);
  });
  expect(placed).toEqual([2, 0, 1, 3, 2]);
});

test('a new thread takes an idle CPU', () => {
  const cpus = busy();
  cpus.time[1] = 1000;
  cpus.release(1);
  cpus.inherit(4, 2);
  expect(cpus.wakeNew(4, 2)).toBe(1);
  expect(cpus.runs(4)).toBe(true);
});

test('a new thread of a bound one stays on its CPU', () => {
  const cpus = busy();
  cpus.pin(2, 2);
  for (const tid of [4, 5]) {
    cpus.inherit(tid, 2);
    expect(cpus.wakeNew(tid, 2)).toBe(2);
  }
});

test('one that has run before goes back to where it was', () => {
  const cpus = busy();
  cpus.inherit(4, 2);
  expect(cpus.wakeNew(4, 2)).toBe(2);
  cpus.time[2] = 1000;
  cpus.release(2);
  expect(cpus.current[2]).toBe(4);
  cpus.start(0, 5, 0);
  cpus.time[2] = 2000;
  cpus.release(2);
  // Taken from the queue of another.
  expect(cpus.current[2]).toBe(5);
  expect(cpus.wake(4)).toBe(2);
});

test('before 6.6 few threads have longer turns', () => {
  const ends = (['same', 'share_latency'] as const).map((timeSlices) => {
    const cpus = new Cpus(1, 12, COSTS, new Float64Array(8), timeSlices);
    return [...Array(10).keys()].map((tid) => {
      cpus.start(0, tid, 0);
      return (cpus.sliceEnd[0] as number) / 1e9;
    });
  });
  expect(ends).toEqual([
    [Number.POSITIVE_INFINITY, 1, 1, 1, 1, 1, 1, 1, 1, 1],
    [Number.POSITIVE_INFINITY, 4, 8 / 3, 2, 1.6, 4 / 3, 8 / 7, 1, 1, 1].map((ms) =>
      expect.closeTo(ms, 6),
    ),
  ]);
});

test("threads of a core are in each other's way while both are busy", () => {
  const smt = { threads: 2, slowdown: 1.5 };
  const cpus = new Cpus(4, 4, COSTS, new Float64Array(8), 'same', { smt });
  cpus.start(0, 0, 0);
  cpus.start(2, 1, 0);
  expect([...cpus.pace]).toEqual([1, 1, 1, 1]);
  cpus.start(1, 2, 0);
  expect([...cpus.pace]).toEqual([1.5, 1.5, 1, 1]);
  cpus.time[0] = 1000;
  cpus.release(0);
  expect([...cpus.pace]).toEqual([1, 1, 1, 1]);
});

describe('where threads share cores', () => {
  const smt = { threads: 2, slowdown: 1.5 };

  test('those that start together begin with one on each core', () => {
    const cpus = new Cpus(8, 4, COSTS, new Float64Array(8), 'same', { smt });
    expect([...Array(10).keys()].map((n) => cpus.spread(n))).toEqual([
      0, 2, 4, 6, 1, 3, 5, 7, 0, 2,
    ]);
    const odd = new Cpus(3, 4, COSTS, new Float64Array(8), 'same', { smt });
    expect([...Array(4).keys()].map((n) => odd.spread(n))).toEqual([0, 1, 2, 0]);
  });

  test('one that is woken goes to its CPU, then to an idle core, then to any idle CPU', () => {
    const cpus = new Cpus(6, 6, COSTS, new Float64Array(8), 'same', { smt });
    cpus.start(0, 0, 0);
    cpus.start(3, 1, 0);
    const placed = [2, 3, 4, 5].map((tid) => {
      cpus.inherit(tid, 0);
      return cpus.wake(tid);
    });
    expect(placed).toEqual([4, 1, 2, 5]);
  });
});

describe('before 6.6', () => {
  const ms = 1e9;
  const clock = new Float64Array(8);

  /** One CPU whose thread 0 has run for so many milliseconds, with a slice of one. */
  function ran(time: number, nice = 0): Cpus {
    clock.fill(0);
    const cpus = new Cpus(1, 4, COSTS, clock, 'share_latency');
    cpus.setNice(0, nice);
    cpus.start(0, 0, 0);
    cpus.time[0] = time * ms;
    clock[0] = time * ms;
    return cpus;
  }

  test('a new thread starts a slice behind the one that made it', () => {
    const cpus = ran(5);
    cpus.inherit(1, 0);
    cpus.wakeNew(1, 0);
    // What is its turn by the slice, of half a latency, is not by what it has run.
    cpus.time[0] = 8.5 * ms;
    expect(cpus.yieldTo(0)).toBe(false);
    cpus.time[0] = 9.5 * ms;
    expect(cpus.yieldTo(0)).toBe(true);
    expect(cpus.current[0]).toBe(1);
  });

  test('one that has run much less takes the CPU when it wakes', () => {
    const cpus = ran(1);
    cpus.wake(1);
    expect(cpus.sliceEnd[0]).toBeGreaterThan(0);
    const later = ran(2);
    later.wake(1);
    expect(later.sliceEnd[0]).toBe(0);
    expect(later.yieldTo(0)).toBe(true);
    expect(later.current[0]).toBe(1);
  });

  test('a nice one has run more than it has', () => {
    const cpus = ran(0.5, 15);
    cpus.wake(1);
    expect(cpus.sliceEnd[0]).toBe(0);
  });

  test('of those that wait the one comes that has run least', () => {
    const cpus = ran(1);
    for (const tid of [1, 2, 3]) cpus.inherit(tid, 0);
    cpus.wakeNew(1, 0);
    cpus.wake(2);
    cpus.release(0);
    expect(cpus.current[0]).toBe(2);
    cpus.release(0);
    expect(cpus.current[0]).toBe(1);
  });
});

test('CPUs are as slow as their kind', () => {
  const kinds = [
    { cpus: 1, slowdown: 1 },
    { cpus: 2, slowdown: 3 },
  ];
  const cpus = new Cpus(5, 4, COSTS, new Float64Array(8), 'same', { kinds });
  expect([...cpus.pace]).toEqual([1, 3, 3, 1, 3]);
});
