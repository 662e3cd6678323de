import { mkdtempSync, rmSync, symlinkSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, describe, expect, it } from 'vitest';
import { type FileStat, moduleStat, NUMBERS, quickestStat } from './file-stat.ts';

const dir = mkdtempSync(join(tmpdir(), 'file-stat-'));
afterAll(() => rmSync(dir, { recursive: true }));

function numbersOf(stat: FileStat, path: string): number[] {
  const numbers = new Float64Array(NUMBERS + 2);
  stat(path, numbers, 1);
  return [...numbers];
}

describe('the quickest way to the numbers of a file', () => {
  const quick = quickestStat();

  it('is not the slow one in the Node the tests run in', () => {
    expect(quick).not.toBe(moduleStat);
  });

  it('says of any file what the module says', () => {
    let count = 0;
    const seconds = fc.double({ min: 0, max: 4e9, noNaN: true });
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme' }), seconds, (text, time) => {
        const path = join(dir, `é${count++}`);
        writeFileSync(path, text);
        utimesSync(path, time, time);
        expect(numbersOf(quick, path)).toEqual(numbersOf(moduleStat, path));
      }),
    );
  });

  it('says of directories, links and what is not there what the module says', () => {
    symlinkSync('nowhere', join(dir, 'broken'));
    symlinkSync(dir, join(dir, 'linked'));
    symlinkSync('loop', join(dir, 'loop'));
    for (const path of [dir, join(dir, 'linked'), join(dir, 'broken'), join(dir, 'none'), ''])
      expect(numbersOf(quick, path), path).toEqual(numbersOf(moduleStat, path));
    expect(numbersOf(quick, join(dir, 'none'))).toEqual([0, -1, -1, -1, -1, 0]);
    for (const stat of [quick, moduleStat])
      expect(() => numbersOf(stat, join(dir, 'loop'))).toThrow(/ELOOP/);
  });

  it('is the module wherever the other is not known, cannot be tried, or is not wanted', () => {
    expect(quickestStat('22.12.0')).toBe(moduleStat);
    expect(quickestStat('25.0.0')).toBe(moduleStat);
    expect(quickestStat('24.0.0', join(dir, 'loop'))).toBe(moduleStat);
    process.env.NODE_PENDING_DEPRECATION = '1';
    expect(quickestStat()).toBe(moduleStat);
    delete process.env.NODE_PENDING_DEPRECATION;
  });
});
