import { describe, expect, it } from 'vitest';
import { violations } from '../../invariants.test-util.ts';
import { ADVICE, UFFD_FEATURES, UFFD_MODES } from '../../uapi.ts';
import {
  holdAt,
  type ScriptOp,
  SMP64,
  SMP64_WITHOUT,
  start,
  UP64,
} from '../../user-script.test-util.ts';

const AT = 0x50000;
const TO = 0x58000;
const PRIVATE = 0x32;
const SHARED = 0x31;
const EAGAIN = -11;
const EVENTS =
  UFFD_FEATURES.sigbus |
  UFFD_FEATURES.event_fork |
  UFFD_FEATURES.event_remap |
  UFFD_FEATURES.event_remove |
  UFFD_FEATURES.event_unmap;

const watched = (flags = PRIVATE, features = EVENTS): ScriptOp[] => [
  ['userfaultfd', features],
  ['mmap', 8, 3, flags, AT],
  ['write', AT],
  ['write', AT + 1],
  ['uffd_register', AT, 8, UFFD_MODES.missing],
];

/** What changes memory, the pages the reader is told of in order, and what the change gives. */
const CHANGES: readonly [string, ScriptOp, readonly number[], number][] = [
  ['munmap of a part', ['munmap', AT + 2, 4], [AT + 2], 0],
  ['mmap over it', ['mmap', 4, 3, PRIVATE, AT], [AT], AT],
  ['a move', ['mremap', AT, 8, 8, 3, TO], [TO, AT], TO],
  ['shrinking', ['mremap', AT, 8, 4, 0, 0], [AT + 4], AT],
  ['a move over and away', ['mremap', AT, 4, 2, 3, AT + 6], [AT + 6, AT + 6, AT + 2, AT], AT + 6],
  ['throwing pages away', ['madvise', AT, 8, ADVICE.dontneed], [AT], 0],
  ['freeing pages', ['madvise', AT, 8, ADVICE.free], [AT], 0],
];

describe.each([
  ['v6.12', SMP64],
  ['v6.12', SMP64_WITHOUT],
  ['v7.0', SMP64],
  ['all-builds-v2', UP64],
] as const)('%s', (edition, options) => {
  it.each(CHANGES)('tells of %s, and waits until it is read', (_, change, told, result) => {
    const m = start(edition, options, { threads: 2 });
    m.run([watched()]);
    const reads = told.map((): ScriptOp => ['uffd_wait']);
    m.run([[change], reads]);
    expect(m.results[0]?.at(-1)).toBe(result);
    expect(m.results[1]).toEqual(told);
    expect(violations(m)).toEqual([]);
  });

  it('tells of pages taken out of a file', () => {
    const m = start(edition, options, { threads: 2 });
    m.run([watched(SHARED)]);
    m.run([[['madvise', AT, 2, ADVICE.remove]], [['uffd_wait']]]);
    expect([m.results[0]?.at(-1), m.results[1]]).toEqual([0, [AT]]);
    expect(violations(m)).toEqual([]);
  });

  it('tells of a fork, whose child has a descriptor of its own', () => {
    const m = start(edition, options, { threads: 2, forks: 1 });
    m.run([watched()]);
    m.run([
      [
        [
          'fork',
          [
            ['read', AT],
            ['read', AT + 4],
          ],
        ],
        ['wait', 0],
      ],
      [['uffd_wait']],
    ]);
    expect(m.results[1]).toEqual([0]);
    expect(violations(m)).toEqual([]);
  });
});

it('does not fill pages while something is to be read', () => {
  const m = start('v6.12', SMP64, { threads: 2 });
  m.run([watched()]);
  const tries: ScriptOp[] = [
    ['uffd_copy', AT + 1, 1],
    ['uffd_writeprotect', AT, 1, 1],
    ['uffd_move', AT + 1, 1, 0, AT],
    ['uffd_wait'],
    ['uffd_copy', AT + 1, 1],
  ];
  m.run([[['munmap', AT + 6, 2]], tries], (ready) => (ready.includes(0) ? 0 : 1));
  expect(m.results[1]).toEqual([EAGAIN, EAGAIN, EAGAIN, AT + 6, -17]);
});

it('keeps watching what has moved, and what a child has', () => {
  const m = start('v6.12', SMP64, { threads: 2 });
  m.run([watched()]);
  m.run([
    [
      ['mremap', AT, 8, 8, 3, TO],
      ['read', TO + 4],
    ],
    [['uffd_wait'], ['uffd_wait']],
  ]);
  // The descriptor answers with SIGBUS.
  expect(m.results[0]?.at(-1)).toBe(-7);
});

it('asks again for the mapping when its pages are thrown away', () => {
  const m = start('v6.12', SMP64, { threads: 2 });
  m.run([watched()]);
  const gone: ScriptOp[] = [['uffd_unregister', AT, 8], ['munmap', AT, 8], ['uffd_wait']];
  m.run(
    [[['madvise', AT, 8, ADVICE.dontneed]], gone],
    holdAt(m, (label) => label === 'schedule'),
  );
  expect(m.results[0]?.at(-1)).toBe(-12);
  expect(m.results[1]).toEqual([0, 0, AT]);
  expect(violations(m)).toEqual([]);
});

it('lets whoever waits go on when the descriptor is closed', () => {
  const m = start('v6.12', SMP64, { threads: 2 });
  m.run([watched()]);
  m.run([[['munmap', AT, 8]], [['uffd_close']]], (ready) => (ready.includes(0) ? 0 : 1));
  expect([m.results[0]?.at(-1), m.results[1]]).toEqual([0, [0]]);
  expect(violations(m)).toEqual([]);
});

it('says nothing of what nobody asked for', () => {
  const m = start('v6.12', SMP64);
  m.run([watched(PRIVATE, UFFD_FEATURES.sigbus)]);
  m.run([
    [
      ['madvise', AT, 8, ADVICE.dontneed],
      ['mremap', AT, 8, 8, 3, TO],
      ['munmap', TO, 8],
    ],
  ]);
  expect(m.results[0]?.slice(-3)).toEqual([0, TO, 0]);
});
