import { existsSync, mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { makeFolder } from './make-folder.ts';

it('makes a folder and those above it, once', () => {
  const root = mkdtempSync(join(tmpdir(), 'make-folder-'));
  try {
    const path = join(root, 'a/b/c');
    makeFolder(path, 0o700);
    makeFolder(path);
    expect(statSync(path).isDirectory()).toBe(true);
    expect(statSync(join(root, 'a')).mode & 0o777).toBe(0o700);
  } finally {
    rmSync(root, { recursive: true });
  }
});

it.runIf(existsSync('/proc/self'))('ends where there can be no folder', () => {
  expect(() => makeFolder('/proc/nothing/at/all')).toThrow('ENOENT');
  expect(() => makeFolder('/dev/null/x')).toThrow('ENOTDIR');
});
