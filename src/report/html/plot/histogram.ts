import type { Bin } from '../../../kernel/index.ts';
import { grouped } from '../../words.ts';
import { el, type Html } from '../html.ts';
import { dash, tone } from './marks.ts';
import { at, compact } from './scale.ts';

/** A value that is marked among the bars. */
export interface HistogramMark {
  readonly name: string;
  readonly value: number;
}

/** What a histogram shows. */
export interface HistogramPlot {
  /** Id its title and description are named by. */
  readonly id: string;
  readonly title: string;
  readonly xTitle: string;
  readonly yTitle: string;
  /** One after the other, without a gap; each is drawn equally wide. */
  readonly bins: readonly Bin[];
  /** Greatest count of the y axis: the same for plots that are read side by side. */
  readonly greatest: number;
  readonly marks: readonly HistogramMark[];
}

const WIDTH = 360;
const HEIGHT = 200;
const LEFT = 44;
const RIGHT = 10;
const TOP = 24;
const BOTTOM = 38;
/** What a count of one is high, in powers of ten: it must be seen beside a million. */
const FOOT = 0.4;
const MOST_LABELS = 7;
/** Few bins make a narrow plot, not wide bars. */
const WIDEST = 44;

/** Bars over bins by the logarithm of their counts, for what is rare is what a tail is about. */
export function histogramPlot(plot: HistogramPlot): Html {
  const { id, title, xTitle, yTitle, bins, marks } = plot;
  const powers = Math.max(1, Math.ceil(Math.log10(Math.max(1, plot.greatest))));
  const room = HEIGHT - TOP - BOTTOM;
  const height = (count: number): number =>
    count === 0 ? 0 : ((Math.log10(count) + FOOT) / (powers + FOOT)) * room;
  const floor = HEIGHT - BOTTOM;
  const step = Math.min(WIDEST, (WIDTH - LEFT - RIGHT) / Math.max(1, bins.length));
  const gap = step > 4 ? 1 : 0;
  const every = Math.ceil(bins.length / MOST_LABELS);
  return el(
    'svg',
    {
      viewBox: `0 0 ${WIDTH} ${HEIGHT}`,
      role: 'img',
      'aria-labelledby': `${id}:t ${id}:d`,
      class: 'plot',
    },
    el('title', { id: `${id}:t` }, title),
    el('desc', { id: `${id}:d` }, binsText(bins)),
    el('text', { class: 'axis', x: 2, y: 12 }, yTitle),
    Array.from({ length: powers + 1 }, (_, power) => {
      const y = at(floor - height(10 ** power));
      return [
        el('line', { class: 'rule', x1: LEFT, x2: WIDTH - RIGHT, y1: y, y2: y }),
        el('text', { class: 'axis end', x: LEFT - 6, y: at(y + 4) }, compact(10 ** power)),
      ];
    }),
    bins.map(
      ({ count }, i) =>
        count > 0 &&
        el('rect', {
          class: 'bar',
          x: at(LEFT + i * step + gap / 2),
          y: at(floor - height(count)),
          width: at(Math.max(0.5, step - gap)),
          height: at(height(count)),
        }),
    ),
    bins.map(
      ({ from, to }, i) =>
        i % every === 0 &&
        el(
          'text',
          { class: 'axis mid', x: at(LEFT + (i + 0.5) * step), y: floor + 15 },
          from === to || every > 1 || from >= 1000
            ? compact(from)
            : `${compact(from)}-${compact(to)}`,
        ),
    ),
    el('line', { class: 'rule', x1: LEFT, x2: WIDTH - RIGHT, y1: floor, y2: floor }),
    marks.map(({ value }, n) => {
      const x = at(LEFT + placeOf(value, bins) * step);
      return el('line', {
        class: `line ${tone(n + 1)}`,
        x1: x,
        x2: x,
        y1: TOP - 6,
        y2: floor,
        'stroke-dasharray': dash(n + 1),
      });
    }),
    el('text', { class: 'axis mid', x: (LEFT + WIDTH - RIGHT) / 2, y: HEIGHT - 6 }, xTitle),
  );
}

/** Where a value lies, counted in bins from the left: in the middle of a number that stands alone. */
function placeOf(value: number, bins: readonly Bin[]): number {
  const at = bins.findIndex(({ to }) => value <= to + 0.5);
  const bin = bins[at];
  if (!bin) return bins.length;
  const share = (value - bin.from + 0.5) / (bin.to - bin.from + 1);
  return at + Math.min(1, Math.max(0, share));
}

/** Every bar in words, for who does not see them. */
function binsText(bins: readonly Bin[]): string {
  return bins
    .filter(({ count }) => count > 0)
    .map(
      ({ from, to, count }) =>
        `${from === to ? grouped(from) : `${grouped(from)} to ${grouped(to)}`}: ${grouped(count)}`,
    )
    .join('; ');
}

/** What the lines among the bars stand for. */
export function histogramLegend(marks: readonly HistogramMark[], unit: string): Html {
  return el(
    'ul',
    { class: 'key marks' },
    marks.map(({ name, value }, n) =>
      el(
        'li',
        {},
        el(
          'svg',
          { viewBox: '0 0 36 12', class: 'swatch', 'aria-hidden': 'true' },
          el('path', {
            class: `line ${tone(n + 1)}`,
            d: 'M1 6L35 6',
            'stroke-dasharray': dash(n + 1),
          }),
        ),
        `${name}: ${grouped(Math.round(value))} ${unit}`.trimEnd(),
      ),
    ),
  );
}
