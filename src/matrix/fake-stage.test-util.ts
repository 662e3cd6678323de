import { inputError } from '../input/index.ts';
import type { Measurement, Surface } from '../kernel/index.ts';
import type { KernelStage, StageEdition, StageKernel } from './stage.ts';

/** A kernel stage of a few lines: three editions, kernels that look at four options, workloads that do nothing. */
export const fakeStage: KernelStage<StageEdition, FakeKernel, FakeWorkload> = {
  editions: [
    { name: 'v6.12', kernelVersion: '6.12' },
    { name: 'v7.0', kernelVersion: '7.0' },
    { name: 'all-builds-v2', kernelVersion: '7.0' },
  ],
  shippedWorkloads: () => ['page_fault1', 'page_fault_mixed'],
  loadWorkload(name) {
    if (name.includes('/')) throw inputError('not-found', `workload file not found: ${name}`);
    if (name === 'bad') throw new Error('a fault of ours');
    return { name, span: { file: name, line: 1, column: 1 } };
  },
  instantiate(edition, config) {
    const relevant: Record<string, string> = {};
    for (const name of ['SMP', '64BIT', 'PER_VMA_LOCK', 'USERFAULTFD']) {
      relevant[name] = config.get(name) || 'n';
    }
    const present = edition.name === 'all-builds-v2' || relevant.PER_VMA_LOCK === 'y';
    return {
      edition,
      relevant,
      surface: EMPTY,
      lock: { present, option: null, why: present ? 'it is there' : 'it is not there' },
    };
  },
  simulate(kernel, workload, { cpus, runs, seed, profile = 'plain' }) {
    // Depends on the task alone, as a measurement must.
    const text = JSON.stringify([kernel.edition.name, kernel.relevant, workload.name, seed]);
    const rate = [...text].reduce((n, c) => (n * 31 + c.charCodeAt(0)) >>> 0, 7);
    return {
      edition: kernel.edition.name,
      workload: workload.name,
      profile: typeof profile === 'string' ? profile : profile.name,
      seed,
      config: kernel.relevant,
      outcome: { kind: 'completed' },
      counters: { pgfault: rate % 1000 },
      mmap_lock: { read_acquired: 0, write_acquired: 0, read_failed: 0, write_failed: 0 },
      locks: [],
      mmap_lock_by: {},
      not_exported: [],
      vma_write_locks: 0,
      fallbacks: [],
      performance: cpus.map((count) => ({
        cpus: count,
        ops_per_second: rate * count,
        p50_ns: 1,
        p99_ns: 2,
        mean_ns: 1,
        max_ns: 2,
        spread: 0,
        runs,
        min: rate,
        max: rate,
      })),
    } satisfies Measurement;
  },
};

interface FakeKernel extends StageKernel {
  readonly edition: StageEdition;
}

interface FakeWorkload {
  readonly name: string;
  readonly span: unknown;
}

const EMPTY: Surface = { functions: [], structs: [], counters: [], names: [], fallbackSites: [] };
