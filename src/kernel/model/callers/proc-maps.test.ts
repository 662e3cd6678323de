import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { violations } from '../invariants.test-util.ts';
import type { Scheduler } from '../machine/index.ts';
import { type ScriptOp, SMP64, SMP64_WITHOUT, start, UP64 } from '../user-script.test-util.ts';

const PRIVATE_FIXED = 0x32;
const AT = 0x50000;
const reads = (m: ReturnType<typeof start>) => m.count('mmap_lock read_acquired');

/** Maps `n` VMAs that cannot merge. */
const map = (n: number): ScriptOp[] =>
  Array.from({ length: n }, (_, i): ScriptOp => ['mmap', 1, 3, PRIVATE_FIXED, AT + 2 * i]);

describe('reading maps', () => {
  it('takes mmap_lock for the lines and once more for the end of the file', () => {
    const m = start('v6.12', SMP64);
    m.run([[['proc_maps']]]);
    expect(reads(m)).toBe(2);
  });

  it('needs no lock to see the end where a vsyscall page ends the file', () => {
    const m = start('v6.12', { ...SMP64, LEGACY_VSYSCALL_XONLY: 'y' });
    m.run([[['proc_maps']]]);
    expect(reads(m)).toBe(1);
  });

  it('takes it again for each buffer of lines', () => {
    const m = start('v6.12', SMP64, { vmas: 256 });
    m.run([map(200)]);
    m.reset();
    m.run([[['proc_maps']]]);
    // 200 lines of 44 bytes and those the process starts with fill three pages.
    expect(reads(m)).toBe(4);
  });

  it('takes no mmap_lock since 6.17, but all of it without the VMA lock', () => {
    for (const [options, expected] of [
      [SMP64, 0],
      [SMP64_WITHOUT, 2],
      [UP64, 2],
    ] as const) {
      const m = start('v7.0', options);
      m.run([[['proc_maps']]]);
      expect(reads(m)).toBe(expected);
      expect(m.count('fallback proc_get_vma:lock_next_vma')).toBe(expected);
      expect(violations(m)).toEqual([]);
    }
  });

  it('falls back for one VMA that is being modified, and goes on without mmap_lock', () => {
    let contended = 0;
    fc.assert(
      fc.property(fc.array(fc.nat(1000), { minLength: 1, maxLength: 200 }), (numbers) => {
        let i = 0;
        const schedule: Scheduler = (ready) =>
          ready[(numbers[i++ % numbers.length] as number) % ready.length] as number;
        const m = start('v7.0', SMP64, { threads: 2 });
        m.run([map(6)]);
        const edits = [0, 1, 2, 3].flatMap((n): ScriptOp[] => [
          ['mprotect', AT + 2 * n, 1, 1],
          ['munmap', AT + 2 * n, 1],
          ['mmap', 2, 3, PRIVATE_FIXED, AT + 2 * n],
        ]);
        m.run([[['proc_maps'], ['proc_maps'], ['proc_map_query', AT]], edits], schedule);
        expect(violations(m)).toEqual([]);
        contended += m.count('fallback lock_next_vma:vma_start_read');
      }),
      { numRuns: 300, seed: 1 },
    );
    expect(contended).toBeGreaterThan(0);
  });
});

describe('a VMA that shrinks between being found and being locked', () => {
  /** Has thread 1 run as a whole when thread 0 has found the VMA at `AT + 1` and not locked it yet. */
  const shrunk = (edits: readonly ScriptOp[]) => {
    const m = start('v7.0', SMP64, { threads: 2 });
    m.run([
      [
        ['mmap', 1, 1, PRIVATE_FIXED, AT],
        ['mmap', 3, 3, PRIVATE_FIXED, AT + 1],
      ],
    ]);
    m.reset();
    const { core } = m.machine;
    const entries = core.tree.entries(m.exec, core.mms[0] as number);
    const nth = entries.findIndex(([first]) => first === AT + 1) + 1;
    let found = 0;
    let before = '';
    m.run([[['proc_maps']], edits], (ready) => {
      const label = m.exec.where(0)?.label ?? '';
      if (label === 'vma_start_read' && before !== label) found++;
      before = label;
      const hold = found === nth && ready.includes(1);
      return hold || !ready.includes(0) ? 1 : 0;
    });
    expect(violations(m)).toEqual([]);
    return m.count('fallback lock_next_vma:vma_changed');
  };

  it('is looked up again under mmap_lock if another reaches to where it began', () => {
    expect(shrunk([['mprotect', AT + 1, 1, 1]])).toBe(1);
  });

  it('is the next one all the same if none does', () => {
    const edits: ScriptOp[] = [
      ['mprotect', AT + 1, 1, 1],
      ['munmap', AT + 1, 1],
    ];
    expect(shrunk(edits)).toBe(0);
  });
});

it('is not there without PROC_FS', () => {
  const m = start('v7.0', { ...SMP64, PROC_FS: 'n' });
  const looks: ScriptOp[] = [
    ['proc_maps'],
    ['proc_map_query', AT],
    ['proc_smaps'],
    ['proc_smaps_rollup'],
    ['proc_pagemap', AT, 1],
    ['proc_clear_refs', 1],
    ['proc_mem_read', AT, 1],
    ['proc_mem_write', AT, 1],
  ];
  m.run([looks]);
  expect(m.results[0]).toEqual(looks.map(() => -38));
  expect(m.machine.events.fallbacks.has('proc_get_vma:lock_next_vma')).toBe(false);
});

describe('the other readers', () => {
  it.each(['v6.12', 'v7.0'])('%s holds mmap_lock once for smaps_rollup', (edition) => {
    const m = start(edition, SMP64);
    m.run([[['proc_smaps_rollup']]]);
    expect(reads(m)).toBe(1);
  });

  it('finds the mapping at or above an address, with find_vma or lock_next_vma', () => {
    for (const [edition, expected] of [
      ['v6.12', 1],
      ['v7.0', 0],
    ] as const) {
      const m = start(edition, SMP64);
      m.run([
        [
          ['proc_map_query', AT],
          ['proc_map_query', 0x7fff_fff0],
        ],
      ]);
      expect(m.results[0]).toEqual([0, -2]);
      expect(reads(m)).toBe(2 * expected);
    }
  });
});
