import { symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it, test } from 'vitest';
import { folderOf } from '../testing/folder.test-util.ts';
import { moduleCalls, quickestCalls, STAT_NUMBERS, type SystemCalls } from './system-calls.ts';

const major = Number.parseInt(process.versions.node, 10);

/** What is said of a path, or the code of the error. */
function said(calls: SystemCalls, path: string): unknown {
  const tried = (what: () => unknown): unknown => {
    try {
      return what();
    } catch (error) {
      return (error as NodeJS.ErrnoException).code;
    }
  };
  const numbers = new Float64Array(2 * STAT_NUMBERS);
  return {
    list: tried(() => {
      const [names, kinds] = calls.list(path);
      return names.map((name, at) => `${name} ${kinds[at]}`).sort();
    }),
    lstat: tried(() => calls.lstat(path, numbers.subarray(STAT_NUMBERS))),
    read: tried(() => {
      const fd = calls.open(path);
      try {
        calls.fstat(fd, numbers);
        const bytes = Buffer.alloc(20);
        return [calls.read(fd, bytes, 2, 10), calls.read(fd, bytes, 12, 8), bytes.toString()];
      } finally {
        calls.close(fd);
      }
    }),
    numbers: [...numbers],
  };
}

test.runIf(major === 24)('the quickest calls say what the module says', () => {
  const root = folderOf({ 'a.c': 'CONFIG_A1 and more', 'b/c.c': '', 'b/é': '' });
  symlinkSync('a.c', join(root, 'link'));
  const quick = quickestCalls();
  expect(quick).not.toBe(moduleCalls);
  for (const path of ['', 'a.c', 'b', 'b/c.c', 'link', 'gone', 'a.c/x']) {
    expect(said(quick, join(root, path))).toEqual(said(moduleCalls, join(root, path)));
  }
});

it('leaves a binding alone that says something else, or that is none', () => {
  const real = (process as unknown as { binding: (name: string) => object }).binding('fs');
  const other = (change: object): unknown => Object.assign(Object.create(real), change);
  for (const binding of [
    null,
    {},
    other({ readdir: () => [[], []] }),
    other({ fstat: () => new Float64Array(36) }),
    other({ lstat: () => new Float64Array(36) }),
    other({ read: () => 1 }),
    other({
      open: () => {
        throw new Error('no');
      },
    }),
  ]) {
    expect(quickestCalls(binding)).toBe(moduleCalls);
  }
});
