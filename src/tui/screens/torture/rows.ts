import { LOOKUPS } from '../../../kernel/index.ts';
import { tortureSentence } from '../../../report/index.ts';
import { type Bin, binsOf, type Counted } from '../../sessions/tally.ts';
import type { Variant } from '../../sessions/torture.ts';
import type { DetailLine, Row } from '../../state/row.ts';
import { type Segment, seg } from '../../text/line.ts';
import { short } from '../../text/number.ts';
import type { Glyphs } from '../../theme.ts';
import { type ScreenTable, searchText } from '../table.ts';

/** The ways of looking up as rows: how far each is, and its distribution in a few characters. */
export function tortureTable(
  variants: readonly Variant[],
  counted: Counted,
  running: boolean,
  glyphs: Glyphs,
): ScreenTable {
  const widest = Math.max(1, ...variants.map(({ pieces }) => binsOf(pieces, counted).length));
  return {
    columns: [
      { title: 'lookup' },
      { title: 'run', align: 'right' },
      { title: 'lookups', align: 'right', drop: 2 },
      ...['p50', 'p99', 'p99.9', 'most'].map((title) => ({ title, align: 'right' as const })),
      { title: 'chance of more', align: 'right', drop: 3 },
      { title: 'slow path', align: 'right', drop: 1 },
      { title: counted === 'retries' ? 'retries' : 'time', drop: 4 },
    ],
    rows: variants.map((variant): Row => {
      const { result, pieces } = variant;
      const { lookup } = result.cell;
      const q = counted === 'retries' ? result.retries : result.time_ns;
      const known = pieces.length > 0 && result.lookups > 0;
      const figure = (text: string) => seg(known ? text : glyphs.minus, known ? 'plain' : 'muted');
      return {
        key: lookup,
        title: `${lookup}: ${LOOKUPS[lookup]}`,
        cells: [
          seg(lookup),
          outcomeSegment(variant, running),
          figure(short(result.lookups)),
          ...[q.p50, q.p99, q.p999, q.max].map((value) => figure(short(Math.round(value)))),
          figure(`<${result.beyond_max.toExponential(1)}`),
          figure(`${(result.slow.share * 100).toFixed(1)}%`),
          seg(logSpark(binsOf(pieces, counted), glyphs).padEnd(widest), 'series0'),
        ],
        search: searchText(lookup, LOOKUPS[lookup], result.outcome),
        detail: () => variantDetail(variant),
      };
    }),
  };
}

function outcomeSegment({ result, pieces, wanted }: Variant, running: boolean): Segment {
  const { outcome } = result;
  if (pieces.length === 0) return seg(running ? 'waits' : 'not run', 'muted');
  if (outcome === 'oops' || outcome === 'hung') return seg(outcome, 'bad');
  if (outcome === 'impossible') return seg(outcome, 'muted');
  if (pieces.length < wanted) return seg(`${pieces.length} of ${wanted}`, 'warn');
  return seg(outcome === 'stopped' ? 'stopped' : 'done', outcome === 'stopped' ? 'warn' : 'good');
}

/** Bars by the logarithm of their counts: what is rare must be seen beside what is common. */
function logSpark(bins: readonly Bin[], { spark }: Glyphs): string {
  const top = Math.log10(1 + Math.max(0, ...bins.map(({ count }) => count)));
  return bins
    .map(({ count }) =>
      count === 0
        ? ' '
        : spark[
            Math.min(spark.length - 1, Math.floor((Math.log10(1 + count) / top) * spark.length))
          ],
    )
    .join('');
}

function variantDetail({ result, pieces, wanted }: Variant): DetailLine[] {
  if (pieces.length === 0) {
    return [
      { label: 'lookup', text: LOOKUPS[result.cell.lookup] },
      { label: 'found', text: 'nothing yet: r runs it', tone: 'muted' },
    ];
  }
  const { writers, slow, cell } = result;
  const rate = (value: number) => `${short(Math.round(value))}/s`;
  return [
    { label: 'found', text: tortureSentence([result]) },
    { label: 'lookup', text: LOOKUPS[cell.lookup] },
    ...(pieces.length < wanted
      ? [{ label: 'so far', text: `${pieces.length} of ${wanted} pieces` }]
      : []),
    {
      label: 'bounds',
      text: `with 95% confidence fewer than ${result.beyond_max.toExponential(1)} of lookups need more retries than the most seen, and at most ${(slow.bound * 100).toFixed(1)}% the slow path, if lookups do not depend on each other`,
    },
    ...(writers.alone > 0
      ? [
          {
            label: 'writers',
            text: `${rate(writers.ops_per_second)} beside the lookups, ${rate(writers.alone)} alone: a loss of ${(writers.loss * 100).toFixed(1)}%`,
          },
        ]
      : []),
    {
      label: 'against',
      text: `${cell.adversary}, ${cell.writers} ${cell.writers === 1 ? 'writer' : 'writers'} ${cell.place}, scheduler ${cell.scheduler}, seed ${cell.seed}, profile ${cell.profile}; modelled, not measured`,
    },
  ];
}
