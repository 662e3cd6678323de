import { describe, expect, it } from 'vitest';
import { toJson } from '../input/index.ts';
import type { TortureResult } from '../kernel/index.ts';
import { FAILURES, withFailure } from './failures.test-util.ts';
import { fixtureResult } from './fixture.test-util.ts';
import {
  buildReport,
  type Compat,
  compatCsv,
  compatHtml,
  compatMarkdown,
  compatOf,
  compatText,
  csvSections,
  type Decide,
  type Diff,
  diffHtml,
  diffMarkdown,
  diffMatrices,
  diffSides,
  diffText,
  gateJunit,
  gateOfDiff,
  gateRules,
  gateSarif,
  isEmptyDiff,
  isEmptyMatrixDiff,
  MAIL,
  type MatrixDiff,
  matricesOfDiff,
  matrixDiffCsv,
  matrixDiffHtml,
  matrixDiffMarkdown,
  matrixDiffText,
  parseReport,
  parseTorture,
  type Report,
  reportCsv,
  reportHtml,
  reportJunit,
  reportMarkdown,
  reportSarif,
  reportText,
  sideOfCell,
  tortureCsv,
  tortureHtml,
  tortureMarkdown,
  tortureText,
} from './index.ts';
import { tortureFixture } from './torture.test-util.ts';
import { verdictGroup } from './verdict.test-util.ts';

const TERM = { width: 120, colour: true };
const WRITER = { version: '1', base: 'file:///src/', cwd: '/src' };
const RULES = gateRules('surface,fallback,perf:5%,verdict');

const report = buildReport(
  withFailure(fixtureResult(), 'v7.0', 'mixed', FAILURES.hung),
  [verdictGroup({ verdict: 'violated', retryBound: 'unbounded' })],
  {
    torture: tortureFixture(),
    references: {
      symbol: 'PER_VMA_LOCK',
      references: [{ file: 'mm/mmap.c', line: 7, state: 'live' }],
    },
  },
);
const results = tortureFixture();
const decide: Decide = ({ config }) =>
  config.PER_VMA_LOCK === 'n' ? [{ option: 'PER_VMA_LOCK', value: 'n', needed: 'y' }] : undefined;

const editionsOf = (left: Report, right: Report = left): MatrixDiff =>
  diffMatrices(
    { report: left, source: 'report.json', edition: 'v7.0' },
    { report: right, source: 'report.json', edition: 'all-builds-v2' },
  );
const matricesOf = (left: Report, right: Report): MatrixDiff =>
  diffMatrices({ report: left, source: 'a.json' }, { report: right, source: 'b.json' });
const cellsOf = (left: Report, right: Report = left): Diff =>
  diffSides(
    sideOfCell(left, 'v7.0:64BIT=y,SMP=y', 'report.json'),
    sideOfCell(right, 'v7.0:64BIT=y,SMP=n', 'report.json'),
  );
const compatOn = (one: Report): Compat =>
  compatOf(one, {
    apis: ['lock_vma_under_rcu', 'vma_end_read'],
    callers: ['find_tcp_vma'],
    decide,
  });
/** The same matrix after it lost a cell: something was removed, and kernels have other first cells. */
const other = ((): Report => {
  const { cells, ...rest } = fixtureResult();
  return buildReport({ ...rest, cells: cells.slice(1) });
})();

type Faces = Readonly<Record<string, string>>;

function reportFaces(one: Report): Faces {
  return {
    json: toJson(one),
    md: reportMarkdown(one, { all: true }),
    html: reportHtml(one),
    mail: reportText(one, MAIL, { all: true }),
    term: reportText(one, TERM),
    junit: reportJunit(one),
    sarif: reportSarif(one, WRITER),
    ...Object.fromEntries(csvSections.map((name) => [name, reportCsv(one, name)])),
  };
}

function gateFaces(diff: MatrixDiff): Faces {
  const result = gateOfDiff(diff, RULES);
  return {
    csv: matrixDiffCsv(diff),
    junit: gateJunit(result, RULES),
    sarif: gateSarif(result, () => ({ file: 'report.json' }), WRITER),
  };
}

