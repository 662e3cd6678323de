import { mkdtempSync, rmSync, symlinkSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, describe, expect, it } from 'vitest';
import { type FileCalls, moduleCalls, NUMBERS, quickestCalls } from './file-calls.ts';

const dir = mkdtempSync(join(tmpdir(), 'file-calls-'));
afterAll(() => rmSync(dir, { recursive: true }));

function numbersOf({ stat }: FileCalls, path: string): number[] {
  const numbers = new Float64Array(NUMBERS + 2);
  stat(path, numbers, 1);
  return [...numbers];
}

/** What is read in parts of some lengths, and how many bytes each gave. */
function readBy(
  { open, read, close }: FileCalls,
  path: string,
  lengths: readonly number[],
): unknown {
  const fd = open(path);
  const bytes = Buffer.alloc(200);
  try {
    return [lengths.map((length, i) => read(fd, bytes, i * 40, length)), bytes.toString('hex')];
  } finally {
    close(fd);
  }
}

describe('the quickest calls', () => {
  const quick = quickestCalls();

  it('are not the slow ones in the Node the tests run in', () => {
    expect(quick).not.toBe(moduleCalls);
  });

  it('say of any file what the module says', () => {
    let count = 0;
    const seconds = fc.double({ min: 0, max: 4e9, noNaN: true });
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme' }), seconds, (text, time) => {
        const path = join(dir, `é${count++}`);
        writeFileSync(path, text);
        utimesSync(path, time, time);
        expect(numbersOf(quick, path)).toEqual(numbersOf(moduleCalls, path));
      }),
    );
  });

  it('say of directories, links and what is not there what the module says', () => {
    symlinkSync('nowhere', join(dir, 'broken'));
    symlinkSync(dir, join(dir, 'linked'));
    symlinkSync('loop', join(dir, 'loop'));
    for (const path of [dir, join(dir, 'linked'), join(dir, 'broken'), join(dir, 'none'), ''])
      expect(numbersOf(quick, path), path).toEqual(numbersOf(moduleCalls, path));
    expect(numbersOf(quick, join(dir, 'none'))).toEqual([0, -1, -1, -1, -1, 0]);
    for (const calls of [quick, moduleCalls])
      expect(() => numbersOf(calls, join(dir, 'loop'))).toThrow(/ELOOP/);
  });

  it('read of any file what the module reads, in any parts', () => {
    const parts = fc.array(fc.integer({ min: 0, max: 40 }), { maxLength: 5 });
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 100 }), parts, (content, lengths) => {
        const path = join(dir, 'content');
        writeFileSync(path, content);
        expect(readBy(quick, path, lengths)).toEqual(readBy(moduleCalls, path, lengths));
      }),
    );
  });

  it('throw where a file cannot be opened or read', () => {
    for (const calls of [quick, moduleCalls]) {
      expect(() => calls.open(join(dir, 'none'))).toThrow(/ENOENT/);
      expect(() => readBy(calls, dir, [1])).toThrow(/EISDIR/);
    }
  });

  it('are those of the module wherever the others are not known, cannot be tried, or are not wanted', () => {
    expect(quickestCalls('22.12.0')).toBe(moduleCalls);
    expect(quickestCalls('25.0.0')).toBe(moduleCalls);
    expect(quickestCalls('24.0.0', join(dir, 'loop'))).toBe(moduleCalls);
    process.env.NODE_PENDING_DEPRECATION = '1';
    expect(quickestCalls()).toBe(moduleCalls);
    delete process.env.NODE_PENDING_DEPRECATION;
  });
});
