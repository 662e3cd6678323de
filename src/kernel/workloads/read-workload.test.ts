import { describe, expect, test } from 'vitest';
import { InputError } from '../../input/index.ts';
import { readWorkload } from './read-workload.ts';

/** The first diagnostic a file gives, as `line:column message (hint)`. */
function errorOf(text: string): string {
  try {
    readWorkload(text, 'w.yaml');
  } catch (error) {
    if (!(error instanceof InputError)) throw error;
    const d = error.diagnostics[0]!;
    expect(d.span?.file).toBe('w.yaml');
    return `${d.span?.line}:${d.span?.column} ${d.message}${d.hint ? ` (${d.hint})` : ''}`;
  }
  throw new Error('the file was accepted');
}

/** A file with one thread whose run is the given lines. */
const run = (lines: string, setup = '') =>
  `name: t\nthreads:\n  - name: a\n${setup ? `    setup: ${setup}\n` : ''}    run:\n${lines}`;

describe('what is wrong is told with its place', () => {
  test.each([
    ['      - wirte: { at: x }', '6:9 unknown operation "wirte" (did you mean "write"?)'],
    [
      '      - mmap: { pages: 4, as: buf }\n      - write: { at: buff }',
      '7:22 "buff" is not defined here (did you mean "buf"?)',
    ],
    ['      - write: { at: buf }', '6:22 "buf" is not defined here'],
    ['      - mmap: { page: 4, as: buf }', '6:17 unknown key "page" (did you mean "pages"?)'],
    ['      - mmap: { as: buf }', '6:9 mmap needs "pages"'],
    [
      '      - mmap: { pages: 0 }',
      '6:24 "threads[0].run[0].mmap.pages" must be from 1 to 1048576, not 0',
    ],
    [
      '      - mmap: { pages: 4, flags: [private, anonymus] }',
      '6:44 unknown mmap flag "anonymus" (did you mean "anonymous"?)',
    ],
    ['      - mmap: { pages: 4, flags: [anonymous] }', '6:34 the flags must say shared or private'],
    ['      - mmap: { pages: 4, prot: rr }', '6:33 "rr" is not a protection'],
    [
      '      - userfaultfd: { error: [ENOSYS, EIVNAL] }',
      '6:40 "threads[0].run[0].userfaultfd.error[1]" must be EINVAL, ENOSYS or ENOTTY, not "EIVNAL" (did you mean "EINVAL"?)',
    ],
    ['      - brk: 3', '6:14 brk takes a map of parameters: by'],
    [
      '      - mmap: { pages: 4 }\n        munmap: { at: a, pages: 1 }',
      '7:9 "munmap" cannot stand beside "mmap"',
    ],
    ['      - repeat: 3', '6:9 "threads[0].run[0]" needs a key "do"'],
    [
      '      - repeat: 0\n        do: [think]',
      '6:17 "threads[0].run[0].repeat" must be from 1 to 1000000000, not 0',
    ],
    ['      - sleep: { s: 1 }', '6:16 write one time'],
    ['      - op: [{ op: think }]', '6:14 this is inside an "op" already'],
    ['      - choose: [{ do: think }]', '6:17 choose needs at least two arms'],
    [
      '      - for: { each: index, of: a, pages: 2 }\n        do: think',
      '6:22 "index" is the number',
    ],
    [
      '      - mmap: { pages: 1, as: b }\n      - write: { at: b*2 }',
      '7:22 "b*2" is not an address',
    ],
  ])('%s', (lines, expected) => {
    // The first line of `lines` is line 6 with one setup line.
    expect(errorOf(run(lines, '[think]'))).toContain(expected);
  });

  test('keys of the file and of threads', () => {
    expect(errorOf('name: t\nthread: []')).toBe(
      '2:1 unknown key "thread" (did you mean "threads"?)',
    );
    expect(errorOf('name: t\nthreads:\n  - name: a\n    cout: 3')).toContain(
      '4:5 unknown key "cout"',
    );
    expect(errorOf('name: t\nthreads:\n  - name: a\n    count: many')).toContain(
      '4:12 "many" is not a number of threads',
    );
    expect(errorOf('name: t\nthreads:\n  - name: a\n  - name: a')).toContain(
      '4:11 another kind of thread is called "a" (line 3)',
    );
    expect(
      errorOf('name: t\nthreads:\n  - name: a\n    background: true\n    run: [think]'),
    ).toContain('every thread is in the background');
  });
});

