import { describe, expect, it } from 'vitest';
import { violations, visible } from '../../invariants.test-util.ts';
import { type ScriptOp, SMP64, SMP64_WITHOUT, start } from '../../user-script.test-util.ts';

const AT = 0x50000;
const FIXED = 0x32;
const HUGETLB = 0x40032;
const SPAN = 512;
const EINVAL = -22;

const run = (edition: string, ops: readonly ScriptOp[], options = SMP64) => {
  const m = start(edition, options, { pages: 4096 });
  m.run([ops]);
  expect(violations(m)).toEqual([]);
  return { m, results: m.results[0] as number[] };
};
const ranges = (m: ReturnType<typeof start>) =>
  visible(m)
    .filter((l) => /^\[3276\d\d|^\[3277\d\d/.test(l))
    .map((l) => l.split(')')[0]);

describe('a mapping of hugetlbfs is cut between its pages only (hugetlb_vm_op_split)', () => {
  it.each<{ op: ScriptOp }>([
    { op: ['munmap', AT, 1] },
    { op: ['munmap', AT + SPAN - 1, 1] },
    { op: ['mprotect', AT, 4, 1] },
    { op: ['mprotect', AT + 3, SPAN, 1] },
    { op: ['madvise', AT + 1, 1, 10] },
    { op: ['mseal', AT, 7] },
  ])('$op', ({ op }) => {
    for (const options of [SMP64, SMP64_WITHOUT]) {
      const { m, results } = run(
        'v6.12',
        [['mmap', 2 * SPAN, 3, HUGETLB, AT], ['write', AT], op],
        options,
      );
      expect(results[2]).toBe(EINVAL);
      expect(ranges(m).length).toBeLessThanOrEqual(2);
    }
  });

  it('keeps what was to be unmapped before it', () => {
    const { m, results } = run('v6.12', [
      ['mmap', 4, 3, FIXED, AT - 4],
      ['mmap', SPAN, 3, HUGETLB, AT],
      ['munmap', AT - 4, 10],
      ['write', AT - 2],
    ]);
    expect(results.slice(2)).toEqual([EINVAL, 0]);
    expect(visible(m).filter((l) => l.startsWith(`[${AT - 4}, ${AT})`))).toHaveLength(1);
  });
});

describe('neighbours of which one has pages', () => {
  const twoAlike = (written: number): ScriptOp[] => [
    ['mmap', 4, 1, FIXED, AT],
    ['mmap', 4, 3, FIXED, AT + 4],
    // Both are accounted: what differs in the end is only who has an anon_vma.
    ['mprotect', AT, 4, 3],
    ['munmap', AT, 4],
    ['mmap', 4, 3, FIXED, AT - 8],
    ['mprotect', AT - 8, 4, 1],
    ['mmap', 4, 3, FIXED, AT - 4],
    ['write', written],
    ['mprotect', AT - 8, 4, 3],
  ];

  it('merge when what changes has none', () => {
    expect(ranges(run('v6.12', twoAlike(AT - 2)).m)).not.toContain(`[${AT - 8}, ${AT - 4}`);
  });

  it('stay two in 6.12 when what changes has them, and merge since 6.16', () => {
    // The lower one is written while it is writable, then made read-only and writable again.
    const ops: ScriptOp[] = [
      ['mmap', 4, 3, FIXED, AT],
      ['write', AT],
      ['mprotect', AT, 4, 1],
      ['mmap', 4, 3, FIXED, AT + 4],
      ['mprotect', AT, 4, 3],
    ];
    expect(ranges(run('v6.12', ops).m)).toEqual([`[${AT}, ${AT + 4}`, `[${AT + 4}, ${AT + 8}`]);
    expect(ranges(run('v7.0', ops).m)).toEqual([`[${AT}, ${AT + 8}`]);
  });

  it('stay two when only one was promised memory (VM_ACCOUNT)', () => {
    // Written and made read-only, a page stays promised; one that never could be written is not.
    const ops: ScriptOp[] = [
      ['mmap', 4, 3, FIXED, AT],
      ['write', AT],
      ['mprotect', AT, 4, 1],
      ['mmap', 4, 1, FIXED, AT + 4],
      ['mprotect', AT + 4, 2, 0],
      ['mprotect', AT + 4, 2, 1],
    ];
    expect(ranges(run('v7.0', ops).m)).toEqual([`[${AT}, ${AT + 4}`, `[${AT + 4}, ${AT + 8}`]);
  });
});

it('mmap puts an adjacent mapping right below another, which it joins, and any other apart', () => {
  const ADJACENT = 0x22 | 0x40000000;
  const { results } = run('v6.12', [
    ['mmap', 4, 3, ADJACENT, 0],
    ['mmap', 1, 3, ADJACENT, 0],
    ['mmap', 1, 3, 0x22, 0],
    ['mmap', 1, 3, ADJACENT, 0],
  ]);
  const [first, second, apart, third] = results as [number, number, number, number];
  expect(second).toBe(first - 1);
  expect(apart).toBeLessThan(second - 1);
  expect(third).toBe(second - 1);
});

it('mmap puts an adjacent mapping into the highest hole', () => {
  const ADJACENT = 0x22 | 0x40000000;
  const { results } = run('v6.12', [
    ['mmap', 8, 3, ADJACENT, 0],
    ['mmap', 8, 1, ADJACENT, 0],
  ]);
  const [first] = results as [number];
  const holes = run('v6.12', [
    ['mmap', 8, 3, ADJACENT, 0],
    ['mmap', 8, 1, ADJACENT, 0],
    ['munmap', first + 2, 3],
    ['munmap', first - 4, 2],
    ...[2, 2, 1, 1].map((pages): ScriptOp => ['mmap', pages, 3, ADJACENT, 0]),
  ]);
  expect(holes.results.slice(-4)).toEqual([first + 3, first - 4, first + 2, first - 9]);
});
