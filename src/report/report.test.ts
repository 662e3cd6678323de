import { describe, expect, it } from 'vitest';
import { toJson } from '../input/index.ts';
import { fixtureResult } from './fixture.test-util.ts';
import { golden } from './golden.test-util.ts';
import {
  buildReport,
  checkSchema,
  diffCells,
  diffMarkdown,
  diffSchema,
  diffText,
  isEmptyDiff,
  parseReport,
  reportMarkdown,
  reportSchema,
  reportText,
} from './index.ts';

const report = buildReport(fixtureResult());
const left = 'v7.0:64BIT=y,SMP=y';
const right = 'v7.0:64BIT=y,SMP=n';

describe('golden files', () => {
  it('report as JSON', async () => {
    await expect(toJson(report)).toMatchFileSnapshot(golden('report.json'));
  });

  it('report as Markdown', async () => {
    await expect(reportMarkdown(report)).toMatchFileSnapshot(golden('report.md'));
  });

  it('report for a terminal of 80 columns', async () => {
    const text = reportText(report, { width: 80, colour: false });
    await expect(text).toMatchFileSnapshot(golden('report.txt'));
  });

  it('diff as JSON', async () => {
    await expect(toJson(diffCells(report, left, right))).toMatchFileSnapshot(golden('diff.json'));
  });

  it('diff as Markdown', async () => {
    const text = diffMarkdown(diffCells(report, left, right));
    await expect(text).toMatchFileSnapshot(golden('diff.md'));
  });

  it('diff for a terminal', async () => {
    const text = diffText(diffCells(report, left, right), { width: 80, colour: false });
    await expect(text).toMatchFileSnapshot(golden('diff.txt'));
  });
});

describe('the report', () => {
  it('is a pure function of the result', () => {
    expect(toJson(buildReport(fixtureResult()))).toBe(toJson(report));
  });

  it('follows its schema, and so does its diff', () => {
    expect(checkSchema(reportSchema, JSON.parse(toJson(report)))).toBeUndefined();
    const diff = diffCells(report, left, right);
    expect(checkSchema(diffSchema, JSON.parse(toJson(diff)))).toBeUndefined();
  });

  it('comes back from JSON as it was', () => {
    expect(parseReport(toJson(report), 'report.json')).toEqual(report);
  });

  it('keeps its Markdown tables within 100 columns', () => {
    const long = reportMarkdown(report)
      .split('\n')
      .filter((line) => line.startsWith('|') && line.length > 100);
    expect(long).toEqual([]);
  });
});

describe('the diff', () => {
  it('of a cell with itself is empty', () => {
    for (const cell of report.cells) {
      expect(isEmptyDiff(diffCells(report, cell.id, cell.id)), cell.id).toBe(true);
    }
  });

  it('of a cell with its twin is empty but for what was asked', () => {
    const twins = diffCells(
      report,
      'all-builds-v2:64BIT=y,SMP=y',
      'all-builds-v2:64BIT=y,SMP=y,NET=y',
    );
    expect(isEmptyDiff(twins)).toBe(true);
  });

  it('finds in report order the same as in the other direction', () => {
    const there = diffCells(report, left, right);
    const back = diffCells(report, right, left);
    expect(back.options.map((o) => [o.symbol, o.right, o.left])).toEqual(
      there.options.map((o) => [o.symbol, o.left, o.right]),
    );
    expect(back.surface.functions.map((f) => [f.name, f.right, f.left])).toEqual(
      there.surface.functions.map((f) => [f.name, f.left, f.right]),
    );
  });

  it('names the first cause of an option that nobody asked about', () => {
    const found = diffCells(report, left, right).options.find((o) => o.symbol === 'PER_VMA_LOCK');
    expect(found?.why).toBe('SMP is asked to be y on the left and n on the right');
  });

  it('tells once that an option is not defined on one side, among the options where these list it', () => {
    const diff = diffCells(report, left, 'all-builds-v2:64BIT=y,SMP=y');
    const undefinedThere = { kind: 'option', left: 'defined', right: null };
    expect(diff.surface.names).toEqual([
      { name: 'PER_VMA_LOCK', ...undefinedThere },
      { name: 'X86_PAE', ...undefinedThere },
    ]);
    expect(diff.options.map(({ symbol }) => symbol)).toContain('PER_VMA_LOCK');
    const text = diffMarkdown(diff);
    expect(text).toMatch(/\| `X86_PAE` +\| option \| defined \| not defined \|/);
    expect(text.match(/^\| `PER_VMA_LOCK` /gm)).toHaveLength(1);
  });

  it('refuses a cell the report does not have', () => {
    expect(() => diffCells(report, left, 'v7.0:64BIT=y,SMP=m')).toThrow(
      'error: no cell "v7.0:64BIT=y,SMP=m" in matrices/per-vma-lock.yaml',
    );
  });
});
