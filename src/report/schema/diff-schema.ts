import {
  both,
  DIALECT,
  flag,
  list,
  map,
  natural,
  nullable,
  object,
  oneOf,
  type Schema,
  text,
} from './dialect.ts';
import {
  fieldLayout,
  figureProperties,
  nameKinds,
  ratioProperties,
  refusal,
  takenWords,
} from './parts.ts';

const end = object({ id: text, edition: nullable(text), source: text });

const option = {
  symbol: text,
  ...both(nullable(text)),
  why: { ...text, description: 'The first cause' },
  reasons: object(both(text)),
};

const state = oneOf('real', 'stub', 'absent');

const apiFunction = {
  name: text,
  kind: oneOf('function', 'macro'),
  ...both(state),
  stub: object(both(nullable(text))),
  signature: object(both(nullable(text))),
  file: object(both(nullable(text))),
};

const struct = {
  name: text,
  ...both(nullable(object({ size: natural, align: natural, slabObjectSize: nullable(natural) }))),
  fields: list(object({ name: text, ...both(nullable(fieldLayout)) })),
};

const outcomeWord = oneOf('completed', 'oops', 'hung', 'unsupported', 'refused', null);

const verdictAnswer = object({
  verdict: oneOf('holds', 'violated', 'undecided'),
  retryBound: { description: 'A number, "unbounded", or null where it was not asked' },
});

const fallback = {
  site: text,
  caller: text,
  ...both(oneOf(...takenWords, null)),
  hits: list(object({ workload: text, ...both(nullable(natural)) })),
};

/** The layers, each a list of differences of the kind that `difference` makes of one. */
function layers(difference: (properties: Readonly<Record<string, Schema>>) => Schema) {
  const each = (properties: Readonly<Record<string, Schema>>) => list(difference(properties));
  return {
    options: each(option),
    surface: object({
      functions: each(apiFunction),
      structs: each(struct),
      counters: each({ name: text, ...both(flag) }),
      names: each({ name: text, kind: oneOf(...nameKinds), ...both(nullable(text)) }),
    }),
    fallbacks: each(fallback),
    sizes: each({
      struct: text,
      ...both(nullable(natural)),
      delta: nullable({ type: 'integer' }),
      slab: object(both(nullable(natural))),
    }),
    counters: each({
      workload: text,
      group: oneOf('vmstat', 'mmap_lock', 'vma_lock'),
      name: text,
      ...both(nullable({ type: 'number' })),
    }),
    outcomes: each({ workload: text, ...both(outcomeWord) }),
    performance: each({
      workload: text,
      cpus: natural,
      ...both(object(figureProperties)),
      ...ratioProperties,
    }),
    verdicts: each({ question: text, ...both(verdictAnswer) }),
  };
}

/** JSON Schema of a diff. */
export const diffSchema: Schema = {
  $schema: DIALECT,
  title: 'kmatrix diff',
  ...object({
    schemaVersion: { const: 1 },
    kind: { const: 'diff' },
    ...both(end),
    notes: list(text),
    ...layers(object),
  }),
};

const where = list(text, 'Keys of the pairs of cells it is found in; editions for a verdict');

/** JSON Schema of what differs between two sets of cells. */
export const matrixDiffSchema: Schema = {
  $schema: DIALECT,
  title: 'kmatrix diff of two matrices',
  ...object({
    schemaVersion: { const: 1 },
    kind: { const: 'matrix-diff' },
    ...both(object({ name: text, edition: nullable(text), source: text, cells: natural })),
    notes: list(text),
    pairs: list(
      object({ key: text, ...both(text), kernels: flag, settings: map(text) }),
      'The cells that were compared',
    ),
    removed: list(text, 'Cells of the left side only'),
    added: list(text, 'Cells of the right side only'),
    cells: list(object({ ...both(oneOf('ok', 'rejected')), refusals: list(refusal), where })),
    ...layers((properties) => object({ ...properties, where })),
  }),
};
