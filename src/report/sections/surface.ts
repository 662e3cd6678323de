import { type Block, bullets, code, heading, type Line, paragraph, table } from '../document.ts';
import { groupKernels, type KernelGroup, legend } from '../kernel-groups.ts';
import type { CounterRow, FunctionRow, NameRow, Report, ReportKernel } from '../model.ts';
import { nameText, stateText, varies } from '../varies.ts';
import { count } from '../words.ts';

/** The compatibility table: functions, macros, counters and other names that are not the same everywhere. */
export function surfaceSection({ surface, kernels }: Report, all: boolean): Block[] {
  if (kernels.length === 0) return [];
  const functions = surface.functions.filter((row) => all || varies(row.kernels, stateText));
  const counters = surface.counters.filter((row) => all || varies(row.kernels, String));
  const names = surface.names.filter((row) => all || varies(row.kernels, textIn(row)));
  const rows = (lists: readonly (readonly unknown[])[]) => lists.reduce((n, l) => n + l.length, 0);
  const hidden =
    rows([surface.functions, surface.counters, surface.names]) - rows([functions, counters, names]);
  return [
    heading(2, 'API surface'),
    ...functionTable(functions, kernels),
    ...counterTable(counters, kernels),
    ...nameTable(
      'Constants, ioctls, trace points and variables',
      names.filter((row) => !isOption(row)),
      kernels,
    ),
    ...nameTable('Kconfig options', names.filter(isOption), kernels),
    ...(hidden > 0 ? [paragraph(sameText(hidden))] : []),
  ];
}

function functionTable(
  functions: readonly FunctionRow[],
  kernels: readonly ReportKernel[],
): Block[] {
  if (functions.length === 0) return [];
  const groups = groupKernels(kernels, (id) =>
    functions.map((row) => stateText(row.kernels[id])).join('\n'),
  );
  return [
    paragraph(
      'real: does the work. stub: compiles and does what is listed below the table. absent: code ' +
        'that uses it does not compile.',
    ),
    bullets(legend(groups)),
    table(
      [{ title: 'API' }, ...groups.map(({ label }) => ({ title: label }))],
      functions.map((row) => [
        [code(row.kind === 'macro' ? `${row.name} (macro)` : row.name)],
        ...groups.map((group): Line => [entryIn(row, group)?.state ?? 'absent']),
      ]),
    ),
    ...stubList(functions, groups),
  ];
}

/** What stubs do, told apart from their names: most of them do the same, and a column of it is too wide. */
function stubList(functions: readonly FunctionRow[], groups: readonly KernelGroup[]): Block[] {
  const byText = new Map<string, Set<string>>();
  for (const row of functions) {
    for (const group of groups) {
      const entry = entryIn(row, group);
      if (entry?.state !== 'stub') continue;
      byText.set(entry.stub, (byText.get(entry.stub) ?? new Set()).add(row.name));
    }
  }
  if (byText.size === 0) return [];
  const lines = [...byText].map(
    ([text, names]): Line => [
      { strong: text },
      ': ',
      ...[...names].flatMap((name, i) => [i > 0 ? ', ' : '', code(name)]),
    ],
  );
  return [paragraph('What the stubs do:'), bullets(lines)];
}

function entryIn(row: FunctionRow, group: KernelGroup): FunctionRow['kernels'][string] | undefined {
  return row.kernels[group.kernels[0] ?? ''];
}

function counterTable(counters: readonly CounterRow[], kernels: readonly ReportKernel[]): Block[] {
  if (counters.length === 0) return [];
  const groups = groupKernels(kernels, (id) =>
    counters.map((row) => String(row.kernels[id])).join('\n'),
  );
  return [
    heading(3, 'Lines of /proc/vmstat'),
    bullets(legend(groups)),
    table(
      [{ title: 'Counter' }, ...groups.map(({ label }) => ({ title: label }))],
      counters.map((row) => [
        [code(row.name)],
        ...groups.map((group) => [row.kernels[group.kernels[0] ?? ''] ? 'counted' : 'absent']),
      ]),
    ),
  ];
}

const isOption = ({ kind }: NameRow): boolean => kind === 'option';

const textIn =
  ({ kind }: NameRow) =>
  (entry: NameRow['kernels'][string] | undefined): string =>
    nameText(kind, entry);

function nameTable(
  title: string,
  names: readonly NameRow[],
  kernels: readonly ReportKernel[],
): Block[] {
  if (names.length === 0) return [];
  const groups = groupKernels(kernels, (id) =>
    names.map((row) => textIn(row)(row.kernels[id])).join('\n'),
  );
  const options = names.every(isOption);
  return [
    heading(3, title),
    bullets(legend(groups)),
    table(
      [
        ...(options ? [{ title: 'Option' }] : [{ title: 'Name' }, { title: 'Kind' }]),
        ...groups.map(({ label }) => ({ title: label })),
      ],
      names.map((row) => [
        [code(row.name)],
        ...(options ? [] : [[row.kind]]),
        ...groups.map((group): Line => [textIn(row)(row.kernels[group.kernels[0] ?? ''])]),
      ]),
    ),
  ];
}

function sameText(hidden: number): string {
  return `${count(hidden, 'further API')} ${hidden === 1 ? 'is' : 'are'} the same in every kernel.`;
}
