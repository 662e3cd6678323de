import { describe, expect, it } from 'vitest';
import { toJson } from '../input/index.ts';
import { FAILURES, withFailure } from './failures.test-util.ts';
import { fixtureResult } from './fixture.test-util.ts';
import { golden } from './golden.test-util.ts';
import {
  buildReport,
  checkSchema,
  diffCells,
  diffMarkdown,
  diffSchema,
  isEmptyDiff,
  measurementMarkdown,
  measurementSchema,
  measurementText,
  parseReport,
  reportMarkdown,
  reportSchema,
  reportText,
} from './index.ts';

const EDITION = 'all-builds-v2';
const KERNEL = `${EDITION}:64BIT=y,SMP=y`;
const failing = withFailure(fixtureResult(), EDITION, 'mixed', FAILURES.oops);
const report = buildReport(failing);
const [measurement] = fixtureResult().cells[0]?.measurements ?? [];
if (measurement === undefined) throw new Error('the fixture has no measurement');
const failed = Object.values(FAILURES).map((outcome) => ({
  ...measurement,
  outcome,
  performance: [],
}));

describe('a failed workload in a report', () => {
  it('has a row of its own and no figure in any table', () => {
    expect(report.outcomes).toEqual([
      { workload: 'mixed', kernel: KERNEL, outcome: FAILURES.oops },
    ]);
    const figures = [...report.workloads, ...report.performance].filter(
      (row) => row.kernel === KERNEL && row.workload === 'mixed',
    );
    expect(figures).toEqual([]);
    for (const { kernels } of report.fallbacks) {
      expect(kernels[KERNEL]?.hits ?? {}).not.toHaveProperty('mixed');
    }
    expect(report.comparisons.filter((c) => c.workload === 'mixed' && c.right === KERNEL)).toEqual(
      [],
    );
  });

  it('shows its word where the figures would stand', async () => {
    const text = reportMarkdown(report);
    const row = text.split('\n').filter((line) => line.startsWith(`| \`${KERNEL}\``));
    expect(row.filter((line) => / oops \| +oops \|$/.test(line))).toHaveLength(2);
    await expect(text).toMatchFileSnapshot(golden('failures.md'));
  });

  it('is told where no kernel completed the workload', () => {
    const all = fixtureResult();
    const everywhere = {
      ...all,
      cells: all.cells.map((cell) => ({
        ...cell,
        measurements: cell.measurements.map((m) => ({
          ...m,
          outcome: FAILURES.hung,
          performance: [],
        })),
      })),
    };
    const text = reportText(buildReport(everywhere), { width: 100, colour: false });
    expect(text).toContain('No kernel completed it.');
    expect(text).not.toContain('NaN');
  });

  it('follows the schema and comes back as it was', () => {
    for (const outcome of Object.values(FAILURES)) {
      const one = buildReport(withFailure(fixtureResult(), EDITION, 'mixed', outcome));
      expect(checkSchema(reportSchema, JSON.parse(toJson(one)))).toBeUndefined();
      expect(parseReport(toJson(one), 'r.json')).toEqual(one);
    }
  });

  it('may be missing from a report of an older version', () => {
    const { outcomes: _, ...older } = buildReport(fixtureResult());
    expect(parseReport(JSON.stringify(older), 'r.json').outcomes).toEqual([]);
  });
});

describe('a failed workload in a diff', () => {
  const beside = `${EDITION}:64BIT=y,SMP=n`;

  it('is a difference in words, and nothing else of it is compared', () => {
    const diff = diffCells(report, KERNEL, beside);
    expect(diff.outcomes).toEqual([{ workload: 'mixed', left: 'oops', right: 'completed' }]);
    expect([...diff.counters, ...diff.performance].filter((d) => d.workload === 'mixed')).toEqual(
      [],
    );
    expect(diff.notes).toEqual([]);
    expect(diffMarkdown(diff)).toMatch(/\| `mixed` +\| oops +\| completed +\|/);
    expect(checkSchema(diffSchema, JSON.parse(toJson(diff)))).toBeUndefined();
  });

  it('is none where both sides end alike', () => {
    expect(isEmptyDiff(diffCells(report, KERNEL, KERNEL))).toBe(true);
    expect(diffCells(buildReport(fixtureResult()), KERNEL, beside).outcomes).toEqual([]);
  });
});

describe('a failed measurement', () => {
  it.each(failed)('of kind $outcome.kind follows the schema and shows no figure', (m) => {
    expect(checkSchema(measurementSchema, JSON.parse(toJson(m)))).toBeUndefined();
    for (const text of [measurementMarkdown(m), measurementText(m, { width: 90, colour: false })]) {
      expect(text).not.toContain('ops/s');
      expect(text).not.toContain('pgfault');
      expect(text).toContain(m.outcome.kind === 'oops' ? 'read_refcnt' : 'mixed.yaml');
    }
  });

  it('reads as a report of the kernel', async () => {
    const text = failed.map((m) => measurementMarkdown(m)).join('\n');
    await expect(text).toMatchFileSnapshot(golden('failed-measurements.md'));
  });
});
