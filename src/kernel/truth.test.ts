import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { type Callers, watchCallers } from './callers.test-util.ts';
import { editionNamed } from './editions/index.ts';
import { instantiate } from './model/index.ts';
import { config, SMP64, SMP64_WITHOUT, UP64 } from './model/user-script.test-util.ts';
import { countOnly } from './simulate.ts';
import { functionOf, plain, sameSystemCall, tracedCallers } from './truth-callers.test-util.ts';
import { loadWorkload, shippedWorkloads } from './workloads/index.ts';

interface TrueCounts {
  readonly vmstat: Readonly<Record<string, number | { min: number; max: number } | null>>;
  readonly mmap_lock: Readonly<Record<string, number | null>>;
  readonly calls: Readonly<Record<string, number | null>>;
  readonly by_caller?: Callers;
}
interface TrueWorkload {
  readonly vma_write_locks?: number;
  readonly kernels: Readonly<Record<string, TrueCounts>>;
}

/** Counts taken from booted 6.12 kernels, see the note in the file. KMATRIX_TRUTH names another file of the same form. */
const truth = JSON.parse(
  readFileSync(
    process.env.KMATRIX_TRUTH ?? new URL('./testdata/counters-6.12.json', import.meta.url),
    'utf8',
  ),
) as { workloads: Record<string, TrueWorkload> };

const KERNELS: Record<string, Record<string, string>> = {
  'per_vma_lock=y': SMP64,
  'per_vma_lock=n': SMP64_WITHOUT,
  'smp=n': UP64,
};

/**
 * What is not compared, by word or whole. The first two count pages of the program measured, whose image and code around fork nobody
 * wrote down: what cannot follow from the workload alone.
 *
 * - mlockall brings in whatever of the image is not there yet: 33 pages there, 32 of the model's program.
 * - After fork both processes run through the program's own code and data: 8 faults of the model's, 10 there; and the trace saw a few
 *   more faults than the counters of /proc/vmstat.
 */
const NOT_COMPARED: Readonly<Record<string, readonly string[]>> = {
  mlockall_current: ['pgfault', 'handle_mm_fault'],
  fork_child_cow_256: [
    'pgfault',
    'pgreuse',
    'vma_lock_success',
    'read_acquired',
    'find_vma',
    'handle_mm_fault',
    'lock_mm_and_find_vma',
    'lock_vma_under_rcu',
    'down_read_trylock',
    'do_user_addr_fault',
    // Also i_mmap_rwsem of the file's mappings, which the model does not have.
    'copy_process',
  ],
  // The lock of System V identifiers, and i_mmap_rwsem again.
  shm_attach_64: ['down_write <- do_shmat', 'up_write'],
};

const edition = editionNamed('v6.12');
if (edition === undefined) throw new Error('no edition v6.12');

const shared = Object.keys(truth.workloads).filter((name) => shippedWorkloads().includes(name));

/** Names of functions seen as callers in a kernel: what else the model calls through was inlined into one of them. */
function functionsOf(kernel: string): Set<string> {
  const names = Object.values(truth.workloads).flatMap((w) =>
    Object.values(w.kernels[kernel]?.by_caller ?? {}).flatMap(Object.keys),
  );
  return new Set(names.map((name) => sameSystemCall(plain(name))));
}
const functions = Object.fromEntries(Object.keys(KERNELS).map((k) => [k, functionsOf(k)]));
/** Functions whose entries were traced in a kernel: a stub in a header has none. */
function tracedIn(kernel: string): Set<string> {
  return new Set(
    Object.values(truth.workloads).flatMap((w) => Object.keys(w.kernels[kernel]?.by_caller ?? {})),
  );
}

/** `callee <- caller` with the number of calls. The mutex of hugetlb faults is a rwsem in the model only. */
function edges(callers: Callers): Record<string, number> {
  const found: Record<string, number> = {};
  for (const [callee, of] of Object.entries(tracedCallers(callers))) {
    for (const [caller, n] of Object.entries(of)) {
      const name = sameSystemCall(functionOf(caller, callee));
      if (name === 'user space' || (name === 'hugetlb_fault' && callee.endsWith('_write')))
        continue;
      const edge = `${callee} <- ${name}`;
      found[edge] = (found[edge] ?? 0) + n;
    }
  }
  return found;
}

it.skipIf(process.env.KMATRIX_TRUTH)('runs every workload measured on real kernels', () => {
  expect(shared).toEqual(Object.keys(truth.workloads));
});

describe.each(shared)('%s counts what a real 6.12 counted', (name) => {
  const real = truth.workloads[name] as TrueWorkload;
  const left = NOT_COMPARED[name] ?? [];
  const without = (counts: Record<string, number>) =>
    Object.fromEntries(
      Object.entries(counts).filter(
        ([key]) => !left.some((p) => key === p || key.split(/ (?:<- )?/).includes(p)),
      ),
    );
  it.each(Object.entries(real.kernels))('%s', (kernelName, its) => {
    const kernel = instantiate(edition, config(KERNELS[kernelName] ?? {}));
    const watch = watchCallers(tracedIn(kernelName), (routine, callee) =>
      (functions[kernelName] as Set<string>).has(sameSystemCall(functionOf(routine, callee))),
    );
    const counts = countOnly(kernel.build, loadWorkload(name), 1, watch);
    const modelled: Record<string, number> = { ...counts.counters, ...counts.mmap_lock };
    const expected: Record<string, number> = {};
    for (const [key, value] of [...Object.entries(its.vmstat), ...Object.entries(its.mmap_lock)]) {
      if (typeof value === 'number' && key in modelled) expected[key] = value;
    }
    for (const [key, value] of Object.entries(its.calls)) {
      if (typeof value !== 'number') continue;
      expected[`calls ${key}`] = value;
      modelled[`calls ${key}`] = counts.calls[key] ?? 0;
    }
    if (kernelName === 'per_vma_lock=y' && real.vma_write_locks !== undefined) {
      expected.vma_write_locks = real.vma_write_locks;
      modelled.vma_write_locks = counts.vma_write_locks;
    }
    const compared = Object.fromEntries(Object.keys(expected).map((k) => [k, modelled[k] ?? 0]));
    expect(without(compared)).toEqual(without(expected));
    if (its.by_caller === undefined) return;
    expect(without(edges(watch.callers))).toEqual(without(edges(its.by_caller)));
  });
});
