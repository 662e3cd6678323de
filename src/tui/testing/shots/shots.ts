/** The pictures there are: which program is run, which keys are typed, and what is waited for. */

/** Keys to type, and what the screen shows when they have been taken and did not show before. */
export type Stroke = readonly [keys: string, shows: string | RegExp];

/** One picture, of the driver: the terminal UI as a program that needs no matrix to be run. */
export interface Shot {
  readonly name: string;
  /** What the picture shows, for a reader who cannot see it. */
  readonly title: string;
  /** What the driver is to load. */
  readonly mode: string;
  /** What the first screen shows. */
  readonly opens: string | RegExp;
  readonly strokes: readonly Stroke[];
}

const ESCAPE = '\u001b';
const DOWN = `${ESCAPE}[B`;
const ENTER = '\r';

const MATRIX: Pick<Shot, 'mode' | 'opens'> = { mode: 'shipped', opens: /\d+ cells/ };

export const SHOTS: readonly Shot[] = [
  { ...MATRIX, name: 'matrix', title: 'the matrix of the shipped kernels', strokes: [] },
  {
    ...MATRIX,
    name: 'report',
    title: 'the options of a cell and why',
    strokes: [[ENTER, '[1 Opt']],
  },
  {
    ...MATRIX,
    name: 'performance',
    title: 'throughput of a cell by processors',
    strokes: [
      [ENTER, '[1 Opt'],
      ['5', '[5 Perf'],
    ],
  },
  {
    ...MATRIX,
    name: 'diff',
    title: 'two cells compared, layer by layer',
    strokes: [
      [` ${DOWN} d`, /\d+ differences/],
      ['3', '[3 Fallb'],
    ],
  },
  {
    ...MATRIX,
    name: 'help',
    title: 'all keys of the matrix',
    strokes: [['?', 'Open and leave']],
  },
  {
    mode: 'traces',
    name: 'verdicts',
    title: 'what the model checker says',
    opens: /\d+ verdicts/,
    strokes: [],
  },
  {
    mode: 'traces',
    name: 'trace',
    title: 'a counterexample, step by step, with locks and VMAs',
    opens: /\d+ verdicts/,
    strokes: [
      [ENTER, /step 1 of/],
      ['nnnn', /step (?!1 )\d+ of/],
    ],
  },
  {
    mode: 'traces',
    name: 'loop',
    title: 'a schedule that goes round for ever',
    opens: /\d+ verdicts/,
    strokes: [
      [`G${ENTER}`, /step 1 of/],
      ['o', /for ever: the last/],
    ],
  },
  {
    mode: 'torture',
    name: 'torture',
    title: 'retries of lookups while others change the address space',
    opens: 'not run',
    strokes: [
      ['--', '20k lookups'],
      [`r${DOWN}`, '7 pieces counted'],
    ],
  },
  {
    name: 'long-list',
    title: 'a list of 20,000 rows',
    mode: 'large',
    opens: /20,?000/,
    strokes: [['G', '19999']],
  },
];
