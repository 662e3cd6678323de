import { inputError } from '../input/index.ts';
import { type MatrixFile, planMatrixFile, Resolver } from '../matrix/index.ts';
import type { ConfigParts } from '../tui/index.ts';
import type { Context } from './command.ts';
import { filesOf } from './config-browser.ts';
import { editionOf } from './edition.ts';
import { optionSourceOf } from './matrix-options.ts';

/** The configuration a cell of a matrix is simulated with, to be browsed and edited. */
export function cellConfig(id: string, matrix: MatrixFile, context: Context): ConfigParts {
  const source = optionSourceOf(context);
  const spec = planMatrixFile(matrix, source).cells.find((cell) => cell.id === id);
  if (!spec) throw inputError('unknown-cell', `${matrix.name} has no cell ${id}`);
  const options = source.optionsOf(editionOf(spec.edition));
  const { config } = new Resolver(options, matrix.base).resolve(spec, []);
  return {
    config,
    title: id,
    cell: { id, edition: spec.edition, set: spec.set },
    file: `${id.replace(/[^\w.=-]+/g, '_')}.config`,
    fromFile: false,
    files: filesOf(context),
  };
}
