import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, expect, test, vi } from 'vitest';
import { ThousandCells } from './thousand.test-util.ts';

/** A matrix of a thousand cells, by the built command: how long it takes, and that a killed run goes on. */
const cells = new ThousandCells();
afterAll(() => cells.remove());
// The processor time is what is judged; on a loaded machine the clock may say anything.
vi.setConfig({ testTimeout: 3_600_000 });

/** Two minutes on two processors. */
const BUDGET = 2 * 120;

const report = (name: string): string => readFileSync(join(cells.folder, name), 'utf8');

test('resolves, simulates and reports 1,024 cells in two minutes of two processors', async () => {
  const { wall, cpu } = await cells.run('whole', 'json', 'whole.json');
  console.log(`1,024 cells: ${cpu.toFixed(1)} s of processor time, ${wall.toFixed(1)} s`);
  const { kernels, performance } = JSON.parse(report('whole.json'));
  expect(kernels).toHaveLength(1024);
  expect(performance.length).toBeGreaterThan(1024);
  expect(cpu).toBeLessThan(BUDGET);
});

test.each(['md', 'html', 'term'])('and again as %s, from its cache', async (format) => {
  const { wall, cpu } = await cells.run('whole', format, `whole.${format}`);
  console.log(`${format}: ${cpu.toFixed(1)} s of processor time, ${wall.toFixed(1)} s`);
  expect(report(`whole.${format}`)).toMatch(/1,024\s+distinct\s+kernels/);
  expect(cpu).toBeLessThan(BUDGET / 4);
});

test('goes on from its cache when it was killed, to the same report', async () => {
  const child = cells.start('killed', 'json', 'killed.json');
  const end = new Promise((resolve) => child.on('close', resolve));
  while (cells.kept('killed') < 200 && child.exitCode === null) await sleep(100);
  child.kill('SIGKILL');
  await end;
  expect(child.signalCode).toBe('SIGKILL');
  expect(cells.kept('killed')).toBeLessThan(1024);
  await cells.run('killed', 'json', 'killed.json');
  expect(report('killed.json') === report('whole.json')).toBe(true);
});
