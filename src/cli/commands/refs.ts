import { inputError, suggest, toJson } from '../../input/index.ts';
import {
  compareDangling,
  compareReferences,
  type DanglingOptions,
  findDangling,
  findReferences,
  helpers,
  patchTree,
  readPatches,
  removedOptions,
  type SourceTree,
  type SymbolReferences,
} from '../../tree/index.ts';
import type { Command, Context } from '../command.ts';
import { writeConflicts } from '../conflicts.ts';
import { formatOption } from '../format-option.ts';
import { exit } from '../io.ts';
import { outOption, writeResult } from '../output.ts';
import { userPath } from '../paths.ts';
import { comparedText, refsText } from '../refs-text.ts';
import { stopCompiling, withoutOptimizing } from '../short-run.ts';
import { readingOptions, sourceTreeOf, sourceTreeOptions } from '../source-tree.ts';

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
    patch: {
      type: 'string',
      value: 'FILE|DIR',
      multiple: true,
      description:
        'Apply a patch, a mailbox or a folder of patches in memory, and show what it changes: - gone, + new, ~ changed.',
    },
    'exit-code': {
      type: 'boolean',
      description:
        'Exit with 1 if a listed reference is dead or dangling; with --patch, if the patch makes one so.',
    },
    ...formatOption('term', 'json'),
    ...outOption,
  },
  examples: [
    ['kmatrix refs PER_VMA_LOCK --tree ~/src/linux', 'Every mention of one option.'],
    ['kmatrix refs --dangling --tree ~/src/linux', 'What checkkconfigsymbols.py looks for.'],
    [
      'kmatrix refs --dangling --tree ~/src/linux --patch series.mbox',
      'What a series leaves behind.',
    ],
    [
      'kmatrix refs --dangling --kind ifdef --tree . --exit-code',
      'A check for CI: no #ifdef of an option nobody defines.',
    ],
  ],
  run: (context) =>
    context.args.has('dangling') ? withoutOptimizing(() => refs(context)) : refs(context),
};

async function refs(context: Context): Promise<number> {
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
  const reading = readingOptions(context);
  if (!dangling) return answer(context, reading);
  // Those that read the tree look at the mentions in it, too.
  const threads = helpers(reading);
  try {
    return await answer(context, { ...reading, ...(threads && { threads }) });
  } finally {
    await threads?.end();
  }
}

async function answer(context: Context, reading: DanglingOptions): Promise<number> {
  const { args } = context;
  const [given] = args.positionals;
  const dangling = given === undefined;
  const kinds = args.all('kind');
  const tree = await sourceTreeOf(context, reading);
  const patches = args.all('patch').flatMap((path) => readPatches(userPath(path, context.io)));
  if (patches.length > 0) return comparing(context, tree, given, patches, reading);
  if (dangling) stopCompiling();
  const lists = dangling ? await findDangling(tree, reading) : [ofSymbol(tree, given)];
  // They leave while this is written.
  void reading.threads?.end();
  const shown = kinds.length === 0 ? lists : ofKinds(lists, kinds, dangling);
  const json = dangling
    ? { schemaVersion: SCHEMA_VERSION, symbols: shown }
    : { schemaVersion: SCHEMA_VERSION, ...shown[0] };
  writeResult(
    context,
    args.text('format') === 'json' ? toJson(json) : shown.map(refsText).join(dangling ? '\n' : ''),
  );
  const bad = shown.some(({ references }) =>
    references.some(({ state }) => state === 'dead' || state === 'dangling'),
  );
  return bad && args.has('exit-code') ? exit.no : exit.done;
}

/** The same before and after patches. A conflict is an answer of "no". */
async function comparing(
  context: Context,
  tree: SourceTree,
  given: string | undefined,
  patches: Parameters<typeof patchTree>[1],
  reading: DanglingOptions,
): Promise<number> {
  const { args, io } = context;
  const patched = patchTree(tree, patches);
  const { tree: after, conflicts, fuzzy, changed } = patched;
  writeConflicts(io, patched);
  const symbol = given && optionOf(tree, given);
  const kinds = args.all('kind');
  const wanted = <T extends { kind: string }>(list: readonly T[]): readonly T[] =>
    kinds.length === 0 ? list : list.filter(({ kind }) => kinds.includes(kind));
  const lists = (
    symbol === undefined
      ? await compareDangling(tree, after, reading)
      : [compareReferences(tree, after, symbol)]
  ).map((one) => ({
    ...one,
    references: wanted(one.references),
    removed: wanted(one.removed),
  }));
  const series = { changed, conflicts, fuzzy, removedOptions: removedOptions(tree, after) };
  const json =
    symbol === undefined
      ? { schemaVersion: SCHEMA_VERSION, series, symbols: lists }
      : { schemaVersion: SCHEMA_VERSION, series, ...lists[0] };
  const gone =
    symbol === undefined && series.removedOptions.length > 0
      ? `no longer defined: ${series.removedOptions.join(', ')}\n\n`
      : '';
  writeResult(
    context,
    args.text('format') === 'json' ? toJson(json) : gone + lists.map(comparedText).join('\n'),
  );
  const bad = lists.some(({ references }) =>
    references.some((one) => one.change && (one.state === 'dead' || one.state === 'dangling')),
  );
  return conflicts.length > 0 || (bad && args.has('exit-code')) ? exit.no : exit.done;
}

/** An option by its name, with the prefix or without; some of uClibc-ng have the prefix as a part of theirs. */
function optionOf(tree: SourceTree, given: string): string {
  return tree.defines(given) ? given : given.replace(/^CONFIG_/, '');
}

function ofSymbol(tree: SourceTree, given: string): SymbolReferences {
  const symbol = optionOf(tree, given);
  const found = findReferences(tree, symbol);
  if (found.references.length > 0 || tree.defines(symbol)) return found;
  const near = suggest(symbol, [...tree.index.defined].sort());
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
