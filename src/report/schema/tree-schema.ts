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

const state = oneOf('live', 'dead', 'always', 'dangling');

const referenceProperties = {
  file: text,
  line: natural,
  kind: text,
  in: { ...nullable(text), description: 'The function, type, variable or Kconfig entry around it' },
  condition: text,
  state,
  undecided: { ...flag, description: 'Present where the state could not be decided' },
} as const;

const reference = object(referenceProperties, undefined, ['undecided']);

const comparedReference = object(
  {
    ...referenceProperties,
    change: oneOf('added', 'changed'),
    before: object({ line: natural, condition: text, state }),
  },
  undefined,
  ['undecided', 'change', 'before'],
);

const bag: Schema = { type: 'object' };

const ofSymbol = {
  symbol: text,
  references: list(comparedReference),
  defined: object({ before: flag, after: flag }),
  removed: list(reference, 'With --patch: references that are gone, as they were'),
};

/** JSON Schema of the references of options in a source tree. */
export const refsSchema: Schema = {
  $schema: DIALECT,
  title: 'kmatrix refs',
  ...object(
    {
      schemaVersion: { const: 1 },
      series: object({
        changed: list(text),
        conflicts: list(bag),
        fuzzy: list(bag),
        removedOptions: list(text),
      }),
      ...ofSymbol,
      symbols: list(object(ofSymbol, undefined, ['defined', 'removed']), 'With --dangling'),
    },
    undefined,
    ['series', ...Object.keys(ofSymbol), 'symbols'],
  ),
};

const body = oneOf('code', 'stub-empty', 'stub-constant', 'absent');

const struct = object(
  {
    size: { ...nullable(natural), description: 'Bytes, with --sizes' },
    fields: list(text),
    layout: list(bag),
    randomized: flag,
    why: nullable(text),
  },
  undefined,
  ['layout', 'randomized', 'why'],
);

const name = object({ name: text, file: text, ...both(nullable(text)) });

/** JSON Schema of what two configurations of a source tree differ in. */
export const surfaceSchema: Schema = {
  $schema: DIALECT,
  title: 'kmatrix surface',
  ...object(
    {
      schemaVersion: { const: 1 },
      options: list(text),
      functions: list(
        object(
          {
            name: text,
            file: text,
            ...both(body),
            stub: nullable(text),
            differs: oneOf('presence', 'signature', 'body', 'macro'),
            macros: list(text),
            private: flag,
          },
          undefined,
          ['macros', 'private'],
        ),
      ),
      structs: list(object({ name: text, file: text, ...both(nullable(struct)) })),
      fields: list(object({ struct: text, field: text, file: text, ...both(nullable(text)) })),
      macros: list(name),
      enumerators: list(name),
      variables: list(name, 'Of a long initializer the part that differs'),
      objects: list(object({ name: text, ...both(flag) })),
      moved: list(object({ from: text, to: text })),
      unparsed: list(object({ path: text, reason: text })),
      unanswered: list(
        object({ file: text, line: natural, condition: text }),
        'Taken for not so, because it is not known what they ask for',
      ),
      layouts: list(bag, 'With --sizes'),
      notSized: list(text, 'With --sizes: files whose structs were not looked at'),
      fallbacks: list(bag, 'With --fallbacks'),
    },
    undefined,
    ['layouts', 'notSized', 'fallbacks'],
  ),
};

const bodies = list(nullable(text), 'In the order of the cells; null where one is rejected');

const fallbackSites = list(
  object(
    {
      function: text,
      file: text,
      line: natural,
      call: text,
      fallback: list(text),
      by: text,
      condition: text,
    },
    undefined,
    ['by'],
  ),
);

/** JSON Schema of what a series changes in every cell of a matrix. */
export const matrixChangesSchema: Schema = {
  $schema: DIALECT,
  title: 'kmatrix surface --matrix',
  ...object({
    schemaVersion: { const: 1 },
    series: object({ changed: list(text), conflicts: list(bag), fuzzy: list(bag) }),
    removedOptions: list(text),
    dangling: list(object({ symbol: text, references: list(comparedReference) })),
    cells: list(object({ id: text, before: nullable(text), after: nullable(text) })),
    functions: list(object({ name: text, file: text, before: bodies, after: bodies })),
    stubsDeleted: list(text),
    fallbacks: object({ removed: fallbackSites, left: fallbackSites }),
  }),
};
