import {
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

const place = object({ line: natural, column: natural });

/** An API in a configuration. */
export const apiCell = object({
  state: oneOf('real', 'stub', 'absent', 'misfit', 'unlinked', 'unexported'),
  body: oneOf('code', 'stub-empty', 'stub-constant', 'absent'),
  stub: nullable(text),
  signature: nullable(text),
  changed: { ...flag, description: 'Another signature than in the first configuration' },
  places: list(place, 'Where the file uses it in this configuration'),
  breaks: flag,
  reason: nullable(text),
});

/** What an API is, whatever the configuration. */
export const apiHead = {
  name: text,
  kind: oneOf('function', 'macro', 'variable', 'constant', 'type', 'field', 'header'),
  file: nullable(text),
  line: nullable(natural),
};

/** Parts of a file that could not be read. */
export const unread = list(object({ line: natural, text }));

const api = object({
  ...apiHead,
  cells: list(apiCell, 'In the order of the configurations that are not rejected'),
});

/** JSON Schema of a check of source files. */
export const checkReportSchema: Schema = {
  $schema: DIALECT,
  title: 'kmatrix check',
  ...object({
    schemaVersion: { const: 1 },
    tree: text,
    cells: list(object({ id: text, rejected: nullable(text) })),
    files: list(
      object({
        file: text,
        apis: list(api),
        unread,
        notes: list(text),
      }),
    ),
  }),
};
