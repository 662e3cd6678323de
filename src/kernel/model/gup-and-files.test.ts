import { describe, expect, it } from 'vitest';
import { violations, visible } from './invariants.test-util.ts';
import { type Ran, type ScriptOp, SMP64, SMP64_WITHOUT, start } from './user-script.test-util.ts';

const AT = 0x60000;
const SPAN = 512;
const PRIVATE_ANON_FIXED = 0x32;
const first = (results: readonly number[]) => results[0] as number;

const HUGE: readonly ScriptOp[] = [
  ['mmap', 2 * SPAN, 3, PRIVATE_ANON_FIXED, AT],
  ['madvise', AT, 2 * SPAN, 14],
];

function ran(setup: readonly ScriptOp[], ops: readonly ScriptOp[], options = SMP64): Ran {
  const m = start('v7.0', options);
  m.run([setup]);
  m.reset();
  m.run([ops]);
  expect(violations(m)).toEqual([]);
  return m;
}
const last = (m: Ran) => m.results[0]?.at(-1);
const at = (m: Ran, page: number) => visible(m).find((l) => l.startsWith(`[${page},`));

describe('huge pages got by the kernel', () => {
  it('populates one with one fault', () => {
    const m = ran(HUGE, [['madvise', AT, 2 * SPAN, 23]]);
    expect(m.count('pgfault')).toBe(2);
    expect(m.count('thp_fault_alloc')).toBe(2);
  });

  it('pins pages of one from its middle on, across its end, and lets go of them', () => {
    const m = ran([...HUGE, ['write', AT]], [['process_vm_writev', AT + 100, SPAN]]);
    expect(last(m)).toBe(0);
    expect(m.count('pgfault')).toBe(1);
  });

  it('populates the huge zero page for a read and replaces it for a write', () => {
    const m = ran(HUGE, [
      ['madvise', AT, SPAN, 22],
      ['futex_wake', AT + 7],
    ]);
    expect(last(m)).toBe(0);
    expect(m.count('thp_fault_alloc')).toBe(1);
  });

  it('collapses locked memory', () => {
    const m = ran(
      [
        ['mmap', SPAN, 3, PRIVATE_ANON_FIXED, AT],
        ['mlock', AT, SPAN],
      ],
      [['madvise', AT, SPAN, 25]],
    );
    expect(last(m)).toBe(0);
  });
});

describe('mremap of huge pages', () => {
  it('moves one whole where it fits', () => {
    const to = AT + 8 * SPAN;
    const m = ran([...HUGE, ['write', AT]], [['mremap', AT, SPAN, SPAN, 3, to]]);
    expect(at(m, to)).toContain(`huge ${to}:7`);
    expect(m.count('thp_split_pmd')).toBe(0);
  });

  it.each([
    [AT, AT + 8 * SPAN + 1, SPAN],
    [AT + 5, AT + 8 * SPAN + 5, 20],
  ])('splits one that is cut or comes to lie unaligned: %i to %i', (from, to, n) => {
    const m = ran([...HUGE, ['write', AT]], [['mremap', from, n, n, 3, to]]);
    expect(last(m)).toBe(to);
    expect(m.count('thp_split_pmd')).toBe(1);
    expect(at(m, to)).toContain(` ${to}:7`);
  });

  it('moves pages of hugetlbfs, aligned, and never lets them grow', () => {
    const setup: ScriptOp[] = [
      ['mmap', SPAN, 3, 0x40032, AT],
      ['write', AT],
    ];
    const to = AT + 4 * SPAN;
    const moved = ran(setup, [['mremap', AT, SPAN, SPAN, 3, to]]);
    expect(at(moved, to)).toContain(`huge ${to}:7`);
    expect(last(ran(setup, [['mremap', AT, SPAN, SPAN, 3, to + 1]]))).toBe(-22);
    expect(last(ran(setup, [['mremap', AT, SPAN, 2 * SPAN, 1]]))).toBe(-22);
  });
});

describe('files', () => {
  it('are brought in by mlock, MAP_LOCKED and MAP_POPULATE', () => {
    const file: ScriptOp[] = [['memfd_create', 4]];
    const present = (ops: readonly ScriptOp[]) =>
      at(ran(file, ops), AT)?.match(/ \d+:/g)?.length ?? 0;
    expect(present([['mmap', 4, 3, 0x11, AT, first]])).toBe(0);
    expect(present([['mmap', 4, 3, 0x2011, AT, first]])).toBe(4);
    expect(present([['mmap', 4, 3, 0x8012, AT, first]])).toBe(4);
    expect(
      present([
        ['mmap', 4, 3, 0x11, AT, first],
        ['mlock', AT, 4],
      ]),
    ).toBe(4);
  });

  it('are brought in by shmat after mlockall', () => {
    const m = ran(
      [
        ['shmget', 4],
        ['mlockall', 2],
      ],
      [['shmat', first, 4, 3]],
    );
    const address = last(m) as number;
    expect(at(m, address)?.match(/ \d+:/g)).toHaveLength(4);
  });

  it.each([SMP64, SMP64_WITHOUT])(
    'let the kernel drop mmap_lock where a clean page gets dirty',
    (o) => {
      const setup: ScriptOp[] = [
        ['memfd_create', 4],
        ['mmap', 4, 3, 0x11, AT, first],
      ];
      const m = ran(setup, [['madvise', AT, 4, 23]], o);
      expect(last(m)).toBe(0);
      // Once for each page, once for what get_user_pages took anew, once for what the caller took after that.
      expect(m.calls('mmap_read_unlock')).toBe(6);
    },
  );

  it('keep a sealed segment attached', () => {
    const at = (results: readonly number[]) => results[1] as number;
    const m = ran(
      [
        ['shmget', 4],
        ['shmat', first, 4, 3],
      ],
      [
        ['mseal', at, 4],
        ['shmdt', at],
      ],
    );
    expect(last(m)).toBe(0);
    expect(visible(m).some((l) => l.includes('file@0'))).toBe(true);
  });
});
