import type { Config } from 'kconfiglib-js';
import { inputError, readingKconfig } from '../input/index.ts';
import { type OptionSource, planMatrixFile, Resolver } from '../matrix/index.ts';
import type { CheckedCell } from '../report/index.ts';
import { autoconfOf, type CheckCell, type SourceTree, treeKconfig } from '../tree/index.ts';
import type { Context } from './command.ts';
import { loadMatrix } from './matrix-options.ts';
import { archFolder, sideConfig } from './surface-side.ts';

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
  const cells = texts.map((id) => {
    const { config } = sideConfig(context, tree, arch, id);
    return cellOf(context, id, config, folder);
  });
  return { all: cells.map(({ id }) => ({ id, rejected: null })), cells };
}

function fromMatrix(context: Context, tree: SourceTree): CheckCells {
  const arch = context.args.text('arch') ?? 'x86';
  const folder = archFolder(tree, arch);
  const matrix = loadMatrix(context.args.text('matrix'), context);
  const kconfig = readingKconfig(() => treeKconfig(tree, folder === '' ? '' : arch), tree.root);
  const options = { kconfig, label: tree.root };
  const source: OptionSource = {
    editionNames: (editions) => editions.map(({ name }) => name),
    optionsOf: () => options,
  };
  const { cells: specs } = planMatrixFile(matrix, source);
  const resolver = new Resolver(options, matrix.base);
  const seen = new Set<string>();
  const all: CheckedCell[] = [];
  const cells: CheckCell[] = [];
  for (const spec of specs) {
    // A tree is one kernel: cells that differ in their edition only are one.
    const id =
      Object.entries(spec.set)
        .map(([name, value]) => `${name}=${value}`)
        .join(',') || 'defaults';
    if (seen.has(id)) continue;
    seen.add(id);
    const { config, refusals } = resolver.resolve(spec, []);
    const [first] = refusals;
    all.push({ id, rejected: first ? `${first.symbol}=${first.wanted}: ${first.reason}` : null });
    if (!first) cells.push(cellOf(context, id, config, folder));
  }
  return { all, cells };
}

function cellOf({ args }: Context, id: string, config: Config, arch: string): CheckCell {
  return {
    id,
    arch,
    values: (name) => config.get(name),
    autoconf: autoconfOf(config.write()),
    module: !args.has('builtin') && config.get('MODULES') === 'y',
    folders: args.all('include'),
  };
}
