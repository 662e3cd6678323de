import { inputError, suggest, toJson } from '../../input/index.ts';
import {
  findDangling,
  findReferences,
  type SourceTree,
  type SymbolReferences,
} from '../../tree/index.ts';
import type { Command } from '../command.ts';
import { formatOption } from '../format.ts';
import { exit } from '../io.ts';
import { outOption, writeResult } from '../output.ts';
import { refsText } from '../refs-text.ts';
import { sourceTreeOf, sourceTreeOptions } from '../source-tree.ts';

const SCHEMA_VERSION = 1;

/** `kmatrix refs`: where a source tree mentions an option, and whether that can matter. */
export const refsCommand: Command = {
  name: 'refs',
  usage: '[SYMBOL] --tree DIR',
  description: [
    'Lists every mention of an option in a source tree with its kind, the function or type around it, the ' +
      'condition under which it is reached, and its state: dead if no configuration Kconfig allows makes it ' +
      'hold, always if it holds wherever it is reached, dangling if no Kconfig file defines the option, else ' +
      'live. A question mark means that it could not be decided in time.',
    'With --dangling it lists all options the tree mentions and no Kconfig file defines. Nothing of the tree ' +
      'is executed.',
  ],
  arity: [0, 1],
  options: {
    ...sourceTreeOptions,
    dangling: {
      type: 'boolean',
      description: 'List the options no Kconfig file defines, with their references.',
    },
    kind: {
      type: 'string',
      value: 'KIND',
      multiple: true,
      description: 'Only references of this kind: ifdef, IS_ENABLED, object, "depends on", …',
    },
    'exit-code': {
      type: 'boolean',
      description: 'Exit with 1 if a listed reference is dead or dangling.',
    },
    ...formatOption('term', 'json'),
    ...outOption,
  },
  examples: [
    ['kmatrix refs PER_VMA_LOCK --tree ~/src/linux', 'Every mention of one option.'],
    ['kmatrix refs --dangling --tree ~/src/linux', 'What checkkconfigsymbols.py looks for.'],
    [
      'kmatrix refs --dangling --kind ifdef --tree . --exit-code',
      'A check for CI: no #ifdef of an option nobody defines.',
    ],
  ],
  run: async (context) => {
    const { args } = context;
    const [given] = args.positionals;
    const dangling = args.has('dangling');
    if (dangling === (given !== undefined)) {
      throw inputError(
        'usage',
        'either SYMBOL or --dangling is wanted',
        undefined,
        'see kmatrix help refs',
      );
    }
    const kinds = args.all('kind');
    const tree = await sourceTreeOf(context);
    const lists = given === undefined ? findDangling(tree) : [ofSymbol(tree, given)];
    const shown = kinds.length === 0 ? lists : ofKinds(lists, kinds, dangling);
    const json = dangling
      ? { schemaVersion: SCHEMA_VERSION, symbols: shown }
      : { schemaVersion: SCHEMA_VERSION, ...shown[0] };
    writeResult(
      context,
      args.text('format') === 'json'
        ? toJson(json)
        : shown.map(refsText).join(dangling ? '\n' : ''),
    );
    const bad = shown.some(({ references }) =>
      references.some(({ state }) => state === 'dead' || state === 'dangling'),
    );
    return bad && args.has('exit-code') ? exit.no : exit.done;
  },
};

function ofSymbol(tree: SourceTree, given: string): SymbolReferences {
  const symbol = given.replace(/^CONFIG_/, '');
  const found = findReferences(tree, symbol);
  if (found.references.length > 0 || tree.defines(symbol)) return found;
  const near = suggest(symbol, [...tree.index.defined]);
  throw inputError(
    'unknown-option',
    `the tree does not mention ${symbol}`,
    undefined,
    near === undefined ? undefined : `did you mean ${near}?`,
  );
}

function ofKinds(
  lists: readonly SymbolReferences[],
  kinds: readonly string[],
  dropEmpty: boolean,
): SymbolReferences[] {
  return lists
    .map(({ symbol, references }) => ({
      symbol,
      references: references.filter(({ kind }) => kinds.includes(kind)),
    }))
    .filter(({ references }) => !dropEmpty || references.length > 0);
}
