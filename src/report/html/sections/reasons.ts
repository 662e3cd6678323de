import type { FunctionRow, Report } from '../../model.ts';
import { stateText } from '../../varies.ts';
import { axesLabel, listed } from '../../words.ts';

/** Names that a reason lists; of a thousand kernels it says how many more there are. */
const LISTED = 12;

/** Says what a function is in a kernel, and where in the same edition it is real. */
export function functionReasons(
  { kernels }: Report,
  row: FunctionRow,
): (kernel: string) => string[] {
  const editionOf = new Map(kernels.map(({ id, edition }) => [id, edition]));
  const real = Map.groupBy(
    kernels.filter(({ id }) => row.kernels[id]?.state === 'real'),
    ({ edition }) => edition,
  );
  return (kernel) => {
    const entry = row.kernels[kernel];
    const lines = [stateText(entry)];
    if (entry && entry.state !== 'absent') lines.push(`${row.name}${entry.signature}`, entry.file);
    if (entry?.state === 'real') return lines;
    const edition = editionOf.get(kernel) ?? '';
    const there = real.get(edition)?.map(({ id }) => axesLabel(id));
    lines.push(
      there
        ? `real in ${edition} with ${listed(shortened(there))}`
        : `real in no kernel of ${edition} in this report`,
    );
    return lines;
  };
}

/** Says which kernels these are, and why they have no per-VMA lock, if they have none. */
export function kernelReasons({ cells }: Report): (kernels: readonly string[]) => string[] {
  const locks = new Map(cells.map(({ id, lock }) => [id, lock]));
  return (kernels) => {
    const lock = locks.get(kernels[0] ?? '');
    return [
      `Kernel: ${shortened(kernels).join(', ')}`,
      ...(lock && !lock.present ? [`This kernel has no per-VMA lock: ${lock.why}`] : []),
    ];
  };
}

/** A list of names, or its beginning and how many more there are. */
export function shortened(names: readonly string[]): readonly string[] {
  return names.length <= LISTED
    ? names
    : [...names.slice(0, LISTED - 1), `${names.length - LISTED + 1} more`];
}
