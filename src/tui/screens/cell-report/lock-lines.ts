import type { LockStatistics, LocksAt } from '../../../kernel/index.ts';
import type { DetailLine } from '../../state/row.ts';
import { duration, grouped } from '../../text/number.ts';

/** What the locks of a workload went through at one CPU count, the contended ones first. */
export function lockLines(locks: readonly LocksAt[], cpus: number): DetailLine[] {
  const found = locks.find((at) => at.cpus === cpus);
  if (!found) return [];
  const taken = found.locks.filter(({ acquisitions }) => acquisitions > 0);
  const ordered = [...taken].sort(
    (a, b) => b.contended - a.contended || b.acquisitions - a.acquisitions,
  );
  return ordered.map((lock, index) => ({
    label: index === 0 ? `locks, ${found.runs} ${found.runs === 1 ? 'run' : 'runs'}` : '',
    text: lockText(lock),
  }));
}

function lockText({ lock, mode, acquisitions, contended, ...more }: LockStatistics): string {
  const { wait_ns, hold_ns, spun, slept, handoffs } = more;
  const waits =
    contended === 0
      ? 'never contended'
      : `${grouped(contended)} contended, wait ${duration(wait_ns.mean)} mean, ${duration(wait_ns.p99)} p99, ${duration(wait_ns.max)} most`;
  const ways = [
    ...(spun > 0 ? [`${grouped(spun)} spun`] : []),
    ...(slept > 0 ? [`${grouped(slept)} slept`] : []),
    ...(handoffs > 0 ? [`${grouped(handoffs)} handed off`] : []),
  ];
  return [
    `${lock} ${mode}: ${grouped(acquisitions)} taken, ${waits}`,
    `held ${duration(hold_ns.mean)} mean, ${duration(hold_ns.max)} most`,
    ...ways,
  ].join('; ');
}
