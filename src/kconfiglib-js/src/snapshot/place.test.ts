import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, utimesSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { keep } from './place.ts';

let directory: string;
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'kept-'));
});
afterEach(() => rmSync(directory, { recursive: true, force: true }));

it.each(['/proc/nothing', '/dev/null'])('keeps nothing in %s', (place) => {
  expect(keep(`${place}/trees`, 'a.tree', 'kept')).toBe(false);
});

it('lets the oldest files go, and leaves folders alone', () => {
  mkdirSync(join(directory, 'code'));
  utimesSync(join(directory, 'code'), 1, 1);
  for (let i = 0; i < 30; i++) {
    const name = `${i}.tree`;
    expect(keep(directory, name, 'kept'), name).toBe(true);
    utimesSync(join(directory, name), 1000 + i, 1000 + i);
  }
  expect(existsSync(join(directory, 'code'))).toBe(true);
  const files = readdirSync(directory).filter((name) => name !== 'code');
  expect(files.length).toBe(24);
  expect(files).toContain('29.tree');
  expect(files).not.toContain('0.tree');
});