function matrixFaces(diff: MatrixDiff): Faces {
  return {
    json: toJson(diff),
    md: matrixDiffMarkdown(diff),
    html: matrixDiffHtml(diff),
    mail: matrixDiffText(diff, MAIL),
    term: matrixDiffText(diff, TERM),
    ...gateFaces(diff),
  };
}

function cellFaces(diff: Diff): Faces {
  return {
    json: toJson(diff),
    md: diffMarkdown(diff),
    html: diffHtml(diff),
    mail: diffText(diff, MAIL),
    term: diffText(diff, TERM),
    ...gateFaces(matricesOfDiff(diff)),
  };
}

function tortureFaces(cells: readonly TortureResult[]): Faces {
  return {
    md: tortureMarkdown(cells),
    html: tortureHtml(cells),
    mail: tortureText(cells, MAIL),
    term: tortureText(cells, TERM),
    csv: tortureCsv(cells),
  };
}

function compatFaces(compat: Compat): Faces {
  return {
    json: toJson(compat),
    md: compatMarkdown(compat),
    html: compatHtml(compat),
    mail: compatText(compat, MAIL),
    term: compatText(compat, TERM),
    csv: compatCsv(compat),
  };
}

const throughJson = <T>(value: T): T => JSON.parse(toJson(value)) as T;
const again = parseReport(toJson(report), 'report.json');

describe('what was written as JSON and read again has the same faces', () => {
  it.each<[string, Faces, Faces]>([
    ['a report', reportFaces(again), reportFaces(report)],
    [
      'a torture test',
      tortureFaces(parseTorture(toJson({ schemaVersion: 1, cells: results }), 't.json')),
      tortureFaces(results),
    ],
    ['two cells of the report', cellFaces(cellsOf(again)), cellFaces(cellsOf(report))],
    ['two editions of it', matrixFaces(editionsOf(again)), matrixFaces(editionsOf(report))],
    [
      'it and another',
      matrixFaces(matricesOf(again, throughJson(other))),
      matrixFaces(matricesOf(report, other)),
    ],
    ['its APIs', compatFaces(compatOn(again)), compatFaces(compatOn(report))],
    ['a diff of cells', cellFaces(throughJson(cellsOf(report))), cellFaces(cellsOf(report))],
    [
      'a diff of editions',
      matrixFaces(throughJson(editionsOf(report))),
      matrixFaces(editionsOf(report)),
    ],
    [
      'a diff of matrices',
      matrixFaces(throughJson(matricesOf(report, other))),
      matrixFaces(matricesOf(report, other)),
    ],
    [
      'an answer about APIs',
      compatFaces(throughJson(compatOn(report))),
      compatFaces(compatOn(report)),
    ],
  ])('%s', (_, read, written) => {
    for (const [name, text] of Object.entries(written)) {
      expect(text, name).not.toBe('');
      expect(read[name], name).toBe(text);
    }
  });
});

describe('a report and what was read again of it', () => {
  it('do not differ, cell by cell and as a whole, in either order', () => {
    for (const [left, right] of [
      [report, again],
      [again, report],
    ] as const) {
      const whole = matricesOf(left, right);
      expect(isEmptyMatrixDiff(whole)).toBe(true);
      expect(gateOfDiff(whole, RULES).regressions).toEqual([]);
      for (const { id } of left.cells) {
        const sides = [left, right].map((one) => sideOfCell(one, id, 'report.json')) as [
          ReturnType<typeof sideOfCell>,
          ReturnType<typeof sideOfCell>,
        ];
        expect(isEmptyDiff(diffSides(...sides)), id).toBe(true);
      }
    }
  });

  it('would differ if anything were lost', () => {
    expect(isEmptyDiff(cellsOf(report, again))).toBe(false);
    expect(isEmptyMatrixDiff(editionsOf(report, again))).toBe(false);
    expect(isEmptyMatrixDiff(matricesOf(report, other))).toBe(false);
  });
});
