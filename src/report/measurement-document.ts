import type { Measurement } from '../kernel/index.ts';
import { type Block, bullets, code, heading, type Line, paragraph, table } from './document.ts';
import { failureBlocks } from './failure-document.ts';
import { lockTable } from './lock-table.ts';
import { grouped, percent } from './words.ts';

/** One measurement as blocks of text. */
export function measurementDocument(measurement: Measurement): Block[] {
  const { edition, workload, profile, seed, config, outcome } = measurement;
  const options = Object.entries(config).map(([name, value]) => `${name}=${value}`);
  return [
    heading(1, 'kmatrix simulate: ', code(workload), ' on ', code(edition)),
    bullets([
      ['Options the kernel looked at: ', code(options.join(' ') || 'none')],
      [`Cost profile ${profile}, seed ${seed}. Modelled, not measured.`],
    ]),
    ...(outcome.kind === 'completed' ? figures(measurement) : failureBlocks(outcome)),
  ];
}

function figures(measurement: Measurement): Block[] {
  return [
    heading(2, 'Performance'),
    paragraph('Operations per simulated second: median, least and greatest over the runs.'),
    performanceTable(measurement),
    ...lockTable(measurement),
    heading(2, 'Counts'),
    paragraph('Of the measured part of the first run at the first CPU count.'),
    countTable(measurement),
    ...notExported(measurement),
    ...fallbackTable(measurement),
  ];
}

/** Counters without a line in /proc/vmstat: a figure for them would send a reader to look for one. */
function notExported({ not_exported: names }: Measurement): Block[] {
  if (names.length === 0) return [];
  const list = names.flatMap((name, i) => [i > 0 ? ', ' : '', code(name)]);
  return [paragraph('Not exported by this kernel (/proc/vmstat has no such line): ', ...list, '.')];
}

function performanceTable({ performance }: Measurement): Block {
  const titles = ['CPUs', 'ops/s', 'Least', 'Greatest', 'Spread', 'p50 ns', 'p99 ns', 'Runs'];
  return table(
    titles.map((title) => ({ title, align: 'right' as const })),
    performance.map((row) =>
      [
        String(row.cpus),
        ...[row.ops_per_second, row.min, row.max].map((ops) => grouped(Math.round(ops))),
        row.runs > 1 ? percent(row.spread) : 'one run',
        grouped(Math.round(row.p50_ns)),
        grouped(Math.round(row.p99_ns)),
        String(row.runs),
      ].map((text): Line => [text]),
    ),
  );
}

function countTable({ counters, mmap_lock, mmap_lock_by, vma_write_locks }: Measurement): Block {
  const counts = [
    ...Object.entries(counters),
    ...Object.entries(mmap_lock).map(([name, value]) => [`mmap_lock.${name}`, value] as const),
    ...Object.entries(mmap_lock_by).map(
      ([way, value]) => [`mmap_lock.acquired_by.${way}`, value] as const,
    ),
    ['vma_write_locks', vma_write_locks] as const,
  ];
  return table(
    [{ title: 'Count' }, { title: 'Value', align: 'right' }],
    counts.map(([name, value]) => [[code(name)], [grouped(value)]]),
  );
}

function fallbackTable({ fallbacks }: Measurement): Block[] {
  if (fallbacks.length === 0) return [];
  return [
    heading(2, 'Fallback paths'),
    table(
      [{ title: 'Site' }, { title: 'Hits', align: 'right' }],
      fallbacks.map(({ site, hits }) => [[code(site)], [grouped(hits)]]),
    ),
  ];
}
