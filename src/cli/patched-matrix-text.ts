import { inert } from '../input/index.ts';
import type {
  AvailabilityChange,
  FallbackChanges,
  FallbackSite,
  PatchedTree,
  SymbolReferences,
} from '../tree/index.ts';

/** What a series changes across a matrix. */
export interface MatrixChanges {
  readonly series: Pick<PatchedTree, 'changed' | 'conflicts' | 'fuzzy'>;
  /** Options no Kconfig file defines any more. */
  readonly removedOptions: readonly string[];
  /** Those of them that are still mentioned, with the references. */
  readonly dangling: readonly SymbolReferences[];
  /** Cells, with the reason where Kconfig rejects one. */
  readonly cells: readonly {
    readonly id: string;
    readonly before: string | null;
    readonly after: string | null;
  }[];
  readonly functions: readonly AvailabilityChange[];
  /** Functions that were a stub in some cell, and are one in none. */
  readonly stubsDeleted: readonly string[];
  readonly fallbacks: FallbackChanges;
}

/** The same as lines. */
export function matrixChangesText(changes: MatrixChanges): string {
  const { cells, functions, removedOptions, dangling, stubsDeleted, fallbacks } = changes;
  const rejected = cells.filter(({ before, after }) => before !== null || after !== null);
  const gained = functions.filter((one) => crosses(one.before, one.after));
  const lost = functions.filter((one) => crosses(one.after, one.before));
  const others = functions.filter((one) => !gained.includes(one) && !lost.includes(one));
  const ids = cells.map(({ id }) => id);
  const left = dangling.flatMap(({ symbol, references }) =>
    references.map(({ file, line, kind }) => `${symbol}  ${kind}  ${file}:${line}`),
  );
  return [
    `${cells.length} cells, ${rejected.length} rejected; ${changes.series.changed.length} files changed\n`,
    section('Rejected', rejected, ({ id, before, after }) => [
      before === null
        ? `${id}  after: ${after}`
        : after === null
          ? `${id}  before: ${before}`
          : `${id}  ${before}`,
    ]),
    section('Options no longer defined', removedOptions, (name) => [name]),
    section('References left dangling', left, (line) => [line]),
    section('Gained', gained, (one) => functionLines(one, ids)),
    section('Lost', lost, (one) => functionLines(one, ids)),
    section('Otherwise there', others, (one) => functionLines(one, ids)),
    section('Stubs deleted', stubsDeleted, (name) => [name]),
    section('Fallbacks removed', fallbacks.removed, (one) => [siteText(one)]),
    section('Fallbacks left', fallbacks.left, (one) => [siteText(one)]),
  ].join('');
}

/** Is there code in a cell that had none. */
function crosses(from: AvailabilityChange['before'], to: AvailabilityChange['before']): boolean {
  return to.some((body, i) => body === 'code' && from[i] !== null && from[i] !== 'code');
}

function functionLines({ name, file, before, after }: AvailabilityChange, ids: readonly string[]) {
  const ways = Map.groupBy(
    ids.filter((_, i) => before[i] !== null && after[i] !== null && before[i] !== after[i]),
    (id) => `${before[ids.indexOf(id)]} → ${after[ids.indexOf(id)]}`,
  );
  return [
    `${name}  ${file}`,
    ...[...ways].map(([way, where]) => `  ${way} in ${where.join(' · ')}`),
  ];
}

function siteText({ function: name, call, fallback, by, file, line }: FallbackSite): string {
  const where = by === undefined ? '' : ` in ${by}`;
  return `${name}  ${call}, else ${fallback.join(', ')}${where}  ${file}:${line}`;
}

function section<T>(
  title: string,
  list: readonly T[],
  lines: (one: T) => readonly string[],
): string {
  if (list.length === 0) return '';
  const rows = list.flatMap(lines).map((line) => `  ${inert(line)}\n`);
  return `\n${title}: ${list.length}\n${rows.join('')}`;
}
