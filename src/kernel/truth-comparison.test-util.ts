/** Counts of booted kernels beside those of the model, row by row. For tests. */
import { readFileSync } from 'node:fs';
import { type Callers, watchCallers } from './callers.test-util.ts';
import { editionNamed } from './editions/index.ts';
import { instantiate } from './model/index.ts';
import { config, SMP64, SMP64_WITHOUT, UP64 } from './model/user-script.test-util.ts';
import { countOnly } from './simulate.ts';
import { functionOf, plain, sameFunction, tracedCallers } from './truth-callers.test-util.ts';
import { loadWorkload } from './workloads/index.ts';

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

/** A counter of one workload on one kernel. */
export interface TruthRow {
  /** As in vmstat or a trace point; `calls f`; or `f <- g` for the calls of f by g. */
  readonly counter: string;
  readonly real: number;
  readonly modelled: number;
  /** What the model lacks, for a counter known to differ. */
  readonly missing?: string;
}

/** What a workload's counters need that the model does not have, and which counters it shows in, on which kernels if not on all. */
interface Gap {
  readonly mechanism: string;
  readonly counters: readonly string[];
  readonly kernels?: readonly string[];
}

const PROGRAM_AROUND_FORK: Gap = {
  mechanism:
    "faults of the measured program's own code and data around fork, of which nobody wrote down which pages they were",
  counters: [
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
  ],
};

/** What is known to differ, by workload and counter: a counter's whole name, or a function on either side of an arrow. */
const GAPS: Readonly<Record<string, readonly Gap[]>> = {
  mlockall_current: [
    {
      mechanism: "pages of the measured program's image that are not there before mlockall",
      counters: ['pgfault', 'handle_mm_fault'],
    },
  ],
  fork_child_cow_256: [
    PROGRAM_AROUND_FORK,
    {
      mechanism: 'none: without the lock the compiler inlined vm_area_dup into copy_process',
      counters: ['vm_area_dup <- copy_process'],
      kernels: ['per_vma_lock=n', 'smp=n'],
    },
  ],
};

/** Kernels measured, as option sets. */
export const TRUE_KERNELS: Readonly<Record<string, Record<string, string>>> = {
  'per_vma_lock=y': SMP64,
  'per_vma_lock=n': SMP64_WITHOUT,
  'smp=n': UP64,
};

/** Counts taken from booted 6.12 kernels, see the note in the file. KMATRIX_TRUTH names another file of the same form. */
const truth = JSON.parse(
  readFileSync(
    process.env.KMATRIX_TRUTH ?? new URL('./testdata/counters-6.12.json', import.meta.url),
    'utf8',
  ),
) as { workloads: Record<string, TrueWorkload> };

/** Names of the workloads measured. */
export const TRUE_WORKLOADS: readonly string[] = Object.keys(truth.workloads);

/** Names of the kernels a workload was measured on. */
export function kernelsOf(workload: string): string[] {
  return Object.keys(truth.workloads[workload]?.kernels ?? {});
}

/** All counters of a workload on a kernel: the real count, and that of the model. */
export function compareWithTruth(workload: string, kernelName: string): TruthRow[] {
  const real = truth.workloads[workload] as TrueWorkload;
  const its = real.kernels[kernelName] as TrueCounts;
  const edition = editionNamed('v6.12');
  if (edition === undefined) throw new Error('no edition v6.12');
  const kernel = instantiate(edition, config(TRUE_KERNELS[kernelName] ?? {}));
  const functions = functionsOf(kernelName);
  const watch = watchCallers(tracedIn(kernelName), (routine, callee) =>
    functions.has(sameFunction(functionOf(routine, callee))),
  );
  const counts = countOnly(kernel.build, loadWorkload(workload), 1, watch);

  const rows: TruthRow[] = [];
  const add = (counter: string, count: number, modelled: number) => {
    const missing = missingFor(workload, kernelName, counter);
    rows.push({ counter, real: count, modelled, ...(missing && { missing }) });
  };
  const modelled: Readonly<Record<string, number>> = { ...counts.counters, ...counts.mmap_lock };
  for (const [key, value] of [...Object.entries(its.vmstat), ...Object.entries(its.mmap_lock)]) {
    if (typeof value === 'number' && key in modelled) add(key, value, modelled[key] ?? 0);
  }
  for (const [key, value] of Object.entries(its.calls)) {
    if (typeof value === 'number') add(`calls ${key}`, value, counts.calls[key] ?? 0);
  }
  if (kernelName === 'per_vma_lock=y' && real.vma_write_locks !== undefined) {
    add('vma_write_locks', real.vma_write_locks, counts.vma_write_locks);
  }
  if (its.by_caller !== undefined) {
    const [theirs, ours] = [edges(its.by_caller), edges(watch.callers)];
    for (const edge of new Set([...Object.keys(theirs), ...Object.keys(ours)])) {
      add(edge, theirs[edge] ?? 0, ours[edge] ?? 0);
    }
  }
  return rows;
}

function missingFor(workload: string, kernel: string, counter: string): string | undefined {
  const named = (name: string) => counter === name || counter.split(/ (?:<- )?/).includes(name);
  return GAPS[workload]?.find(
    (gap) => gap.counters.some(named) && (gap.kernels?.includes(kernel) ?? true),
  )?.mechanism;
}

/** Names of functions seen as callers in a kernel: what else the model calls through was inlined into one of them. */
function functionsOf(kernel: string): Set<string> {
  const names = Object.values(truth.workloads).flatMap((w) =>
    Object.values(w.kernels[kernel]?.by_caller ?? {}).flatMap(Object.keys),
  );
  return new Set(names.map((name) => sameFunction(plain(name))));
}

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
      const name = sameFunction(functionOf(caller, callee));
      if (name === 'user space' || (name === 'hugetlb_fault' && callee.endsWith('_write')))
        continue;
      const edge = `${callee} <- ${name}`;
      found[edge] = (found[edge] ?? 0) + n;
    }
  }
  return found;
}
