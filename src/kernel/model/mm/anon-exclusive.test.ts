/** Who may write to a page without a copy: PageAnonExclusive, from its birth through fork, swap and the split of huge pages. */
import { describe, expect, it } from 'vitest';
import { violations } from '../invariants.test-util.ts';
import { ADVICE, SWAP_DEVICES, UFFD_FEATURES } from '../uapi.ts';
import { type ScriptOp, SMP64, start } from '../user-script.test-util.ts';

const AT = 0x60000;
const SPAN = 512;
const MACHINE = { forks: 3, pages: 8192, pageTables: 96, swap: 64 };
const page: ScriptOp[] = [
  ['mmap', 1, 3, 0x32, AT],
  ['write', AT],
];
const huge: ScriptOp[] = [
  ['mmap', SPAN, 3, 0x32, AT],
  ['madvise', AT, SPAN, ADVICE.hugepage],
  ['write', AT],
];

describe.each(['v6.4', 'v6.6', 'v6.12', 'v6.15', 'v7.0'])('%s', (edition) => {
  const ready = (setup: readonly ScriptOp[], options: Record<string, string> = SMP64) => {
    const m = start(edition, { ...options, SWAP: 'y' }, MACHINE);
    m.run([setup]);
    expect(violations(m)).toEqual([]);
    m.reset();
    return m;
  };
  /** Pages a writer takes over and pages it copies while it does this. */
  const reused = (m: ReturnType<typeof ready>, ops: readonly ScriptOp[]) => {
    m.run([ops]);
    expect(violations(m)).toEqual([]);
    return m.count('pgreuse');
  };

  it('outlives protection: the page is writable at once when that ends', () => {
    const m = ready([...page, ['mprotect', AT, 1, 1]]);
    m.run([
      [
        ['mprotect', AT, 1, 3],
        ['write', AT],
      ],
    ]);
    expect([m.count('pgfault'), m.count('pgreuse')]).toEqual([0, 0]);
    expect(violations(m)).toEqual([]);
  });

  it('ends with fork, and comes back with the first write that finds no one else', () => {
    const child: ScriptOp[] = [['read', AT]];
    const m = ready([...page, ['fork', child], ['wait', 0]]);
    // Only now that a write has looked is it known again, so a change of protection before leaves the fault to be taken.
    m.run([
      [
        ['mprotect', AT, 1, 1],
        ['mprotect', AT, 1, 3],
      ],
    ]);
    expect(reused(m, [['write', AT]])).toBe(1);
    m.reset();
    expect(
      reused(m, [
        ['mprotect', AT, 1, 1],
        ['mprotect', AT, 1, 3],
        ['write', AT],
      ]),
    ).toBe(0);
    expect(m.count('pgfault')).toBe(0);
  });

  it('is not found while a child lives: the writer copies, and then has a page of its own', () => {
    const m = ready([...page, ['fork', [['pause']]]]);
    expect(reused(m, [['write', AT]])).toBe(0);
    expect(m.count('pgfault')).toBe(1);
  });

  it('goes to swap with the page and comes back with it', () => {
    const out: ScriptOp[] = [
      ['swapon', 32, SWAP_DEVICES.zram],
      ['madvise', AT, 1, ADVICE.pageout],
    ];
    const m = ready([...page, ...out, ['read', AT]]);
    m.run([
      [
        ['mprotect', AT, 1, 1],
        ['mprotect', AT, 1, 3],
      ],
    ]);
    expect(reused(m, [['write', AT]])).toBe(0);
    expect(m.count('pgfault')).toBe(0);
  });

  it('of a huge page that is split is that of each of its pages', () => {
    const m = ready([...huge, ['mprotect', AT, 1, 1], ['mprotect', AT, 1, 3]]);
    expect(m.count('thp_split_pmd')).toBe(0);
    expect(
      reused(m, [
        ['write', AT],
        ['write', AT + 1],
      ]),
    ).toBe(0);
    expect(m.count('pgfault')).toBe(0);
  });

  it('of a huge page comes back while it is mapped as one', () => {
    const m = ready([...huge, ['fork', [['read', AT]]], ['wait', 0]]);
    m.run([
      [
        ['write', AT],
        ['write', AT + 1],
      ],
    ]);
    expect([m.count('pgfault'), m.count('thp_split_pmd')]).toEqual([1, 0]);
  });

  it('of a huge page in small pieces comes back since 6.15 only', () => {
    // The parent splits its mapping for the first page it writes while the child still has the whole.
    const m = ready([
      ...huge,
      ['fork', [['read', AT]]],
      ['mprotect', AT, 1, 1],
      ['mprotect', AT, 1, 3],
      ['wait', 0],
    ]);
    const later = edition === 'v6.15' || edition === 'v7.0';
    expect(
      reused(m, [
        ['write', AT + 1],
        ['write', AT + 2],
      ]),
    ).toBe(later ? 2 : 0);
    expect(m.count('pgfault')).toBe(2);
  });

  it('is what process_vm_readv wants of a page: one that a child has as well is copied first', () => {
    const read: ScriptOp = ['process_vm_readv', AT, 1];
    for (const setup of [page, huge]) {
      const m = ready([...setup, ['fork', [['pause']]]]);
      m.run([[read, read]]);
      expect(m.results[0]?.slice(-2)).toEqual([0, 0]);
      expect(violations(m)).toEqual([]);
      // The fault is for reading: the page stays read-only, and the write that follows takes it over.
      expect([m.count('pgfault'), m.count('pgreuse')]).toEqual([1, 0]);
      expect(reused(m, [['write', AT]])).toBe(1);
    }
    const alone = ready([...page, ['fork', []], ['wait', 0]]);
    alone.run([[read, ['mprotect', AT, 1, 1], ['mprotect', AT, 1, 3], ['write', AT]]]);
    expect([alone.count('pgfault'), alone.count('pgreuse')]).toEqual([1, 0]);
    const never = ready(page);
    never.run([[read]]);
    expect(never.count('pgfault')).toBe(0);
  });

  it('of huge pages of hugetlbfs is wanted the same way', () => {
    const m = ready([
      ['mmap', SPAN, 3, 0x40032, AT],
      ['write', AT],
      ['fork', [['pause']]],
    ]);
    const before = m.machine.core.pages.inUse(m.exec);
    m.run([[['process_vm_readv', AT, 1]]]);
    expect(m.count('pgfault')).toBe(1);
    expect(m.machine.core.pages.inUse(m.exec) - before).toBe(SPAN);
    expect(violations(m)).toEqual([]);
  });

  it('lets soft-dirty tracking see a write without a copy', () => {
    const m = ready([...page, ['fork', [['pause']]], ['write', AT], ['proc_clear_refs', 4]], {
      ...SMP64,
      MEM_SOFT_DIRTY: 'y',
    });
    expect(reused(m, [['write', AT]])).toBe(1);
  });
});

describe('UFFDIO_MOVE', () => {
  it('moves only what nobody else maps', () => {
    const run = (...between: ScriptOp[]) => {
      const m = start('v6.12', SMP64, MACHINE);
      const to = AT + 64;
      m.run([
        [
          ...page,
          ...between,
          ['userfaultfd', UFFD_FEATURES.sigbus],
          ['mmap', 1, 3, 0x32, to],
          ['uffd_register', to, 1, 1],
          ['uffd_move', to, 1, 0, AT],
        ],
      ]);
      expect(violations(m)).toEqual([]);
      return m.results[0]?.at(-1);
    };
    expect(run()).toBe(0);
    expect(run(['fork', [['pause']]])).toBe(-16);
    // Nobody else has it any more, but nobody has looked yet.
    expect(run(['fork', []], ['wait', 0])).toBe(-16);
    expect(run(['fork', []], ['wait', 0], ['write', AT])).toBe(0);
  });
});
