import { inputError, readText, toJson } from '../../input/index.ts';
import { type MatrixFile, shippedDeciding } from '../../matrix/index.ts';
import {
  buildReport,
  type Compat,
  compatCsv,
  compatHtml,
  compatMarkdown,
  compatOf,
  compatText,
  type Decide,
  parseReport,
  type Report,
  type ReportKernel,
} from '../../report/index.ts';
import type { Command, Context } from '../command.ts';
import { formatOption, textOptions } from '../format.ts';
import { exit } from '../io.ts';
import { loadMatrix, runLoaded, runOptions } from '../matrix-options.ts';
import { outOption, writeResult } from '../output.ts';
import { userPath } from '../paths.ts';

/** `kmatrix compat`: in which configurations an API can be used, and what to write where it cannot. */
export const compatCommand: Command = {
  name: 'compat',
  usage: 'API…',
  description: [
    'Says of functions of the memory layer in which configurations of a matrix they can be used without a fallback, with one ' +
      'only, or not at all; since which edition; which option decides and why it has its value; and what callers write where the ' +
      'function does not do, with whether that works everywhere. Nothing is simulated.',
    'An API needs a fallback where it can fail: where a caller in the simulated kernels has another way for when it does. ' +
      'Without --matrix: every edition, in matrices/editions.yaml. For the source of a driver and a real tree there is "kmatrix check".',
  ],
  arity: [0, 100],
  options: {
    ...formatOption('term', 'md', 'mail', 'html', 'json', 'csv'),
    ...outOption,
    caller: {
      type: 'string',
      multiple: true,
      value: 'NAME',
      description:
        'A function that calls such APIs: where it needs its other way. May be repeated.',
    },
    matrix: {
      type: 'string',
      value: 'FILE',
      description: 'The configurations: a matrix file, or a report that was exported as JSON.',
    },
    tree: runOptions.tree,
    quiet: runOptions.quiet,
  },
  examples: [
    ['kmatrix compat lock_vma_under_rcu', 'Where it is real, and what to write elsewhere.'],
    [
      'kmatrix compat --caller find_tcp_vma --matrix reports/per-vma-lock.json',
      'Where a caller needs its fallback, by a report that is there.',
    ],
    [
      'kmatrix compat vma_start_read vma_end_read --format html --out compat.html',
      'A table to open in a browser.',
    ],
  ],
  run: async (context) => {
    const { args } = context;
    const callers = args.all('caller');
    if (args.positionals.length + callers.length === 0) {
      throw inputError(
        'usage',
        'name an API, or a caller with --caller',
        undefined,
        'e.g. kmatrix compat lock_vma_under_rcu',
      );
    }
    const compat = await answered(context, { apis: args.positionals, callers });
    writeResult(context, compatIn(compat, context));
    return exit.done;
  },
};

interface Names {
  readonly apis: readonly string[];
  readonly callers: readonly string[];
}

/** The answer; where an option decides whose reason the matrix does not show, the cells are resolved again with it. */
async function answered(context: Context, names: Names): Promise<Compat> {
  const given = context.args.text('matrix');
  if (given?.endsWith('.json')) {
    const report = parseReport(readText(userPath(given, context.io), 'report'), given);
    return compatOf(report, { ...names, decide: decideOn(report) });
  }
  const file = loadMatrix(given, context, 'matrices/editions.yaml');
  const matrix = withoutWorkloads(file);
  const report = buildReport(await runLoaded(context, matrix));
  const decide = decideOn(report);
  const compat = compatOf(report, { ...names, decide });
  const hidden = unshown(compat, matrix);
  if (hidden.length === 0) return compat;
  const show = [...matrix.show, ...hidden.map((text) => ({ text, span: matrix.matrixSpan }))];
  const again = buildReport(await runLoaded(context, { ...matrix, show }));
  return compatOf(again, { ...names, decide });
}

function withoutWorkloads(file: MatrixFile): MatrixFile {
  const without = (entries: MatrixFile['cells']): MatrixFile['cells'] =>
    entries.map(({ workloads: _, ...entry }) => entry);
  return {
    ...file,
    workloads: [],
    costs: [],
    include: without(file.include),
    cells: without(file.cells),
  };
}

/**
 * What decides, found by making kernels with other options. Where no kernel of an edition has an API the first is asked by
 * changing its options one by one, and the others by what that gave.
 */
function decideOn(report: Report): Decide {
  const deciding = shippedDeciding();
  const made = new Map<string, ReportKernel['config'] | null>();
  return ({ id, edition, config }, api) => {
    const row = report.surface.functions.find(({ name }) => name === api);
    const having = report.kernels.filter(
      (other) => other.edition === edition && row?.kernels[other.id]?.state === 'real',
    );
    if (having.some((other) => other.id === id)) return [];
    const key = `${edition} ${api}`;
    const hypothetical = made.get(key);
    if (hypothetical === null) return undefined;
    const others = having.map((other) => other.config);
    const found = deciding(
      edition,
      config,
      hypothetical && others.length === 0 ? [hypothetical] : others,
      (surface) => surface.functions.some(({ name, state }) => name === api && state === 'real'),
    );
    if (others.length === 0 && hypothetical === undefined) {
      const changes = found?.map(({ option, needed }) => [option, needed] as const);
      made.set(key, changes ? { ...config, ...Object.fromEntries(changes) } : null);
    }
    return found;
  };
}

/** Options that decide and whose value no cell gives a reason for. */
function unshown({ apis, callers }: Compat, { show }: MatrixFile): string[] {
  const shown = new Set(show.map(({ text }) => text));
  const options = [...apis, ...callers].flatMap(({ kernels }) =>
    Object.values(kernels).flatMap((entry) => entry.options.map(({ option }) => option)),
  );
  return [...new Set(options)].filter((option) => !shown.has(option));
}

function compatIn(compat: Compat, context: Context): string {
  switch (context.args.text('format')) {
    case 'json':
      return toJson(compat);
    case 'csv':
      return compatCsv(compat);
    case 'html':
      return compatHtml(compat);
    case 'md':
      return compatMarkdown(compat);
    default:
      return compatText(compat, textOptions(context));
  }
}
