import type { LockStatistics, Measurement } from '../kernel/index.ts';
import { csvText } from './csv/csv.ts';
import { lockName } from './lock-table.ts';

const COLUMNS = [
  'edition',
  'workload',
  'profile',
  'seed',
  'cpus',
  'ops_per_second',
  'min',
  'max',
  'spread',
  'runs',
  'p50_ns',
  'p99_ns',
] as const;

/**
 * The performance figures of a measurement as comma-separated values, one line for each CPU count, and behind them those of each
 * lock of the measurement, in columns named after it.
 */
export function measurementCsv(measurement: Measurement): string {
  const { edition, workload, profile, seed, performance, locks } = measurement;
  const names = new Set(locks.flatMap((at) => at.locks.map(lockName)));
  const lockColumns = [...names]
    .sort()
    .flatMap((name) =>
      Object.keys(LOCK_FIGURES).map(
        (figure) => [name, figure as keyof typeof LOCK_FIGURES] as const,
      ),
    );
  const lines = performance.map((row) => {
    const all = { edition, workload, profile, seed, ...row };
    const at = locks.find(({ cpus }) => cpus === row.cpus)?.locks ?? [];
    const byName = new Map(at.map((lock) => [lockName(lock), lock]));
    return [
      ...COLUMNS.map((column) => all[column]),
      ...lockColumns.map(([name, figure]) => {
        const lock = byName.get(name);
        return lock && LOCK_FIGURES[figure](lock);
      }),
    ];
  });
  const titles = [...COLUMNS, ...lockColumns.map(([name, figure]) => `${name} ${figure}`)];
  return csvText(titles, lines);
}

const LOCK_FIGURES = {
  acquisitions: (l: LockStatistics) => l.acquisitions,
  contended: (l: LockStatistics) => l.contended,
  wait_mean_ns: (l: LockStatistics) => l.wait_ns.mean,
  wait_p99_ns: (l: LockStatistics) => l.wait_ns.p99,
  wait_max_ns: (l: LockStatistics) => l.wait_ns.max,
  hold_mean_ns: (l: LockStatistics) => l.hold_ns.mean,
  hold_max_ns: (l: LockStatistics) => l.hold_ns.max,
  spun: (l: LockStatistics) => l.spun,
  slept: (l: LockStatistics) => l.slept,
  handoffs: (l: LockStatistics) => l.handoffs,
  reader_batches: (l: LockStatistics) => l.reader_batches.count,
  readers_a_batch: (l: LockStatistics) => l.reader_batches.mean,
  largest_batch: (l: LockStatistics) => l.reader_batches.max,
};
