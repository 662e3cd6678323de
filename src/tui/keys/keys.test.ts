import { describe, expect, it } from 'vitest';
import { COMMANDS } from '../state/commands.ts';
import { BINDINGS, type Scope } from './bindings.ts';
import { decodeKeys, keyLabel } from './decode.ts';
import { createKeyQueue } from './key-queue.ts';
import { keyTable } from './key-table.ts';
import { bindingsOf, commandFor } from './match.ts';

const SCOPES: readonly Scope[] = [
  'loading',
  'matrix',
  'pick',
  'report',
  'diff',
  'detail',
  'help',
  'filter',
];

describe('decodeKeys', () => {
  it('splits keys typed ahead, control characters among them', () => {
    expect(decodeKeys('jj\r\tG', {})).toEqual(['j', 'j', 'enter', 'tab', 'G']);
    expect(decodeKeys('a \u0004', {})).toEqual(['a', 'space', 'ctrl+d']);
  });

  it('names keys without a character', () => {
    expect(decodeKeys('', { upArrow: true })).toEqual(['up']);
    expect(decodeKeys('', { tab: true, shift: true })).toEqual(['shift+tab']);
    expect(decodeKeys('c', { ctrl: true })).toEqual(['ctrl+c']);
    expect(decodeKeys('', { escape: true })).toEqual(['escape']);
  });

  it('takes a letter with Alt for Escape and the letter: that is how the two arrive when typed fast', () => {
    expect(decodeKeys('q', { meta: true })).toEqual(['escape', 'q']);
  });

  it('ignores the release of a key', () => {
    expect(decodeKeys('j', { eventType: 'release' })).toEqual([]);
  });
});

describe('the key table', () => {
  it.each(SCOPES)('gives each key one meaning in %s', (scope) => {
    const keys = bindingsOf(scope).flatMap((binding) => binding.keys);
    expect(keys.filter((key, index) => keys.indexOf(key) !== index)).toEqual([]);
  });

  it.each(SCOPES)('can be left from %s', (scope) => {
    expect(commandFor(scope, 'ctrl+c')).toBe('interrupt');
    expect(commandFor(scope, 'ctrl+z')).toBe('suspend');
    if (scope !== 'filter') expect(commandFor(scope, 'q')).toBe('quit');
  });

  it('reaches every command', () => {
    const bound = new Set(BINDINGS.map(({ command }) => command));
    expect(
      Object.keys(COMMANDS).filter((command) => !bound.has(command as keyof typeof COMMANDS)),
    ).toEqual([]);
  });

  it('leaves letters to the filter line', () => {
    const keys = bindingsOf('filter').flatMap((binding) => binding.keys);
    expect(keys.filter((key) => key.length === 1)).toEqual([]);
  });

  it('makes the table of the manual', () => {
    const rows = keyTable();
    expect(rows).toContainEqual({ group: 'Move', keys: ['Down', 'j'], help: 'one row down' });
    expect(rows.find(({ help }) => help.startsWith('mark'))?.keys).toEqual(['Space']);
  });
});

it('writes keys in the glyphs of the terminal', () => {
  expect(keyLabel('up', false)).toBe('↑');
  expect(keyLabel('up', true)).toBe('Up');
  expect(keyLabel('ctrl+d', false)).toBe('^D');
});

describe('the key queue', () => {
  it('keeps keys until somebody takes them, in order', () => {
    const queue = createKeyQueue();
    const taken: string[] = [];
    queue.push(['j', 'enter']);
    const stop = queue.subscribe((keys) => taken.push(...keys));
    queue.push(['tab']);
    expect(taken).toEqual(['j', 'enter', 'tab']);
    stop();
    queue.push(['q']);
    expect(taken).toHaveLength(3);
    queue.subscribe((keys) => taken.push(...keys));
    expect(taken.at(-1)).toBe('q');
  });
});
