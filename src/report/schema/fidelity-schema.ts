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
  headline: { ...figure, description: 'Mean of all draws' },
  chance: object(
    { draws: natural, least: figure, greatest: figure, deviation: figure },
    'How far it goes by itself: with other seeds, and costs up to 1% other',
  ),
  least: {
    ...figure,
    description: 'With one cost changed, as far as that can be told from chance',
  },
  greatest: figure,
  all_least: figure,
  all_greatest: figure,
  costs: list(
    object({
      cost: text,
      less: figure,
      more: figure,
      draws: { ...natural, description: 'Of which less and more are the mean' },
      told: { type: 'boolean', description: 'It goes further than chance would have it' },
    }),
  ),
};

const turnedBy = list(text, 'Costs that turn better to worse, or the reverse');
const factorSensitivity = object({ ...sensitivityProperties, turned_by: turnedBy });

const kernel = object(
  {
    edition: text,
    options: map(text),
    parts: { ...map(text), description: 'What it has otherwise than the edition' },
  },
  undefined,
  ['parts'],
);

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
          sensitivity: factorSensitivity,
        },
        undefined,
        ['atMost', 'measured', 'differs', 'least', 'greatest', 'sensitivity'],
      ),
    ),
    not_modelled: map(text),
    uniprocessor: list(
      object(
        {
          what: text,
          unit: oneOf('instructions', 'ns', 'bytes'),
          without: figure,
          with: figure,
          spread: figure,
          sensitivity: factorSensitivity,
        },
        'What per-VMA locks in all builds cost a kernel for one CPU',
        ['sensitivity'],
      ),
    ),
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
          again: {
            ...list(figure),
            minItems: 2,
            maxItems: 2,
            description:
              'How much more than this kernel the first one took where it was measured again: least and most',
          },
          modelled: figure,
          heldOut: { ...figure, description: 'What a fit that has not seen it says' },
        },
        undefined,
        ['spread', 'again'],
      ),
    ),
    unseen: list(text, 'Prices no operation pays'),
  }),
};
