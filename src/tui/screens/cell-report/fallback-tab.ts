import {
  type FallbackEntry,
  type Report,
  type ReportCell,
  takenText,
  type WorkloadRow,
} from '../../../report/index.ts';
import { type DetailLine, headingRow, type Row } from '../../state/row.ts';
import { seg } from '../../text/line.ts';
import { grouped } from '../../text/number.ts';
import type { Glyphs } from '../../theme.ts';
import { basisOf, elsewhere, stateSegment } from '../cell-facts.ts';
import { type ScreenTable, searchText } from '../table.ts';
import { conditionLine, labelLines } from './evidence.ts';
import { groups } from './groups.ts';

/** Callers that fall back to mmap_lock with their hits, and the counters that show which path was taken. */
export function fallbackTab(report: Report, cell: ReportCell, glyphs: Glyphs): ScreenTable {
  const { kernel } = cell;
  const runs = report.workloads.filter((row) => row.kernel === kernel);
  const columns = [
    { title: 'fallback site or counter', shrink: 20 },
    { title: 'taken' },
    ...runs.map(({ workload }, index) => ({
      title: workload,
      align: 'right' as const,
      max: 18,
      cut: 'middle' as const,
      ...(index > 0 && { drop: 1 + index }),
    })),
  ];
  if (kernel === null) return { columns, rows: [] };
  const sites = report.fallbacks.flatMap(({ site, kernels }): Row[] => {
    const entry = kernels[kernel];
    return entry ? [siteRow(report, cell, site, entry, kernels, runs, glyphs)] : [];
  });
  const counters = counterRows(report, runs);
  return {
    columns,
    rows: [
      ...(sites.length > 0 ? [headingRow('sites', 'Fallback sites: hits by workload')] : []),
      ...sites,
      ...(counters.length > 0 ? [headingRow('counters', 'Counters by workload')] : []),
      ...counters,
    ],
  };
}

function siteRow(
  report: Report,
  cell: ReportCell,
  site: string,
  entry: FallbackEntry,
  kernels: Readonly<Record<string, FallbackEntry | null>>,
  runs: readonly WorkloadRow[],
  glyphs: Glyphs,
): Row {
  return {
    key: site,
    cells: [
      seg(site),
      stateSegment(entry.taken, glyphs),
      ...runs.map(({ workload }) => seg(hitsText(entry.hits[workload]))),
    ],
    search: searchText(site, entry.taken, entry.file, entry.caller, entry.trigger),
    detail: (): DetailLine[] => [
      { label: 'caller', text: `${entry.caller} in ${entry.file}` },
      { label: 'tries', text: entry.tries },
      { label: 'falls back', text: `${entry.taken}: ${entry.trigger}` },
      { label: 'then', text: entry.fallback },
      ...runs.map(({ workload }, index) => ({
        label: index === 0 ? 'hits' : '',
        text: `${workload}: ${hitsText(entry.hits[workload])}`,
      })),
      ...labelLines(report, cell, entry.caller),
      conditionLine(report, cell, (kernel) => takenText(kernels[kernel]?.taken)),
      ...groups(elsewhere(kernels, (other) => takenText(other?.taken))),
      { label: 'basis', text: basisOf(report, 'fallbacks').statement },
    ],
  };
}

/** Counters of /proc/vmstat and of the locks; those of the first workload lead the order. */
function counterRows(report: Report, runs: readonly WorkloadRow[]): Row[] {
  const counts = runs.map(countsOf);
  const names = [...new Set(counts.flatMap((record) => Object.keys(record)))];
  return names.map((name) => ({
    key: `counter ${name}`,
    title: name,
    cells: [
      seg(name),
      seg(''),
      ...counts.map((record) => seg(name in record ? grouped(record[name]!) : '')),
    ],
    search: searchText(name, 'counter'),
    detail: () => [
      ...runs.map(({ workload }, index) => ({
        label: index === 0 ? name : '',
        text: `${workload}: ${name in counts[index]! ? grouped(counts[index]![name]!) : 'not counted'}`,
      })),
      { label: 'basis', text: basisOf(report, 'workloads').statement },
    ],
  }));
}

function countsOf(row: WorkloadRow): Record<string, number> {
  const locks = Object.entries(row.mmap_lock).map(([name, value]) => [`mmap_lock ${name}`, value]);
  return { ...row.counters, ...Object.fromEntries(locks), 'VMA write locks': row.vma_write_locks };
}

function hitsText(hits: number | undefined): string {
  return hits === undefined ? '' : grouped(hits);
}
