import {
  DIALECT,
  figure,
  list,
  map,
  natural,
  object,
  oneOf,
  type Schema,
  text,
} from './dialect.ts';

const bag: Schema = { type: 'object' };

/** Operations per second, or another headline, with each cost 30% less and more, and with all at once. */
export const sensitivityProperties: Readonly<Record<string, Schema>> = {
  headline: figure,
  least: figure,
  greatest: figure,
  all_least: figure,
  all_greatest: figure,
  costs: list(object({ cost: text, less: figure, more: figure })),
};

const kernel = object({ edition: text, options: map(text) });

/** JSON Schema of published figures beside the model's. */
export const publishedSchema: Schema = {
  $schema: DIALECT,
  title: 'kmatrix simulate --published',
  ...object({
    published: list(
      object(
        {
          name: text,
          source: text,
          published: { ...figure, description: 'What got better by which factor' },
          atMost: { type: 'boolean', description: 'The figure is a bound' },
          before: kernel,
          after: kernel,
          workload: text,
          cpus: natural,
          profile: text,
          figure: oneOf('ops_per_second', 'mean_ns', 'max_ns'),
          measured: list(figure, 'What was measured before and after, in the unit of the figure'),
          differs: text,
          modelled: figure,
          valueBefore: { ...figure, description: 'What it is the factor of' },
          valueAfter: figure,
          least: figure,
          greatest: figure,
          sensitivity: object(sensitivityProperties),
        },
        undefined,
        ['atMost', 'measured', 'differs', 'least', 'greatest', 'sensitivity'],
      ),
    ),
    not_modelled: map(text),
  }),
};

/** JSON Schema of a cost profile that was fitted to measurements. */
export const calibrationSchema: Schema = {
  $schema: DIALECT,
  title: 'kmatrix calibrate',
  ...object({
    schemaVersion: { const: 1 },
    profile: bag,
    residuals: list(
      object(
        {
          workload: text,
          kernel: text,
          measured: figure,
          spread: { ...figure, description: 'How far apart repeats of the measurement were' },
          modelled: figure,
          heldOut: { ...figure, description: 'What a fit that has not seen it says' },
        },
        undefined,
        ['spread'],
      ),
    ),
    unseen: list(text, 'Prices no operation pays'),
  }),
};
