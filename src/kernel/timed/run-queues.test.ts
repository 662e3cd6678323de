import { expect, test } from 'vitest';
import { IdleSet } from './idle-set.ts';
import { NONE, RunQueues } from './run-queues.ts';

test('threads leave a queue in the order they came', () => {
  const queues = new RunQueues(2, 5);
  queues.push(0, 3);
  queues.push(1, 1);
  queues.push(0, 4);
  queues.push(0, 2);
  expect(queues.waiting).toBe(4);
  expect(queues.longest()).toBe(0);
  expect([queues.shift(0), queues.shift(0)]).toEqual([3, 4]);
  queues.push(0, 0);
  expect([queues.shift(0), queues.shift(0), queues.shift(0)]).toEqual([2, 0, NONE]);
  expect(queues.longest()).toBe(1);
});

test('one that is put first leaves first', () => {
  const queues = new RunQueues(1, 4);
  queues.pushFirst(0, 3);
  queues.push(0, 1);
  queues.pushFirst(0, 2);
  expect(queues.length(0)).toBe(3);
  expect([0, 0, 0, 0].map((cpu) => queues.shift(cpu))).toEqual([2, 3, 1, NONE]);
});

test('an idle CPU is found near the one asked for', () => {
  const idle = new IdleSet(256);
  expect(idle.near(200)).toBe(200);
  for (let cpu = 0; cpu < 256; cpu++) if (cpu !== 31 && cpu !== 215) idle.remove(cpu);
  expect(idle.near(200)).toBe(215);
  expect(idle.near(3)).toBe(31);
  idle.remove(31);
  expect(idle.near(3)).toBe(215);
  idle.remove(215);
  expect(idle.near(3)).toBe(NONE);
});
