import {
  type EditionOptions,
  type MatrixFile,
  planMatrixFile,
  type Resolver,
} from '../matrix/index.ts';

/** A cell of a matrix as it is asked of the Kconfig of a source tree. */
export interface TreeCell {
  /** `NAME=value,NAME=value`; `defaults` where nothing is asked for. */
  readonly id: string;
  readonly spec: Parameters<Resolver['resolve']>[0];
}

/** The cells of a matrix for one tree. A tree is one kernel: cells that differ in their edition only are one. */
export function treeCells(matrix: MatrixFile, options: EditionOptions): TreeCell[] {
  const { cells } = planMatrixFile(matrix, {
    editionNames: (editions) => editions.map(({ name }) => name),
    optionsOf: () => options,
  });
  const byId = new Map<string, TreeCell>();
  for (const spec of cells) {
    const id =
      Object.entries(spec.set)
        .map((pair) => pair.join('='))
        .join(',') || 'defaults';
    if (!byId.has(id)) byId.set(id, { id, spec });
  }
  return [...byId.values()];
}

/** Why Kconfig rejects a cell; `null` where it does not. */
export function whyRejected({
  refusals: [first],
}: Pick<ReturnType<Resolver['resolve']>, 'refusals'>): string | null {
  return first ? `${first.symbol}=${first.wanted}: ${first.reason}` : null;
}
