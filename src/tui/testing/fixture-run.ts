import { setTimeout as pause } from 'node:timers/promises';
import type { MatrixFile } from '../../matrix/index.ts';
import type { RunService } from '../index.ts';
import { fixtureResult } from './fixture.ts';

/** A matrix whose cells are those of the fixture: each is resolved, and measured some time later. */
export function fixtureRun(milliseconds: number): RunService {
  const { name, description, matrixFile, seed, axes, cells } = fixtureResult();
  const matrix = { name, description, path: matrixFile, seed } as MatrixFile;
  const done = new Set<string>();
  return {
    matrix: () => matrix,
    run: async ({ only, afresh }, onEvent, signal) => {
      const plan = { cells: cells.map(({ spec }) => spec), axes, show: [], warnings: [] };
      onEvent({ type: 'planned', plan, seed });
      const wanted = cells.filter(({ spec }) => !only || only.includes(spec.id));
      for (const cell of wanted) {
        const runs = { done: 0, total: 8 };
        onEvent({ type: 'cell', cell: { ...cell, measurements: [] }, runs });
      }
      for (const cell of wanted) {
        const { id } = cell.spec;
        for (let run = 1; run < 8 && (afresh || !done.has(id)); run++) {
          await pause(milliseconds / 8);
          if (signal.aborted) return 'stopped';
          onEvent({ type: 'runs', id, runs: { done: run, total: 8 } });
        }
        done.add(id);
        onEvent({ type: 'cell', cell, runs: { done: 8, total: 8 } });
      }
      return 'done';
    },
  };
}
