import { grouped } from '../../words.ts';
import { el, type Html } from '../html.ts';
import { at } from './scale.ts';

/** A bar; `outer` is a second, greater value drawn as an outline around it. */
export interface Bar {
  readonly name: string;
  readonly value: number;
  readonly outer: number | null;
}

const WIDTH = 360;
const ROW = 30;
const FIGURES = 92;

/** Horizontal bars from zero, each named and with its figure at its end. */
export function barPlot(plot: {
  readonly id: string;
  readonly title: string;
  readonly description: string;
  readonly unit: string;
  readonly bars: readonly Bar[];
}): Html {
  const { id, title, description, unit, bars } = plot;
  const greatest = Math.max(1, ...bars.map(({ value, outer }) => Math.max(value, outer ?? 0)));
  const width = (value: number): number => at((value / greatest) * (WIDTH - FIGURES));
  return el(
    'svg',
    {
      viewBox: `0 0 ${WIDTH} ${bars.length * ROW}`,
      role: 'img',
      'aria-labelledby': `${id}:t ${id}:d`,
      class: 'plot',
    },
    el('title', { id: `${id}:t` }, title),
    el('desc', { id: `${id}:d` }, description),
    bars.map(({ name, value, outer }, i) => {
      const y = i * ROW;
      const end = width(Math.max(value, outer ?? 0));
      const second = outer !== null && outer !== value ? ` / ${grouped(outer)}` : '';
      return el(
        'g',
        {},
        el('text', { class: 'label', x: 0, y: y + 11 }, name),
        outer !== null &&
          outer !== value &&
          el('rect', { class: 'outer', x: 0.5, y: y + 15.5, width: width(outer), height: 11 }),
        el('rect', { class: 'bar', x: 0, y: y + 15, width: width(value), height: 12 }),
        el(
          'text',
          { class: 'axis', x: at(end + 5), y: y + 25 },
          `${grouped(value)}${second} ${unit}`,
        ),
      );
    }),
  );
}
