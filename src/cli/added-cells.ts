import { join } from 'node:path';
import type { MatrixFile } from '../matrix/index.ts';
import { type AddedCell, type AddedCells, createMemory, stateHome } from '../tui/index.ts';
import { entryOf } from './cells.ts';
import type { Context } from './command.ts';

/**
 * The cells a user added to a matrix in the terminal UI, kept from one run to the next by the path of the matrix; with
 * `--fresh` those of earlier runs are not taken up.
 */
export function addedCells(path: string, { io, args }: Pick<Context, 'io' | 'args'>): AddedCells {
  const home = stateHome(io.env);
  const memory = home === null ? null : createMemory(join(home, 'cells'), args.has('fresh'));
  const identity = `cells added to ${path}`;
  let cells = cellsOf(memory?.recall(identity));
  return {
    list: () => cells,
    put: (next) => {
      cells = next;
      memory?.remember(identity, cells);
    },
  };
}

/** A matrix with the cells that were added to it behind its own. */
export function withAdded(matrix: MatrixFile, added: readonly AddedCell[]): MatrixFile {
  if (added.length === 0) return matrix;
  const entries = added.map(({ edition, set }) =>
    entryOf({
      edition,
      settings: Object.entries(set).map(([name, value]) => ({ name, value })),
    }),
  );
  return { ...matrix, cells: [...matrix.cells, ...entries] };
}

/** What a file says of cells: it may be of another version of the program, or edited. */
function cellsOf(saved: unknown): readonly AddedCell[] {
  return Array.isArray(saved) ? saved.filter(isCell) : [];
}

function isCell(value: unknown): value is AddedCell {
  const { edition, set } = (value ?? {}) as Partial<AddedCell>;
  return (
    typeof edition === 'string' &&
    typeof set === 'object' &&
    set !== null &&
    Object.values(set).every((text) => typeof text === 'string')
  );
}
