import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { fixtureResult } from '../fixture.test-util.ts';
import { golden } from '../golden.test-util.ts';
import { buildReport } from '../index.ts';
import { csvText } from './csv.ts';
import { csvSections, reportCsv } from './sections.ts';

/** What RFC 4180 says a text holds, by a reader that knows nothing of the writer. */
function read(text: string): string[][] {
  const rows: string[][] = [];
  let row: string[] = [];
  let field = '';
  let quoted = false;
  for (let i = 0; i < text.length; i++) {
    const sign = text[i];
    if (quoted) {
      if (sign !== '"') field += sign;
      else if (text[i + 1] === '"') field += text[i++];
      else quoted = false;
    } else if (sign === '"') quoted = true;
    else if (sign === ',' || sign === '\n') {
      row.push(field);
      field = '';
      if (sign === '\n') {
        rows.push(row);
        row = [];
      }
    } else field += sign;
  }
  return rows;
}

describe('comma-separated values', () => {
  it('come back as they were, whatever they are', () => {
    const plain = fc.string({ unit: fc.constantFrom('a', 'B', '1', ' ', ',', '"', ';', 'ü') });
    fc.assert(
      fc.property(fc.array(fc.tuple(plain, plain), { minLength: 1 }), (rows) => {
        expect(read(csvText(['x', 'y'], rows))).toEqual([['x', 'y'], ...rows]);
      }),
    );
  });

  it('hold no formula and no control, and keep to their lines', () => {
    const hostile = [
      '=1+1',
      '+1',
      '-1',
      '@SUM(A1)',
      '=cmd|"/C calc"!A0',
      '\x1b[31m',
      'a\r\nb',
      '\t=1',
    ];
    const text = csvText(
      ['x'],
      hostile.map((one) => [one]),
    );
    expect(read(text)).toHaveLength(hostile.length + 1);
    for (const [value = ''] of read(text)) expect(value).not.toMatch(/^\s*[=+\-@]/);
    expect(text).not.toMatch(/[\u0000-\u0009\u000b-\u001f]/);
  });

  it('write figures as they are, and nothing for nothing', () => {
    expect(csvText(['a', 'b', 'c'], [[-1.5, null, true]])).toBe('a,b,c\n-1.5,,true\n');
  });
});

describe('the tables of a report', () => {
  const report = buildReport(fixtureResult());

  it.each(csvSections)('%s has as many fields in each row as it has columns', (section) => {
    const [head, ...rows] = read(reportCsv(report, section));
    for (const row of rows) expect(row).toHaveLength(head?.length ?? 0);
    if (!['outcomes', 'verdicts'].includes(section)) expect(rows.length).toBeGreaterThan(0);
  });

  it('read as they should', async () => {
    const all = csvSections.map((section) => `# ${section}\n${reportCsv(report, section)}`);
    await expect(all.join('\n')).toMatchFileSnapshot(golden('report.csv'));
  });
});
