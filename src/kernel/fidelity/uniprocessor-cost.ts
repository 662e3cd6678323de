/** What per-VMA locks in all builds cost a kernel for one CPU, which has no use for them. */
import { editionNamed } from '../editions/index.ts';
import { instantiate, type Kernel } from '../model/index.ts';
import { simulate } from '../simulate.ts';
import type { CompareOptions } from './compare-published.ts';

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

const OPERATIONS = {
  'fault, page written': 'anon_write_fault',
  'fault, page read': 'anon_read_fault_zeropage',
  'mmap and munmap': 'mmap_munmap_pair',
  'fork, exit and wait': 'fork_exit_wait',
} as const;

/** Compares 7.1 without SMP to the same with the series that has the lock in all builds. */
export function uniprocessorCost({ runs, seed, signal }: CompareOptions): LockCost[] {
  const [without, withLock] = ['v7.1', 'all-builds-v2'].map((name) => {
    const edition = editionNamed(name);
    if (edition === undefined) throw new RangeError(`no edition ${name}`);
    return instantiate(edition, { get: (symbol) => UNIPROCESSOR[symbol] ?? '' });
  }) as [Kernel, Kernel];
  const time = (kernel: Kernel, workload: string, profile: string) => {
    const options = { cpus: [1], runs, seed, profile, signal };
    const [figures] = simulate(kernel, workload, options).performance;
    if (figures === undefined) throw new RangeError(`${workload} did not complete`);
    return { each: 1e9 / figures.ops_per_second, spread: figures.spread };
  };
  const times = Object.entries(OPERATIONS).flatMap(([what, workload]) =>
    (['instructions', 'server'] as const).map((profile): LockCost => {
      const [a, b] = [time(without, workload, profile), time(withLock, workload, profile)];
      const unit = profile === 'server' ? 'ns' : 'instructions';
      return {
        what,
        unit,
        without: a.each,
        with: b.each,
        spread: Math.max(a.spread, b.spread),
      };
    }),
  );
  const bytes = ['vm_area_struct', 'mm_struct'].flatMap((name): LockCost[] => {
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
  return [...times, ...bytes];
}
