import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { fixtureResult } from '../fixture.test-util.ts';
import { buildReport, diffCells, type Report } from '../index.ts';
import { el, verbatim } from './html.ts';
import { diffHtml, reportHtml } from './index.ts';
import { checkNesting, skeleton, tagsOf, VERDICTS } from './page.test-util.ts';

const HOSTILE = [
  '<script>alert(1)</script>',
  '</script><script>alert(1)</script>',
  '</style><img src=x onerror=alert(1)>',
  '" onmouseover="alert(1)" x="',
  "' onfocus='alert(1)' autofocus '",
  '--><!-- <![CDATA[ ]]>',
  '</title></desc></svg></table></details></code>',
  'javascript:alert(1)',
  '&lt;script&gt; &#60;b&#62; &amp',
  'x\u202e rtl \u2066 isolate \u200b zero \ufeff bom',
  '\x1b[31mred\x00\x07\x9b',
  'line one\nline two\r\n\u2028third',
  '\ud800 lone surrogate',
  '`backticks` {{7*7}}',
];

/** Words a reader of a report relies on: everything else in it can come from a user's file. */
const OWN = new Set(
  'kind state status basis section taken verdict property fairness queue write holding lookup schemaVersion'.split(
    ' ',
  ),
);

/** The report with a text behind every text and every key that is not one of our own words. */
function poisoned(report: Report, text: string): Report {
  const records = new Set(['kernels', 'hits', 'counters', 'config', 'axes', 'set']);
  const walk = (value: unknown, keys: boolean): unknown => {
    if (typeof value === 'string') return value + text;
    if (Array.isArray(value)) return value.map((item) => walk(item, false));
    if (typeof value !== 'object' || value === null) return value;
    return Object.fromEntries(
      Object.entries(value).map(([key, own]) => [
        keys ? key + text : key,
        OWN.has(key) || typeof own === 'number' ? own : walk(own, records.has(key)),
      ]),
    );
  };
  return walk(report, false) as Report;
}

const report = buildReport(fixtureResult(), VERDICTS);

function pages(text: string): string[] {
  const hostile = poisoned(report, text);
  const [left, right] = hostile.kernels;
  return [reportHtml(hostile), diffHtml(diffCells(hostile, left!.id, right!.id))];
}

const benign = pages('x').map(skeleton);

function active(page: string): string[] {
  return (
    page.match(
      /[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u200b-\u200f\u2028-\u202e\u2066-\u2069\ufeff]/g,
    ) ?? []
  );
}

describe.each(HOSTILE)('hostile text %j in every place', (text) => {
  const hostile = pages(text);

  it('makes no element and no attribute', () => {
    expect(hostile.map(skeleton)).toEqual(benign);
    for (const page of hostile) expect(() => checkNesting(tagsOf(page))).not.toThrow();
  });

  it('leaves no control or bidirectional character', () => {
    for (const page of hostile) {
      expect(active(page)).toEqual([]);
      expect(page.isWellFormed()).toBe(true);
    }
  });

  it('reaches neither style nor script nor a link', () => {
    const code = (page: string): string[] => page.match(/<(style|script)>[\s\S]*?<\/\1>/g) ?? [];
    expect(hostile.map(code)).toEqual(pages('x').map(code));
    for (const { attributes } of hostile.flatMap(tagsOf)) {
      expect(attributes.href ?? '#').toMatch(/^#[A-Za-z0-9_.-]*$/);
    }
  });
});

it('is tried in hundreds of places', () => {
  const [page] = pages('<script>alert(1)</script>');
  expect(page!.split('&#60;script&#62;alert(1)&#60;/script&#62;').length).toBeGreaterThan(300);
});

describe('any text', () => {
  it('is text inside an element and inside an attribute', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 30 }), (text) => {
        const { markup } = el('p', { title: text }, text);
        expect(
          tagsOf(markup).map(({ name, attributes }) => [name, Object.keys(attributes)]),
        ).toEqual([
          ['p', ['title']],
          ['p', []],
        ]);
        expect(active(markup)).toEqual([]);
      }),
      { numRuns: 50 },
    );
  });
});

describe('style and script', () => {
  it('are refused where they would end early', () => {
    expect(() => verbatim('script', 'x = "</script>"')).toThrow('must not hold');
  });
});
