import {
  failureSentence,
  lockPresence,
  type Report,
  type ReportCell,
} from '../../../report/index.ts';
import type { DetailLine } from '../../state/row.ts';
import { grouped, short } from '../../text/number.ts';
import type { Glyphs } from '../../theme.ts';
import {
  failureOf,
  figuresOf,
  hitsOf,
  optionText,
  reasonBeside,
  stateSegment,
  workloadsOf,
} from '../cell-facts.ts';

/** Everything about a cell: the lock and why, what was asked, what was refused, figures, options. */
export function cellDetail(report: Report, cell: ReportCell, glyphs: Glyphs): DetailLine[] {
  return [
    ...lockLines(report, cell, glyphs),
    ...cell.refusals.map(({ symbol, wanted, got, reason }) => ({
      label: 'refused',
      text: `${symbol}: asked ${wanted}, got ${got}. ${reason}`,
    })),
    { label: 'asked', text: assignments(cell.set) || 'nothing on top of the base configuration' },
    ...sameKernelLines(report, cell),
    ...workloadsOf(report).flatMap((workload) => workloadLine(report, cell, workload)),
    ...cell.notes.map((text) => ({ label: 'note', text })),
    ...cell.options.map((option) => ({
      label: option.symbol,
      text: `${optionText(option.value, glyphs)}  ${reasonBeside(option)}`,
    })),
    ...kernelLines(report, cell),
    { label: 'Kconfig', text: cell.kconfig },
  ];
}

function lockLines(report: Report, cell: ReportCell, glyphs: Glyphs): DetailLine[] {
  const { text, tone = 'plain' } = stateSegment(lockPresence(report, cell), glyphs);
  const lines: DetailLine[] = [{ label: 'VMA lock', text, tone }];
  return cell.lock ? [...lines, { label: 'why', text: cell.lock.why }] : lines;
}

function sameKernelLines(report: Report, cell: ReportCell): DetailLine[] {
  const kernel = report.kernels.find(({ id }) => id === cell.kernel);
  if (!kernel) return [{ label: 'kernel', text: 'none: Kconfig does not accept this option set' }];
  const others = kernel.cells.filter((id) => id !== cell.id);
  return others.length === 0 ? [] : [{ label: 'same kernel', text: others.join(' ') }];
}

/** The options the kernel looked at: what tells it from other kernels, and long. */
function kernelLines(report: Report, cell: ReportCell): DetailLine[] {
  const kernel = report.kernels.find(({ id }) => id === cell.kernel);
  const looked = kernel ? assignments(kernel.config) : '';
  return looked === '' ? [] : [{ label: 'kernel', text: looked }];
}

function workloadLine(report: Report, cell: ReportCell, workload: string): DetailLine[] {
  const figures = figuresOf(report, cell.kernel, workload);
  const failure = failureOf(report, cell.kernel, workload);
  if (failure) {
    return [{ label: workload, text: `${failure.kind}: ${failureSentence(failure)}`, tone: 'bad' }];
  }
  if (figures.length === 0) return [];
  const rates = figures.map((row) => `${row.cpus}: ${short(row.ops_per_second)}`);
  const hits = hitsOf(report, cell.kernel, workload) ?? 0;
  return [
    { label: workload, text: `ops/s by CPUs ${rates.join(', ')}; ${grouped(hits)} fallback hits` },
  ];
}

/** `NAME=value NAME=value`. */
export function assignments(set: Readonly<Record<string, string>>): string {
  return Object.entries(set)
    .map(([name, value]) => `${name}=${value}`)
    .join(' ');
}
