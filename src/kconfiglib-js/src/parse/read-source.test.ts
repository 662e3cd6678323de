import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, it } from 'vitest';
import { parse } from './parse.ts';

const dir = mkdtempSync(join(tmpdir(), 'read-source-'));
afterAll(() => rmSync(dir, { recursive: true }));

/** What is said of a tree whose one other file is this. */
function saidOf(name: string): unknown {
  writeFileSync(join(dir, 'Kconfig'), `source "${name}"\n`);
  try {
    return parse('Kconfig', { srctree: dir });
  } catch (error) {
    return (error as Error).message;
  }
}

it('a pipe nobody writes to is not waited for', () => {
  execFileSync('mkfifo', [join(dir, 'pipe')]);
  expect(saidOf('pipe')).toMatch(/can't find|cannot|can't open/);
});

it('a device without an end is not read for ever', () => {
  symlinkSync('/dev/zero', join(dir, 'zero'));
  expect(saidOf('zero')).toMatch(/zero is larger than \d+ bytes/);
});
