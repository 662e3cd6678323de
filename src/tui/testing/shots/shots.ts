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

const CONFIG: Pick<Shot, 'mode' | 'opens'> = { mode: 'config', opens: /\d+ rows/ };
const REPORT: Stroke = [ENTER, '[1 Opt'];
const TWO_CELLS: Stroke = [` ${DOWN} d`, /\d+ differences/];

/** A tab of the report of the first cell. */
function tab(key: string, name: string, title: string, shows: string): Shot {
  return { ...MATRIX, name, title, strokes: [REPORT, [key, shows]] };
}

/** A layer of the comparison of two cells. */
function layer(key: string, name: string, title: string, shows: string): Shot {
  return { ...MATRIX, name, title, strokes: [TWO_CELLS, [key, shows]] };
}

export const SHOTS: readonly Shot[] = [
  { ...MATRIX, name: 'matrix', title: 'the matrix of the shipped kernels', strokes: [] },
  {
    ...MATRIX,
    name: 'matrix-marked',
    title: 'marked cells, to be compared or run anew',
    strokes: [[` ${DOWN} `, '2: ']],
  },
  {
    ...MATRIX,
    name: 'matrix-grouped',
    title: 'the matrix grouped by edition',
    strokes: [['b', 'per edition']],
  },
  {
    ...MATRIX,
    name: 'matrix-filter',
    title: 'cells that fit a filter',
    strokes: [['/SMP=n', /\d+ of \d+ cells/]],
  },
  {
    mode: 'run',
    opens: /\d+%/,
    name: 'matrix-running',
    title: 'cells while they are run',
    strokes: [],
  },
  { ...MATRIX, name: 'cell', title: 'everything known of a cell', strokes: [['i', 'asked']] },
  { ...MATRIX, name: 'report', title: 'the options of a cell and why', strokes: [REPORT] },
  tab('2', 'report-surface', 'the API surface of a cell', '[2 API'),
  {
    ...MATRIX,
    name: 'report-evidence',
    title: 'what stands behind one line of a report',
    strokes: [REPORT, ['2', '[2 API'], [ENTER, 'condition ']],
  },
  tab('3', 'report-fallbacks', 'why lookups took the slow path', '[3 Fall'),
  tab('4', 'report-sizes', 'structures and their sizes', '[4 Stru'),
  tab('5', 'performance', 'throughput of a cell by processors', '[5 Perf'),
  tab('6', 'report-verification', 'what the model checker says of a cell', '[6 Veri'),
  layer('1', 'diff-options', 'two cells compared: options', '[1 '),
  layer('2', 'diff-surface', 'two cells compared: functions', '[2 '),
  layer('3', 'diff', 'two cells compared, layer by layer', '[3 '),
  layer('4', 'diff-sizes', 'two cells compared: structures', '[4 '),
  layer('5', 'diff-counters', 'two cells compared: counters', '[5 '),
  layer('6', 'diff-performance', 'two cells compared: throughput', '[6 '),
  {
    ...MATRIX,
    name: 'diff-unified',
    title: 'two cells compared, as in a patch',
    strokes: [TWO_CELLS, ['3', '[3 '], ['t', 'unified']],
  },
  {
    ...MATRIX,
    name: 'editions',
    title: 'two editions compared, cell by cell',
    strokes: [
      ['D', 'Compare two editions'],
      [ENTER, /\d+ option sets/],
    ],
  },
  {
    ...MATRIX,
    name: 'export',
    title: 'what can be exported, and how',
    strokes: [['e', 'Markdown']],
  },
  {
    ...MATRIX,
    name: 'palette',
    title: 'every command, found by typing',
    strokes: [[':', 'ommand']],
  },
  { ...MATRIX, name: 'help', title: 'all keys of the matrix', strokes: [['?', 'Open and leave']] },
  { ...CONFIG, name: 'config', title: 'a configuration, as menuconfig shows it', strokes: [] },
  {
    ...CONFIG,
    name: 'config-menu',
    title: 'a menu with names and hidden options',
    strokes: [
      ['F', 'flat'],
      ['z', ' all'],
      ['c', /machines +64BIT/],
    ],
  },
  {
    ...CONFIG,
    name: 'config-search',
    title: 'searching names and prompts',
    strokes: [['/smp', /\d+ found/]],
  },
  {
    ...CONFIG,
    name: 'config-changed',
    title: 'what else a change changed',
    strokes: [['/SMP\ryn', 'SMP is n']],
  },
  {
    ...CONFIG,
    name: 'config-why',
    title: 'why an option is on, and what would turn it off',
    strokes: [
      ['/SMP\ry', 'others changed'],
      ['/PER_VMA_LOCK\rw', 'SMP=n'],
    ],
  },
  {
    ...CONFIG,
    name: 'config-info',
    title: 'all there is to say of an option',
    strokes: [['/SMP\ri', '[1 Symbol']],
  },
  {
    ...CONFIG,
    name: 'config-value',
    title: 'editing a number with its range',
    strokes: [
      ['/SMP\ry', 'others changed'],
      ['/NR_CPUS\r\r', 'from'],
    ],
  },
  {
    ...CONFIG,
    name: 'config-choice',
    title: 'a choice, of which one is taken',
    strokes: [['/Preemption of the\r\r', '(X)']],
  },
  {
    ...CONFIG,
    name: 'config-leave',
    title: 'leaving with edits that are not saved',
    strokes: [
      ['/SMP\ry', 'others changed'],
      ['q', 'before leaving'],
    ],
  },
  {
    mode: 'offer',
    opens: 'Take over',
    name: 'config-offer',
    title: 'edits of a run that crashed, offered at the next start',
    strokes: [],
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
      ['nnn', /step (?!1 )\d+ of/],
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
