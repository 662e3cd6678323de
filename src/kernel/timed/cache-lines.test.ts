import { beforeEach, describe, expect, test } from 'vitest';
import { type AccessKind, ATOMIC, READ, WRITE } from '../model/machine/index.ts';
import { CacheLines, COST, NOW } from './cache-lines.ts';
import { Mesh } from './mesh.ts';
import { plainProfile } from './toy-machine.test-util.ts';

// CPUs 0 and 1 are on one socket, 2 and 3 on the other.
let lines: CacheLines;
beforeEach(() => {
  lines = new CacheLines(4, 4, plainProfile(), false);
});

/** Nanoseconds an access costs that is made at `at` nanoseconds. */
function cost(cpu: number, kind: AccessKind, at: number, line = 1): number {
  lines.clock[NOW] = at * 1000;
  lines.clock[COST] = 0;
  lines.access(cpu, line, kind);
  return (lines.clock[COST] as number) / 1000;
}

describe('one access after the other', () => {
  test('a first read comes from memory, a second hits', () => {
    expect(cost(0, READ, 0)).toBe(100);
    expect(cost(0, READ, 1000)).toBe(2);
  });

  test('a line read by one CPU only is exclusive: writing it is a hit', () => {
    cost(0, READ, 0);
    expect(cost(0, WRITE, 1000)).toBe(2);
    expect(cost(0, WRITE, 2000)).toBe(2);
  });

  test('an atomic pays for its lock prefix, but not on a uniprocessor', () => {
    cost(0, WRITE, 0);
    expect(cost(0, ATOMIC, 1000)).toBe(9);
    lines = new CacheLines(4, 1, plainProfile(), true);
    cost(0, WRITE, 0);
    expect(cost(0, ATOMIC, 1000)).toBe(2);
  });

  test('reading what another CPU has modified, on the socket and across', () => {
    cost(0, WRITE, 0);
    expect(cost(1, READ, 1000)).toBe(50);
    expect(cost(1, READ, 2000)).toBe(2);
    cost(0, WRITE, 3000);
    expect(cost(2, READ, 4000)).toBe(500);
  });

  test('a clean copy of the own socket is taken before one from another', () => {
    cost(0, READ, 0);
    expect(cost(1, READ, 1000)).toBe(20);
    expect(cost(2, READ, 2000)).toBe(200);
    expect(cost(3, READ, 3000)).toBe(20);
  });

  test('writing what others share takes it away from them', () => {
    cost(0, READ, 0);
    cost(1, READ, 1000);
    expect(cost(1, WRITE, 2000)).toBe(30);
    expect(cost(0, READ, 3000)).toBe(50);
    cost(2, READ, 4000);
    expect(cost(0, WRITE, 5000)).toBe(300);
  });

  test('taking a modified line to write it', () => {
    cost(0, WRITE, 0);
    expect(cost(1, WRITE, 1000)).toBe(50);
    expect(cost(3, ATOMIC, 2000)).toBe(507);
  });

  test('lines know nothing of each other', () => {
    cost(0, WRITE, 0, 1);
    expect(cost(1, WRITE, 1000, 2)).toBe(100);
  });
});

describe('several at once', () => {
  test('writers of one line are served one after the other', () => {
    lines = new CacheLines(4, 4, plainProfile({ cpus_per_socket: 4 }), false);
    cost(0, WRITE, 0);
    expect(cost(1, WRITE, 1000)).toBe(50);
    // CPU 0 asks at 1010; the line arrives at CPU 1 at 1050 and 50 later at CPU 0.
    expect(cost(0, WRITE, 1010)).toBe(90);
    expect(cost(2, WRITE, 1020)).toBe(130);
  });

  test('who got a line has it until its home tells that another wants it', () => {
    const cpus = 256;
    const mesh = new Mesh(cpus, 50);
    const detour = (line: number) => mesh.detours[mesh.detour(0, line, 1)] as number;
    const line = [0, 1, 2, 3].find((l) => detour(l) > 5) as number;
    const kept = detour(line);
    lines = new CacheLines(4, cpus, plainProfile({ cpus_per_socket: cpus }), false);
    cost(0, WRITE, 0, line);
    const arrival = 1000 + cost(1, WRITE, 1000, line);
    cost(2, WRITE, 1001, line);
    expect(cost(1, WRITE, arrival + kept - 0.5, line)).toBe(2);
    expect(cost(1, WRITE, arrival + kept + 0.5, line)).toBeGreaterThanOrEqual(50);
  });

  test('a reader waits for the transfer before it, further readers do not wait for each other', () => {
    cost(0, WRITE, 0);
    expect(cost(1, WRITE, 1000)).toBe(50);
    expect(cost(0, READ, 1010)).toBe(90);
    // The line is clean from 1100 on.
    expect(cost(2, READ, 1020)).toBe(280);
    expect(cost(3, READ, 1020)).toBe(100);
  });

  test('a spinner takes its copy back, so that the next write pays', () => {
    cost(0, WRITE, 0);
    cost(1, READ, 1000);
    expect(cost(0, WRITE, 2000)).toBe(30);
    lines.takeBack(1, 1);
    expect(cost(0, WRITE, 3000)).toBe(30);
    expect(cost(0, WRITE, 4000)).toBe(2);
  });
});

test('more CPUs than bits in a word', () => {
  lines = new CacheLines(2, 256, plainProfile({ cpus_per_socket: 64 }), false);
  for (let cpu = 0; cpu < 256; cpu++) cost(cpu, READ, 1000 * cpu);
  expect(cost(255, READ, 300_000)).toBe(2);
  expect(cost(40, WRITE, 400_000)).toBe(300);
  expect(cost(255, READ, 500_000)).toBe(500);
  expect(cost(41, READ, 600_000)).toBe(20);
});

test('threads of a core share its caches, those of different cores do not', () => {
  const smt = { threads: 2, slowdown: 1 };
  lines = new CacheLines(2, 4, plainProfile({ cpus_per_socket: 4, smt }), false);
  expect(cost(0, WRITE, 0)).toBe(100);
  expect(cost(1, WRITE, 1000)).toBe(2);
  expect(cost(2, WRITE, 2000)).toBe(50);
});
