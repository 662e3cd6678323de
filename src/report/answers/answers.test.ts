import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { fixtureResult } from '../fixture.test-util.ts';
import { VERDICTS } from '../html/page.test-util.ts';
import { buildReport, checkSchema, parseReferences, reportHtml, reportSchema } from '../index.ts';
import type { CostRow, Report, ReportVerdict } from '../model.ts';
import { byteThresholds } from './bytes.ts';
import { costSentences, costThresholds, flipsOf, WITHIN } from './costs.ts';
import { seriesOf } from './pairs.ts';
import { verdictThresholds } from './verdicts.ts';

const LEFT = 'v7.0:64BIT=y,SMP=n';
const RIGHT = 'all-builds-v2:64BIT=y,SMP=n';

function row(kernel: string, pays: CostRow['pays']): CostRow {
  const each = pays.reduce((sum, paid) => sum + paid.each * paid.times, 0);
  return {
    ...{ operation: 'fault', kernel, profile: 'server', unit: 'ns', runs: 3 },
    ...{ each, least: each, most: each, pays },
  } as CostRow;
}

/** The fixture with what an operation costs on the kernels of one pair. */
function priced(left: CostRow['pays'], right: CostRow['pays']): Report {
  return { ...buildReport(fixtureResult()), costs: [row(LEFT, left), row(RIGHT, right)] };
}

describe('the series of a report', () => {
  it('is what no option decides about, beside the edition before it', () => {
    const series = seriesOf(buildReport(fixtureResult()));
    expect(series).toMatchObject({ without: 'v7.0', with: 'all-builds-v2' });
    expect(series?.pairs.map(({ label, missing }) => [label, missing])).toEqual([
      ['64BIT=y,SMP=y', false],
      ['64BIT=y,SMP=n', true],
    ]);
  });

  it('is none in a report of one edition', () => {
    const result = fixtureResult();
    const cells = result.cells.filter(({ spec }) => spec.edition === 'v7.0');
    expect(buildReport({ ...result, cells }).answers).toEqual([]);
  });
});

describe('what would change an answer', () => {
  it('the price at which a difference is none makes it none', () => {
    const paid = fc.record({
      each: fc.integer({ min: 1, max: 500 }),
      left: fc.integer({ min: 0, max: 20 }),
      right: fc.integer({ min: 0, max: 20 }),
    });
    fc.assert(
      fc.property(fc.array(paid, { minLength: 1, maxLength: 6 }), (prices) => {
        const side = (key: 'left' | 'right') =>
          row(
            'k',
            prices.map((p, i) => ({ price: `p${i}`, each: p.each, times: p[key] })),
          );
        for (const { price, factor } of flipsOf({ left: side('left'), right: side('right') })) {
          expect(factor).toBeGreaterThanOrEqual(1 / WITHIN);
          const total = (key: 'left' | 'right'): number =>
            prices.reduce((n, p, i) => n + p.each * p[key] * (`p${i}` === price ? factor : 1), 0);
          expect(total('right')).toBeCloseTo(total('left'), 6);
        }
      }),
    );
  });

  it('names the price, or says that no single one does', () => {
    const report = priced(
      [{ price: 'atomic', each: 10, times: 5 }],
      [
        { price: 'atomic', each: 10, times: 3 },
        { price: 'step', each: 1, times: 30 },
      ],
    );
    const pairs = seriesOf(report)!.pairs;
    const changes = pairs.slice(1).map((pair) => ({
      pair,
      left: report.costs[0]!,
      right: report.costs[1]!,
    }));
    expect(costSentences(changes)).toEqual([
      'One fault in ns: 64BIT=y,SMP=n 50 to 60 (+10, +20.0%); spread of 3 runs at most 0.0%.',
    ]);
    expect(costThresholds(changes)).toEqual([
      'Cost, fault on 64BIT=y,SMP=n: dearer by 10 ns; it turns round with step below 0.667 in place of 1 (x0.67), or atomic above 15 in place of 10 (x1.50).',
    ]);
    const same = { price: 'step', each: 1, times: 30 };
    const none = {
      ...changes[0]!,
      left: row(LEFT, [same]),
      right: row(RIGHT, [{ ...same, times: 31 }]),
    };
    expect(costThresholds([none])).toEqual([
      'Cost, fault on 64BIT=y,SMP=n: dearer by 1 ns; no single price of the profile turns that round within a factor of 10.',
    ]);
  });

  it('says how much room a slab object has left', () => {
    const report = buildReport(fixtureResult());
    expect(byteThresholds(report, seriesOf(report)!.pairs.slice(1))).toEqual([
      'Memory, 64BIT=y,SMP=n: a page holds 21 VMAs with the lock and without; that ends when vm_area_struct grows by more than 40 bytes (152 now, 192 to a slab object).',
    ]);
  });

  it('finds the one condition two verdicts differ in', () => {
    const verdict = VERDICTS[0]!.verdicts[0]!;
    const of = (holding: 'nothing' | 'vma', words: Partial<ReportVerdict>): ReportVerdict => ({
      ...verdict,
      ...words,
      property: 'deadlock',
      question: { ...verdict.question, holding },
    });
    expect(
      verdictThresholds([of('nothing', { verdict: 'holds' }), of('vma', { verdict: 'violated' })]),
    ).toEqual([
      `Verdict, deadlock: holds with nothing held, violated with vma held, where nothing but what the caller holds differs (${verdict.question.lookup}).`,
    ]);
    expect(
      verdictThresholds([of('nothing', { verdict: 'holds' }), of('vma', { verdict: 'holds' })]),
    ).toEqual([]);
  });
});

describe('evidence of other commands', () => {
  const torture: Report['torture'] = [
    {
      cell: {
        ...{ edition: 'v7.0', lookup: 'wait', adversary: 'mmap', writers: 2, place: 'beside' },
        ...{ scheduler: 'fair', lookups: 1000, steps: 10, profile: 'server', seed: 1 },
      },
      ...{ outcome: 'completed', detail: '', lookups: 1000, unfinished: null, beyond_max: 0.003 },
      retries: { p50: 0, p99: 1, p999: 3, max: 7 },
      slow: { share: 0.1, bound: 0.12 },
      time_ns: { p50: 100, p99: 900, p999: 2000, max: 5000 },
      exhausted: 0,
      writers: { ops_per_second: 1e6, alone: 1.1e6, loss: 0.1 },
    },
  ];
  const references = parseReferences(
    '{"symbol": "PER_VMA_LOCK", "references": [{"file": "a.c", "line": 3, "kind": "ifdef", "state": "dangling"}]}',
    'refs.json',
  );
  const report = buildReport(fixtureResult(), VERDICTS, { torture, references });

  it('stands in the answers, the JSON and the page', () => {
    const sentences = report.answers.flatMap((answer) => answer.sentences);
    expect(sentences).toContain('References to PER_VMA_LOCK in the tree: 1 dangling (a.c 1).');
    expect(sentences.join('\n')).toContain(
      'Under torture, wait: in 1,000 lookups, at most 7 retries',
    );
    expect(checkSchema(reportSchema, JSON.parse(JSON.stringify(report)))).toBeUndefined();
    expect(reportHtml(report)).toContain('Retries of one lookup');
  });

  it('is refused where it is something else', () => {
    expect(() => parseReferences('{"symbol": 1}', 'x.json')).toThrow(/x\.json is not what/);
    expect(() => parseReferences('{', 'x.json')).toThrow(/x\.json is not JSON/);
  });
});
