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

/** The cells of `--config`, or of a matrix: its options asked of the tree's own Kconfig, whatever the edition. */
export function checkCells(context: Context, tree: SourceTree): CheckCells {
  const { args } = context;
  const texts = args.all('config');
  if (texts.length > 0 && args.has('matrix')) {
    throw inputError('usage', '--config and --matrix exclude each other');
  }
  return texts.length > 0 ? fromConfigs(context, tree, texts) : fromMatrix(context, tree);
}

function fromConfigs(context: Context, tree: SourceTree, texts: readonly string[]): CheckCells {
  const arch = context.args.text('arch') ?? 'x86_64';
  const folder = archFolder(tree, arch);
  const configs = texts.map((id) => sideConfig(context, tree, arch, id).config);
  remarkUnanswered(
    context,
    configs.map(({ kconfig }) => kconfig),
  );
  const cells = configs.map((config, at) =>
    cellOf(context, tree, texts[at] as string, config, folder),
  );
  return { all: cells.map(({ id }) => ({ id, rejected: null })), cells };
}

function fromMatrix(context: Context, tree: SourceTree): CheckCells {
  const arch = context.args.text('arch') ?? 'x86';
  const folder = archFolder(tree, arch);
  const matrix = loadMatrix(context.args.text('matrix'), context);
  const kconfig = treeKconfig(tree, folder === '' ? '' : arch, toolchainOf(context));
  remarkUnanswered(context, [kconfig]);
  const options = { kconfig, label: tree.root };
  const resolver = new Resolver(options, matrix.base);
  const all: CheckedCell[] = [];
  const cells: CheckCell[] = [];
  for (const { id, spec } of treeCells(matrix, options)) {
    const resolved = resolver.resolve(spec, []);
    const rejected = whyRejected(resolved);
    all.push({ id, rejected });
    if (rejected === null) cells.push(cellOf(context, tree, id, resolved.config, folder));
  }
  return { all, cells };
}

function cellOf(
  { args }: Context,
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
    folders: args.all('include'),
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
