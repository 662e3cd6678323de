import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { violations } from '../../invariants.test-util.ts';
import { KernelBug } from '../../machine/index.ts';
import {
  holdAt,
  type ScriptOp,
  SMP64,
  SMP64_WITHOUT,
  scheduleFrom,
  start,
  UP64,
} from '../../user-script.test-util.ts';

const EBUSY = 16;
const ESRCH = 3;
const EACCES = 13;
const SIGSEGV = 11;
const buf = (r: readonly number[]) => r[0] as number;
const page = (i: number) => (r: readonly number[]) => buf(r) + i;
const MAPPED: readonly ScriptOp[] = [['binder_mmap', 8]];

/** The series with its slow path mended and the shrinker that asks whether the buffer is mapped. */
const fixed = 'all-builds-v2-fixed';

const kernels = [
  ['v6.12', SMP64],
  ['v6.12', SMP64_WITHOUT],
  ['v7.0', SMP64],
  ['v7.0', UP64],
  [fixed, SMP64],
  [fixed, UP64],
] as const;

describe.each(kernels)('%s %o', (edition, options) => {
  const old = edition === 'v6.12';
  const locked = !old && (options.PER_VMA_LOCK === 'y' || edition === fixed);

  it('installs a page once, whatever lock that takes, and lets user space read it only', () => {
    const m = start(edition, options);
    m.run([MAPPED]);
    m.reset();
    m.run([
      [
        ['binder_insert', page(3)],
        ['binder_insert', page(3)],
        ['read', page(3)],
        ['write', page(3)],
      ],
    ]);
    expect(m.results[0]?.slice(1)).toEqual([0, 0, 0, -SIGSEGV]);
    expect(m.calls('vm_insert_page')).toBe(1);
    expect(m.count('mmap_lock write_acquired')).toBe(old ? 1 : 0);
    // A kernel without VMA locks takes mmap_lock for reading here, and for the write that is refused.
    const fault = options.PER_VMA_LOCK === 'y' || edition === fixed ? 0 : 1;
    expect(m.count('mmap_lock read_acquired')).toBe((locked || old ? 0 : 1) + fault);
    if (edition === 'v7.0') {
      expect(m.count('fallback binder_page_insert:lock_vma_under_rcu')).toBe(locked ? 0 : 1);
    }
    expect(violations(m)).toEqual([]);
  });

  it('installs it with the protection the mapping has, and never for writing', () => {
    const m = start(edition, options);
    m.run([
      [
        ...MAPPED,
        ['mprotect', page(0), 8, 0],
        ['binder_insert', page(0)],
        ['read', page(0)],
        ['mprotect', page(0), 8, 1],
        ['read', page(0)],
        ['mprotect', page(0), 8, 3],
      ],
    ]);
    expect(m.results[0]?.slice(1)).toEqual([0, 0, -SIGSEGV, 0, 0, -EACCES]);
    expect(violations(m)).toEqual([]);
  });

  it('counts a buffer as gone as soon as a part of it is unmapped, and maps a new one then', () => {
    const m = start(edition, options);
    m.run([
      [
        ...MAPPED,
        ['binder_mmap', 4],
        ['binder_insert', page(1)],
        ['munmap', page(7), 1],
        ['binder_insert', page(0)],
        ['binder_mmap', 4],
        ['binder_insert', (r) => r[5] as number],
        ['binder_insert', page(0)],
      ],
    ]);
    const results = m.results[0] as number[];
    expect(results.slice(1, 5)).toEqual([-EBUSY, 0, 0, -ESRCH]);
    expect(results.slice(6)).toEqual([0, -ESRCH]);
    expect(violations(m)).toEqual([]);
  });

  it('reclaims what no transaction uses: unmapped, freed, and installed anew when it is needed', () => {
    const m = start(edition, options);
    const inserts = [0, 1, 2, 3].map((i): ScriptOp => ['binder_insert', page(i)]);
    m.run([[...MAPPED, ...inserts, ['binder_free', page(1)], ['binder_free', page(2)]]]);
    const before = m.machine.core.pages.inUse(m.exec);
    m.reset();
    m.run([[['drop_slab'], ['drop_slab']]]);
    expect(m.results[0]?.slice(-2)).toEqual([2, 0]);
    expect(m.machine.core.pages.inUse(m.exec)).toBe(before - 2);
    expect(m.count('mmap_lock read_acquired')).toBe(locked ? 0 : 2);
    if (edition === 'v7.0') {
      expect(m.count('fallback binder_alloc_free_page:lock_vma_under_rcu')).toBe(locked ? 0 : 2);
    }
    m.run([[['binder_insert', page(1)]]]);
    expect(m.machine.core.pages.inUse(m.exec)).toBe(before - 1);
    expect(violations(m)).toEqual([]);
  });

  it('frees the pages of a buffer whose mapping is gone, and all that is left when its process ends', () => {
    const m = start(edition, options, { forks: 1 });
    const { core } = m.machine;
    m.run([
      [...MAPPED, ['binder_insert', page(0)], ['binder_free', page(0)], ['munmap', page(0), 8]],
    ]);
    m.run([[['drop_slab']]]);
    expect(m.results[0]?.at(-1)).toBe(1);
    // The first child brings in the page of code it starts with.
    m.run([
      [
        ['fork', []],
        ['wait', 0],
        ['write', 0x1000],
      ],
    ]);
    const before = core.pages.inUse(m.exec);
    const its: ScriptOp[] = [
      ['binder_mmap', 4],
      ['binder_insert', 0x40001],
    ];
    m.run([
      [
        ['fork', its],
        ['wait', 0],
        ['write', 0x1000],
      ],
    ]);
    expect(core.pages.inUse(m.exec)).toBe(before);
    expect(violations(m)).toEqual([]);
  });

  it('leaves no lock held, no reader counted and no page lost, whatever the interleaving', () => {
    const at = fc.nat(3).map((i) => page(i));
    const op = fc.oneof(
      { weight: 4, arbitrary: at.map((a): ScriptOp => ['binder_insert', a]) },
      { weight: 4, arbitrary: at.map((a): ScriptOp => ['binder_free', a]) },
      { weight: 3, arbitrary: fc.constant<ScriptOp>(['drop_slab']) },
      at.map((a): ScriptOp => ['read', a]),
      fc.tuple(at, fc.constantFrom(0, 1)).map(([a, p]): ScriptOp => ['mprotect', a, 1, p]),
      at.map((a): ScriptOp => ['munmap', a, 1]),
      at.map((a): ScriptOp => ['madvise', a, 1, 4]),
      fc.constant<ScriptOp>(['mmap', 1]),
      fc.constant<ScriptOp>(['binder_mmap', 4]),
    );
    fc.assert(
      fc.property(
        fc.array(fc.array(op, { maxLength: 8 }), { minLength: 2, maxLength: 3 }),
        fc.array(fc.nat(1000), { minLength: 1, maxLength: 200 }),
        (scripts, numbers) => {
          const m = start(edition, options, { threads: scripts.length });
          m.run([MAPPED]);
          const base = m.results[0]?.[0] as number;
          for (const r of m.results.slice(1)) r.push(base);
          m.run(scripts, scheduleFrom(numbers));
          expect(violations(m)).toEqual([]);
        },
      ),
      { numRuns: 120, seed: 1 },
    );
  });
});

