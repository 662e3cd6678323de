import type { Config } from 'kconfiglib-js';
import { inputError, toJson } from '../../input/index.ts';
import {
  autoconfOf,
  type Configuration,
  type PatchedTree,
  patchTree,
  readPatches,
  type SizedSide,
  type SourceTree,
  type StructSide,
  type Surface,
  structLayouts,
  surfaceFallbacks,
  surfaceOf,
  type Values,
} from '../../tree/index.ts';
import type { Command, Context } from '../command.ts';
import { writeConflicts } from '../conflicts.ts';
import { formatOption } from '../format-option.ts';
import { exit } from '../io.ts';
import { outOption, writeRemark, writeResult } from '../output.ts';
import { writeMatrixChanges } from '../patched-matrix.ts';
import { userPath } from '../paths.ts';
import { progressOn } from '../progress.ts';
import { scanOf, sourceTreeOptions } from '../source-tree.ts';
import { archFolder, sideConfig, valuesOf } from '../surface-side.ts';
import { fallbacksText, sizesText, surfaceChangesText } from '../surface-text.ts';
import { toolchainOption } from '../toolchain-option.ts';
import { remarkUnanswered } from '../unanswered.ts';

const SCHEMA_VERSION = 1;

type Sized = Awaited<ReturnType<typeof structLayouts>>;

/** `kmatrix surface`: what differs between two configurations of a tree, or between two trees. */
export const surfaceCommand: Command = {
  name: 'surface',
  usage: '--tree DIR --left CFG --right CFG',
  description: [
    'Lists what two configurations of a source tree differ in: functions that are real, a stub or absent, whose ' +
      'body or signature is another, or that use a macro which is; types and fields, macros, enumerators, ' +
      'variables and what they begin with, objects.',
    'A configuration is a .config file, or NAME=value,NAME=value on top of the defconfig of the architecture. With ' +
      '--symbol only the named options differ: the right side is the left one with their values of --right, or off ' +
      'without --right, whatever Kconfig would say to that.',
    'With --left-tree and --right-tree, or --patch for the right side, it compares two trees. Nothing is built.',
  ],
  arity: [0, 0],
  options: {
    ...sourceTreeOptions,
    left: {
      type: 'string',
      value: 'CFG',
      description: 'The configuration on the left. Default: defconfig.',
    },
    right: {
      type: 'string',
      value: 'CFG',
      description: 'The one on the right. Default: that on the left.',
    },
    symbol: {
      type: 'string',
      value: 'NAME',
      multiple: true,
      description: 'Let only this option differ.',
    },
    ...toolchainOption,
    arch: {
      type: 'string',
      value: 'NAME',
      description: 'As make ARCH= takes it. Default: x86_64; x86 with --matrix.',
    },
    'left-tree': {
      type: 'string',
      value: 'DIR',
      description: 'The tree on the left, instead of --tree.',
    },
    'right-tree': {
      type: 'string',
      value: 'DIR',
      description: 'The tree on the right, instead of --tree.',
    },
    patch: {
      type: 'string',
      value: 'FILE|DIR',
      multiple: true,
      description: 'Apply patches to the right side, in memory.',
    },
    matrix: {
      type: 'string',
      value: 'FILE',
      description:
        'With --patch: what the patches change in every cell of a matrix file; the option sets are those of the tree.',
    },
    fallbacks: {
      type: 'boolean',
      description:
        'Also list, for every architecture, who calls a function that is a stub on one side and takes a lock of the same object instead.',
    },
    'by-macro': {
      type: 'boolean',
      description:
        'Between two trees, also list functions in which nothing is different but what a macro stands for.',
    },
    sizes: {
      type: 'boolean',
      description:
        'Also compute, for both sides, sizes and offsets of structs and unions whose layout differs.',
    },
    'exit-code': { type: 'boolean', description: 'Exit with 1 if there are differences.' },
    ...formatOption('term', 'json'),
    ...outOption,
  },
  examples: [
    ['kmatrix surface --tree ~/src/linux --left SMP=y --right SMP=n', 'Two configurations.'],
    ['kmatrix surface --tree ~/src/linux --symbol PER_VMA_LOCK', 'One option on and off.'],
    [
      'kmatrix surface --tree ~/src/linux --symbol PER_VMA_LOCK --fallbacks',
      'And who falls back without it.',
    ],
    [
      'kmatrix surface --tree ~/src/linux --symbol PER_VMA_LOCK --sizes',
      'And what it costs in bytes.',
    ],
    ['kmatrix surface --left-tree linux-6.12 --right-tree linux-7.0', 'Two kernels.'],
    [
      'kmatrix surface --tree ~/src/linux --left SMP=n --patch series.mbox',
      'Before and after a series.',
    ],
    [
      'kmatrix surface --tree ~/src/linux --patch series.mbox --matrix matrices/per-vma-lock.yaml',
      'Which configurations gain or lose a function by a series.',
    ],
  ],
  run: async (context) => {
    const { args, io, signal } = context;
    const symbols = args.all('symbol').map((name) => name.replace(/^CONFIG_/, ''));
    const { left, right, patched, conflicts } = await treesOf(context);
    if (args.has('matrix')) {
      if (!patched || patched.before !== left) {
        throw inputError('usage', '--matrix wants --patch and one --tree');
      }
      const { functions } = await writeMatrixChanges(context, left, patched.after);
      return conflicts || (functions.length > 0 && args.has('exit-code')) ? exit.no : exit.done;
    }
    const same = left === right;
    if (same && !args.has('right') && symbols.length === 0) {
      throw inputError(
        'usage',
        'the two sides are the same',
        undefined,
        'give --right, --symbol or --patch',
      );
    }
    const arch = args.text('arch') ?? 'x86_64';
    const folder = archFolder(left, arch);
    const text = args.text('left') ?? 'defconfig';
    const l = sideConfig(context, left, arch, text);
    const r =
      same && args.text('right') === undefined
        ? l
        : sideConfig(
            context,
            right,
            arch,
            args.text('right') ?? text,
            args.has('right') ? right : left,
          );
    remarkUnanswered(context, [l.config.kconfig, r.config.kconfig]);
    const forced = new Map(
      symbols.map((name) => {
        if (!l.config.kconfig.symbols.get(name))
          throw inputError('unknown-option', `${name} is not defined`);
        return [name, args.has('right') ? r.config.get(name) : 'n'];
      }),
    );
    const options =
      symbols.length > 0
        ? symbols.filter((name) => l.config.get(name) !== forced.get(name))
        : differing(l.config, r.config);
    const alike = symbols.filter((name) => !options.includes(name));
    for (const name of args.has('quiet') ? [] : alike) {
      writeRemark(io, `${name} is ${l.config.get(name) ?? 'n'} on both sides (--left ${text})`);
    }
    const own = valuesOf(l.config);
    const values: Values =
      symbols.length > 0 ? (name) => forced.get(name) ?? own(name) : valuesOf(r.config);
    const jobs = args.integer('jobs', 1);
    const threads = { signal, ...(jobs !== undefined && { jobs }) };
    const progress = progressOn(io, args.has('quiet'));
    const surface = await surfaceOf(
      { tree: left, values: own },
      { tree: right, values },
      {
        options,
        arch: folder,
        byMacro: left.root === right.root || args.has('by-macro'),
        ...threads,
        onProgress: (done, total) => progress.update(done, total, 'files'),
      },
    ).finally(() => progress.end());
    const fallbacks = args.has('fallbacks')
      ? await surfaceFallbacks(
          { tree: left, values: own },
          { tree: right, values },
          surface,
          threads,
        )
      : undefined;
    const sized = args.has('sizes')
      ? await structLayouts(
          { tree: left, configuration: configurationOf(l.config, folder, new Map()) },
          {
            tree: right,
            configuration: configurationOf(
              symbols.length > 0 ? l.config : r.config,
              folder,
              forced,
            ),
          },
          surface,
        )
      : undefined;
    writeResult(
      context,
      args.text('format') === 'json'
        ? toJson({
            schemaVersion: SCHEMA_VERSION,
            ...(sized ? withSizes(surface, sized) : surface),
            ...(fallbacks && { fallbacks }),
          })
        : surfaceChangesText(surface) +
            (sized ? sizesText(sized) : '') +
            (fallbacks ? fallbacksText(fallbacks) : ''),
    );
    const { functions, structs, macros, enumerators, variables, objects } = surface;
    const any = [functions, structs, macros, enumerators, variables, objects].some(
      (list) => list.length > 0,
    );
    const no = conflicts || !l.taken || !r.taken || (any && args.has('exit-code'));
    return no ? exit.no : exit.done;
  },
};

