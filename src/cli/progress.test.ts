import { describe, expect, it } from 'vitest';
import { progressLine, progressOn } from './progress.ts';

describe('a line of progress', () => {
  it.each([
    [0, 48, 5, '0/48 cells'],
    [12, 48, 4, '12/48 cells, 3.0/s, 12 s left'],
    [3, 48, 75, '3/48 cells, 2.4/min, 19 min left'],
    [1, 1000, 60, '1/1000 cells, 1.0/min, 17 h left'],
    [48, 48, 16, '48/48 cells, 3.0/s, 0 s left'],
  ])('of %d of %d after %d s', (done, total, seconds, text) => {
    expect(progressLine(done, total, seconds, 'cells')).toBe(text);
  });

  it('does not count into the rate what was there from the first', () => {
    expect(progressLine(12, 48, 4, 'cells', 10)).toBe('12/48 cells, 30.0/min, 72 s left');
    expect(progressLine(10, 48, 4, 'cells', 10)).toBe('10/48 cells');
  });

  it('is written over, cut to the terminal, and taken away in the end', () => {
    const out: string[] = [];
    let at = 0;
    const stderr = { write: (text: string) => out.push(text), isTTY: true, columns: 20 };
    const io = { stdout: stderr, stderr, stdin: {}, cwd: '/', env: {} };
    const progress = progressOn(io, false, () => at);
    progress.update(0, 3);
    at = 1000;
    progress.update(1, 3);
    at = 1050;
    progress.update(2, 3);
    at = 2000;
    progress.update(3, 3);
    progress.end();
    expect(out).toEqual([
      '\r\x1b[K0/3 cells',
      '\r\x1b[K1/3 cells, 1.0/s, 2',
      '\r\x1b[K3/3 cells, 1.5/s, 0',
      '\r\x1b[K',
    ]);
  });

  it('begins anew with each thing that is done, and is taken away once', () => {
    const out: string[] = [];
    let at = 0;
    const stderr = { write: (text: string) => out.push(text.slice(4)), isTTY: true };
    const io = { stdout: stderr, stderr, stdin: {}, cwd: '/', env: {} };
    const progress = progressOn(io, false, () => at);
    progress.say('reading');
    progress.update(0, 9, 'configurations', 'resolving ');
    at = 5000;
    progress.update(40, 100, 'runs', 'simulating: ');
    at = 6000;
    progress.update(50, 100, 'runs', 'simulating: ');
    progress.end();
    progress.end();
    expect(out).toEqual([
      'reading',
      'resolving 0/9 configurations',
      'simulating: 40/100 runs',
      'simulating: 50/100 runs, 10.0/s, 5 s left',
      '',
    ]);
  });

  it('is none where there is no terminal, or none is wanted', () => {
    const out: string[] = [];
    const stderr = { write: (text: string) => out.push(text) };
    const io = { stdout: stderr, stderr, stdin: {}, cwd: '/', env: {} };
    progressOn(io, false).update(1, 1);
    progressOn(io, false).say('writing');
    progressOn({ ...io, stderr: { ...stderr, isTTY: true } }, true).update(1, 1);
    expect(out).toEqual([]);
  });
});
