import type { Cause } from 'kconfiglib-js';
import { inputError, suggest } from '../../input/index.ts';
import type { OptionReason } from '../../matrix/index.ts';
import type { Report, ReportCell } from '../model.ts';

/** One side of a diff: an option set and, where a kernel was instantiated from it, its report. */
export interface Side {
  readonly id: string;
  readonly source: string;
  readonly edition: string | null;
  readonly options: readonly SideOption[];
  /** Options asked for by the user, as opposed to those Kconfig derived. */
  readonly asked: Readonly<Record<string, string>>;
  /** The kernel's rows; `null` for a bare option set such as a `.config` file. */
  readonly kernel: SideKernel | null;
}

/** An option of a side, with what more is known where its Kconfig is at hand. */
export interface SideOption extends OptionReason {
  /** Symbols the value was computed from, beside those the reason names. */
  readonly from?: readonly string[];
  /** What the value comes from. */
  readonly how?: Cause;
}

/** Rows of a report that belong to one kernel. */
export interface SideKernel {
  readonly report: Report;
  readonly id: string;
}

/** A cell of a report as one side of a diff; an id the report does not have is an input error. */
export function sideOfCell(report: Report, id: string, source: string): Side {
  const cell = report.cells.find((candidate) => candidate.id === id);
  if (!cell) throw unknownCell(report, id, source);
  return {
    id,
    source,
    edition: cell.edition,
    options: cell.options,
    asked: cell.set,
    kernel: cell.kernel === null ? null : { report, id: cell.kernel },
  };
}

/** The side of an option set alone. */
export function sideOfOptions(
  id: string,
  source: string,
  options: readonly SideOption[],
  asked: Side['asked'] = {},
): Side {
  return { id, source, edition: null, options, asked, kernel: null };
}

function unknownCell(report: Report, id: string, source: string): Error {
  const ids = report.cells.map((cell: ReportCell) => cell.id);
  const near = suggest(id, ids);
  return inputError(
    'unknown-cell',
    `no cell "${id}" in ${source}`,
    undefined,
    near === undefined ? `its cells are: ${ids.join(', ')}` : `did you mean "${near}"?`,
  );
}
