import { type LocksAt, routineLabels } from '../../../kernel/index.ts';
import { conditionIn, conditionText, type Report, type ReportCell } from '../../../report/index.ts';
import { RUN_SESSION, type RunSession } from '../../sessions/run/run-session.ts';
import type { DetailLine } from '../../state/row.ts';
import type { ScreenWorld } from '../module.ts';

const labels = new Map<string, ReadonlyMap<string, readonly string[]>>();

/** The labelled steps of a function as the model runs it in a cell's kernel; nothing for one without code of its own. */
export function labelLines(report: Report, cell: ReportCell, name: string): DetailLine[] {
  const kernel = report.kernels.find(({ id }) => id === cell.kernel);
  if (!kernel) return [];
  const key = JSON.stringify([kernel.edition, kernel.config]);
  let found = labels.get(key);
  if (!found) {
    found = routineLabels(kernel.edition, kernel.config);
    labels.set(key, found);
  }
  const own = found.get(name);
  if (!own) return [{ label: 'steps', text: 'none of its own: its callers do what it does' }];
  return [{ label: `${own.length} ${own.length === 1 ? 'step' : 'steps'}`, text: own.join(', ') }];
}

/** On which option it depends, in the kernels of the cell's edition, what something is. */
export function conditionLine(
  report: Report,
  { edition }: ReportCell,
  stateIn: (kernel: string) => string,
): DetailLine {
  return {
    label: 'condition',
    text: conditionText(conditionIn(report, edition, stateIn), edition),
  };
}

/** Statistics of locks of a workload on a kernel, where this program ran it. */
export function locksOf(
  { sessions }: Pick<ScreenWorld, 'sessions'>,
  kernel: string | null,
  workload: string,
): readonly LocksAt[] {
  if (kernel === null) return [];
  return sessions.get<RunSession>(RUN_SESSION)?.locksOf(kernel, workload) ?? [];
}
