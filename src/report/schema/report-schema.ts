import {
  DIALECT,
  figure,
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
import { failureSchema } from './outcome-schema.ts';
import {
  fieldLayout,
  figureProperties,
  latencyPoints,
  mmapLockCounts,
  nameKinds,
  ratioProperties,
  refusal,
  takenWords,
} from './parts.ts';
import { tortureCellSchema } from './torture-schema.ts';
import { reportVerdictSchema } from './verdict-schema.ts';

const cell = object(
  {
    id: { ...text, description: 'edition:NAME=value,NAME=value' },
    edition: text,
    axes: map(text),
    set: map(text, 'Options asked for on top of the base configuration'),
    places: map(
      object({ line: natural, column: natural }),
      'Where in the matrix file the edition and each option is asked for',
    ),
    status: oneOf('ok', 'rejected'),
    refusals: list(refusal),
    notes: list(text),
    kconfig: text,
    options: list(object({ symbol: text, value: nullable(text), why: text })),
    lock: nullable(object({ present: flag, option: nullable(text), why: text })),
    sameAs: nullable(text),
    kernel: { ...nullable(text), description: 'Key of the rows in the tables' },
  },
  undefined,
  ['places'],
);

const kernel = object({
  id: text,
  edition: text,
  config: map(text),
  lockPresent: flag,
  cells: list(text),
});

const functionEntry: Schema = {
  anyOf: [
    object({ state: { const: 'absent' } }),
    object({ state: { const: 'real' }, file: text, signature: text }),
    object({ state: { const: 'stub' }, stub: text, file: text, signature: text }),
  ],
};

const structLayout = object({
  size: natural,
  align: natural,
  slabObjectSize: nullable(natural),
  file: text,
  fields: list(fieldLayout),
});

const surface = object({
  functions: list(
    object({ name: text, kind: oneOf('function', 'macro'), kernels: map(functionEntry) }),
  ),
  structs: list(object({ name: text, kernels: map(nullable(structLayout)) }), 'Bytes'),
  counters: list(object({ name: text, file: text, kernels: map(flag) }), '/proc/vmstat'),
  names: list(
    object({
      name: text,
      kind: oneOf(...nameKinds),
      file: text,
      kernels: map(nullable(object({ value: nullable(text) }))),
    }),
  ),
});

const fallback = object({
  site: text,
  kernels: map(
    nullable(
      object({
        taken: oneOf(...takenWords),
        file: text,
        caller: text,
        tries: text,
        trigger: text,
        fallback: text,
        hits: map(natural, 'By workload'),
      }),
    ),
  ),
});

const workload = object({
  workload: text,
  kernel: text,
  profile: text,
  seed: figure,
  counters: map(figure, '/proc/vmstat deltas'),
  mmap_lock: mmapLockCounts,
  vma_write_locks: natural,
});

const provenance = object({
  section: oneOf('options', 'surface', 'structs', 'fallbacks', 'workloads', 'performance'),
  basis: oneOf('resolved', 'modelled'),
  statement: text,
});

/** JSON Schema of the report of a matrix. */
export const reportSchema: Schema = {
  $schema: DIALECT,
  title: 'kmatrix report',
  ...object(
    {
      schemaVersion: { const: 1 },
      kind: { const: 'matrix' },
      name: text,
      description: text,
      matrixFile: text,
      axes: list(text),
      seed: figure,
      profile: text,
      provenance: list(provenance),
      summary: list(text),
      cells: list(cell),
      kernels: list(kernel, 'Distinct kernels; tables are keyed by their ids'),
      surface,
      fallbacks: list(fallback),
      workloads: list(workload, 'What completed'),
      outcomes: list(
        object({ workload: text, kernel: text, outcome: failureSchema }),
        'Workloads that did not complete; absent from reports of older versions',
      ),
      performance: list(
        object(
          {
            ...{ workload: text, kernel: text, cpus: natural, ...figureProperties },
            latency: latencyPoints,
          },
          undefined,
          ['latency'],
        ),
      ),
      comparisons: list(
        object({
          axis: text,
          left: text,
          right: text,
          workload: text,
          cpus: natural,
          ...ratioProperties,
        }),
      ),
      verification: list(
        object({ title: text, verdicts: list(reportVerdictSchema) }),
        'What the model checker says; absent from reports of older versions',
      ),
      costs: list(
        object({
          operation: text,
          kernel: text,
          profile: text,
          unit: oneOf('ns', 'instructions'),
          each: figure,
          least: figure,
          most: figure,
          runs: natural,
          pays: list(object({ price: text, each: figure, times: figure })),
        }),
        'What single operations cost on one CPU; the prices they pay add up to it, but for jitter and the bandwidth of memory',
      ),
      torture: list(tortureCellSchema, 'What a torture test found'),
      references: nullable(
        object({
          symbol: text,
          references: list(object({ file: text, line: natural, state: text })),
        }),
      ),
      answers: list(
        object({
          question: text,
          answer: text,
          sentences: list(text),
          changes: list(text, 'What would change the answer'),
          sections: list(text),
        }),
        'The questions of the series, where the report has kernels without and with it',
      ),
    },
    undefined,
    ['outcomes', 'verification', 'costs', 'torture', 'references', 'answers'],
  ),
};
