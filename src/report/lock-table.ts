import type { LockStatistics, Measurement } from '../kernel/index.ts';
import { type Block, code, heading, type Line, paragraph, table } from './document.ts';
import { grouped } from './words.ts';

/** Name of a class of locks in a mode, as /proc/lock_stat writes it: `mm.mmap_lock-W`. */
export function lockName({ lock, mode }: LockStatistics): string {
  return `${lock}-${mode === 'read' ? 'R' : 'W'}`;
}

const TITLES = [
  'CPUs',
  'Acquired',
  'Contended',
  'Wait ns',
  'Wait p99',
  'Wait max',
  'Hold ns',
  'Hold max',
  'Spun',
  'Slept',
  'Handoffs',
  'Readers a wake-up',
];

/** The locks that somebody had to wait for, at each CPU count; the others have nothing to tell. */
export function lockTable({ locks }: Measurement): Block[] {
  const rows = locks.flatMap(({ cpus, locks: classes }) =>
    classes.filter((lock) => lock.contended > 0).map((lock) => rowOf(cpus, lock)),
  );
  if (rows.length === 0) return [];
  return [
    heading(2, 'Locks'),
    paragraph(
      'Those that somebody waited for, over the measured part of all runs: -R taken to read, -W to write. Waits are of the contended.',
    ),
    table(
      [{ title: 'Lock' }, ...TITLES.map((title) => ({ title, align: 'right' as const }))],
      rows,
    ),
  ];
}

function rowOf(cpus: number, lock: LockStatistics): Line[] {
  const { wait_ns: wait, hold_ns: hold, reader_batches: batches } = lock;
  const figures = [cpus, lock.acquisitions, lock.contended]
    .concat([wait.mean, wait.p99, wait.max, hold.mean, hold.max].map(Math.round))
    .concat([lock.spun, lock.slept, lock.handoffs]);
  const woken =
    batches.count === 0 ? '' : `${batches.mean.toFixed(1)}, at most ${grouped(batches.max)}`;
  return [[code(lockName(lock))], ...figures.map((n): Line => [grouped(n)]), [woken]];
}
