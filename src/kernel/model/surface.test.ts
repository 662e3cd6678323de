import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { editionNamed } from '../editions/index.ts';
import { instantiate } from './kernel.ts';
import type { Surface } from './surface.ts';
import { config, SMP64, SMP64_WITHOUT, UP64 } from './user-script.test-util.ts';

const surface = (edition: string, options: Record<string, string>): Surface => {
  const e = editionNamed(edition);
  if (e === undefined) throw new Error(edition);
  return instantiate(e, config(options)).surface;
};
const stateOf = (s: Surface, name: string): string => {
  const f = s.functions.find((x) => x.name === name);
  return f === undefined ? 'absent' : f.state === 'real' ? 'real' : `stub: ${f.stub}`;
};

/** What a compiler makes of a state: an assertion stub still has code. */
const compiled = (state: string): string =>
  state === 'absent'
    ? 'absent'
    : state === 'real' || state.startsWith('stub: asserts')
      ? 'code'
      : state === 'stub: empty'
        ? 'stub-empty'
        : 'stub-constant';

describe('the functions of 6.12', () => {
  const truth = JSON.parse(
    readFileSync(new URL('./testdata/functions-6.12.json', import.meta.url), 'utf8'),
  ) as { functions: Record<string, { A: string; E: string }> };
  const withLock = surface('v6.12', SMP64);
  const without = surface('v6.12', SMP64_WITHOUT);

  it.each(Object.entries(truth.functions))('%s is what the compiler saw', (name, kinds) => {
    expect(compiled(stateOf(withLock, name))).toBe(kinds.A);
    expect(compiled(stateOf(without, name))).toBe(kinds.E);
  });

  // x86_64 without SMP, i386 with and without: built, their functions of the lock are those of the kernel without it.
  it.each([
    ['x86_64 SMP=n', UP64],
    ['i386 SMP', { ...SMP64_WITHOUT, '64BIT': 'n', X86_64: 'n' }],
    ['i386 SMP=n', { ...UP64, '64BIT': 'n', X86_64: 'n' }],
  ])('%s has the stubs, too', (_, options) => {
    const other = surface('v6.12', options);
    for (const [name, kinds] of Object.entries(truth.functions)) {
      expect(compiled(stateOf(other, name)), name).toBe(kinds.E);
    }
    expect(other.counters.filter((c) => c.name.startsWith('vma_lock'))).toEqual([]);
  });

  it('differs between the two in nothing the compiler did not see', () => {
    // Macros do not come out of a preprocessor.
    const functions = [...withLock.functions, ...without.functions];
    const names = new Set(functions.filter((f) => f.kind === 'function').map((f) => f.name));
    const differing = [...names].filter((n) => stateOf(withLock, n) !== stateOf(without, n));
    // The body of process_vma_walk_lock (mm/pagewalk.c) stands under the option; the list does not have it.
    const seen = [...Object.keys(truth.functions), 'process_vma_walk_lock'];
    expect(differing.filter((n) => !seen.includes(n))).toEqual([]);
  });
});

describe('symbols of 6.12', () => {
  it('are in its objects with the lock only', () => {
    const all = (options: Record<string, string>) => {
      const { functions, names } = surface('v6.12', options);
      const objects = names.filter((n) => n.kind === 'object');
      return [...functions, ...objects].map((x) => x.name);
    };
    const without = all(SMP64_WITHOUT);
    // nm of mm/memory.o, mm/userfaultfd.o and kernel/fork.o built with and without; the first here is always inlined.
    expect(
      all(SMP64)
        .filter((name) => !without.includes(name))
        .sort(),
    ).toEqual(['__is_vma_write_locked', 'uffd_lock_vma', 'vm_area_free_rcu_cb', 'vma_lock_cachep']);
    // The stub of this one is inlined, too, so its symbol goes.
    expect(stateOf(surface('v6.12', SMP64), 'lock_vma_under_rcu')).toBe('real');
    expect(stateOf(surface('v6.12', SMP64_WITHOUT), 'lock_vma_under_rcu')).toBe(
      'stub: returns NULL',
    );
  });
});

describe('editions', () => {
  it('turns lock_vma_under_rcu into a stub without the option, and keeps it in all builds', () => {
    expect(stateOf(surface('v7.0', SMP64), 'lock_vma_under_rcu')).toBe('real');
    expect(stateOf(surface('v7.0', UP64), 'lock_vma_under_rcu')).toBe('stub: returns NULL');
    expect(stateOf(surface('all-builds-v2', UP64), 'lock_vma_under_rcu')).toBe('real');
  });

  it('has the waiting lookup only where the series adds it, and no fallback where it is used', () => {
    expect(stateOf(surface('v7.0', SMP64), 'vma_start_read_unlocked')).toBe('absent');
    expect(stateOf(surface('all-builds-v2', SMP64), 'vma_start_read_unlocked')).toBe('real');
    const sites = (e: string) => surface(e, SMP64).fallbackSites.map((s) => s.site);
    const gone = sites('v7.1').filter((s) => !sites('all-builds-v2').includes(s));
    expect(gone).toEqual([
      'binder_alloc_free_page:lock_vma_under_rcu',
      'binder_page_insert:lock_vma_under_rcu',
      'find_tcp_vma:lock_vma_under_rcu',
    ]);
  });

  it('exports the counters of the lock only with PER_VMA_LOCK_STATS', () => {
    const names = (o: Record<string, string>) => surface('v6.12', o).counters.map((c) => c.name);
    expect(names(SMP64)).toContain('vma_lock_success');
    const without = names({ ...SMP64, PER_VMA_LOCK_STATS: 'n' });
    expect(without.filter((n) => n.startsWith('vma_lock'))).toEqual([]);
    expect(without.filter((n) => !n.startsWith('thp_'))).toEqual([
      'pgfault',
      'pgmajfault',
      'pgreuse',
    ]);
  });

  it('exports no counter without VM_EVENT_COUNTERS, and the others are the same', () => {
    const without = surface('v6.12', { ...SMP64, VM_EVENT_COUNTERS: 'n' });
    expect(without.counters).toEqual([]);
    expect({ ...without, counters: [] }).toEqual({ ...surface('v6.12', SMP64), counters: [] });
  });

  it('exports the counters of huge pages only with TRANSPARENT_HUGEPAGE', () => {
    const names = (o: Record<string, string>) => surface('v6.12', o).counters.map((c) => c.name);
    expect(names(SMP64)).toContain('thp_collapse_alloc');
    const without = names({ ...SMP64, TRANSPARENT_HUGEPAGE: 'n' });
    expect(without.filter((n) => n.startsWith('thp_'))).toEqual([]);
  });

  it('says for each fallback site whether a kernel can take the first try', () => {
    const taken = (o: Record<string, string>) =>
      surface('v7.0', o).fallbackSites.find((s) => s.site.startsWith('find_tcp_vma'))?.taken;
    expect(taken(SMP64)).toBe('sometimes');
    expect(taken(UP64)).toBe('always');
  });
});
