import { type Bin, fromZero, type TortureResult } from '../../../kernel/index.ts';
import { tortureName } from '../../torture-document.ts';
import { grouped, listed } from '../../words.ts';
import type { Context } from '../context.ts';
import { el, type Html } from '../html.ts';
import { histogramLegend, histogramPlot } from '../plot/histogram.ts';

/** What is counted of lookups. */
interface Measure {
  readonly name: string;
  readonly says: string;
  readonly xTitle: string;
  readonly unit: string;
  readonly bins: (result: TortureResult) => readonly Bin[];
  readonly of: (result: TortureResult) => TortureResult['retries'];
}

const RETRIES: Measure = {
  name: 'Retries',
  says: 'how many lookups were tried again how often; each number below 16 has a bar of its own, and from there on there are eight between a number and its double.',
  xTitle: 'retries of one lookup',
  unit: '',
  bins: ({ histograms }) => fromZero(histograms?.retries ?? [], 8),
  of: ({ retries }) => retries,
};

const TIMES: Measure = {
  name: 'Time',
  says: 'how many lookups took how long, with four bars between a time and its double.',
  xTitle: 'ns of one lookup, doubling every four bars',
  unit: 'ns',
  bins: ({ histograms }) => histograms?.time_ns ?? [],
  of: ({ time_ns }) => time_ns,
};

/** Histograms of every cell that has them: retries, then times. Lookups of cells without a retry are named, not drawn. */
export function tortureHistograms(context: Context, torture: readonly TortureResult[]): Html[] {
  const drawn = torture.filter(({ histograms, lookups }) => histograms && lookups > 0);
  const retried = drawn.filter(({ retries }) => retries.max > 0);
  const calm = drawn.filter(({ retries }) => retries.max === 0);
  return [
    ...plots(context, RETRIES, retried, torture),
    ...(calm.length > 0
      ? [
          el(
            'p',
            {},
            `No lookup was tried again in ${listed(calm.map((result) => tortureName(result, torture)))}.`,
          ),
        ]
      : []),
    ...plots(context, TIMES, drawn, torture),
  ];
}

function plots(
  { ids }: Context,
  measure: Measure,
  results: readonly TortureResult[],
  among: readonly TortureResult[],
): Html[] {
  if (results.length === 0) return [];
  const greatest = Math.max(...results.flatMap((r) => measure.bins(r).map(({ count }) => count)));
  return [
    el(
      'p',
      {},
      el('strong', {}, `${measure.name} as histograms`),
      `: ${measure.says} Bars by the logarithm of their counts, with the same scale.`,
    ),
    el(
      'div',
      { class: 'plots' },
      results.map((result) => {
        const name = tortureName(result, among);
        const q = measure.of(result);
        const marks = [
          { name: 'half are within', value: q.p50 },
          { name: '99% are within', value: q.p99 },
          { name: '99.9% are within', value: q.p999 },
          { name: 'the most seen', value: q.max },
        ];
        const id = ids.of('plot', 'torture', measure.name, name);
        return el(
          'figure',
          {},
          el(
            'figcaption',
            {},
            `${measure.name}: `,
            el('code', {}, name),
            el('span', { class: 'quiet' }, ` ${grouped(result.lookups)} lookups`),
          ),
          histogramPlot({
            id,
            title: `${measure.name} of one lookup, ${name}`,
            xTitle: measure.xTitle,
            yTitle: 'lookups',
            bins: measure.bins(result),
            greatest,
            marks,
          }),
          histogramLegend(marks, measure.unit),
        );
      }),
    ),
  ];
}
