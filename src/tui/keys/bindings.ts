import { verdictGroups } from '../sessions/verdicts.ts';
import { selectedRow } from '../state/cursor.ts';
import type { Binding } from './binding.ts';

/** Keys of a list, whatever is in it. */
export const LIST_BINDINGS: readonly Binding[] = [
  { command: 'up', keys: ['up', 'k'], label: 'up', help: 'one row up', group: 'Move' },
  { command: 'down', keys: ['down', 'j'], label: 'down', help: 'one row down', group: 'Move' },
  {
    command: 'page-up',
    keys: ['pageup', 'ctrl+b'],
    label: 'page up',
    help: 'one page up',
    group: 'Move',
  },
  {
    command: 'page-down',
    keys: ['pagedown', 'ctrl+f'],
    label: 'page down',
    help: 'one page down',
    group: 'Move',
  },
  {
    command: 'half-up',
    keys: ['ctrl+u'],
    label: 'half up',
    help: 'half a page up',
    group: 'Move',
  },
  {
    command: 'half-down',
    keys: ['ctrl+d'],
    label: 'half down',
    help: 'half a page down',
    group: 'Move',
  },
  { command: 'first', keys: ['home', 'g'], label: 'first', help: 'first row', group: 'Move' },
  { command: 'last', keys: ['end', 'G'], label: 'last', help: 'last row', group: 'Move' },
  {
    command: 'open',
    keys: ['enter', 'right', 'l'],
    label: 'evidence',
    help: 'all there is to say about the row',
    group: 'Open and leave',
    footer: 1,
    when: ({ state, world }) => (selectedRow(state, world)?.detail().length ?? 0) > 0,
  },
  {
    command: 'back',
    keys: ['escape', 'left', 'h'],
    label: 'back',
    help: 'leave this screen; clear the filter first',
    group: 'Open and leave',
    footer: 9,
    when: ({ state, screen }) => state.stack.length > 1 || screen.list.filter !== '',
  },
  {
    command: 'verdicts',
    keys: ['V'],
    label: 'verdicts',
    help: 'what the model checker says, and the schedules it found',
    group: 'Open and leave',
    footer: 8,
    when: ({ world, screen }) =>
      screen.kind !== 'verdicts' && verdictGroups(world.sessions, 'report').length > 0,
  },
  {
    command: 'torture',
    keys: ['T'],
    label: 'torture',
    help: 'retries and waits of lookups while others change the VMA',
    group: 'Run and save',
    when: ({ world, screen }) => world.services.torture !== undefined && screen.kind !== 'torture',
  },
  {
    command: 'export',
    keys: ['e'],
    label: 'export',
    help: 'write what is on the screen to a file, or copy it',
    group: 'Run and save',
    footer: 8,
    when: ({ state, screen, world }) => world.rows(state, screen).length > 0,
  },
  {
    command: 'filter',
    keys: ['/'],
    label: 'filter',
    help: 'show rows with these words; !word leaves out',
    group: 'Find and sort',
    footer: 5,
  },
  {
    command: 'palette',
    keys: [':', 'ctrl+p'],
    label: 'commands',
    help: 'all commands and screens, to be found by typing',
    group: 'Program',
    footer: 5.5,
  },
  {
    command: 'help',
    keys: ['?'],
    label: 'help',
    help: 'every key of the screen',
    group: 'Program',
    footer: 10,
  },
];

/** Keys of screens that have tabs. */
export const TAB_BINDINGS: readonly Binding[] = [
  {
    command: 'next-tab',
    keys: ['tab'],
    label: 'next tab',
    help: 'next tab or layer',
    group: 'Open and leave',
    footer: 2,
  },
  {
    command: 'previous-tab',
    keys: ['shift+tab'],
    label: 'previous tab',
    help: 'previous tab or layer',
    group: 'Open and leave',
  },
];

/** Leaving: everywhere but where letters are text. */
export const QUIT_BINDINGS: readonly Binding[] = [
  { command: 'quit', keys: ['q'], label: 'quit', help: 'quit', group: 'Program', footer: 11 },
];

/** Keys that work always, whatever is being done. */
export const PROGRAM_BINDINGS: readonly Binding[] = [
  {
    command: 'redraw',
    keys: ['ctrl+l'],
    label: 'redraw',
    help: 'draw the screen anew',
    group: 'Program',
  },
  {
    command: 'mouse',
    keys: [],
    label: 'mouse',
    help: 'give the mouse to the terminal, or take it again',
    group: 'Program',
  },
  {
    command: 'suspend',
    keys: ['ctrl+z'],
    label: 'suspend',
    help: 'stop, and come back with fg',
    group: 'Program',
  },
  {
    command: 'interrupt',
    keys: ['ctrl+c'],
    label: 'interrupt',
    help: 'quit with exit code 130',
    group: 'Program',
  },
];

/** Keys of the filter line. Letters are text there, so only keys without one move the selection. */
export const FILTER_BINDINGS: readonly Binding[] = [
  { command: 'up', keys: ['up'], label: 'up', help: 'one row up', group: 'Move' },
  { command: 'down', keys: ['down'], label: 'down', help: 'one row down', group: 'Move' },
  {
    command: 'filter-keep',
    keys: ['enter'],
    label: 'keep',
    help: 'keep the filter and go back to the list',
    group: 'Find and sort',
    footer: 1,
  },
  {
    command: 'filter-drop',
    keys: ['escape'],
    label: 'clear',
    help: 'clear the filter',
    group: 'Find and sort',
    footer: 2,
  },
  {
    command: 'filter-erase',
    keys: ['backspace', 'delete'],
    label: 'erase',
    help: 'erase a character',
    group: 'Find and sort',
  },
  {
    command: 'filter-erase-word',
    keys: ['ctrl+w'],
    label: 'erase word',
    help: 'erase a word',
    group: 'Find and sort',
    footer: 3,
  },
  {
    command: 'filter-clear',
    keys: ['ctrl+u'],
    label: 'erase all',
    help: 'erase the line',
    group: 'Find and sort',
    footer: 4,
  },
];