describe('without the option', () => {
  it('has no device, no buffers and no fallback', () => {
    const m = start('v7.0', { ...SMP64, ANDROID_BINDER_IPC: 'n' });
    m.run([[['binder_mmap', 8], ['binder_insert', 0x40001], ['drop_slab']]]);
    expect(m.results[0]).toEqual([-38, -38, 0]);
    expect([...m.machine.events.fallbacks.keys()].filter((s) => s.includes('binder'))).toEqual([]);
  });
});

describe('a page that is reclaimed while its mapping is being modified', () => {
  /**
   * Thread 1 reclaims while thread 0, in mprotect of another page, holds the VMA write-locked; then the page is used again
   * and given back.
   */
  const reclaim = (edition: Parameters<typeof start>[0]) => {
    const m = start(edition, SMP64, { threads: 2 });
    m.run([[...MAPPED, ['binder_insert', page(0)], ['binder_free', page(0)]]]);
    m.reset();
    const mapped = m.machine.core.pages.inUse(m.exec);
    let holding = true;
    m.run([[['mprotect', page(7), 1, 0]], [['drop_slab']]], (ready) => {
      const at = m.exec.where(0);
      holding &&= !(m.exec.where(1) === undefined);
      const hold = holding && at?.label === 'vm_flags_reset' && ready.includes(1);
      return hold || !ready.includes(0) ? 1 : 0;
    });
    expect(m.results[1]).toHaveLength(1);
    return { m, freed: m.results[1]?.[0], kept: m.machine.core.pages.inUse(m.exec) === mapped };
  };

  it('stays in 7.0, whose trylock fails as well', () => {
    const { m, freed, kept } = reclaim('v7.0');
    expect([freed, kept]).toEqual([0, true]);
    expect(m.count('fallback binder_alloc_free_page:lock_vma_under_rcu')).toBe(1);
    expect(m.count('mmap_lock read_failed')).toBe(1);
    expect(violations(m)).toEqual([]);
  });

  it.each(['all-builds-v1', fixed])('stays in %s', (name) => {
    const { m, freed, kept } = reclaim(name);
    expect([freed, kept]).toEqual([0, true]);
    expect(m.count('fallback binder_alloc_free_page:no_vma_lock')).toBe(1);
    expect(m.count('mmap_lock read_failed')).toBe(0);
    expect(violations(m)).toEqual([]);
  });

  it('is freed by v2 as posted with the user still mapping it, and comes back without its bookkeeping', () => {
    const { m, freed, kept } = reclaim('all-builds-v2');
    // Freed as far as binder knows, but the entry still holds the page.
    expect([freed, kept]).toEqual([1, true]);
    expect(() =>
      m.run([
        [
          ['binder_insert', page(0)],
          ['binder_free', page(0)],
        ],
      ]),
    ).toThrow(KernelBug);
  });
});