describe('impossible sequences', () => {
  test.each([
    [
      'munmap of more than is mapped',
      '      - mmap: { pages: 4, as: b }\n      - munmap: { at: b, pages: 5 }',
      '6:23 munmap of 5 pages at "b" goes up to page 5; mmap has 4 (line 5)',
    ],
    [
      'an offset past the end, reached by the last round of a loop',
      '      - mmap: { pages: 10, as: b }\n      - for: { each: p, of: b, pages: 10 }\n        do:\n          - mprotect: { at: p+1, pages: 1, prot: r }',
      '8:29 mprotect of 1 page at "p" goes up to page 11; mmap has 10 (line 5)',
    ],
    [
      'a touch past the end',
      '      - mmap: { pages: 4, as: b }\n      - write: { at: b, pages: 5 }',
      'write `segv: true` if SIGSEGV is meant',
    ],
    [
      'unmapping twice, the second time round',
      '      - mmap: { pages: 4, as: b }\n      - repeat: 2\n        do:\n          - munmap: { at: b, pages: 4 }',
      '8:27 munmap of "b", which is no longer mapped (it was unmapped on line 8)',
    ],
    [
      'a touch after munmap',
      '      - mmap: { pages: 4, as: b }\n      - munmap: { at: b, pages: 4 }\n      - read: { at: b }',
      '7:21 read of "b", which is no longer mapped',
    ],
    [
      'a variable of one arm used after the choice',
      '      - choose:\n          - do: { mmap: { pages: 1, as: b } }\n          - do: think\n      - write: { at: b }',
      '8:22 "b" is not defined here',
    ],
    [
      'a barrier in a choice',
      '      - choose:\n          - do: barrier\n          - do: think',
      '6:17 a barrier cannot depend on a choice',
    ],
  ])('%s', (_, lines, expected) => {
    expect(errorOf(run(lines))).toContain(expected);
  });

  test('barriers that threads pass a different number of times', () => {
    expect(
      errorOf(
        'name: t\nthreads:\n  - name: a\n    run: [barrier, barrier]\n  - name: b\n    run: [barrier]',
      ),
    ).toContain('threads "a" pass 2 barriers and threads "b" 1');
  });

  test('a background thread at a barrier, or one that eats memory', () => {
    const file = (what: string) =>
      `name: t\nthreads:\n  - name: a\n    run: [think]\n  - name: b\n    background: true\n    run: [${what}]`;
    expect(errorOf(file('barrier'))).toContain('7:11 a background thread cannot wait');
  });

  test.each([
    [
      'a touch past the end that expects SIGSEGV',
      '      - mmap: { pages: 1, as: b }\n      - write: { at: b+3, segv: true }',
    ],
    [
      'mapping again what was unmapped',
      '      - mmap: { pages: 2, as: b }\n      - munmap: { at: b, pages: 2 }\n      - mmap: { pages: 2, at: b, flags: [private, anonymous, fixed] }\n      - write: { at: b, pages: 2 }',
    ],
    [
      'a loop that maps and unmaps',
      '      - repeat: 5\n        do:\n          - mmap: { pages: 2, as: b }\n          - munmap: { at: b, pages: 2 }',
    ],
    [
      'unmapping in pieces',
      '      - mmap: { pages: 4, as: b }\n      - munmap: { at: b, pages: 2 }\n      - munmap: { at: b+2, pages: 2 }',
    ],
    [
      'windows by thread number',
      '      - mmap: { pages: 4, as: b }\n      - write: { at: b+2*index, pages: 2 }',
    ],
    ['nothing', '      []'],
  ])('accepted: %s', (_, lines) => {
    expect(() => readWorkload(run(lines), 'w.yaml')).not.toThrow();
  });

  test('deep nesting is checked in reasonable time', () => {
    let lines = '[{munmap: {at: b, pages: 1}}, {mmap: {pages: 1, as: b}}]';
    for (let i = 0; i < 30; i++) lines = `[{repeat: 2, do: ${lines}}]`;
    const text = run(`      - mmap: { pages: 1, as: b }\n      - repeat: 2\n        do: ${lines}`);
    const start = performance.now();
    expect(() => readWorkload(text, 'w.yaml')).not.toThrow();
    expect(performance.now() - start).toBeLessThan(5000);
  });
});
