import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { toJson } from '../input/index.ts';
import type { CellResult, MatrixResult } from '../matrix/index.ts';
import { readJunit } from './ci/junit-rules.test-util.ts';
import { SARIF_RULES } from './ci/sarif-rules.test-util.ts';
import { fixtureResult } from './fixture.test-util.ts';
import {
  buildReport,
  type CheckReport,
  checkJunit,
  checkMarkdown,
  checkSarif,
  checkSchema,
  checkText,
  compatCsv,
  compatHtml,
  compatMarkdown,
  compatOf,
  compatText,
  csvSections,
  diffCells,
  diffMarkdown,
  diffMatrices,
  diffText,
  gateJunit,
  gateOfDiff,
  gateRules,
  gateSarif,
  isEmptyDiff,
  type MatrixDiff,
  matrixDiffCsv,
  matrixDiffHtml,
  matrixDiffMarkdown,
  matrixDiffText,
  parseReport,
  reportCsv,
  reportJunit,
  reportMarkdown,
  reportSarif,
  reportSchema,
  reportText,
  tortureCsv,
  tortureHtml,
  tortureMarkdown,
  tortureText,
} from './index.ts';
import { tortureFixture } from './torture.test-util.ts';

const HOSTILE = [
  '<script>alert(1)</script>',
  '<img src=x onerror=alert(1)>',
  'a | b | c',
  'line one\nline two\r\n# heading',
  '\x1b[31mred\x1b[0m \x1b]0;title\x07',
  '\u009b31m c1 \u202e rtl \u200b zero',
  '`code` ``` fence',
  '**bold** __init__ [link](javascript:alert(1)) ![i](x)',
  '&lt;b&gt; \\| \\`',
  '| --- |',
  '\ud800 lone surrogate',
  '=cmd|"/C calc"!A0',
  ']]> <!-- --> <?xml?> &#0; &amp; \ufffe\uffff',
  '"><failure message="x"/>',
];

const COMPAT = { apis: ['lock_vma_under_rcu'], callers: ['find_tcp_vma'] };

/** Every place of a result that text from a user's files can reach. */
function poisoned(text: string): MatrixResult {
  const base = fixtureResult();
  const cells = base.cells.map(
    (cell): CellResult => ({
      ...cell,
      notes: [text],
      kconfig: text,
      options: cell.options.map((option) => ({ ...option, value: text, why: text })),
      refusals: cell.refusals.map((refusal) => ({ ...refusal, wanted: text, reason: text })),
      lock: cell.lock && { ...cell.lock, why: text },
    }),
  );
  return { ...base, name: text, description: text, matrixFile: text, profile: text, cells };
}

/** A check of drivers whose names, reasons and configurations are not ours either. */
function poisonedCheck(text: string): CheckReport {
  const cell = {
    state: 'absent' as const,
    body: 'code' as const,
    stub: text,
    signature: text,
    changed: false,
    places: [{ line: 1, column: 1 }],
    breaks: true,
    reason: text,
  };
  const api = { name: text, kind: 'function' as const, file: text, line: 1, cells: [cell] };
  return {
    tree: text,
    cells: [
      { id: text, rejected: null },
      { id: `${text} `, rejected: text },
    ],
    files: [{ file: text, apis: [api], unread: [{ line: 1, text }], notes: [text] }],
  };
}

/** The same differences with nothing hostile in them. */
function plain(diff: MatrixDiff): MatrixDiff {
  return {
    ...diff,
    options: diff.options.map((one) => ({ ...one, left: 'y', right: 'n', why: 'because' })),
  };
}

/** Markdown with code spans and escaped characters taken out: what is left is live markup. */
function live(markdown: string): string {
  return markdown
    .replace(/\\[\\`*[\]<|_~]/g, '')
    .replace(/(?<!`)(`+)(?!`)[^\n]*?(?<!`)\1(?!`)/g, '');
}

function controls(text: string): string[] {
  return text.match(/[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u200b-\u200f\u202a-\u202e]/g) ?? [];
}

