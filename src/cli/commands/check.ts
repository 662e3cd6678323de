import { toJson } from '../../input/index.ts';
import {
  brokenCells,
  type CheckReport,
  checkCsv,
  checkJunit,
  checkMarkdown,
  checkSarif,
  checkText,
} from '../../report/index.ts';
import { type CheckCells, checkCells } from '../check-cells.ts';
import { otherTree, writeCheckChanges } from '../check-changes.ts';
import { wantSource } from '../check-sources.ts';
import { checkedSides } from '../checked-sides.ts';
import type { Command, Context } from '../command.ts';
import { filesNamed } from '../file-arguments.ts';
import { formatOption, sarifWriter } from '../format.ts';
import { exit } from '../io.ts';
import { outOption, writeRemark, writeResult } from '../output.ts';
import { userPath } from '../paths.ts';
import { sourceTreeOf, sourceTreeOptions } from '../source-tree.ts';
import { toolchainOption } from '../toolchain-option.ts';

const SCHEMA_VERSION = 1;

/** `kmatrix check`: in which configurations of a tree the source of a driver works. */
export const checkCommand: Command = {
  name: 'check',
  usage: 'FILE... --tree DIR [--matrix FILE | --config CFG...]',
  description: [
    'Reads source files as the compiler of each configuration would, with the headers of a tree, and lists which APIs ' +
      'they take from it: real, a stub, absent, given other arguments or a callback of another type than it takes, declared but not built, or ' +
      'not exported to modules. What the conditionals of a file leave out in a configuration is no use there.',
    'Configurations are the cells of a matrix, asked of the Kconfig of the tree, or those of --config: a .config file, ' +
      'or NAME=value,NAME=value on top of the defconfig of the architecture. Nothing is built.',
    'What a file shows in a configuration is kept in the cache until something it was read from changes: a check that is stopped goes on where it was.',
    'With --patch, or --right-tree, it does so in two trees and lists what is different: what the patches break or mend, and ' +
      'what is real, a stub or absent where it was not.',
    'The exit code is 1 if a file breaks in a configuration; of two trees, if one breaks on the right where it does not ' +
      'on the left.',
  ],
  arity: [1, 10_000],
  options: {
    ...sourceTreeOptions,
    matrix: {
      type: 'string',
      value: 'FILE',
      description: 'Cells to check in. Default: the matrix that ships.',
    },
    config: {
      type: 'string',
      value: 'CFG',
      multiple: true,
      description: 'A configuration to check in, instead of a matrix.',
    },
    ...toolchainOption,
    arch: {
      type: 'string',
      value: 'NAME',
      description: 'As make ARCH= takes it. Default: x86, with --config x86_64.',
    },
    include: {
      type: 'string',
      value: 'DIR',
      multiple: true,
      description: "Look for headers here, too, behind the kernel's own.",
    },
    builtin: {
      type: 'boolean',
      description: 'The files are built into the kernel: nothing has to be exported.',
    },
    patch: {
      type: 'string',
      value: 'FILE|DIR',
      multiple: true,
      description:
        'Apply a patch, a mailbox or a folder of patches in memory, and list what that changes. May be repeated.',
    },
    'right-tree': {
      type: 'string',
      value: 'DIR',
      description: 'Compare with this tree, another version, say; patches apply to it.',
    },
    all: {
      type: 'boolean',
      description: 'Show also what is the same in every configuration, or in both trees.',
    },
    ...formatOption('term', 'md', 'json', 'csv', 'sarif', 'junit'),
    ...outOption,
  },
  examples: [
    ['kmatrix check driver.c --tree ~/src/linux', 'In the cells of the matrix that ships.'],
    [
      'kmatrix check driver.c --tree ~/src/linux --config defconfig --config SMP=n',
      'In two configurations.',
    ],
    [
      "kmatrix check 'src/**/*.c' --tree ~/src/linux --format sarif --out check.sarif",
      'All C files below a folder, for a CI that shows SARIF.',
    ],
    [
      'kmatrix check driver.c --tree ~/src/linux --patch series.mbox',
      'What a series breaks in it, and where.',
    ],
    [
      'kmatrix check driver.c --tree linux-6.12 --right-tree linux-7.0 --config defconfig',
      'Whether it works in a later kernel, too.',
    ],
  ],
  run: async (context) => {
    const { args, io } = context;
    const files = filesNamed(args.positionals, io).map((name) => ({
      name,
      path: userPath(name, io),
    }));
    const compared = ['patch', 'right-tree'].some((name) => args.has(name));
    if (!compared) for (const { path } of files) wantSource(path);
    const tree = await sourceTreeOf(context);
    const other = await otherTree(context, tree);
    if (other) return writeCheckChanges(context, files, tree, other);
    const [{ all, cells }] = checkCells(context, tree) as [CheckCells];
    const paths = files.map(({ path }) => path);
    const [found = []] = await checkedSides(context, [{ tree, cells, paths }]);
    // Named as on the command line, so that a report is the same wherever it is made.
    const checked = found.map((one, at) => ({ ...one, file: files[at]!.name }));
    const report: CheckReport = { tree: args.text('tree') as string, cells: all, files: checked };
    if (cells.length === 0)
      writeRemark(io, 'Kconfig rejects every configuration: nothing was checked');
    writeResult(context, rendered(report, context));
    return cells.length === 0 || checked.some((file) => brokenCells(file) > 0)
      ? exit.no
      : exit.done;
  },
};

function rendered(report: CheckReport, context: Context): string {
  const { args } = context;
  const all = args.has('all');
  switch (args.text('format')) {
    case 'json':
      return toJson({ schemaVersion: SCHEMA_VERSION, ...report });
    case 'md':
      return checkMarkdown(report, all);
    case 'csv':
      return checkCsv(report);
    case 'sarif':
      return checkSarif(report, sarifWriter(context));
    case 'junit':
      return checkJunit(report);
    default:
      return checkText(report, all);
  }
}
