import { resolve } from 'node:path';
import { inputError, readBytes, toJson } from '../../input/index.ts';
import {
  brokenCells,
  type CheckReport,
  checkCsv,
  checkJunit,
  checkMarkdown,
  checkSarif,
  checkText,
} from '../../report/index.ts';
import { checkFiles } from '../../tree/index.ts';
import { checkCells } from '../check-cells.ts';
import type { Command, Context } from '../command.ts';
import { filesNamed } from '../file-arguments.ts';
import { formatOption, sarifWriter } from '../format.ts';
import { exit } from '../io.ts';
import { outOption, writeRemark, writeResult } from '../output.ts';
import { userPath } from '../paths.ts';
import { progressOn } from '../progress.ts';
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
    'The exit code is 1 if a file breaks in a configuration.',
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
    all: { type: 'boolean', description: 'Show also what is the same in every configuration.' },
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
  ],
  run: async (context) => {
    const { args, io, signal } = context;
    const names = filesNamed(args.positionals, io);
    const paths = names.map((path) => userPath(path, io));
    for (const path of paths) wantSource(path);
    const tree = await sourceTreeOf(context);
    const { all, cells } = checkCells(context, tree);
    const jobs = args.integer('jobs', 1);
    const progress = progressOn(io, args.has('quiet'));
    const found = await checkFiles(
      tree,
      paths,
      cells.map((cell) => ({
        ...cell,
        folders: (cell.folders ?? []).map((folder) => resolve(io.cwd, folder)),
      })),
      {
        signal,
        ...(jobs !== undefined && { jobs }),
        onProgress: (done, total) => progress.update(done, total, 'checks'),
      },
    ).finally(() => progress.end());
    // Named as on the command line, so that a report is the same wherever it is made.
    const files = found.map((one, at) => ({ ...one, file: names[at] as string }));
    const report: CheckReport = { tree: args.text('tree') as string, cells: all, files };
    if (cells.length === 0)
      writeRemark(io, 'Kconfig rejects every configuration: nothing was checked');
    writeResult(context, rendered(report, context));
    return cells.length === 0 || files.some((file) => brokenCells(file) > 0) ? exit.no : exit.done;
  },
};

/** Comments are in whatever encoding somebody wrote them; an object file is no source. */
function wantSource(path: string): void {
  if (readBytes(path, 'source file').includes(0)) {
    throw inputError('not-text', `${path} is no text; a source file is wanted`);
  }
}

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
