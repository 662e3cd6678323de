import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, it } from 'vitest';
import { fileCalls } from '../files/file-calls.ts';
import { parse } from './parse.ts';
import { SourceReader } from './read-source.ts';

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

it('a device that a signal cuts short is read on', () => {
  const calls = fileCalls();
  let reads = 0;
  const cut: typeof calls = {
    ...calls,
    read: (fd, bytes, offset, length) =>
      calls.read(fd, bytes, offset, reads++ % 3 === 1 ? length - 1000 : length),
  };
  const reader = new SourceReader(undefined, cut);
  expect(reader.read(join(dir, 'zero'))?.end).toBeGreaterThan(1 << 26);
  const path = join(dir, 'long');
  writeFileSync(path, 'x'.repeat(3e6));
  expect(reader.read(path)?.end).toBe(3e6);
});
