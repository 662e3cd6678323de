/** Transparent huge pages where userfaultfd watches. */
import { describe, expect, it } from 'vitest';
import { violations, visible } from '../../invariants.test-util.ts';
import { ADVICE, PAGEMAP_SCAN_FLAGS, UFFD_FEATURES } from '../../uapi.ts';
import { type ScriptOp, SMP64, start } from '../../user-script.test-util.ts';

const AT = 0x60000;
const SPAN = 512;
const MISSING = 1;
const WP = 2;
const SIGBUS = -7;
const EBUSY = -16;
const EINVAL = -22;
const MACHINE = { forks: 2, pages: 8192, pageTables: 96 };
const watched = (features: number, modes: number): ScriptOp[] => [
  ['userfaultfd', features],
  ['mmap', 2 * SPAN, 3, 0x32, AT],
  ['madvise', AT, 2 * SPAN, ADVICE.hugepage],
  ['uffd_register', AT, 2 * SPAN, modes],
];
const protect = (page: number, pages: number): ScriptOp => ['uffd_writeprotect', page, pages, 1];
const answer = (page: number, pages: number): ScriptOp => ['uffd_writeprotect', page, pages, 0];

describe.each(['v6.6', 'v6.12', 'v7.0'])('%s', (edition) => {
  /** Runs operations on a machine in which `setup` was done; gives what they gave. */
  const runAfter = (setup: readonly ScriptOp[], ops: readonly ScriptOp[]) => {
    const m = start(edition, SMP64, MACHINE);
    m.run([setup]);
    const before = m.results[0]?.length;
    m.reset();
    m.run([ops]);
    expect(violations(m)).toEqual([]);
    return { m, gave: m.results[0]?.slice(before) };
  };
  const { sigbus } = UFFD_FEATURES;

  it('maps one where writes alone are watched', () => {
    const { m, gave } = runAfter(watched(sigbus, WP), [['write', AT]]);
    expect(gave).toEqual([0]);
    expect([m.count('thp_fault_alloc'), m.count('pgfault')]).toEqual([1, 1]);
  });

  it.each(['read', 'write'] as const)(
    'leaves it to user space to fill what is missing: %s',
    (touch) => {
      const { m, gave } = runAfter(watched(sigbus, MISSING), [
        [touch, AT],
        ['mincore', AT, 1],
      ]);
      expect(gave?.[0]).toBe(SIGBUS);
      expect(m.count('thp_fault_alloc')).toBe(0);
      expect(visible(m).find((l) => l.startsWith(`[${AT}`))).not.toContain('huge');
    },
  );

  it('goes on with small pages once the first is filled', () => {
    const m = start(edition, SMP64, { ...MACHINE, threads: 2 });
    m.run([watched(0, MISSING), []]);
    m.run([
      [
        ['write', AT + 3],
        ['write', AT + 3],
      ],
      [['uffd_wait'], ['uffd_copy', AT + 3, 1, 0]],
    ]);
    expect(m.results[0]?.slice(-2)).toEqual([0, 0]);
    expect(m.count('thp_fault_alloc')).toBe(0);
    expect(violations(m)).toEqual([]);
  });

  it('is write-protected as a whole, and stays whole', () => {
    const { m, gave } = runAfter(
      [...watched(sigbus, WP), ['write', AT]],
      [protect(AT, SPAN), ['read', AT + 1], ['write', AT + 1], answer(AT, SPAN)],
    );
    expect(gave).toEqual([0, 0, SIGBUS, 0]);
    expect(m.count('thp_split_pmd')).toBe(0);
    m.reset();
    m.run([[['write', AT + 1]]]);
    // Nobody else has the page: the answer made it writable.
    expect(m.count('pgfault')).toBe(0);
  });

  it('is split where a part is write-protected, or answered', () => {
    const part = runAfter(
      [...watched(sigbus, WP), ['write', AT]],
      [protect(AT + 8, 8), ['write', AT + 7], ['write', AT + 8], ['write', AT + 16]],
    );
    expect(part.gave).toEqual([0, 0, SIGBUS, 0]);
    expect(part.m.count('thp_split_pmd')).toBe(1);
    const answered = runAfter(
      [...watched(sigbus, WP), ['write', AT], protect(AT, SPAN)],
      [answer(AT + 8, 8), ['write', AT + 7], ['write', AT + 8], ['write', AT + 16]],
    );
    expect(answered.gave).toEqual([0, SIGBUS, 0, SIGBUS]);
    expect(answered.m.count('thp_split_pmd')).toBe(1);
  });

  it('waits for the answer to a write', () => {
    const m = start(edition, SMP64, { ...MACHINE, threads: 2 });
    m.run([[...watched(0, WP), ['write', AT], protect(AT, SPAN)], []]);
    m.reset();
    m.run([[['write', AT + 5]], [['uffd_wait'], answer(AT, SPAN)]]);
    expect(m.results[0]?.at(-1)).toBe(0);
    expect([m.count('thp_split_pmd'), m.calls('handle_userfault')]).toEqual([0, 1]);
    expect(violations(m)).toEqual([]);
  });

  it('watches the huge zero page, too', () => {
    const { m, gave } = runAfter(
      [...watched(sigbus, WP), ['read', AT]],
      [protect(AT, SPAN), ['write', AT], answer(AT, SPAN), ['write', AT]],
    );
    expect(gave).toEqual([0, SIGBUS, 0, 0]);
    const whole = edition === 'v7.0';
    expect([m.count('thp_split_pmd'), m.count('thp_fault_alloc')]).toEqual(whole ? [0, 1] : [1, 0]);
  });

  it('ends with the registration, in one piece', () => {
    const { m, gave } = runAfter(
      [...watched(sigbus, WP), ['write', AT], protect(AT, SPAN)],
      [
        ['uffd_unregister', AT, 2 * SPAN],
        ['write', AT],
      ],
    );
    expect(gave).toEqual([0, 0]);
    expect(m.count('thp_split_pmd')).toBe(0);
  });

  it('does not follow a child, whose copy is shared as any', () => {
    const { m, gave } = runAfter(
      [...watched(sigbus, WP), ['write', AT], protect(AT, SPAN)],
      [['fork', [['write', AT]]], ['wait', 0], ['write', AT], answer(AT, SPAN), ['write', AT]],
    );
    expect(m.made[0]?.results).toEqual([0]);
    expect(gave?.slice(2)).toEqual([SIGBUS, 0, 0]);
  });

  it('survives a change of protection', () => {
    const { m, gave } = runAfter(
      [...watched(sigbus, WP), ['write', AT], protect(AT, SPAN)],
      [
        ['mprotect', AT, 2 * SPAN, 1],
        ['mprotect', AT, 2 * SPAN, 3],
        ['write', AT],
      ],
    );
    expect(gave).toEqual([0, 0, SIGBUS]);
    expect(m.count('thp_split_pmd')).toBe(0);
  });

  it('is not made of holes, nor of pages with a mark', () => {
    const small: ScriptOp[] = [
      ['madvise', AT, 2 * SPAN, ADVICE.nohugepage],
      ...Array.from({ length: SPAN - 1 }, (_, i): ScriptOp => ['write', AT + i]),
      ['madvise', AT, 2 * SPAN, ADVICE.hugepage],
    ];
    const collapse: ScriptOp = ['madvise', AT, SPAN, ADVICE.collapse];
    const { gave } = runAfter(
      [...watched(sigbus, WP), ...small],
      [collapse, ['write', AT + SPAN - 1], protect(AT, 1), collapse, answer(AT, 1), collapse],
    );
    expect(gave).toEqual([EBUSY, 0, 0, EINVAL, 0, 0]);
  });
});

