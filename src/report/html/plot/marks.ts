import { el, type Html } from '../html.ts';
import { at } from './scale.ts';

/** Kinds of lines that can be told apart by their marks and dashes, without colour. */
export const KINDS = 24;

const DASHES = [undefined, '7 3', '2 3', '9 3 2 3'];
const TONES = 6;

/** Dashes of the n-th line. */
export function dash(n: number): string | undefined {
  return DASHES[n % DASHES.length];
}

/** Colour of the n-th line, as a class of the style sheet. */
export function tone(n: number): string {
  return `tone${n % TONES}`;
}

/** Shapes around the origin. */
const SHAPES = [
  'M-4 0a4 4 0 1 0 8 0a4 4 0 1 0-8 0z',
  'M-3.5-3.5h7v7h-7z',
  'M0-4.5l4.5 8h-9z',
  'M0-5l5 5l-5 5l-5-5z',
  'M-1.5-4.5h3v3h3v3h-3v3h-3v-3h-3v-3h3z',
  'M0 4.5l-4.5-8h9z',
];

/** The mark of the n-th line at a place. */
export function mark(n: number, x: number, y: number): Html {
  return el('path', {
    class: `mark ${tone(n)}`,
    d: SHAPES[n % SHAPES.length]!,
    transform: `translate(${at(x)} ${at(y)})`,
  });
}

/** Letter by which the n-th line is named on the plot: a … z, then numbers. */
export function letter(n: number): string {
  return n < 26 ? String.fromCharCode(97 + n) : String(n + 1);
}
