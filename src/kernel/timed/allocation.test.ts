import { expect, test } from 'vitest';
import { bytesAllocated } from './allocation.test-util.ts';
import { TimedExec } from './timed-exec.ts';
import { plainProfile, toyMachine } from './toy-machine.test-util.ts';

const CPUS = 4;

test('what allocates is seen', () => {
  const kept: number[][] = [];
  expect(
    bytesAllocated(() => {
      for (let i = 0; i < 10_000; i++) kept.push([i, i]);
    }),
  ).toBeGreaterThan(10_000 * 16);
  expect(kept).toHaveLength(10_000);
});

/** Operations of each thread: a hundred thousand steps in all, beside which the few kilobytes of a run's begin and end are nothing. */
const OPERATIONS = { count: 20_000, spin: 4_000, sleep: 4_000 } as const;

test.for(['count', 'spin', 'sleep'] as const)('%s: the event loop allocates nothing', (name) => {
  const toy = toyMachine(CPUS);
  const exec = new TimedExec(toy.spec, { cpus: CPUS, profile: plainProfile({}), seed: 1 });
  const programs = Array.from({ length: CPUS }, (_, tid) => ({
    tid,
    routine: toy[name],
    args: [1, OPERATIONS[name]],
    counted: true,
  }));
  const bytesAStep = () => {
    const before = exec.steps;
    const bytes = bytesAllocated(() => exec.run(programs));
    return bytes / (exec.steps - before);
  };
  // The engine boxes doubles until it has optimised the loop, which takes some rounds.
  let least = Number.POSITIVE_INFINITY;
  for (let round = 0; round < 100 && least >= 0.1; round++) least = Math.min(least, bytesAStep());
  expect(least).toBeLessThan(0.1);
});
