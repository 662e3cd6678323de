import type { KeyName } from './decode.ts';

/** Everything a key can ask for. */
export type Command =
  | 'up'
  | 'down'
  | 'page-up'
  | 'page-down'
  | 'half-up'
  | 'half-down'
  | 'first'
  | 'last'
  | 'open'
  | 'back'
  | 'detail'
  | 'filter'
  | 'sort'
  | 'reverse'
  | 'workload'
  | 'mark'
  | 'unmark'
  | 'diff'
  | 'swap'
  | 'only-differences'
  | 'next-difference'
  | 'previous-difference'
  | 'next-cell'
  | 'previous-cell'
  | 'next-tab'
  | 'previous-tab'
  | 'tab'
  | 'metric'
  | 'help'
  | 'redraw'
  | 'suspend'
  | 'quit'
  | 'interrupt'
  | 'filter-keep'
  | 'filter-drop'
  | 'filter-erase'
  | 'filter-erase-word'
  | 'filter-clear';

/** Where keys go: the screen on top, or the line being typed. */
export type Scope =
  | 'loading'
  | 'matrix'
  | 'pick'
  | 'report'
  | 'diff'
  | 'detail'
  | 'help'
  | 'filter';

/** What a binding may ask before it counts as valid now. */
export interface Situation {
  readonly rows: number;
  readonly marks: number;
  readonly filtered: boolean;
  readonly sortable: boolean;
  /** Whether the selected row leads somewhere. */
  readonly opens: boolean;
  /** Whether the screen on top shows the performance of a cell. */
  readonly plot: boolean;
  /** More than one workload was measured. */
  readonly workloads: boolean;
  /** Whether there is a screen to go back to, or a filter to clear. */
  readonly returns: boolean;
}

export const HELP_GROUPS = [
  'Move',
  'Open and leave',
  'Find and sort',
  'Compare',
  'Program',
] as const;

/** One line of the key table: the footer, the help screen and the manual are made from it. */
export interface Binding {
  readonly command: Command;
  /** The first key is the one the footer shows. */
  readonly keys: readonly KeyName[];
  /** One or two words for the footer. */
  readonly label: string;
  /** A sentence for the help screen. */
  readonly help: string;
  readonly group: (typeof HELP_GROUPS)[number];
  readonly scopes: readonly Scope[];
  /** Place in the footer, least first; bindings without one are only on the help screen. */
  readonly footer?: number;
  /** Whether it does anything now; a key that does not stays out of the footer. */
  readonly when?: (now: Situation) => boolean;
}

const LISTS: readonly Scope[] = ['matrix', 'pick', 'report', 'diff', 'detail', 'help'];
const SEARCHED: readonly Scope[] = ['matrix', 'pick', 'report', 'diff', 'help'];
const EVERYWHERE: readonly Scope[] = ['loading', ...LISTS, 'filter'];
const CELLS: readonly Scope[] = ['matrix', 'pick'];

const some = (now: Situation): boolean => now.rows > 0;

