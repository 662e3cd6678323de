import { allBut } from '../kernels.ts';
import type { Report, ReportCell } from '../model.ts';
import { axesLabel } from '../words.ts';

/** One configuration without the series and with it. */
export interface Pair {
  /** `64BIT=y,SMP=n` */
  readonly label: string;
  readonly without: Side;
  readonly with: Side;
  /** Whether the lock is missing without the series. */
  readonly missing: boolean;
}

/** One side of a pair. */
export interface Side {
  readonly cell: string;
  readonly kernel: string;
}

/** What a report has of an edition in which an option decides about the lock, and of later ones that have it in every build. */
export interface Series {
  readonly without: string;
  /** The versions of the series, in the report's order. */
  readonly versions: readonly string[];
  /** The last of them: what is compared. */
  readonly with: string;
  readonly pairs: readonly Pair[];
}

/** The series a report compares with what was before it; `undefined` where there is none in it. */
export function seriesOf({ cells }: Report): Series | undefined {
  const editions = [...Map.groupBy(cells, ({ edition }) => edition)];
  const versions = editions.filter(([, own]) => isEverywhere(own)).map(([edition]) => edition);
  const first = editions.findIndex(([edition]) => edition === versions[0]);
  const without = editions[first - 1]?.[0];
  const last = versions.at(-1);
  if (without === undefined || last === undefined) return undefined;
  const twins = new Map(
    cells.filter(({ edition }) => edition === last).map((cell) => [allBut('edition', cell), cell]),
  );
  const pairs = cells.flatMap((cell): Pair[] => {
    const twin = twins.get(allBut('edition', cell));
    if (cell.edition !== without || !cell.kernel || !twin?.kernel) return [];
    return [
      {
        label: axesLabel(cell.id),
        without: { cell: cell.id, kernel: cell.kernel },
        with: { cell: twin.id, kernel: twin.kernel },
        missing: cell.lock?.present === false,
      },
    ];
  });
  return pairs.length === 0 ? undefined : { without, versions, with: last, pairs: distinct(pairs) };
}

/** By design, not by an option: each kernel of the edition has the lock. */
function isEverywhere(cells: readonly ReportCell[]): boolean {
  const accepted = cells.filter(({ lock }) => lock !== null);
  return accepted.length > 0 && accepted.every(({ lock }) => lock?.present && lock.option === null);
}

/** Cells that are the same two kernels are said once. */
function distinct(pairs: readonly Pair[]): Pair[] {
  return [
    ...Map.groupBy(pairs, (pair) => `${pair.without.kernel}\n${pair.with.kernel}`).values(),
  ].flatMap((own) => own.slice(0, 1));
}
