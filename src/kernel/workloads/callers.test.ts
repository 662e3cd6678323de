import { describe, expect, it } from 'vitest';
import { editionNamed } from '../editions/index.ts';
import { instantiate } from '../model/index.ts';
import { config, SMP64, SMP64_WITHOUT } from '../model/user-script.test-util.ts';
import { type Counts, countOnly, simulate } from '../simulate.ts';

/** Counts of a shipped workload, run without time. */
function counts(name: string, edition: string, options: Record<string, string>): Counts {
  return countOnly(kernel(edition, options).build, name);
}
function kernel(edition: string, options: Record<string, string>) {
  const e = editionNamed(edition);
  if (e === undefined) throw new Error(edition);
  return instantiate(e, config(options));
}
const hits = (c: Counts, site: string) => c.fallbacks.find((f) => f.site === site)?.hits;

describe('workloads of the callers with a fallback, with and without VMA locks', () => {
  it.each([
    // A transaction takes the lock once; without it mmap_lock for reading in 7.0, for writing in 6.12.
    ['binder_page_insert_256', 'v7.0', 'binder_page_insert:lock_vma_under_rcu', 0, 256],
    ['binder_reclaim', 'v7.0', 'binder_alloc_free_page:lock_vma_under_rcu', 0, 16 * 31],
    ['uprobe_hit', 'v7.0', 'find_active_uprobe_rcu:mmap_lock_speculate_try_begin', 0, 500],
    ['uprobe_nop5', 'v7.0', 'in_uprobe_trampoline:mmap_lock_speculate_try_begin', 0, 499],
    ['futex_mpol_100', 'v7.0', 'futex_mpol:mmap_lock_speculate_try_begin', 0, 100],
    // Two calls of madvise for each page.
    ['madvise_guard_64', 'v7.0', 'do_madvise:try_vma_read_lock', 0, 128],
    // With the lock, the vector across the border is the first that needs mmap_lock.
    ['process_madvise_own_8', 'v7.0', 'do_madvise:try_vma_read_lock', 16, 16],
    // Every second program with interrupts off finds the CPU's irq_work taken.
    ['bpf_find_vma_100', 'v7.0', 'bpf_find_vma:irq_work', 50, 50],
    ['bpf_iter_task_vma', 'v6.12', 'bpf_iter_task_vma_find_next:lock_vma_under_rcu', 0, 0],
  ] as const)('%s in %s: %s', (name, edition, site, locked, without) => {
    expect(hits(counts(name, edition, SMP64), site)).toBe(locked);
    expect(hits(counts(name, edition, SMP64_WITHOUT), site)).toBe(without);
  });

  it('takes mmap_lock in sigreturn at the start of a page, or always', () => {
    const taken = (edition: string) =>
      counts('shstk_sigreturn', edition, SMP64).mmap_lock.read_acquired;
    // What faults are left are those of the first time down the stack.
    expect(taken('v6.12') - taken('v7.0')).toBe(100);
  });

  it('is what every kernel can run, with several CPUs', () => {
    const names = [
      'binder_reclaim',
      'bpf_iter_task_vma',
      'bpf_stack_build_id_100',
      'futex_mpol_100',
      'shstk_sigreturn',
      'uprobe_hit',
      'uprobe_nop5',
    ];
    for (const name of names) {
      // 6.12 knows no FUTEX2_MPOL and refuses it.
      for (const edition of name === 'futex_mpol_100' ? ['v7.0'] : ['v6.12', 'v7.0']) {
        const { performance } = simulate(kernel(edition, SMP64), name, {
          cpus: [2],
          runs: 1,
          seed: 1,
        });
        expect(performance[0]?.ops_per_second).toBeGreaterThan(0);
      }
    }
  });

  it('is unsupported where FUTEX2_MPOL is not known', () => {
    const options = { cpus: [1], runs: 1, seed: 1 };
    const { outcome } = simulate(kernel('v6.12', SMP64), 'futex_mpol_100', options);
    expect(outcome).toMatchObject({ kind: 'unsupported', error: 'EINVAL' });
  });

  it('passes over VMAs that are being mapped and unmapped beside the walk', () => {
    const run = (edition: string) =>
      simulate(kernel(edition, SMP64), 'bpf_iter_task_vma', { cpus: [2], runs: 1, seed: 1 });
    const site = (edition: string, what: string) =>
      run(edition).fallbacks.find((f) => f.site === what)?.hits;
    expect(site('v6.12', 'bpf_iter_task_vma_find_next:lock_vma_under_rcu')).toBeGreaterThan(0);
    expect(site('v7.0', 'bpf_iter_task_vma_new:mmap_read_trylock')).toBeGreaterThan(0);
  });
});