describe.each(HOSTILE)('hostile text %j', (text) => {
  const report = buildReport(poisoned(text));
  const [a, b] = ['v7.0:64BIT=y,SMP=y', 'v7.0:64BIT=y,SMP=n'];
  const diff = diffCells(report, a, b);
  const side = (edition: string) => ({ report, source: text, edition });
  const many = diffMatrices(side('v7.0'), side('all-builds-v2'));
  const worse = diffMatrices(side('all-builds-v2'), side('v7.0'));
  const rules = gateRules('surface,fallback,size,outcome,perf,verdict');
  const gated = gateOfDiff(worse, rules);
  const writer = { version: '1', cwd: '/work' };
  const place = () => ({ file: text, line: 1, logical: { name: text, kind: 'function' as const } });
  const checked = poisonedCheck(text);
  const torture = tortureFixture(text);
  const compat = compatOf(report, COMPAT);

  it('has no markup of its own in Markdown', () => {
    const all = [
      reportMarkdown(report),
      diffMarkdown(diff),
      matrixDiffMarkdown(many),
      tortureMarkdown(torture),
      compatMarkdown(compat),
    ];
    for (const markdown of all) {
      const rest = live(markdown);
      expect(rest).not.toMatch(/<[a-z/!]/i);
      expect(rest).not.toContain('](');
      expect(rest).not.toContain('`');
      expect(rest).not.toMatch(/__init__|^# heading/m);
      expect(controls(markdown)).toEqual([]);
    }
  });

  it('keeps every table row at its number of cells', () => {
    const lines = [
      reportMarkdown(report),
      matrixDiffMarkdown(many),
      checkMarkdown(checked, true),
      tortureMarkdown(torture),
      compatMarkdown(compat),
    ];
    for (const [i, line, all] of lines.flatMap((one) =>
      one.split('\n').map((row, at, rows) => [at, row, rows] as const),
    )) {
      const before = all[i - 1];
      if (!line.startsWith('|') || !before?.startsWith('|')) continue;
      expect(bars(line), line).toBe(bars(before));
    }
  });

  it('reaches no terminal as a control', () => {
    const options = { width: 80, colour: false };
    expect(controls(reportText(report, options))).toEqual([]);
    expect(controls(diffText(diff, options))).toEqual([]);
    expect(controls(toJson(report))).toEqual([]);
    expect(controls(matrixDiffText(many, options))).toEqual([]);
    expect(controls(toJson(many))).toEqual([]);
    expect(controls(checkText(checked, true))).toEqual([]);
    expect(controls(tortureText(torture, options))).toEqual([]);
    expect(controls(compatText(compat, options))).toEqual([]);
    expect(controls(toJson({ cells: torture }))).toEqual([]);
  });

  it('is text in JUnit, and nothing else of it', () => {
    const all = [reportJunit(report), gateJunit(gated, rules), checkJunit(checked)];
    for (const xml of all) {
      readJunit(xml);
      expect(controls(xml)).toEqual([]);
    }
  });

  it('is text in SARIF, and no link', () => {
    const all = [
      reportSarif(report, writer),
      gateSarif(gated, place, writer),
      checkSarif(checked, writer),
    ];
    for (const sarif of all) {
      expect(controls(sarif)).toEqual([]);
      for (const [, said = ''] of sarif.matchAll(/"text": "(.*)"/g))
        expect(said).not.toMatch(/(?<!\\\\)\[[^\]]*\]\(/);
      expect(checkSchema(SARIF_RULES, JSON.parse(sarif))).toBeUndefined();
      for (const [, uri = ''] of sarif.matchAll(/"uri": "([^"]*)"/g))
        expect(uri).toMatch(/^[\w!'()*./:%~-]*$/);
    }
  });

  it('is no formula and no line of its own in CSV', () => {
    const harmless = compatOf(buildReport(poisoned('plain')), COMPAT);
    const pairs = [
      [matrixDiffCsv(many), matrixDiffCsv(plain(many))],
      [tortureCsv(torture), tortureCsv(tortureFixture('plain'))],
      [compatCsv(compat), compatCsv(harmless)],
      ...csvSections.map((section) => [
        reportCsv(report, section),
        reportCsv(buildReport(poisoned('plain')), section),
      ]),
    ] as const;
    for (const [csv, same] of pairs) {
      expect(controls(csv)).toEqual([]);
      expect(csv).not.toMatch(/(^|,|\n)"?\s*[=+@]/);
      expect(csv.split('\n').length).toBe(same.split('\n').length);
    }
  });

  it('is no element of a page', () => {
    for (const page of [matrixDiffHtml(many), tortureHtml(torture), compatHtml(compat)]) {
      expect(
        controls(page.replace(/<style>[\s\S]*?<\/style>|<script>[\s\S]*?<\/script>/g, '')),
      ).toEqual([]);
      expect(page.match(/<script/g)).toHaveLength(1);
      expect(page).not.toMatch(/<img|onerror=(?!")[^&]*>/);
    }
  });

  it('comes back from JSON as it was', () => {
    expect(parseReport(toJson(report), 'report.json')).toEqual(report);
  });
});

function bars(line: string): number {
  return line.replace(/\\\|/g, '').split('|').length;
}

describe('any text', () => {
  it('makes a report that follows its schema, with an empty diff to itself', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 40 }), (text) => {
        const report = buildReport(poisoned(text));
        expect(checkSchema(reportSchema, report)).toBeUndefined();
        for (const { id } of report.cells) {
          expect(isEmptyDiff(diffCells(report, id, id))).toBe(true);
        }
        expect(controls(reportMarkdown(report))).toEqual([]);
      }),
      { numRuns: 50 },
    );
  });
});
