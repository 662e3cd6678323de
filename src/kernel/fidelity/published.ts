/** Published figures of kernels with and without what is modelled, as comparisons the model can make. */
import type { Performance } from '../measurement.ts';
import type { EditionParts } from '../model/edition.ts';

/** An edition with options set over those of an x86-64 SMP kernel. */
export interface ComparedKernel {
  readonly edition: string;
  readonly options: Readonly<Record<string, string>>;
  /** What the kernel measured has otherwise than the edition. */
  readonly parts?: Partial<EditionParts>;
}

/** One published figure and the experiment of the model that stands for it. */
export interface PublishedFigure {
  readonly name: string;
  /** Where it was published, and what was measured. */
  readonly source: string;
  /** What got better by which factor: after / before of a throughput, before / after of a time. */
  readonly published: number;
  /** What was measured on the kernel before and on the one after, in the unit of `figure`, where that is known: of another machine. */
  readonly measured?: readonly [before: number, after: number];
  /** The figure is a bound ("up to"). */
  readonly atMost?: true;
  readonly before: ComparedKernel;
  readonly after: ComparedKernel;
  readonly workload: string;
  readonly cpus: number;
  readonly profile: string;
  readonly figure: 'ops_per_second' | 'mean_ns' | 'max_ns';
  /** What the model's experiment has otherwise than the one measured. */
  readonly differs?: string;
}

const ON = { PER_VMA_LOCK: 'y' };
const OFF = { PER_VMA_LOCK: 'n', PER_VMA_LOCK_STATS: 'n' };
const refcnt = (
  cpus: number,
  percent: number,
  ...measured: [before: number, after: number]
): PublishedFigure => ({
  name: `vm_lock -> vm_refcnt, ${cpus} threads`,
  source:
    'cover letter of "reimplement per-vma lock as a refcount" v10 (2025-02-13), page-fault test',
  published: 1 + percent / 100,
  measured,
  before: { edition: 'v6.12', options: ON },
  after: { edition: 'v6.15', options: ON },
  workload: 'pft',
  cpus,
  profile: 'server',
  figure: 'ops_per_second',
  differs:
    'the machine of the figure is not known; alone and with many threads it takes 1.3 to 1.4 times as long for a fault. About 12 threads are where ' +
    'the line of the lock begins to be what limits: there the factor depends most on how long all else takes (1.04 with a clock of 2.1 GHz)',
});
const maps = (
  figure: 'mean_ns' | 'max_ns',
  before: number,
  after: number,
  what: string,
): PublishedFigure => ({
  name: `/proc/PID/maps under per-VMA locks, ${what}`,
  source:
    'cover letter of "use per-vma locks for /proc/pid/maps reads" v6 (2025-07-04): for each run of proc-mmap_sem-test the median of all ' +
    'means, its own mean, and its longest update, in ms',
  published: before / after,
  measured: [before * 1e6, after * 1e6],
  before: { edition: 'v6.15', options: ON },
  after: { edition: 'v7.0', options: ON },
  workload: 'proc_mmap_sem_test',
  cpus: 3,
  profile: 'server',
  figure,
  differs:
    'the scanners are threads of the process they look at, so its TLB flushes interrupt them; runs are 0.1 to 0.2 s and not 10, so longest ' +
    'updates are of fewer, and nothing but the others delays one: in the raw data that the benchmark comes with (paulmckrcu/proc-mmap_sem-test, ' +
    'data/mm-run-latency.sh.dat) the longest update of a run is 0.12 to 0.64 ms, once 3.1, without any scanner, as long as with scanners after the ' +
    'change. That each scanner has a CPU with a task that is busy for 2 ms and sleeps for 1 is how the benchmark has it. How much of the mean is won ' +
    'hangs on whether a reader holds the lock (14 us for a buffer of 82 lines here, priced by 21 us measured on Linux 6.18 on a virtual EPYC of ' +
    '2.45 GHz) longer than a writer spins on readers (10.5 us, rwsem_rspin_threshold): one that falls asleep has to wait until a scan ends, its CPU ' +
    'is taken away or 4 ms are over (RWSEM_WAIT_TIMEOUT; longest updates of that data end at 4.6 ms), as its wake-up takes longer than the reader takes to ' +
    'come back and steal the lock (rwsem_down_read_slowpath). Two scanners hold the lock by turns, so that it is never free while a writer spins. It would be woken in time if its CPU ' +
    'polled while it idles: with half a microsecond to wake up the mean is 12 us before, 5 after. The machine of the figure is not known',
});

