import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { toJson } from '../input/index.ts';
import type { CellResult, MatrixResult } from '../matrix/index.ts';
import { fixtureResult } from './fixture.test-util.ts';
import {
  buildReport,
  checkSchema,
  diffCells,
  diffMarkdown,
  diffText,
  isEmptyDiff,
  parseReport,
  reportMarkdown,
  reportSchema,
  reportText,
} from './index.ts';

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
];

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

  it('has no markup of its own in Markdown', () => {
    for (const markdown of [reportMarkdown(report), diffMarkdown(diff)]) {
      const rest = live(markdown);
      expect(rest).not.toMatch(/<[a-z/!]/i);
      expect(rest).not.toContain('](');
      expect(rest).not.toContain('`');
      expect(rest).not.toMatch(/__init__|^# heading/m);
      expect(controls(markdown)).toEqual([]);
    }
  });

  it('keeps every table row at its number of cells', () => {
    const lines = reportMarkdown(report).split('\n');
    for (const [i, line] of lines.entries()) {
      const before = lines[i - 1];
      if (!line.startsWith('|') || !before?.startsWith('|')) continue;
      expect(bars(line), line).toBe(bars(before));
    }
  });

  it('reaches no terminal as a control', () => {
    const options = { width: 80, colour: false };
    expect(controls(reportText(report, options))).toEqual([]);
    expect(controls(diffText(diff, options))).toEqual([]);
    expect(controls(toJson(report))).toEqual([]);
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
