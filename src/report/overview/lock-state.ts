import type { Report, ReportCell } from '../model.ts';

/** State of the per-VMA lock in a cell: a kernel without it may still offer its API as a stub. */
export type LockPresence = 'present' | 'stub' | 'absent' | 'rejected';

/** Least surprising order: what is there first. */
export const LOCK_PRESENCES: readonly LockPresence[] = ['present', 'stub', 'absent', 'rejected'];

/** The function whose entry tells whether a kernel without the lock still offers its API as a stub. */
const LOCK_FUNCTION = 'lock_vma_under_rcu';

/** The state of the per-VMA lock in a cell. */
export function lockPresence(report: Report, cell: ReportCell): LockPresence {
  if (cell.status === 'rejected' || cell.kernel === null) return 'rejected';
  if (cell.lock?.present) return 'present';
  const entry = report.surface.functions.find(({ name }) => name === LOCK_FUNCTION);
  return entry?.kernels[cell.kernel]?.state === 'stub' ? 'stub' : 'absent';
}
