import { el, type Html } from '../html.ts';
import { dash, letter, mark, tone } from './marks.ts';
import { apart, at, compact, logTicks, ticks } from './scale.ts';

/** One line: its points from left to right. */
export interface Series {
  readonly name: string;
  readonly points: readonly Point[];
}

/** A figure with the least and the greatest of its runs. */
export interface Point {
  readonly x: number;
  readonly y: number;
  readonly low: number;
  readonly high: number;
}

/** What a plot of lines shows. */
export interface LinePlot {
  /** Id its title and description are named by. */
  readonly id: string;
  readonly title: string;
  readonly description: string;
  readonly xTitle: string;
  readonly yTitle: string;
  /** Every place of the x axis. */
  readonly xs: readonly number[];
  /** Where and under which name they stand; by their logarithm and as numbers if it is left out. */
  readonly xScale?: {
    readonly place: (x: number) => number;
    readonly label: (x: number) => string;
  };
  /** Greatest value of the y axis: the same for plots that are read side by side. */
  readonly greatest: number;
  /** Its least where it goes by the logarithm; it starts at zero otherwise. */
  readonly least?: number;
  readonly series: readonly Series[];
}

const WIDTH = 360;
const HEIGHT = 236;
const LEFT = 44;
const RIGHT = 26;
const TOP = 26;
const BOTTOM = 38;

/** Lines with a band from the least to the greatest run, each with its mark, dashes and letter. */
export function linePlot(plot: LinePlot): Html {
  const { id, title, description, xTitle, yTitle, xs, series } = plot;
  const { place, label } = plot.xScale ?? BY_LOGARITHM;
  const first = place(Math.min(...xs));
  const span = place(Math.max(...xs)) - first || 1;
  const x = (value: number): number =>
    LEFT + 10 + ((place(value) - first) / span) * (WIDTH - LEFT - RIGHT - 10);
  const { marks, share } = yScale(plot);
  const y = (value: number): number => HEIGHT - BOTTOM - share(value) * (HEIGHT - TOP - BOTTOM);
  return el(
    'svg',
    {
      viewBox: `0 0 ${WIDTH} ${HEIGHT}`,
      role: 'img',
      'aria-labelledby': `${id}:t ${id}:d`,
      class: 'plot',
    },
    el('title', { id: `${id}:t` }, title),
    el('desc', { id: `${id}:d` }, description),
    el('text', { class: 'axis', x: 2, y: 12 }, yTitle),
    marks.map((value) => [
      el('line', {
        class: 'rule',
        x1: LEFT,
        x2: WIDTH - RIGHT,
        y1: at(y(value)),
        y2: at(y(value)),
      }),
      el('text', { class: 'axis end', x: LEFT - 6, y: at(y(value) + 4) }, compact(value)),
    ]),
    xs.map((value) =>
      el('text', { class: 'axis mid', x: at(x(value)), y: HEIGHT - BOTTOM + 15 }, label(value)),
    ),
    el('text', { class: 'axis mid', x: (LEFT + WIDTH - RIGHT) / 2, y: HEIGHT - 6 }, xTitle),
    series.map((line, n) => lineHtml(line, n, x, y)),
    labels(series, x, y),
  );
}

const BY_LOGARITHM = { place: (x: number) => Math.log2(Math.max(1, x)), label: String };

/** Values that are marked, and how high up the axis a value lies: 0 to 1. */
function yScale({ greatest, least }: LinePlot): { marks: number[]; share: Place } {
  if (least === undefined) {
    const marks = ticks(greatest);
    const top = marks.at(-1) ?? 1;
    return { marks, share: (value) => value / top };
  }
  const marks = logTicks(least, greatest);
  const [from, to] = [Math.log(marks[0] ?? 1), Math.log(marks.at(-1) ?? 10)];
  return { marks, share: (value) => (Math.log(Math.max(value, 1e-9)) - from) / (to - from) };
}

type Place = (value: number) => number;

function lineHtml({ points }: Series, n: number, x: Place, y: Place): Html {
  const path = (list: readonly (readonly [number, number])[]): string =>
    list.map(([px, py], i) => `${i === 0 ? 'M' : 'L'}${at(px)} ${at(py)}`).join('');
  const band = [
    ...points.map((p) => [x(p.x), y(p.high)] as const),
    ...points.toReversed().map((p) => [x(p.x), y(p.low)] as const),
  ];
  return el(
    'g',
    {},
    el('path', { class: `band ${tone(n)}`, d: `${path(band)}z` }),
    points.map((p) =>
      el('line', {
        class: `whisker ${tone(n)}`,
        x1: at(x(p.x)),
        x2: at(x(p.x)),
        y1: at(y(p.low)),
        y2: at(y(p.high)),
      }),
    ),
    el('path', {
      class: `line ${tone(n)}`,
      d: path(points.map((p) => [x(p.x), y(p.y)])),
      'stroke-dasharray': dash(n),
    }),
    points.map((p) => mark(n, x(p.x), y(p.y))),
  );
}

/** The letter of each line right of its last point; those that end at one place are moved apart. */
function labels(series: readonly Series[], x: Place, y: Place): Html[] {
  const ends = series.flatMap(({ points }, n) => {
    const last = points.at(-1);
    return last ? [{ n, x: x(last.x), y: y(last.y) + 4 }] : [];
  });
  return [...Map.groupBy(ends, (end) => end.x).values()].flatMap((own) => {
    const heights = apart(
      own.map((end) => end.y),
      11,
      HEIGHT - BOTTOM,
    );
    return own.map((end, i) =>
      el('text', { class: 'label', x: at(end.x + 8), y: at(heights[i]!) }, letter(end.n)),
    );
  });
}

/** What the marks and letters stand for. */
export function lineLegend(series: readonly Series[]): Html {
  return el(
    'ul',
    { class: 'key' },
    series.map(({ name }, n) =>
      el(
        'li',
        {},
        el(
          'svg',
          { viewBox: '0 0 36 12', class: 'swatch', 'aria-hidden': 'true' },
          el('path', { class: `line ${tone(n)}`, d: 'M1 6L35 6', 'stroke-dasharray': dash(n) }),
          mark(n, 18, 6),
        ),
        el('b', {}, letter(n)),
        ' ',
        el('code', {}, name),
      ),
    ),
  );
}
