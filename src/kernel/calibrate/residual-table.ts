/** Residuals of a fit as text. */
import { textTable } from '../text-table.ts';
import type { Residual } from './calibrate.ts';
import { judgeDifference } from './judge-difference.ts';

const COLUMNS = [
  'operation',
  'kernel',
  'measured',
  'model',
  'error',
  'held out',
  'difference',
  'model',
  'repeats differ by',
  'measured again',
  'allowed',
  'verdict',
] as const;

/**
 * One line for each measured figure: what was measured, what the fitted profile says, what a fit without this operation would say,
 * and, on lines after an operation's first, the difference to the first kernel, measured and modelled, by how much repeats of the
 * measurement on one kernel differ, at most, and between which it was where it was measured again; how far the modelled difference may be from
 * the measured one, and whether it is as near and of the same sign. Repeats that differ by more than the kernels do excuse nothing: the
 * measurement may be no better, but the model is not shown to be right.
 */
export function residualTable(residuals: readonly Residual[]): string {
  const first = new Map<string, Residual>();
  const rows = residuals.map((r): readonly string[] => {
    const base = first.get(r.workload);
    first.set(r.workload, base ?? r);
    return [
      r.workload,
      r.kernel,
      r.measured.toFixed(1),
      r.modelled.toFixed(1),
      percent(r.modelled, r.measured),
      percent(r.heldOut, r.measured),
      base ? signed(base.measured - r.measured) : '',
      base ? signed(base.modelled - r.modelled) : '',
      base?.spread === undefined || r.spread === undefined
        ? ''
        : Math.max(base.spread, r.spread).toFixed(1),
      base && r.again ? `${signed(r.again[0])} to ${signed(r.again[1])}` : '',
      ...(base ? verdict(base, r) : []),
    ];
  });
  return textTable([COLUMNS, ...rows], 2);
}

function verdict(base: Residual, r: Residual): readonly string[] {
  const judged = judgeDifference(base.measured - r.measured, base.modelled - r.modelled, r.again);
  return [judged.allowed.toFixed(1), judged.verdict];
}

function percent(is: number, should: number): string {
  return should === 0 ? '' : `${signed((is / should - 1) * 100)}%`;
}

function signed(value: number): string {
  const text = value.toFixed(1);
  return value > 0 && text !== '0.0' ? `+${text}` : text.replace('-0.0', '0.0');
}
