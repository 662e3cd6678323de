import {
  both,
  DIALECT,
  flag,
  list,
  natural,
  nullable,
  object,
  oneOf,
  type Schema,
  text,
} from './dialect.ts';
import { fieldLayout, figureProperties, nameKinds, ratioProperties, takenWords } from './parts.ts';

const end = object({ id: text, edition: nullable(text), source: text });

const option = object({
  symbol: text,
  ...both(nullable(text)),
  why: { ...text, description: 'The first cause' },
  reasons: object(both(text)),
});

const state = oneOf('real', 'stub', 'absent');

const apiFunction = object({
  name: text,
  kind: oneOf('function', 'macro'),
  ...both(state),
  stub: object(both(nullable(text))),
  signature: object(both(nullable(text))),
  file: object(both(nullable(text))),
});

const struct = object({
  name: text,
  ...both(nullable(object({ size: natural, align: natural, slabObjectSize: nullable(natural) }))),
  fields: list(object({ name: text, ...both(nullable(fieldLayout)) })),
});

const outcomeWord = oneOf('completed', 'oops', 'hung', 'unsupported', 'refused', null);

const verdictAnswer = object({
  verdict: oneOf('holds', 'violated', 'undecided'),
  retryBound: { description: 'A number, "unbounded", or null where it was not asked' },
});

const fallback = object({
  site: text,
  caller: text,
  ...both(oneOf(...takenWords, null)),
  hits: list(object({ workload: text, ...both(nullable(natural)) })),
});

/** JSON Schema of a diff. */
export const diffSchema: Schema = {
  $schema: DIALECT,
  title: 'kmatrix diff',
  ...object({
    schemaVersion: { const: 1 },
    kind: { const: 'diff' },
    ...both(end),
    notes: list(text),
    options: list(option),
    surface: object({
      functions: list(apiFunction),
      structs: list(struct),
      counters: list(object({ name: text, ...both(flag) })),
      names: list(object({ name: text, kind: oneOf(...nameKinds), ...both(nullable(text)) })),
    }),
    fallbacks: list(fallback),
    sizes: list(
      object({
        struct: text,
        ...both(nullable(natural)),
        delta: nullable({ type: 'integer' }),
        slab: object(both(nullable(natural))),
      }),
    ),
    counters: list(
      object({
        workload: text,
        group: oneOf('vmstat', 'mmap_lock', 'vma_lock'),
        name: text,
        ...both(nullable({ type: 'number' })),
      }),
    ),
    outcomes: list(object({ workload: text, ...both(outcomeWord) })),
    performance: list(
      object({
        workload: text,
        cpus: natural,
        ...both(object(figureProperties)),
        ...ratioProperties,
      }),
    ),
    verdicts: list(object({ question: text, ...both(verdictAnswer) })),
  }),
};