describe.each(['v6.12', 'v7.0'])('UFFDIO_MOVE in %s', (edition) => {
  const TO = AT + 4 * SPAN;
  /** Moves pages of two huge ones to a mapping where nothing is. */
  const move = (pages: number, src: number, dst: number, ...before: ScriptOp[]) => {
    const m = start(edition, SMP64, MACHINE);
    m.run([
      [
        ['userfaultfd', UFFD_FEATURES.sigbus],
        ['mmap', 2 * SPAN, 3, 0x32, AT],
        ['madvise', AT, 2 * SPAN, ADVICE.hugepage],
        ['write', AT],
        ['write', AT + SPAN],
        ['mmap', 2 * SPAN, 3, 0x32, TO],
        ['uffd_register', TO, 2 * SPAN, MISSING],
        ...before,
      ],
    ]);
    m.reset();
    m.run([[['uffd_move', dst, pages, 0, src]]]);
    expect(violations(m)).toEqual([]);
    return { m, gave: m.results[0]?.at(-1), splits: m.count('thp_split_pmd') };
  };

  it('moves huge pages whole', () => {
    const { m, gave, splits } = move(2 * SPAN, AT, TO);
    expect([gave, splits]).toEqual([0, 0]);
    m.reset();
    m.run([
      [
        ['write', TO],
        ['read', TO + SPAN],
        ['read', AT],
      ],
    ]);
    expect(m.loads[0]?.slice(-2).map((word) => word !== 0)).toEqual([true, false]);
    expect(m.count('pgfault')).toBe(1);
  });

  it('splits one it moves a part of, to another place in a huge page, or beside others', () => {
    expect(move(8, AT, TO)).toMatchObject({ gave: 0, splits: 1 });
    expect(move(SPAN, AT, TO + 1)).toMatchObject({ gave: 0, splits: 1 });
    expect(move(SPAN, AT, TO, ['uffd_copy', TO + 9, 1, 0])).toMatchObject({ gave: -11, splits: 1 });
  });

  it('leaves alone what a child has, too, in one piece', () => {
    const shared = move(SPAN, AT, TO, ['fork', [['pause']]]);
    expect(shared).toMatchObject({ gave: EBUSY, splits: 0 });
    expect(move(8, AT, TO, ['fork', [['pause']]])).toMatchObject({ gave: EBUSY, splits: 0 });
  });
});

