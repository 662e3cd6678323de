import type { MmapLockKey, Report, WorkloadRow } from '../../model.ts';
import { grouped } from '../../words.ts';
import type { Context } from '../context.ts';
import { el, type Html } from '../html.ts';
import { basisNote, section } from '../section.ts';
import { htmlTable } from '../table.ts';

const LOCK: readonly MmapLockKey[] = [
  'read_acquired',
  'write_acquired',
  'read_failed',
  'write_failed',
];

/** What each workload counted on each kernel. */
export function countsHtml(context: Context, report: Report): Html[] {
  const { workloads } = report;
  if (workloads.length === 0) return [];
  const counters = [...new Set(workloads.flatMap((row) => Object.keys(row.counters)))];
  const figure = (title: string) => ({ title, numeric: true });
  return [
    section(
      context,
      'Counts',
      basisNote(report, 'workloads'),
      htmlTable({
        caption:
          'How often mmap_lock and VMA locks were taken, and lines of /proc/vmstat, per workload and kernel (times)',
        columns: [
          { title: 'Kernel' },
          { title: 'Workload' },
          ...LOCK.map((key) => figure(`mmap_lock ${key.replace('_', ' ')}`)),
          figure('VMA write locks'),
          ...counters.map(figure),
        ],
        rows: workloads.map((row) => ({ cells: rowCells(row, counters) })),
      }),
    ),
  ];
}

function rowCells(row: WorkloadRow, counters: readonly string[]): (Html | string)[] {
  return [
    el('code', {}, row.kernel),
    el('code', {}, row.workload),
    ...LOCK.map((key) => grouped(row.mmap_lock[key])),
    grouped(row.vma_write_locks),
    ...counters.map((name) => {
      const value = row.counters[name];
      return value === undefined ? 'absent' : grouped(value);
    }),
  ];
}
