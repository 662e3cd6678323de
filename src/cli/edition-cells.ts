import { planMatrixFile } from '../matrix/index.ts';
import { buildReport, type Report } from '../report/index.ts';
import { entryOf, readingCommandLine, shownSymbols } from './cells.ts';
import type { Context } from './command.ts';
import { loadMatrix, runLoaded, toldSourceOf } from './matrix-options.ts';

/**
 * The report of editions under a matrix: whatever its cells ask for, of whichever edition, is asked of each
 * of these, so that every cell of one has its like in the other.
 */
export async function editionReport(
  context: Context,
  editions: readonly string[],
): Promise<Report> {
  const matrix = loadMatrix(context.args.text('matrix'), context);
  const source = toldSourceOf(context);
  const planned = planMatrixFile(matrix, source).cells;
  const wanted = new Map(
    planned.map(({ set, cpus, workloads }) => [
      JSON.stringify(Object.entries(set).sort()),
      { set, cpus, workloads },
    ]),
  );
  const cells = [...new Set(editions)].flatMap((edition) =>
    [...wanted.values()].map(({ set, cpus, workloads }) => {
      const settings = Object.entries(set).map(([name, value]) => ({ name, value }));
      return { edition, settings, cpus, workloads };
    }),
  );
  const result = await readingCommandLine(() =>
    runLoaded(
      context,
      {
        ...matrix,
        axes: [],
        exclude: [],
        include: [],
        show: shownSymbols(matrix, cells, source),
        cells: cells.map(entryOf),
      },
      source,
    ),
  );
  return buildReport(result);
}
