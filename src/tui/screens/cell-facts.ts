import {
  type CellFigures,
  cellFigures,
  type OutcomeRow,
  type PerformanceRow,
  type Report,
  type ReportCell,
} from '../../report/index.ts';
import { type Segment, seg, type Tone } from '../text/line.ts';
import type { Glyphs } from '../theme.ts';

const glances = new WeakMap<Report, ReadonlyMap<string, CellFigures>>();

/** The figures of every cell by its id, worked out once for a report. */
export function figuresByCell(report: Report): ReadonlyMap<string, CellFigures> {
  let found = glances.get(report);
  if (!found) {
    found = cellFigures(report);
    glances.set(report, found);
  }
  return found;
}

const TONES: Readonly<Record<string, Tone>> = {
  present: 'good',
  real: 'good',
  yes: 'good',
  stub: 'warn',
  sometimes: 'warn',
  absent: 'bad',
  always: 'bad',
  rejected: 'bad',
};

/** A state as glyph, word and tone. */
export function stateSegment(state: string, glyphs: Glyphs): Segment {
  return seg(`${stateGlyph(state, glyphs)} ${state}`.trim(), TONES[state] ?? 'plain');
}

function stateGlyph(state: string, glyphs: Glyphs): string {
  switch (state) {
    case 'present':
    case 'real':
    case 'never':
    case 'yes':
      return glyphs.present;
    case 'stub':
    case 'sometimes':
      return glyphs.stub;
    case 'rejected':
      return glyphs.rejected;
    default:
      return glyphs.absent;
  }
}

/** The cell with an id. */
export function cellOf(report: Report, id: string): ReportCell | undefined {
  return report.cells.find((cell) => cell.id === id);
}

/** Workloads that were run, in the report's order; those that completed nowhere come last. */
export function workloadsOf({ workloads, outcomes }: Report): string[] {
  return [...new Set([...workloads, ...outcomes].map(({ workload }) => workload))];
}

/** Figures of one kernel under one workload, by CPU count. */
export function figuresOf(
  report: Report,
  kernel: string | null,
  workload: string,
): PerformanceRow[] {
  return report.performance
    .filter((row) => row.kernel === kernel && row.workload === workload)
    .sort((a, b) => a.cpus - b.cpus);
}

/** How a workload failed on a kernel; `undefined` if it completed or was not run. */
export function failureOf(
  report: Report,
  kernel: string | null,
  workload: string,
): OutcomeRow['outcome'] | undefined {
  return report.outcomes.find((row) => row.kernel === kernel && row.workload === workload)?.outcome;
}

/** Fallback hits of one kernel under one workload, over all sites; `null` if it was not run. */
export function hitsOf(report: Report, kernel: string | null, workload: string): number | null {
  if (kernel === null) return null;
  if (!report.workloads.some((row) => row.kernel === kernel && row.workload === workload))
    return null;
  return report.fallbacks.reduce((sum, row) => sum + (row.kernels[kernel]?.hits[workload] ?? 0), 0);
}

/** Values over kernels as `value: kernels that have it`, in the order they first occur. */
export function elsewhere<T>(
  kernels: Readonly<Record<string, T>>,
  text: (value: T) => string,
): string[] {
  const groups = new Map<string, string[]>();
  for (const [kernel, value] of Object.entries(kernels)) {
    const name = text(value);
    groups.set(name, [...(groups.get(name) ?? []), kernel]);
  }
  return [...groups].map(([name, ids]) => `${name}: ${ids.join(' ')}`);
}

/** An option's value for the screen; one that is not defined is not an empty text. */
export function optionText(value: string | null, glyphs: Glyphs): string {
  if (value === null) return glyphs.minus;
  return value === '' ? '""' : value;
}

/** Why an option has its value, without the name and the value, where these stand beside it. */
export function reasonBeside({ symbol, value, why }: ReportCell['options'][number]): string {
  const said = [value, JSON.stringify(value)].map((shown) => `${symbol} is ${shown}: `);
  return why.slice(said.find((begin) => why.startsWith(begin))?.length ?? 0);
}

/** What a section's figures rest on, in a word and a sentence. */
export function basisOf(
  report: Report,
  section: Report['provenance'][number]['section'],
): { readonly word: string; readonly statement: string } {
  const found = report.provenance.find((entry) => entry.section === section);
  return { word: found?.basis ?? '', statement: found?.statement ?? '' };
}
