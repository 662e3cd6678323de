import { DIALECT, figure, list, natural, nullable, object, type Schema, text } from './dialect.ts';

const bins = list(object({ from: natural, to: natural, count: natural }));

const quantiles = object({ p50: figure, p99: figure, p999: figure, max: figure });

/** One cell of a torture test. */
export const tortureCellSchema: Schema = object(
  {
    cell: object({
      edition: text,
      lookup: text,
      adversary: text,
      writers: natural,
      place: text,
      scheduler: text,
      lookups: natural,
      steps: natural,
      profile: text,
      seed: natural,
    }),
    outcome: text,
    detail: text,
    lookups: natural,
    retries: quantiles,
    histograms: object(
      { retries: bins, time_ns: bins },
      'How many lookups lay from `from` up to `to`',
    ),
    unfinished: nullable(object({ retries: natural, age_ns: figure })),
    beyond_max: figure,
    pieces: object(
      { count: natural, lookups: natural, beyond_max: figure },
      'The chance that another piece of so many lookups holds one that retries more',
    ),
    slow: object({ share: figure, bound: figure }),
    time_ns: quantiles,
    exhausted: figure,
    writers: object(
      {
        ...{ ops_per_second: figure, alone: figure, loss: figure },
        loss_range: object({ from: figure, to: figure }),
      },
      undefined,
      ['loss_range'],
    ),
  },
  undefined,
  ['histograms', 'pieces'],
);

/** What `kmatrix torture --format json` writes. */
export const tortureSchema: Schema = {
  $schema: DIALECT,
  title: 'kmatrix torture',
  ...object({ schemaVersion: { const: 1 }, cells: list(tortureCellSchema) }),
};