/** What of 5.10, the kernel of a Pixel 6, is known to matter to who waits for mmap_lock. */
const V5_10: Partial<EditionParts> = { rwsemReaders: 'spin' };
const spfTest = (shape: string, before: number, after: number): PublishedFigure => ({
  name: `lock on, spf_test with 100 threads, areas x pages ${shape}`,
  source:
    'Suren Baghdasaryan on "Speculative page faults" v2 (2022-03-07): spf_test on a Pixel 6, mean time of a thread over several hundred runs',
  published: before / after,
  measured: [before, after],
  before: { edition: 'v6.4', options: OFF, parts: V5_10 },
  after: { edition: 'v6.4', options: ON, parts: V5_10 },
  workload: `spf_test_${shape}`,
  cpus: 8,
  profile: 'pixel6',
  figure: 'mean_ns',
  differs:
    'measured with speculative faults, of whose gain per-VMA locks are said to have three quarters (cover letter of their v4); 6.4 but for its rwsem, in ' +
    'which readers spin as in 5.10; CPUs at their highest clocks, and a scheduler that does not know which are faster: the main thread begins on a slow one. ' +
    'Threads start as bionic starts them, but name no stack, give stacks back as glibc does, and none is joined. What is held for how long decides which ' +
    'of them spin and which sleep, and chance much of that: prices a hundredth apart and other seeds give 4 to 14 for 2x10, 2 to 8 for 10x10, and ' +
    '0.6 to 8 for 10x2, where each thread writes mmap_lock 16 times and reads it as often. With the fastest CPUs first, so that the main thread begins on ' +
    'one, it would be 3.0, 2.4 and 4.4. Were all CPUs alike (profile phone) it would be 5.4, 1.25 and 1.24',
});

/** The published figures for which the model has a counterpart. */
export const PUBLISHED: readonly PublishedFigure[] = [
  refcnt(1, -0.28, 507_566, 506_139),
  refcnt(12, 1.26, 4_061_358, 4_112_477),
  refcnt(21, 14.77, 3_988_619, 4_577_747),
  refcnt(56, 10.85, 4_885_561, 5_415_839),
  maps('mean_ns', 0.011, 0.006, 'mean update'),
  maps('max_ns', 0.455, 0.036, 'longest update, best runs'),
  maps('max_ns', 3.018, 0.498, 'longest update, worst runs'),
  {
    name: 'lock on, LoongArch ebizzy',
    source:
      'Wentao Guan, "LoongArch: mm: try VMA lock-based page fault handling first" v3 (2025-09-29): ebizzy-0.3 -mTRp on a Loongson 3A6000, records/s',
    published: 115430.8 / 97837.7,
    measured: [97837.7, 115430.8],
    before: { edition: 'v6.15', options: OFF },
    after: { edition: 'v6.15', options: ON },
    workload: 'ebizzy',
    cpus: 8,
    profile: 'loongson',
    figure: 'ops_per_second',
    differs:
      'Linux 6.15 for 6.17, instructions counted on x86, and 512 entries a page table for 2048. What a thread maps joins what others have mapped ' +
      'beside it, and a fault there holds the VMA that the next mmap or munmap has to write-lock, with mmap_lock held: so it decides where mappings go. ' +
      'They go where those of the same calls went on Linux 6.18: into the hole that ld.so.cache has left, between the first allocations of ld.so and the ' +
      'bss of libc, and below the stacks. With a cache of 96 to 256 KiB (192 here) the factor is 1.10 to 1.25, with 48 or 384 KiB 0.96 to 1.08. By the ' +
      'times of the runs 1.4 CPUs were busy without the lock and 2.4 with it, of eight; here 1.5 and 2.4: one thread makes many records in a row while ' +
      'those that sleep wake up in vain, or two by turns',
  },
  spfTest('2x10', 1_889_398.01, 327_299.36),
  spfTest('10x2', 1_234_861.48, 800_392.82),
  spfTest('10x10', 12_199_939.04, 3_223_206.41),
  {
    name: 'lock on, app launch with ~100 threads',
    source:
      'cover letter of "per-VMA locks" v4 (2023-02-27), Android: "up to"; which areas a thread maps as it starts is said there, too',
    published: 1.2,
    atMost: true,
    before: { edition: 'v6.4', options: OFF },
    after: { edition: 'v6.4', options: ON },
    workload: 'app_launch',
    cpus: 8,
    profile: 'phone',
    figure: 'mean_ns',
    differs:
      'what else a launch does was not published. Two fifths of the time here are faults and mappings: pages of 16 KiB, which make faults four ' +
      'times fewer, made launches 3.16% shorter on average and 30% at most where memory is short (Android Developers, 2024), so faults are about 4% of a ' +
      'launch and 40% at most. Of a launch of which they are a tenth the lock takes 1%',
  },
];

/** Published figures without a counterpart, and why. */
export const NOT_MODELLED: Readonly<Record<string, string>> = {
  'TCP zerocopy receive, ~1% to ~0.45% of cycles':
    'a share of a benchmark whose other cycles are not modelled',
  'speculative page faults, ebizzy +101% to +634%': 'another mechanism, which was never merged',
  'maple tree in RCU mode, brk1 15-20% slower': 'the tree before it is in no edition',
  'KSM through vma_start_read_unlocked, 72.45 s to 36.61 s':
    'in no edition, and merging is not modelled',
};

/** By which factor `after` is better. */
export function improvement(
  figure: PublishedFigure['figure'],
  before: Performance,
  after: Performance,
): number {
  return figure === 'ops_per_second'
    ? after.ops_per_second / before.ops_per_second
    : before[figure] / after[figure];
}
