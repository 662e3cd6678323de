/** The model's counterpart of each published figure, with what it hangs on. */
import { editionNamed } from '../editions/index.ts';
import type { Performance } from '../measurement.ts';
import { median } from '../median.ts';
import { instantiate, type Kernel } from '../model/index.ts';
import { simulate } from '../simulate.ts';
import { type CostProfile, loadProfile } from '../timed/index.ts';
import { type ComparedKernel, improvement, type PublishedFigure } from './published.ts';

/** Options of an x86-64 SMP kernel as distributions build it, as far as the model looks at them. */
const BASE: Readonly<Record<string, string>> = {
  '64BIT': 'y',
  X86_64: 'y',
  SMP: 'y',
  MMU: 'y',
  NR_CPUS: '512',
  VM_EVENT_COUNTERS: 'y',
  RWSEM_SPIN_ON_OWNER: 'y',
  TRANSPARENT_HUGEPAGE: 'y',
  PROC_FS: 'y',
  ADVISE_SYSCALLS: 'y',
  ANON_VMA_NAME: 'y',
};

/** A published factor and the modelled one. */
export interface PublishedComparison {
  readonly figure: PublishedFigure;
  readonly modelled: number;
  /** What it is the factor of, in the unit of the figure. */
  readonly valueBefore: number;
  readonly valueAfter: number;
  /**
   * The factor between the worst run after and the best before, and the other way round; of several seeds the least and the greatest of
   * their factors. Absent for times where runs are known together only.
   */
  readonly least?: number;
  readonly greatest?: number;
}

/** How often and from which seed the workload of a figure is run on each kernel. */
export interface CompareOptions {
  readonly runs: number;
  readonly seed: number;
  readonly signal?: AbortSignal | undefined;
}

/** Runs both kernels of a figure. */
export function comparePublished(
  figure: PublishedFigure,
  options: CompareOptions,
): PublishedComparison {
  const profile = loadProfile(figure.profile);
  const before = performanceOf(figure.before, figure, options, profile);
  const after = performanceOf(figure.after, figure, options, profile);
  return publishedComparison(figure, before, after);
}

/** The median factors of runs with several seeds, one run of both kernels with each; what several figures are taken from is run once. */
export function compareOverSeeds(
  figures: readonly PublishedFigure[],
  seeds: readonly number[],
): PublishedComparison[] {
  const known = new Map<string, Performance>();
  const performance = (kernel: ComparedKernel, figure: PublishedFigure, seed: number) => {
    const { workload, cpus, profile } = figure;
    const key = JSON.stringify([kernel, workload, cpus, profile, seed]);
    const found =
      known.get(key) ?? performanceOf(kernel, figure, { runs: 1, seed }, loadProfile(profile));
    known.set(key, found);
    return found;
  };
  return figures.map((figure) => {
    const runs = seeds.map((seed) =>
      publishedComparison(
        figure,
        performance(figure.before, figure, seed),
        performance(figure.after, figure, seed),
      ),
    );
    const factors = runs.map((run) => run.modelled);
    return {
      figure,
      modelled: median(factors),
      valueBefore: median(runs.map((run) => run.valueBefore)),
      valueAfter: median(runs.map((run) => run.valueAfter)),
      least: Math.min(...factors),
      greatest: Math.max(...factors),
    };
  });
}

/** A published factor beside what both its kernels gave. */
export function publishedComparison(
  figure: PublishedFigure,
  before: Performance,
  after: Performance,
): PublishedComparison {
  const modelled = improvement(figure.figure, before, after);
  const valueBefore = before[figure.figure];
  const valueAfter = after[figure.figure];
  const of = { figure, modelled, valueBefore, valueAfter };
  if (figure.figure !== 'ops_per_second') return of;
  return {
    ...of,
    least: (modelled * (after.min / after.ops_per_second)) / (before.max / before.ops_per_second),
    greatest:
      (modelled * (after.max / after.ops_per_second)) / (before.min / before.ops_per_second),
  };
}

/** The kernel of a comparison: its edition and the values of all options it may look at; those left out are unset. */
export function comparedKernel({ options, ...kernel }: ComparedKernel): ComparedKernel {
  return { ...kernel, options: { ...BASE, ...options } };
}

/** Puts the kernel of a comparison together. */
export function comparedInstance(compared: ComparedKernel): Kernel {
  const { edition, options, parts } = comparedKernel(compared);
  const named = editionNamed(edition);
  if (named === undefined) throw new RangeError(`no edition ${edition}`);
  return instantiate(named, { get: (name) => options[name] ?? '' }, parts);
}

function performanceOf(
  compared: ComparedKernel,
  { workload, cpus }: PublishedFigure,
  { runs, seed, signal }: CompareOptions,
  profile: CostProfile,
): Performance {
  const { performance, outcome } = simulate(comparedInstance(compared), workload, {
    cpus: [cpus],
    runs,
    seed,
    profile,
    signal,
  });
  const [figures] = performance;
  if (figures === undefined)
    throw new RangeError(`${workload} on ${compared.edition}: ${outcome.kind}`);
  return figures;
}