describe('an unrelated mapping at the address of a buffer that is gone', () => {
  const impostor = (edition: Parameters<typeof start>[0]) => {
    const m = start(edition, SMP64);
    m.run([
      [
        ...MAPPED,
        ['binder_insert', page(0)],
        ['binder_free', page(0)],
        ['munmap', page(0), 8],
        ['mmap', 8, 3, 0x32, page(0)],
        ['write', page(0)],
        ['drop_slab'],
        ['read', page(0)],
      ],
    ]);
    expect(violations(m)).toEqual([]);
    return m.results[0]?.slice(-2);
  };

  it('keeps the pages from being reclaimed where the VMA found decides, and not where is_mapped does', () => {
    expect(impostor('v7.0')).toEqual([0, 0]);
    expect(impostor('all-builds-v1')).toEqual([0, 0]);
    expect(impostor('all-builds-v2')).toEqual([0, 0]);
    expect(impostor(fixed)).toEqual([1, 0]);
  });
});

it('looks up the page of a sender that was faster', () => {
  const m = start('v7.0', SMP64, { threads: 2 });
  m.run([MAPPED]);
  m.results[1]?.push(m.results[0]?.[0] as number);
  m.reset();
  const insert: ScriptOp[] = [['binder_insert', page(0)]];
  m.run(
    [insert, insert],
    holdAt(m, (label) => label === 'binder_page_insert'),
  );
  expect(m.results.map((r) => r.at(-1))).toEqual([0, 0]);
  expect(m.calls('binder_page_lookup')).toBe(1);
  expect(m.count('mmap_lock read_acquired')).toBe(1);
  expect(violations(m)).toEqual([]);
});

it('has a fallback to mmap_lock in 7.0 only', () => {
  const sites = (e: Parameters<typeof start>[0]) =>
    [...start(e, SMP64).machine.events.fallbacks.keys()].filter((s) => s.startsWith('binder'));
  expect(sites('v6.12')).toEqual([]);
  expect(sites('v7.0')).toEqual([
    'binder_page_insert:lock_vma_under_rcu',
    'binder_alloc_free_page:lock_vma_under_rcu',
  ]);
  expect(sites(fixed)).toEqual(['binder_alloc_free_page:no_vma_lock']);
});
