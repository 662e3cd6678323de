import type { CounterRow, FunctionRow, NameRow, Report } from '../../model.ts';
import { nameText, stateText, varies } from '../../varies.ts';
import { count } from '../../words.ts';
import { kernelColumns } from '../columns.ts';
import type { Context } from '../context.ts';
import { breakable, el, type Html, join } from '../html.ts';
import { basisNote, fold, section } from '../section.ts';
import { htmlTable } from '../table.ts';
import { kernelTable } from './kernel-table.ts';
import { functionReasons, kernelReasons, shortened } from './reasons.ts';
import { legend, lookHtml, presenceLook, STATES, stateLook } from './state.ts';

/** Every function, counter and name of the report in every kernel. */
export function surfaceHtml(context: Context, report: Report): Html[] {
  const { functions, counters, names } = report.surface;
  if (report.kernels.length === 0) return [];
  const telling = functions.filter((row) => varies(row.kernels, stateText));
  const others = [
    ...counters.filter((row) => varies(row.kernels, String)).map(ofCounter),
    ...names.filter((row) => varies(row.kernels, (entry) => nameText(row.kind, entry))).map(ofName),
  ];
  return [
    section(
      context,
      'API surface',
      basisNote(report, 'surface'),
      legend(
        [STATES.real, 'does the work'],
        [STATES.stub, 'compiles and does what is said on its cell'],
        [STATES.absent, 'code that uses it does not compile'],
      ),
      telling.length > 0 && [
        functionTable(context, report, telling),
        reasons(context, report, telling),
      ],
      others.length > 0 && nameTable(context, report, others),
      sameEverywhere(report, telling, others),
    ),
  ];
}

function functionTable(context: Context, report: Report, rows: readonly FunctionRow[]): Html {
  const { ids } = context;
  const columns = kernelColumns(report.kernels, (id) =>
    rows.map((row) => stateText(row.kernels[id])).join('\n'),
  );
  const ofKernels = kernelReasons(report);
  return kernelTable(context, {
    caption: 'Functions and macros that are not the same in every kernel',
    first: 'API',
    columns,
    rows: rows.map((row) => {
      const ofFunction = functionReasons(report, row);
      return {
        id: ids.of('api', row.name),
        name: row.name,
        head: el('a', { href: `#${ids.of('note', 'api', row.name)}` }, breakable(row.name)),
        cell: ({ kernel, kernels }) => ({
          look: stateLook(row.kernels[kernel]),
          tip: [
            `${row.name}${row.kind === 'macro' ? ' (macro)' : ''}`,
            ...ofFunction(kernel),
            ...ofKernels(kernels),
          ],
        }),
      };
    }),
  });
}

/** The same as on the cells, API by API, for paper and for browsers without scripts. */
function reasons({ ids }: Context, report: Report, rows: readonly FunctionRow[]): Html {
  const lines = rows.flatMap((row) => {
    const ofFunction = functionReasons(report, row);
    const alike = Map.groupBy(report.kernels, ({ id }) => ofFunction(id).join('; '));
    return [...alike].map(([reason, kernels], i) => ({
      ...(i === 0 && { id: ids.of('note', 'api', row.name) }),
      cells: [
        el('code', {}, row.name),
        lookHtml(stateLook(row.kernels[kernels[0]?.id ?? ''])),
        reason,
        join(
          shortened(kernels.map(({ id }) => id)).map((id, n) => [
            n > 0 && ', ',
            el('code', {}, id),
          ]),
        ),
      ],
    }));
  });
  return fold(
    'Reasons, API by API: what stubs do, signatures, files, and where it is otherwise',
    htmlTable({
      caption: 'Reasons, API by API',
      columns: [
        { title: 'API' },
        { title: 'State' },
        { title: 'What it is' },
        { title: 'Kernels' },
      ],
      rows: lines,
    }),
  );
}

/** A counter or another name: there, with a value perhaps, or not. */
interface Named {
  readonly name: string;
  readonly kind: string;
  readonly file: string;
  /** What a kernel has of it; `null` for nothing. */
  readonly in: (kernel: string) => string | null;
  /** Word for nothing. */
  readonly missing: string;
}

function ofCounter({ name, file, kernels }: CounterRow): Named {
  return {
    name,
    kind: 'line of /proc/vmstat',
    file,
    missing: 'absent',
    in: (id) => (kernels[id] ? 'counted' : null),
  };
}

function ofName({ name, kind, file, kernels }: NameRow): Named {
  return {
    name,
    kind,
    file,
    missing: nameText(kind, null),
    in: (id) => (kernels[id] ? nameText(kind, kernels[id]) : null),
  };
}

function nameTable(context: Context, report: Report, rows: readonly Named[]): Html {
  const columns = kernelColumns(report.kernels, (id) => rows.map((row) => row.in(id)).join('\n'));
  const ofKernels = kernelReasons(report);
  return kernelTable(context, {
    caption:
      'Counters, constants, ioctls, trace points, variables and options that are not the same in every kernel',
    first: 'Name',
    columns,
    rows: rows.map((row) => ({
      id: context.ids.of('name', row.kind, row.name),
      name: `${row.kind} ${row.name}`,
      head: join(breakable(row.name), ' ', el('span', { class: 'quiet' }, row.kind)),
      cell: ({ kernel, kernels }) => ({
        look: presenceLook(row.in(kernel) !== null, row.in(kernel) ?? row.missing),
        tip: [`${row.name}: ${row.kind}, ${row.file}`, ...ofKernels(kernels)],
      }),
    })),
  });
}

function sameEverywhere(
  { surface, kernels }: Report,
  telling: readonly FunctionRow[],
  others: readonly Named[],
): Html | false {
  const told = new Set(others.map(({ kind, name }) => `${kind} ${name}`));
  const first = kernels[0]?.id ?? '';
  const rows = [
    ...surface.functions
      .filter((row) => !telling.includes(row))
      .map((row) => {
        const entry = row.kernels[first];
        const known = entry && entry.state !== 'absent' ? entry : undefined;
        return { name: row.name, kind: row.kind, what: stateText(entry), file: known?.file ?? '' };
      }),
    ...[...surface.counters.map(ofCounter), ...surface.names.map(ofName)]
      .filter(({ kind, name }) => !told.has(`${kind} ${name}`))
      .map((row) => ({ ...row, what: row.in(first) ?? row.missing })),
  ];
  if (rows.length === 0) return false;
  return fold(
    `${count(rows.length, 'further API')} ${rows.length === 1 ? 'is' : 'are'} the same in every kernel`,
    htmlTable({
      caption: 'APIs that are the same in every kernel',
      columns: [
        { title: 'Name' },
        { title: 'Kind' },
        { title: 'In every kernel' },
        { title: 'File' },
      ],
      rows: rows.map(({ name, kind, what, file }) => ({
        cells: [el('code', {}, name), kind, what, el('code', {}, file)],
      })),
    }),
  );
}
