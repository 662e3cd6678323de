import { textTable } from '../text-table.ts';
import type { ContentionRow } from './compare-contention.ts';
import type { Emulation } from './contention.ts';

const HEAD = [
  'writers do',
  'region',
  'faulters',
  'writers',
  'spin',
  'measured',
  '(runs: least to greatest)',
  'modelled',
  'ratio',
];

/** The rows as text, failures per thousand faults. */
export function contentionTable(rows: readonly ContentionRow[], emulation: Emulation): string {
  const cells = rows.map((r) => [
    r.kind,
    r.region,
    `${r.faulters}`,
    `${r.writers}`,
    `${r.spin}`,
    perMille(r.measured),
    r.runs === 1 ? '1' : `${r.runs}: ${perMille(r.least)} to ${perMille(r.greatest)}`,
    perMille(r.modelled),
    r.measured === 0 ? '' : (r.modelled / r.measured).toFixed(2),
  ]);
  return [
    'Attempts to lock a VMA that fail, for each thousand faults; Linux 6.12.117 on two emulated CPUs',
    `Emulated CPUs take turns of ${Math.round(emulation.turn / 1000)} thousand instructions on average at ` +
      `${emulation.nsPerInstruction.toFixed(1)} ns each, as runs say in which no attempt fails.`,
    '',
    textTable([HEAD, ...cells], 2),
  ].join('\n');
}

function perMille(rate: number): string {
  return (rate * 1000).toFixed(2);
}