describe('under WP_ASYNC', () => {
  it('is not known before 6.7, nor where entries have no bit for it', () => {
    const api = (edition: string, options: Record<string, string>) => {
      const m = start(edition, options, MACHINE);
      m.run([[['userfaultfd', UFFD_FEATURES.wp_async]]]);
      return m.results[0];
    };
    expect([api('v6.6', SMP64), api('v6.12', SMP64)]).toEqual([[EINVAL], [0]]);
    expect(api('v6.12', { ...SMP64, '64BIT': 'n', X86_64: 'n' })).toEqual([EINVAL]);
  });

  it('a write splits it, and its page alone counts as written', () => {
    const m = start('v6.12', SMP64, MACHINE);
    m.run([[...watched(UFFD_FEATURES.wp_async, WP), ['write', AT], protect(AT, SPAN)]]);
    m.reset();
    m.run([[['write', AT + 9]]]);
    expect([m.count('pgfault'), m.count('thp_split_pmd')]).toEqual([1, 1]);
    m.run([[['write', AT + 9]]]);
    expect(m.count('pgfault')).toBe(1);
    m.run([[['write', AT + 10]]]);
    expect([m.count('pgfault'), m.count('thp_split_pmd')]).toEqual([2, 1]);
    expect(violations(m)).toEqual([]);
  });

  it('PAGEMAP_SCAN protects it whole, or splits what it has a part of', () => {
    const { wp_matching } = PAGEMAP_SCAN_FLAGS;
    const split = (pages: number) => {
      const m = start('v6.12', SMP64, MACHINE);
      m.run([[...watched(UFFD_FEATURES.wp_async, WP), ['write', AT]]]);
      m.run([[['proc_pagemap_scan', AT, pages, wp_matching]]]);
      expect(m.results[0]?.at(-1)).toBe(0);
      expect(violations(m)).toEqual([]);
      return m.count('thp_split_pmd');
    };
    expect([split(SPAN), split(8)]).toEqual([0, 1]);
  });
});
