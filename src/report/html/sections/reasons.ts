import type { FunctionRow, Report } from '../../model.ts';
import { stateText } from '../../varies.ts';
import { axesLabel, listed } from '../../words.ts';

/** What a function is in a kernel, and where in the same edition it is something else. */
export function functionReason(report: Report, row: FunctionRow, kernel: string): string[] {
  const entry = row.kernels[kernel];
  const lines = [stateText(entry)];
  if (entry && entry.state !== 'absent') lines.push(`${row.name}${entry.signature}`, entry.file);
  if (entry?.state === 'real') return lines;
  const edition = report.kernels.find(({ id }) => id === kernel)?.edition;
  const real = report.kernels.filter(
    ({ id, edition: own }) => own === edition && row.kernels[id]?.state === 'real',
  );
  lines.push(
    real.length > 0
      ? `real in ${edition} with ${listed(real.map(({ id }) => axesLabel(id)))}`
      : `real in no kernel of ${edition} in this report`,
  );
  return lines;
}

/** Which kernels these are, and why they have no per-VMA lock, if they have none. */
export function kernelReason(report: Report, kernels: readonly string[]): string[] {
  const [first] = kernels;
  const cell = report.cells.find(({ id }) => id === first);
  const lock = cell?.lock;
  return [
    `Kernel: ${kernels.join(', ')}`,
    ...(lock && !lock.present ? [`This kernel has no per-VMA lock: ${lock.why}`] : []),
  ];
}
