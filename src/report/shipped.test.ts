import { beforeAll, describe, expect, it } from 'vitest';
import { toJson } from '../input/index.ts';
import { type MatrixFile, readMatrixFile, runMatrix } from '../matrix/index.ts';
import { golden } from './golden.test-util.ts';
import {
  buildReport,
  checkSchema,
  diffCells,
  diffMarkdown,
  diffSchema,
  isEmptyDiff,
  measurementSchema,
  type Report,
  reportMarkdown,
  reportSchema,
} from './index.ts';

// Named from the root of the package, where tests run: reports show the path.
const shipped: MatrixFile = readMatrixFile('matrices/per-vma-lock.yaml');
const [smp, up] = ['v7.0:64BIT=y,SMP=y', 'v7.0:64BIT=y,SMP=n'];

describe('the shipped matrix without its workloads', () => {
  let report: Report;
  beforeAll(async () => {
    // What the kernels are; what they do is in the sample reports and would take half a minute here.
    report = buildReport(await runMatrix({ ...shipped, workloads: [] }));
  });

  it('reads as it should', async () => {
    await expect(reportMarkdown(report)).toMatchFileSnapshot(golden('shipped.md'));
  });

  it('differs between SMP and UP as it should', async () => {
    const diff = diffMarkdown(diffCells(report, smp, up));
    await expect(diff).toMatchFileSnapshot(golden('shipped-diff.md'));
  });

  it('has no table wider than 100 columns', () => {
    const long = reportMarkdown(report)
      .split('\n')
      .filter((line) => line.startsWith('|') && line.length > 100);
    expect(long).toEqual([]);
  });

  it('has the first cause of every option that differs', () => {
    const causes = diffCells(report, smp, up).options.filter(({ symbol }) =>
      /^(SMP|PER_VMA_LOCK)/.test(symbol),
    );
    expect(causes.map(({ symbol, left, right }) => [symbol, left, right])).toEqual([
      ['PER_VMA_LOCK', 'y', 'n'],
      ['PER_VMA_LOCK_STATS', 'y', 'n'],
      ['SMP', 'y', 'n'],
    ]);
    for (const { why } of causes) expect(why).toMatch(/^SMP is asked to be y on the left and n/);
  });
});

describe('one workload on SMP and UP', () => {
  let report: Report;
  beforeAll(async () => {
    const workloads = shipped.workloads.slice(0, 1);
    const result = await runMatrix({
      ...shipped,
      workloads,
      cpus: [1],
      runs: 2,
      cells: [],
      include: [],
      axes: shipped.axes.map((axis) => ({
        ...axis,
        values: axis.values.filter(
          ({ text }) => axis.name === 'SMP' || text === 'v7.0' || text === 'y',
        ),
      })),
    });
    for (const cell of result.cells) {
      expect(checkSchema(measurementSchema, cell.measurements[0])).toBeUndefined();
    }
    report = buildReport(result);
  });

  it('makes a report and a diff that follow their schemas', () => {
    expect(report.workloads).toHaveLength(2);
    expect(checkSchema(reportSchema, JSON.parse(toJson(report)))).toBeUndefined();
    const diff = JSON.parse(toJson(diffCells(report, smp, up)));
    expect(checkSchema(diffSchema, diff)).toBeUndefined();
  });

  it('moves page faults from the VMA lock to mmap_lock', () => {
    const { fallbacks, counters, surface } = diffCells(report, smp, up);
    const site = fallbacks.find((row) => row.site === 'do_user_addr_fault:lock_vma_under_rcu');
    expect([site?.left, site?.right]).toEqual(['sometimes', 'always']);
    const [hits] = site?.hits ?? [];
    expect(hits?.right).toBeGreaterThan(hits?.left ?? Number.POSITIVE_INFINITY);
    const reads = counters.find((row) => row.name === 'read_acquired');
    expect(reads?.right).toBeGreaterThan(reads?.left ?? Number.POSITIVE_INFINITY);
    expect(surface.functions.find(({ name }) => name === 'lock_vma_under_rcu')).toMatchObject({
      left: 'real',
      right: 'stub',
      stub: { left: null, right: 'returns NULL' },
    });
  });

  it('differs in nothing from itself', () => {
    expect(isEmptyDiff(diffCells(report, up, up))).toBe(true);
  });
});
