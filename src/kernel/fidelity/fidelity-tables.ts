import { textTable } from '../text-table.ts';
import type { PublishedComparison } from './compare-published.ts';
import { NOT_MODELLED, type PublishedFigure } from './published.ts';
import { type Sensitivity, turning } from './sensitivity.ts';
import type { LockCost } from './uniprocessor-cost.ts';

/** Published factors beside the modelled ones, and what has no counterpart. */
export function publishedTable(rows: readonly PublishedComparison[]): string {
  const cells = rows.map(({ figure, modelled, valueBefore, valueAfter, least, greatest }) => [
    figure.name,
    `${figure.workload}, ${figure.cpus} CPUs, ${figure.profile}`,
    `${figure.atMost ? '<= ' : ''}${factor(figure.published)}`,
    factor(modelled),
    least === undefined || greatest === undefined ? '' : `${factor(least)} to ${factor(greatest)}`,
    `${((modelled / figure.published - 1) * 100).toFixed(1)}%`,
    figure.measured ? inUnit(figure, ...figure.measured) : '',
    inUnit(figure, valueBefore, valueAfter),
  ]);
  const head = [
    'figure',
    'experiment',
    'published',
    'modelled',
    'over runs',
    'deviation',
    'measured',
    'modelled',
  ];
  const differs = rows.flatMap(({ figure }) =>
    figure.differs === undefined ? [] : [`${figure.name}: ${figure.differs}`],
  );
  return [
    'Factor by which the kernel after a change is better, as published and as modelled (nothing is fitted to these)',
    '',
    textTable([head, ...cells], 2),
    '',
    ...differs,
    ...Object.entries(NOT_MODELLED).map(([what, why]) => `Not modelled: ${what}: ${why}`),
  ].join('\n');
}

/** What the lock costs a kernel for one CPU. */
export function lockCostTable(rows: readonly LockCost[]): string {
  const cells = rows.map((r) => [
    r.what,
    r.unit,
    r.without.toFixed(1),
    r.with.toFixed(1),
    (r.with - r.without).toFixed(1),
    `${((r.with / r.without - 1) * 100).toFixed(2)}%`,
    `${(r.spread * 100).toFixed(2)}%`,
  ]);
  return [
    'What per-VMA locks in all builds cost a kernel with SMP=n: Linux 7.1 without them, and with them',
    '',
    textTable([['', 'unit', 'without', 'with', 'more', '', 'spread of runs'], ...cells], 2),
  ].join('\n');
}

function inUnit({ figure }: PublishedFigure, before: number, after: number): string {
  const [per, unit] = figure === 'ops_per_second' ? [1e3, 'thousand/s'] : [1e3, 'us'];
  return `${[before, after].map((n) => (n / per).toFixed(n < 1e4 ? 1 : 0)).join(' to ')} ${unit}`;
}

function factor(value: number): string {
  return `${value.toFixed(value < 10 ? 3 : 0)}x`;
}

/** Costs a table of them shows. */
export const MOST_COSTS = 5;

/** What a figure hangs on: the costs that move it most, and how far it goes. */
export function sensitivityTable(name: string, found: Sensitivity, show = nearFactor): string {
  const { headline, chance, swings, least, greatest, allLeast, allGreatest } = found;
  const told = swings.filter((swing) => swing.told);
  const rows = told.slice(0, MOST_COSTS);
  const cells = rows.map(({ cost, less, more }) => [cost, show(less), show(more)]);
  return [
    `${name}: ${show(headline)}`,
    `  with ${chance.draws} seeds and prices within 1%: ${show(chance.least)} to ${show(chance.greatest)}`,
    `  one cost 30% less or more: ${show(least)} to ${show(greatest)}`,
    `  all at once: ${show(Math.min(allLeast, allGreatest))} to ${show(Math.max(allLeast, allGreatest))}`,
    `  ${swings.length} costs are paid, ${told.length} told from chance${
      rows.length > 0 ? `; means of ${rows[0]?.draws} runs each:` : ''
    }`,
    ...(rows.length > 0 ? ['', textTable([['cost', '30% less', '30% more'], ...cells], 1)] : []),
  ].join('\n');
}

/** What turns the direction of a factor. */
export function turningText(found: Sensitivity): string {
  const costs = turning(found).map(({ cost }) => cost);
  const { least, greatest } = found.chance;
  return [
    ...(least < 1 && greatest > 1
      ? ['other seeds and prices within 1% turn it by themselves']
      : []),
    costs.length > 0
      ? `better turns to worse, or the reverse, with ${costs.join(', ')}`
      : 'no cost alone turns better to worse, or the reverse',
  ].join('; ');
}

/** With more digits where it is near 1. */
export function nearFactor(value: number): string {
  return Math.abs(value - 1) < 0.02 ? `${value.toFixed(4)}x` : factor(value);
}