/** The one key table. */
export const BINDINGS: readonly Binding[] = [
  // In the filter line letters are text, so only keys without a letter move the selection there.
  {
    command: 'up',
    keys: ['up'],
    label: 'up',
    help: 'one row up',
    group: 'Move',
    scopes: ['filter'],
  },
  {
    command: 'down',
    keys: ['down'],
    label: 'down',
    help: 'one row down',
    group: 'Move',
    scopes: ['filter'],
  },
  {
    command: 'up',
    keys: ['up', 'k'],
    label: 'up',
    help: 'one row up',
    group: 'Move',
    scopes: LISTS,
  },
  {
    command: 'down',
    keys: ['down', 'j'],
    label: 'down',
    help: 'one row down',
    group: 'Move',
    scopes: LISTS,
  },
  {
    command: 'page-up',
    keys: ['pageup', 'ctrl+b'],
    label: 'page up',
    help: 'one page up',
    group: 'Move',
    scopes: LISTS,
  },
  {
    command: 'page-down',
    keys: ['pagedown', 'ctrl+f'],
    label: 'page down',
    help: 'one page down',
    group: 'Move',
    scopes: LISTS,
  },
  {
    command: 'half-up',
    keys: ['ctrl+u'],
    label: 'half up',
    help: 'half a page up',
    group: 'Move',
    scopes: LISTS,
  },
  {
    command: 'half-down',
    keys: ['ctrl+d'],
    label: 'half down',
    help: 'half a page down',
    group: 'Move',
    scopes: LISTS,
  },
  {
    command: 'first',
    keys: ['home', 'g'],
    label: 'first',
    help: 'first row',
    group: 'Move',
    scopes: LISTS,
  },
  {
    command: 'last',
    keys: ['end', 'G'],
    label: 'last',
    help: 'last row',
    group: 'Move',
    scopes: LISTS,
  },

  {
    command: 'open',
    keys: ['enter', 'right', 'l'],
    label: 'report',
    help: 'the report of the cell',
    group: 'Open and leave',
    scopes: ['matrix'],
    footer: 1,
    when: some,
  },
  {
    command: 'open',
    keys: ['enter', 'right', 'l'],
    label: 'compare',
    help: 'compare with this cell',
    group: 'Open and leave',
    scopes: ['pick'],
    footer: 1,
    when: some,
  },
  {
    command: 'open',
    keys: ['enter', 'right', 'l'],
    label: 'evidence',
    help: 'all there is to say about the row',
    group: 'Open and leave',
    scopes: ['report', 'diff'],
    footer: 1,
    when: (now) => now.opens,
  },
  {
    command: 'detail',
    keys: ['i'],
    label: 'why',
    help: 'every option of the cell and why',
    group: 'Open and leave',
    scopes: CELLS,
    footer: 2,
    when: some,
  },
  {
    command: 'back',
    keys: ['escape', 'left', 'h'],
    label: 'back',
    help: 'leave this screen; clear the filter first',
    group: 'Open and leave',
    scopes: LISTS,
    footer: 9,
    when: (now) => now.returns,
  },
  {
    command: 'next-tab',
    keys: ['tab'],
    label: 'next tab',
    help: 'next tab or layer',
    group: 'Open and leave',
    scopes: ['report', 'diff'],
    footer: 2,
  },
  {
    command: 'previous-tab',
    keys: ['shift+tab'],
    label: 'previous tab',
    help: 'previous tab or layer',
    group: 'Open and leave',
    scopes: ['report', 'diff'],
  },
  {
    command: 'tab',
    keys: ['1', '2', '3', '4', '5'],
    label: 'tab',
    help: 'the tab with this number',
    group: 'Open and leave',
    scopes: ['report'],
  },
  {
    command: 'tab',
    keys: ['1', '2', '3', '4', '5', '6'],
    label: 'layer',
    help: 'the layer with this number, or the next that has rows',
    group: 'Open and leave',
    scopes: ['diff'],
  },
  {
    command: 'next-cell',
    keys: [']'],
    label: 'next cell',
    help: 'same tab of the next cell',
    group: 'Open and leave',
    scopes: ['report'],
    footer: 5,
  },
  {
    command: 'previous-cell',
    keys: ['['],
    label: 'previous cell',
    help: 'same tab of the previous cell',
    group: 'Open and leave',
    scopes: ['report'],
  },

  {
    command: 'filter',
    keys: ['/'],
    label: 'filter',
    help: 'show rows with these words; !word leaves out',
    group: 'Find and sort',
    scopes: SEARCHED,
    footer: 5,
  },
  {
    command: 'sort',
    keys: ['s'],
    label: 'sort',
    help: 'sort by the next column',
    group: 'Find and sort',
    scopes: CELLS,
    footer: 6,
    when: (now) => now.sortable,
  },
  {
    command: 'reverse',
    keys: ['S'],
    label: 'reverse',
    help: 'reverse the order',
    group: 'Find and sort',
    scopes: CELLS,
    when: (now) => now.sortable,
  },
  {
    command: 'workload',
    keys: ['w'],
    label: 'workload',
    help: 'throughput of the next workload',
    group: 'Find and sort',
    scopes: CELLS,
    footer: 8,
    when: (now) => now.workloads,
  },
  {
    command: 'metric',
    keys: ['m'],
    label: 'metric',
    help: 'plot throughput, median or 99th percentile latency',
    group: 'Find and sort',
    scopes: ['report'],
    footer: 3,
    when: (now) => now.plot,
  },

  {
    command: 'mark',
    keys: ['space'],
    label: 'mark',
    help: 'mark the cell, or unmark it; two can be marked',
    group: 'Compare',
    scopes: ['matrix'],
    footer: 3,
    when: some,
  },
  {
    command: 'unmark',
    keys: ['u'],
    label: 'unmark',
    help: 'unmark all cells',
    group: 'Compare',
    scopes: ['matrix'],
    when: (now) => now.marks > 0,
  },
  {
    command: 'diff',
    keys: ['d'],
    label: 'diff',
    help: 'compare the marked cells, or this cell with the marked one, or choose',
    group: 'Compare',
    scopes: ['matrix', 'report'],
    footer: 4,
    when: some,
  },
  {
    command: 'next-difference',
    keys: ['n'],
    label: 'next',
    help: 'next difference',
    group: 'Compare',
    scopes: ['diff'],
    footer: 3,
    when: some,
  },
  {
    command: 'previous-difference',
    keys: ['N'],
    label: 'previous',
    help: 'previous difference',
    group: 'Compare',
    scopes: ['diff'],
    footer: 4,
    when: some,
  },
  {
    command: 'only-differences',
    keys: ['o'],
    label: 'all/only',
    help: 'show all rows or only differences',
    group: 'Compare',
    scopes: ['diff'],
    footer: 6,
  },
  {
    command: 'swap',
    keys: ['x'],
    label: 'swap',
    help: 'swap left and right',
    group: 'Compare',
    scopes: ['diff'],
    footer: 7,
  },

  {
    command: 'filter-keep',
    keys: ['enter'],
    label: 'keep',
    help: 'keep the filter and go back to the list',
    group: 'Find and sort',
    scopes: ['filter'],
    footer: 1,
  },
  {
    command: 'filter-drop',
    keys: ['escape'],
    label: 'clear',
    help: 'clear the filter',
    group: 'Find and sort',
    scopes: ['filter'],
    footer: 2,
  },
  {
    command: 'filter-erase',
    keys: ['backspace', 'delete'],
    label: 'erase',
    help: 'erase a character',
    group: 'Find and sort',
    scopes: ['filter'],
  },
  {
    command: 'filter-erase-word',
    keys: ['ctrl+w'],
    label: 'erase word',
    help: 'erase a word',
    group: 'Find and sort',
    scopes: ['filter'],
    footer: 3,
  },
  {
    command: 'filter-clear',
    keys: ['ctrl+u'],
    label: 'erase all',
    help: 'erase the line',
    group: 'Find and sort',
    scopes: ['filter'],
    footer: 4,
  },

  {
    command: 'help',
    keys: ['?'],
    label: 'help',
    help: 'this screen',
    group: 'Program',
    scopes: ['matrix', 'pick', 'report', 'diff', 'detail'],
    footer: 10,
  },
  {
    command: 'redraw',
    keys: ['ctrl+l'],
    label: 'redraw',
    help: 'draw the screen anew',
    group: 'Program',
    scopes: EVERYWHERE,
  },
  {
    command: 'suspend',
    keys: ['ctrl+z'],
    label: 'suspend',
    help: 'stop, and come back with fg',
    group: 'Program',
    scopes: EVERYWHERE,
  },
  {
    command: 'quit',
    keys: ['q'],
    label: 'quit',
    help: 'quit',
    group: 'Program',
    scopes: ['loading', ...LISTS],
    footer: 11,
  },
  {
    command: 'interrupt',
    keys: ['ctrl+c'],
    label: 'interrupt',
    help: 'quit with exit code 130',
    group: 'Program',
    scopes: EVERYWHERE,
  },
];
