import { fitText } from '../text/fit.ts';
import { fitLine, type Line, type Segment, seg, type Tone } from '../text/line.ts';
import { short } from '../text/number.ts';
import { textWidth } from '../text/width.ts';
import type { Glyphs } from '../theme.ts';
import { asciiCanvas, brailleCanvas, type Canvas, type Dot } from './plot-canvas.ts';
import { niceScale, type Scale } from './plot-scale.ts';

/** One measured value with the range of its runs where there is one. */
export interface PlotPoint {
  readonly x: number;
  readonly y: number;
  readonly low?: number;
  readonly high?: number;
}

/** A line of a plot. */
export interface PlotSeries {
  readonly name: string;
  readonly points: readonly PlotPoint[];
}

/** How a plot is drawn. */
export interface PlotOptions {
  readonly width: number;
  readonly height: number;
  readonly ascii: boolean;
  readonly glyphs: Glyphs;
  readonly xTitle: string;
  readonly yTitle: string;
  /** How a value is written at the y axis. */
  readonly yText: (value: number) => string;
  /** Index of the series drawn on top. */
  readonly emphasis: number;
  /** What all series have in common, in front of the legend. */
  readonly heading?: string;
}

/** Least size at which a plot says something. */
export const MIN_PLOT = { width: 30, height: 7 } as const;

const GUTTER = 7;
const END_LABEL = 2;

/** A line chart as lines of text: title and legend, canvas with the y axis, x axis, x labels. */
export function plot(series: readonly PlotSeries[], options: PlotOptions): Line[] {
  const { width, height, ascii, glyphs } = options;
  const shown = series.filter(({ points }) => points.length > 0);
  if (shown.length === 0 || width < MIN_PLOT.width || height < MIN_PLOT.height) return [];
  const canvasWidth = width - GUTTER - 2 - END_LABEL - 1;
  const canvasHeight = height - 3;
  const canvas = ascii
    ? asciiCanvas(canvasWidth, canvasHeight, glyphs.series)
    : brailleCanvas(canvasWidth, canvasHeight);
  const points = shown.flatMap((one) => one.points);
  const top = Math.max(...points.map(({ y, high }) => Math.max(y, high ?? y)));
  const scale = niceScale(top, Math.max(2, Math.floor(canvasHeight / 2)));
  const xs = [...new Set(points.map(({ x }) => x))].sort((a, b) => a - b);
  const place = placer(canvas, xs, scale);

  const order = [...shown.keys()].sort(
    (a, b) => Number(a === options.emphasis) - Number(b === options.emphasis),
  );
  for (const index of order) drawSeries(canvas, shown[index]!, index, place);

  const labels = endLabels(shown, order, canvas, place, glyphs);
  const ticks = tickRows(scale, canvas, place, options.yText);
  const body = canvas.rows().map((row, index): Line => {
    const tick = ticks.get(index);
    const axis = tick === undefined ? glyphs.axisVertical : glyphs.axisTick;
    return [
      seg(`${fitText(tick ?? '', GUTTER, 'right', glyphs.ellipsis)} `, 'muted'),
      seg(axis, 'muted'),
      ...joinCells(row),
      seg(' '),
      labels.get(index) ?? seg(''),
    ];
  });
  const lines = [
    legend(shown, options),
    ...body,
    [
      seg(
        `${' '.repeat(GUTTER + 1)}${glyphs.axisCorner}${glyphs.axisHorizontal.repeat(canvasWidth)}`,
        'muted',
      ),
    ],
    [seg(xLabels(xs, canvas, place, options.xTitle), 'muted')],
  ];
  return lines.map((line) => fitLine(line, width, glyphs.ellipsis));
}

/** The tone of a series. */
export function seriesTone(index: number): Tone {
  return (['series0', 'series1', 'series2', 'series3'] as const)[index % 4]!;
}

type Place = (x: number, y: number) => Dot;

function placer(canvas: Canvas, xs: readonly number[], scale: Scale): Place {
  const first = xs[0]!;
  const span = xs.at(-1)! - first;
  const right = canvas.dotsWide - 1;
  const bottom = canvas.dotsHigh - 1;
  return (x, y) => ({
    x: span === 0 ? Math.round(right / 2) : Math.round(((x - first) / span) * right),
    y: bottom - Math.round((Math.max(0, y) / scale.max) * bottom),
  });
}

