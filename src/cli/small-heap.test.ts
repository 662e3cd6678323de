import { spawnSync } from 'node:child_process';
import { describe, expect, it } from 'vitest';

/** Makes objects of which some live a while, turn by turn, and tells the MiB of the space for new objects. */
const SCRIPT = `
  const { keepHeapSmall } = await import(process.argv[1]);
  if (process.argv[2] === 'small') keepHeapSmall(0);
  const kept = [];
  for (let turn = 0; turn < 60; turn++) {
    for (let i = 0; i < 1e4; i++) kept[(turn % 8) * 1e4 + i] = { i, of: [turn] };
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
  const spaces = process.getBuiltinModule('node:v8').getHeapSpaceStatistics();
  console.log(spaces.find((space) => space.space_name === 'new_space').space_size / 2 ** 20);
`;

function newSpace(...args: string[]): number {
  const module = new URL('./small-heap.ts', import.meta.url).href;
  const command = ['--input-type=module', '-e', SCRIPT, module, ...args];
  const { stdout, stderr } = spawnSync(process.execPath, command, { encoding: 'utf8' });
  expect(stderr).toBe('');
  return Number(stdout);
}

describe('a heap that is kept small', () => {
  it('has little room for new objects', () => {
    expect(newSpace()).toBeGreaterThan(16);
    expect(newSpace('small')).toBeLessThanOrEqual(8);
  });
});

/** Makes what lives for some turns, and tells the most MiB that objects took at a time. */
const PEAK = `
  const { collectingOften } = await import(process.argv[1]);
  const kept = [];
  let peak = 0;
  const run = async () => {
    for (let turn = 0; turn < 250; turn++) {
      kept[turn % 12] = Array.from({ length: 2e4 }, (_, i) => ({ i, of: [turn] }));
      peak = Math.max(peak, process.memoryUsage().heapUsed);
      await new Promise((resolve) => setImmediate(resolve));
    }
  };
  await (process.argv[2] === 'often' ? collectingOften(run) : run());
  console.log(peak / 2 ** 20);
`;

function peak(...args: string[]): number {
  const module = new URL('./small-heap.ts', import.meta.url).href;
  // When there is a collection is not to hang on other threads.
  const plain = ['--single-threaded-gc', '--max-semi-space-size=2'];
  const command = [...plain, '--input-type=module', '-e', PEAK, module, ...args];
  const { stdout, stderr } = spawnSync(process.execPath, command, { encoding: 'utf8' });
  expect(stderr).toBe('');
  return Number(stdout);
}

it('takes less room for what is thrown away where that is collected often', () => {
  expect(peak('often')).toBeLessThan(peak() * 0.85);
});
