import { type Block, bullets, code, heading, type Line, paragraph, table } from '../document.ts';
import type { Report, ReportCell } from '../model.ts';

/** The option whose value the verdict table shows beside the verdict. */
const LOCK_OPTION = 'PER_VMA_LOCK';

/** Verdict per cell, then what Kconfig rejected and what else is to be said about cells. */
export function cellsSection(report: Report): Block[] {
  return [heading(2, 'Cells'), ...verdicts(report), ...rejected(report), ...notes(report)];
}

function verdicts({ cells }: Report): Block[] {
  const accepted = cells.filter((cell) => cell.status === 'ok');
  if (accepted.length === 0) return [paragraph('Kconfig accepts no cell of this matrix.')];
  const rows = accepted.map((cell) => [
    [code(cell.id)],
    [lockOption(cell)],
    [cell.lock === null ? 'not known' : cell.lock.present ? 'yes' : 'no'],
    [cell.lock?.why ?? ''],
  ]);
  const columns = [
    { title: 'Cell' },
    { title: LOCK_OPTION },
    { title: 'Lock present' },
    { title: 'Why', prose: true },
  ];
  return [table(columns, rows), ...sameKernels(accepted)];
}

function lockOption(cell: ReportCell): string {
  const found = cell.options.find((option) => option.symbol === LOCK_OPTION);
  if (!found) return 'not asked';
  return found.value ?? 'not defined';
}

function sameKernels(cells: readonly ReportCell[]): Block[] {
  const same = cells.filter((cell) => cell.sameAs !== null);
  if (same.length === 0) return [];
  return [
    paragraph('Cells that instantiate the same kernel as an earlier one:'),
    bullets(same.map((cell): Line => [code(cell.id), ' is ', code(cell.sameAs ?? '')])),
  ];
}

function rejected({ cells }: Report): Block[] {
  const lines = cells
    .filter((cell) => cell.status === 'rejected')
    .flatMap((cell) =>
      cell.refusals.map(
        ({ symbol, wanted, got, reason }): Line => [
          code(cell.id),
          ' asks for ',
          code(`${symbol}=${wanted}`),
          ` and gets ${got === '' ? 'nothing' : got}: ${reason}`,
        ],
      ),
    );
  if (lines.length === 0) return [];
  return [
    heading(3, 'Rejected by Kconfig'),
    paragraph('These cells were asked for and not run: Kconfig does not give what they ask.'),
    bullets(lines),
  ];
}

function notes({ cells }: Report): Block[] {
  const byNote = new Map<string, string[]>();
  // What is noted of a rejected cell is about a simulation that did not happen.
  for (const cell of cells.filter(({ status }) => status === 'ok')) {
    for (const note of cell.notes) byNote.set(note, [...(byNote.get(note) ?? []), cell.id]);
  }
  if (byNote.size === 0) return [];
  return [
    heading(3, 'Notes'),
    bullets(
      [...byNote].map(
        ([note, ids]): Line => [
          ...ids.flatMap((id, i) => [i > 0 ? ', ' : '', code(id)]),
          `: ${note}`,
        ],
      ),
    ),
  ];
}