function drawSeries(canvas: Canvas, { points }: PlotSeries, index: number, place: Place): void {
  const sorted = [...points].sort((a, b) => a.x - b.x);
  for (const [at, point] of sorted.entries()) {
    const next = sorted[at + 1];
    if (next) {
      drawBand(canvas, point, next, index, place);
      canvas.line(place(point.x, point.y), place(next.x, next.y), index);
    }
    if (point.low !== undefined && point.high !== undefined) {
      canvas.line(place(point.x, point.low), place(point.x, point.high), index);
    }
  }
  for (const point of sorted) canvas.point(place(point.x, point.y), index);
}

/** The band between the least and the greatest values of two points, thin enough that lines are seen in it. */
function drawBand(
  canvas: Canvas,
  from: PlotPoint,
  to: PlotPoint,
  index: number,
  place: Place,
): void {
  if (from.low === undefined || from.high === undefined) return;
  if (to.low === undefined || to.high === undefined) return;
  const [lowFrom, lowTo] = [place(from.x, from.low), place(to.x, to.low)];
  const [highFrom, highTo] = [place(from.x, from.high), place(to.x, to.high)];
  const wide = lowTo.x - lowFrom.x;
  for (let x = lowFrom.x + 1; x < lowTo.x; x++) {
    const share = (x - lowFrom.x) / wide;
    const low = Math.round(lowFrom.y + share * (lowTo.y - lowFrom.y));
    const high = Math.round(highFrom.y + share * (highTo.y - highFrom.y));
    for (let y = high; y <= low; y++) if ((x + 2 * y) % 4 === 0) canvas.shade({ x, y }, index);
  }
}

/** Characters of neighbours in one tone as one segment: fewer text nodes, fewer escape sequences. */
function joinCells(row: readonly { readonly text: string; readonly owner: number }[]): Segment[] {
  const out: { text: string; tone: Tone }[] = [];
  for (const { text, owner } of row) {
    const tone = owner < 0 ? 'plain' : seriesTone(owner);
    const last = out.at(-1);
    if (last && last.tone === tone) last.text += text;
    else out.push({ text, tone });
  }
  return out;
}

/** Each series' mark behind its last point, moved to the nearest free row where two end together. */
function endLabels(
  series: readonly PlotSeries[],
  order: readonly number[],
  canvas: Canvas,
  place: Place,
  glyphs: Glyphs,
): Map<number, Segment> {
  const perRow = canvas.dotsHigh / canvas.height;
  const taken = new Map<number, Segment>();
  for (const index of [...order].reverse()) {
    const last = [...series[index]!.points].sort((a, b) => a.x - b.x).at(-1)!;
    const wanted = Math.floor(place(last.x, last.y).y / perRow);
    const row = nearestFree(wanted, canvas.height, taken);
    if (row >= 0)
      taken.set(row, seg(glyphs.series[index % glyphs.series.length]!, seriesTone(index)));
  }
  return taken;
}

function nearestFree(wanted: number, count: number, taken: ReadonlyMap<number, unknown>): number {
  for (let distance = 0; distance < count; distance++) {
    for (const row of [wanted - distance, wanted + distance]) {
      if (row >= 0 && row < count && !taken.has(row)) return row;
    }
  }
  return -1;
}

function tickRows(
  scale: Scale,
  canvas: Canvas,
  place: Place,
  text: (value: number) => string,
): Map<number, string> {
  const perRow = canvas.dotsHigh / canvas.height;
  const rows = scale.ticks.map(
    (tick) => [Math.floor(place(0, tick).y / perRow), tick === 0 ? '0' : text(tick)] as const,
  );
  return new Map(rows);
}

function legend(
  series: readonly PlotSeries[],
  { yTitle, glyphs, emphasis, heading }: PlotOptions,
): Line {
  const entries = series.flatMap(({ name }, index): Segment[] => [
    seg('   '),
    seg(`${glyphs.series[index % glyphs.series.length]} `, seriesTone(index)),
    seg(name, index === emphasis ? 'strong' : 'plain'),
  ]);
  return [
    seg(`${fitText('', Math.max(0, GUTTER + 1 - textWidth(yTitle)))}${yTitle}`, 'muted'),
    ...(heading === undefined ? [] : [seg(`   ${heading}:`, 'strong')]),
    ...entries,
  ];
}

function xLabels(xs: readonly number[], canvas: Canvas, place: Place, title: string): string {
  const perColumn = canvas.dotsWide / canvas.width;
  const start = GUTTER + 2;
  let line = fitText(title, start - 1, 'right');
  for (const x of xs) {
    const label = short(x);
    const column = start + Math.floor(place(x, 0).x / perColumn) - Math.floor(label.length / 2);
    // Labels that would touch the one before are left out.
    if (column > textWidth(line.trimEnd()) || line.length <= start) {
      line = fitText(line, Math.max(column, start - 1)) + label;
    }
  }
  return line;
}
