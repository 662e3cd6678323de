import type { MatrixDiff, MatrixEnd } from './matrix-model.ts';
import type { Diff, DiffEnd } from './model.ts';

/** A diff of two configurations as one of two sets that have one cell each. */
export function matricesOfDiff(diff: Diff): MatrixDiff {
  const { left, right, surface } = diff;
  const key = left.id === right.id ? left.id : `${left.id} -> ${right.id}`;
  const here = <T extends object>(items: readonly T[]) =>
    items.map((item) => ({ ...item, where: [key] }));
  const endOf = ({ id, edition, source }: DiffEnd): MatrixEnd => ({
    name: id,
    edition,
    source,
    cells: 1,
  });
  return {
    schemaVersion: 1,
    kind: 'matrix-diff',
    left: endOf(left),
    right: endOf(right),
    notes: diff.notes,
    pairs: [{ key, left: left.id, right: right.id, kernels: true, settings: {} }],
    removed: [],
    added: [],
    cells: [],
    options: here(diff.options),
    surface: {
      functions: here(surface.functions),
      structs: here(surface.structs),
      counters: here(surface.counters),
      names: here(surface.names),
    },
    fallbacks: here(diff.fallbacks),
    sizes: here(diff.sizes),
    counters: here(diff.counters),
    outcomes: here(diff.outcomes),
    performance: here(diff.performance),
    verdicts: here(diff.verdicts),
  };
}
