import { describe, expect, it } from 'vitest';
import {
  compareWithTruth,
  kernelsOf,
  TRUE_WORKLOADS,
  type TruthRow,
} from './truth-comparison.test-util.ts';
import { shippedWorkloads } from './workloads/index.ts';

/** A row of the printed table: a counter of a workload, as real and modelled counts of each kernel. */
interface Line {
  readonly workload: string;
  readonly counter: string;
  readonly cells: string[];
  readonly verdict: string;
}

/** Counters that are zero on all kernels, really and modelled, say nothing and are left out. */
function linesOf(workload: string, byKernel: ReadonlyMap<string, readonly TruthRow[]>): Line[] {
  const counters = new Set([...byKernel.values()].flat().map((row) => row.counter));
  const lines: Line[] = [];
  for (const counter of counters) {
    const rows = [...byKernel.values()].map((of) => of.find((row) => row.counter === counter));
    if (rows.every((row) => !row || (row.real === 0 && row.modelled === 0))) continue;
    const differs = rows.find((row) => row && row.real !== row.modelled);
    lines.push({
      workload,
      counter,
      cells: rows.map((row) => (row ? `${row.real} ${row.modelled}` : '-')),
      verdict: differs ? `differs: ${differs.missing ?? 'not explained'}` : 'equal',
    });
  }
  return lines;
}

function table(kernels: readonly string[], lines: readonly Line[]): string {
  const head = ['workload', 'counter', ...kernels, ''];
  const body = lines.map((l) => [l.workload, l.counter, ...l.cells, l.verdict]);
  const widths = head.map((_, i) => Math.max(...[head, ...body].map((row) => row[i]?.length ?? 0)));
  return [head, ...body]
    .map((row) =>
      row
        .map((cell, i) => cell.padEnd(widths[i] as number))
        .join('  ')
        .trimEnd(),
    )
    .join('\n');
}

describe('every workload measured, on every kernel measured', () => {
  it('counts the same, or the missing mechanism is known', { timeout: 900_000 }, () => {
    const lines: Line[] = [];
    const kernels = [...new Set(TRUE_WORKLOADS.flatMap(kernelsOf))];
    let compared = 0;
    for (const workload of TRUE_WORKLOADS.filter((name) => shippedWorkloads().includes(name))) {
      const byKernel = new Map(
        kernelsOf(workload).map((kernel) => [kernel, compareWithTruth(workload, kernel)]),
      );
      for (const rows of byKernel.values()) compared += rows.length;
      lines.push(...linesOf(workload, byKernel));
    }
    const different = lines.filter((line) => line.verdict !== 'equal');
    console.log(`real count and modelled count\n\n${table(kernels, lines)}\n`);
    console.log(`${compared} counts compared; ${different.length} rows of ${lines.length} differ`);
    expect(different.filter((line) => line.verdict.endsWith('not explained'))).toEqual([]);
    expect(compared).toBeGreaterThan(4_000);
  });
});
