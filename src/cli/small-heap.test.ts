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
