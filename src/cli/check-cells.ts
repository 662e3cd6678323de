import { resolve } from 'node:path';
import type { Config } from 'kconfiglib-js';
import { inputError } from '../input/index.ts';
import { Resolver } from '../matrix/index.ts';
import type { CheckedCell } from '../report/index.ts';
import {
  autoconfOf,
  type CheckCell,
  conventionMacros,
  type SourceTree,
  treeKconfig,
} from '../tree/index.ts';
import type { Context } from './command.ts';
import { loadMatrix } from './matrix-options.ts';
import { archFolder, sideConfig } from './surface-side.ts';
import { toolchainOf } from './toolchain-option.ts';
import { treeCells, whyRejected } from './tree-cells.ts';
import { remarkUnanswered } from './unanswered.ts';

/** The configurations a check is asked about, and those that Kconfig rejects. */
export interface CheckCells {
  readonly all: readonly CheckedCell[];
  readonly cells: readonly CheckCell[];
}

/**
 * The cells of `--config`, or of a matrix: its options asked of the Kconfig of each tree, whatever the edition. The first
 * tree decides which cells there are.
 */
export function checkCells(context: Context, ...trees: readonly SourceTree[]): CheckCells[] {
  const { args } = context;
  const texts = args.all('config');
  if (texts.length > 0 && args.has('matrix')) {
    throw inputError('usage', '--config and --matrix exclude each other');
  }
  return texts.length > 0 ? fromConfigs(context, trees, texts) : fromMatrix(context, trees);
}

function fromConfigs(
  context: Context,
  trees: readonly SourceTree[],
  texts: readonly string[],
): CheckCells[] {
  const arch = context.args.text('arch') ?? 'x86_64';
  const sides = trees.map((tree) => ({
    tree,
    folder: archFolder(tree, arch),
    configs: texts.map((id) => sideConfig(context, tree, arch, id, trees[0]).config),
  }));
  const configs = sides.flatMap((one) => one.configs);
  remarkUnanswered(
    context,
    configs.map(({ kconfig }) => kconfig),
  );
  return sides.map(({ tree, folder, configs }) => {
    const cells = configs.map((config, at) =>
      cellOf(context, tree, texts[at] as string, config, folder),
    );
    return { all: cells.map(({ id }) => ({ id, rejected: null })), cells };
  });
}

function fromMatrix(context: Context, trees: readonly SourceTree[]): CheckCells[] {
  const arch = context.args.text('arch') ?? 'x86';
  const matrix = loadMatrix(context.args.text('matrix'), context);
  const profile = toolchainOf(context);
  const sides = trees.map((tree) => {
    const folder = archFolder(tree, arch);
    const kconfig = treeKconfig(tree, folder === '' ? '' : arch, profile);
    const label = tree.overlay.size === 0 ? tree.root : `${tree.root} (patched)`;
    return { tree, folder, options: { kconfig, label } };
  });
  remarkUnanswered(
    context,
    sides.map(({ options }) => options.kconfig),
  );
  const specs = sides[0] ? treeCells(matrix, sides[0].options) : [];
  return sides.map(({ tree, folder, options }) => {
    const resolver = new Resolver(options, matrix.base);
    const all: CheckedCell[] = [];
    const cells: CheckCell[] = [];
    for (const { id, spec } of specs) {
      const resolved = resolver.resolve(spec, []);
      const rejected = whyRejected(resolved);
      all.push({ id, rejected });
      if (rejected === null) cells.push(cellOf(context, tree, id, resolved.config, folder));
    }
    return { all, cells };
  });
}

function cellOf(
  { args, io }: Context,
  tree: SourceTree,
  id: string,
  config: Config,
  folder: string,
): CheckCell {
  return {
    id,
    arch: folder || archOfOptions(tree, config),
    values: (name) => config.get(name),
    autoconf: autoconfOf(config.write()) + namedByConvention(tree, config),
    module: !args.has('builtin') && config.get('MODULES') === 'y',
    folders: args.all('include').map((folder) => resolve(io.cwd, folder)),
  };
}

/** What else a project defines for its options; kernels define no more. */
function namedByConvention({ conventions }: SourceTree, config: Config): string {
  return conventions ? conventionMacros(conventions, valuesIn(config)) : '';
}

/** Values of all options there are. */
function valuesIn(config: Config): ReadonlyMap<string, string> {
  const options = [...config.kconfig.symbols].filter(({ defined }) => defined);
  return new Map(options.map(({ name }) => [name, config.get(name) ?? 'n']));
}

/** The folder below arch/ where an option chooses it, SYS_ARCH in the Makefile of U-Boot; '' in a tree without. */
function archOfOptions(tree: SourceTree, config: Config): string {
  const folder = (config.get('SYS_ARCH') ?? '').replaceAll('"', '');
  const isFolder = /^\w+$/.test(folder) && tree.has(`arch/${folder}/Makefile`);
  return isFolder ? folder : '';
}