/** What a compiler is told on one side: a configuration, with values that hold whatever it says. */
function configurationOf(
  config: Config,
  arch: string,
  forced: ReadonlyMap<string, string>,
): Configuration {
  const own = valuesOf(config);
  return {
    arch,
    values: (name) => forced.get(name) ?? own(name),
    autoconf: autoconfOf(config.write(), forced),
  };
}

/** The surface with the sizes where JSON has room for them. */
function withSizes(surface: Surface, { structs, leftOut }: Sized): object {
  const known = new Map(structs.map((one) => [one.name, one]));
  const side = (fields: StructSide | null, sized: SizedSide | null | undefined): object | null =>
    fields && { ...fields, ...(sized && { ...sized }) };
  return {
    ...surface,
    structs: surface.structs.map((one) => ({
      ...one,
      left: side(one.left, known.get(one.name)?.left),
      right: side(one.right, known.get(one.name)?.right),
    })),
    layouts: structs,
    notSized: leftOut,
  };
}

async function treesOf(context: Context): Promise<{
  left: SourceTree;
  right: SourceTree;
  patched?: { before: SourceTree; after: PatchedTree };
  conflicts: boolean;
}> {
  const { args, io } = context;
  const [a, b] = ['left-tree', 'right-tree'].map((name) => args.text(name) ?? args.text('tree'));
  const left = await scanOf(context, a);
  const right = a === b ? left : await scanOf(context, b);
  const patches = args.all('patch').flatMap((path) => readPatches(userPath(path, io)));
  if (patches.length === 0) return { left, right, conflicts: false };
  const patched = patchTree(right, patches);
  writeConflicts(io, patched);
  return {
    left,
    right: patched.tree,
    patched: { before: right, after: patched },
    conflicts: patched.conflicts.length > 0,
  };
}

/** Options whose values differ, of both sides. */
function differing(left: Config, right: Config): string[] {
  const names = new Set(
    [left, right].flatMap(({ kconfig }) => [...kconfig.symbols].map(({ name }) => name)),
  );
  return [...names].filter((name) => left.get(name) !== right.get(name)).sort();
}
