import type { CellResult } from '../matrix/index.ts';

/**
 * Why a cell has or lacks the per-VMA lock. The kernel says by which option, Kconfig why that option
 * has its value; where both are known the second is the answer.
 */
export function lockReason({ lock, options }: CellResult): string {
  if (!lock) return '';
  const decisive = options.find(({ symbol }) => symbol === lock.option);
  return decisive?.why || lock.why;
}
