import { beforeAll, describe, expect, test } from 'vitest';
import { packagePath } from '../input/index.ts';
import {
  type MatrixResult,
  parseMatrixFile,
  planMatrixFile,
  readMatrixFile,
  runMatrix,
} from './index.ts';
import type { CellResult } from './types.ts';

describe('the shipped matrix', () => {
  const file = readMatrixFile(packagePath('matrices', 'per-vma-lock.yaml'));

  test('has no warning, and a cell for each edition, width and CPU mode first', () => {
    const plan = planMatrixFile(file);
    expect(plan.warnings).toEqual([]);
    expect(plan.axes).toEqual(['edition', '64BIT', 'SMP']);
    expect(plan.cells.slice(0, 12).map((c) => c.id)).toEqual(
      ['v6.12', 'v7.0', 'all-builds-v2'].flatMap((edition) =>
        ['y', 'n'].flatMap((bits) =>
          ['y', 'n'].map((smp) => `${edition}:64BIT=${bits},SMP=${smp}`),
        ),
      ),
    );
  });

  test('without its workloads: verdicts, refusals and equal kernels', async () => {
    const { cells } = await runMatrix({ ...file, workloads: [] });
    const lockOf = (edition: string): string =>
      cells
        .slice(0, 12)
        .filter((c) => c.spec.edition === edition)
        .map((c) => (c.lock!.present ? 'y' : 'n'))
        .join('');
    expect([lockOf('v6.12'), lockOf('v7.0'), lockOf('all-builds-v2')]).toEqual([
      'ynnn',
      'ynnn',
      'yyyy',
    ]);
    expect(cells.filter((c) => c.status === 'rejected').map((c) => c.spec.id)).toEqual([
      'v7.0:64BIT=n,SMP=y,X86_USER_SHADOW_STACK=y',
      'v7.0:64BIT=y,SMP=n,PER_VMA_LOCK=y',
      'all-builds-v2:64BIT=y,SMP=n,PER_VMA_LOCK=y',
    ]);
    expect(cells.find((c) => c.spec.id === 'v7.0:64BIT=y,SMP=y,PROFILING=y')!.sameAs).toBe(
      'v7.0:64BIT=y,SMP=y',
    );
    const optionIn = (id: string, name: string): string => {
      const { names } = cells.find((c) => c.spec.id === id)!.surface!;
      const option = names.find((n) => n.kind === 'option' && n.name === name);
      return option === undefined ? 'absent' : `${option.value} ${option.file}`;
    };
    const lock = (edition: string) =>
      ['y', 'n'].map((smp) => optionIn(`${edition}:64BIT=y,SMP=${smp}`, 'PER_VMA_LOCK'));
    expect(lock('v6.12')).toEqual([
      'y kconfig/common/per-vma-lock.kconfig',
      'n kconfig/common/per-vma-lock.kconfig',
    ]);
    expect(lock('all-builds-v2')).toEqual(['absent', 'absent']);
    expect(optionIn('v6.12:64BIT=y,SMP=y', 'FUTEX_MPOL')).toBe('absent');
    expect(optionIn('v7.0:64BIT=y,SMP=y', 'X86_L1_CACHE_SHIFT')).toBe('6 kconfig/v7.0/cpu.kconfig');
  });
});

describe('the simulated kernel in worker threads', () => {
  const text = `
cpus: [1, 2]
workloads: [page_fault1]
base: ${packagePath('matrices', 'per-vma-lock.config')}
matrix:
  edition: [v7.0, all-builds-v2]
  SMP: [y, n]
`;
  let result: MatrixResult;
  beforeAll(async () => {
    result = await runMatrix(parseMatrixFile(text, 'm.yaml'), { jobs: 2 });
  });
  const cell = (id: string): CellResult => result.cells.find((c) => c.spec.id === id)!;

  test('page faults take the lock that the kernel has', () => {
    const share = (id: string): number => {
      const { counters } = cell(id).measurements[0]!;
      return (counters.vma_lock_success ?? 0) / counters.pgfault!;
    };
    expect(share('v7.0:SMP=y')).toBe(1);
    expect(share('v7.0:SMP=n')).toBe(0);
    expect(share('all-builds-v2:SMP=n')).toBe(1);
  });

  test('gives the same bytes with one thread', async () => {
    const again = await runMatrix(parseMatrixFile(text, 'm.yaml'), { jobs: 1 });
    expect(JSON.stringify(again)).toBe(JSON.stringify(result));
  });
});

test('what one operation pays adds up to what it costs, in time and beside its instructions', async () => {
  const text = [
    'matrix: { edition: [v7.0], SMP: [n] }',
    'runs: 2',
    'costs: [mmap_munmap_pair]',
  ].join('\n');
  const { cells, profile } = await runMatrix(parseMatrixFile(text, 'costs.yaml'));
  const [time, counted] = cells[0]!.costs!;
  const each = 1e9 / time!.performance[0]!.ops_per_second;
  const paid = time!.pays!.reduce((sum, { each: price, times }) => sum + price * times, 0);
  // Jitter and the bandwidth of memory are no prices.
  expect(Math.abs(paid / each - 1)).toBeLessThan(0.01);
  expect(
    time!.pays!.find(({ price }) => price === 'work.vma_alloc' || price === 'step'),
  ).toBeDefined();
  expect(counted).toMatchObject({ profile: 'instructions', workload: 'mmap_munmap_pair' });
  expect(counted!.pays).toBeUndefined();
  expect(profile).toBe('');
});
