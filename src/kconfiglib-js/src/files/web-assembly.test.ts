import { mkdirSync, mkdtempSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, it } from 'vitest';
import { readIfCurrent } from './web-assembly.ts';

const dist = mkdtempSync(join(tmpdir(), 'web-assembly-'));
afterAll(() => rmSync(dist, { recursive: true }));

it('is only taken if it was built after what it has to fit', () => {
  const [module, binding] = [join(dist, 'batch.wasm'), join(dist, 'batch/bind.js')];
  mkdirSync(join(dist, 'batch'));
  expect(readIfCurrent(dist, 'batch.wasm', 'batch/bind.js')).toBeUndefined();
  writeFileSync(module, 'code');
  expect(readIfCurrent(dist, 'batch.wasm', 'batch/bind.js')?.toString()).toBe('code');
  writeFileSync(binding, '');
  // All files of an installed package have the same time.
  for (const [time, taken] of [
    [5, true],
    [6, true],
    [4, false],
  ] as const) {
    utimesSync(binding, 5, 5);
    utimesSync(module, time, time);
    expect(readIfCurrent(dist, 'batch.wasm', 'batch/bind.js') !== undefined, String(time)).toBe(
      taken,
    );
  }
});
