import { describe, expect, it } from 'vitest';
import { DIALOGS } from '../dialogs/registry.ts';
import { MODULES } from '../screens/registry.ts';
import { COMMANDS } from '../state/commands.ts';
import { keyLabel } from './decode.ts';
import { allBindings, makeKeyTable } from './key-table.ts';
import { manualRows } from './manual.ts';

const table = makeKeyTable(MODULES);
const SCOPES = table.scopes;
/** Scopes where letters are text. */
const TEXT: readonly string[] = ['filter', ...DIALOGS.map(({ kind }) => kind)];

describe('the key table', () => {
  it.each(SCOPES)('gives each key one meaning in %s', (scope) => {
    const keys = table.bindings(scope).flatMap((binding) => binding.keys);
    expect(keys.filter((key, index) => keys.indexOf(key) !== index)).toEqual([]);
  });

  it.each(SCOPES)('can be left from %s', (scope) => {
    expect(table.command(scope, 'ctrl+c')).toBe('interrupt');
    expect(table.command(scope, 'ctrl+z')).toBe('suspend');
    if (!TEXT.includes(scope)) expect(table.command(scope, 'q')).toBe('quit');
  });

  it('reaches every command', () => {
    const all = allBindings(table).map(({ command }) => command);
    const bound = new Set(all);
    expect(Object.keys(COMMANDS).filter((command) => !bound.has(command))).toEqual([]);
    for (const { kind, commands } of MODULES) {
      const own = new Set(
        [...table.bindings(kind), ...table.bindings('filter')].map(({ command }) => command),
      );
      expect(Object.keys(commands).filter((command) => !own.has(command))).toEqual([]);
    }
  });

  it('has a step for every binding', () => {
    for (const { kind, commands } of MODULES) {
      for (const { command } of table.bindings(kind)) {
        expect(commands[command] ?? COMMANDS[command], `${kind} ${command}`).toBeDefined();
      }
    }
  });

  it.each(TEXT)('leaves letters to %s', (scope) => {
    const keys = table.bindings(scope).flatMap((binding) => binding.keys);
    expect(keys.filter((key) => key.length === 1)).toEqual([]);
  });

  it('makes the table of the manual', () => {
    const rows = manualRows(table);
    expect(rows).toContainEqual({ group: 'Move', keys: ['Down', 'j'], help: 'one row down' });
    expect(rows.find(({ help }) => help.startsWith('mark'))?.keys).toEqual(['Space']);
  });
});

it('writes keys in the glyphs of the terminal', () => {
  expect(keyLabel('up', false)).toBe('↑');
  expect(keyLabel('up', true)).toBe('Up');
  expect(keyLabel('ctrl+d', false)).toBe('^D');
});
