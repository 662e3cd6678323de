import { DIALECT, flag, list, map, nullable, object, oneOf, type Schema, text } from './dialect.ts';

const row = object({
  name: text,
  kernels: map(
    object({
      use: oneOf('without', 'with', 'not'),
      state: text,
      fallback: oneOf('always', 'sometimes', null),
      why: list(text),
      options: list(object({ option: text, value: text, needed: text, why: text })),
    }),
    'By id of the kernel',
  ),
  since: object({
    somewhere: nullable(text),
    everywhere: nullable(text),
    withoutFallback: nullable(text),
    gone: nullable(text),
  }),
  instead: list(
    object({
      code: text,
      when: text,
      callers: list(object({ caller: text, file: text })),
      named: flag,
      lacking: list(text),
    }),
  ),
});

/** What `kmatrix compat --format json` writes. */
export const compatSchema: Schema = {
  $schema: DIALECT,
  title: 'kmatrix compatibility report',
  ...object({
    schemaVersion: { const: 1 },
    kind: { const: 'compat' },
    matrix: text,
    kernels: list(object({ id: text, edition: text, cells: list(text) })),
    apis: list(row, 'APIs that were asked about'),
    callers: list(row, 'Callers that were asked about'),
  }),
};
