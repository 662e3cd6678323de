/** What per-VMA locks in all builds cost a kernel for one CPU, which has no use for them. */
import { editionNamed } from '../editions/index.ts';
import type { Performance } from '../measurement.ts';
import { instantiate, type Kernel } from '../model/index.ts';
import { simulate } from '../simulate.ts';
import type { CompareOptions } from './compare-published.ts';
import type { ComparedKernel } from './published.ts';

/** A cost without the lock and with it. */
export interface LockCost {
  readonly what: string;
  readonly unit: 'instructions' | 'ns' | 'bytes';
  readonly without: number;
  readonly with: number;
  /** (max - min) / median over the runs, of the kernel where it is larger; 0 for what cannot vary. */
  readonly spread: number;
}

const UNIPROCESSOR: Readonly<Record<string, string>> = {
  '64BIT': 'y',
  X86_64: 'y',
  SMP: 'n',
  MMU: 'y',
  NR_CPUS: '1',
  VM_EVENT_COUNTERS: 'y',
  TRANSPARENT_HUGEPAGE: 'y',
  PROC_FS: 'y',
  ADVISE_SYSCALLS: 'y',
};

/** 7.1 without SMP, and the same with the series that has the lock in all builds. */
export const UNIPROCESSOR_KERNELS: readonly [without: ComparedKernel, withLock: ComparedKernel] = [
  { edition: 'v7.1', options: UNIPROCESSOR },
  { edition: 'all-builds-v2', options: UNIPROCESSOR },
];

/** An operation whose time is compared. */
export interface LockOperation {
  readonly what: string;
  readonly workload: string;
  readonly profile: string;
  readonly unit: 'instructions' | 'ns';
}

const OPERATIONS = {
  'fault, page written': 'anon_write_fault',
  'fault, page read': 'anon_read_fault_zeropage',
  'mmap and munmap': 'mmap_munmap_pair',
  'fork, exit and wait': 'fork_exit_wait',
} as const;

/** What is compared, each in instructions and in nanoseconds. */
export const LOCK_OPERATIONS: readonly LockOperation[] = Object.entries(OPERATIONS).flatMap(
  ([what, workload]) => [
    { what, workload, profile: 'instructions', unit: 'instructions' as const },
    { what, workload, profile: 'server', unit: 'ns' as const },
  ],
);

/** What an operation takes on both kernels. */
export function operationCost(
  { what, unit }: LockOperation,
  without: Performance,
  withLock: Performance,
): LockCost {
  return {
    what,
    unit,
    without: 1e9 / without.ops_per_second,
    with: 1e9 / withLock.ops_per_second,
    spread: Math.max(without.spread, withLock.spread),
  };
}

/** Bytes of structures of both kernels, and of the objects in their slab caches. */
export function structureCosts(): LockCost[] {
  const [without, withLock] = UNIPROCESSOR_KERNELS.map(kernelOf) as [Kernel, Kernel];
  return ['vm_area_struct', 'mm_struct'].flatMap((name): LockCost[] => {
    const size = (kernel: Kernel) => kernel.surface.structs.find((s) => s.name === name);
    const [a, b] = [size(without), size(withLock)];
    if (a === undefined || b === undefined) return [];
    const row = (what: string, from: number, to: number): LockCost => ({
      what,
      unit: 'bytes',
      without: from,
      with: to,
      spread: 0,
    });
    const slabs =
      a.slabObjectSize === undefined || b.slabObjectSize === undefined
        ? []
        : [row(`${name}, object of its slab cache`, a.slabObjectSize, b.slabObjectSize)];
    return [row(name, a.size, b.size), ...slabs];
  });
}

/** Compares both kernels, in time and in bytes. */
export function uniprocessorCost({ runs, seed, signal }: CompareOptions): LockCost[] {
  const kernels = UNIPROCESSOR_KERNELS.map(kernelOf);
  const times = LOCK_OPERATIONS.map((operation) => {
    const { workload, profile } = operation;
    const [without, withLock] = kernels.map((kernel) => {
      const options = { cpus: [1], runs, seed, profile, signal };
      const [figures] = simulate(kernel, workload, options).performance;
      if (figures === undefined) throw new RangeError(`${workload} did not complete`);
      return figures;
    }) as [Performance, Performance];
    return operationCost(operation, without, withLock);
  });
  return [...times, ...structureCosts()];
}

function kernelOf({ edition, options }: ComparedKernel): Kernel {
  const named = editionNamed(edition);
  if (named === undefined) throw new RangeError(`no edition ${edition}`);
  return instantiate(named, { get: (symbol) => options[symbol] ?? '' });
}
