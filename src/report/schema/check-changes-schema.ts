import { apiCell, apiHead, unread } from './check-schema.ts';
import { DIALECT, flag, list, nullable, object, type Schema, text } from './dialect.ts';

const side = object({ unread, notes: list(text) });

const api = object({
  ...apiHead,
  changed: { ...flag, description: 'Another in a configuration that neither side rejects' },
  cells: list(
    object({ before: nullable(apiCell), after: nullable(apiCell) }),
    'In the order of the configurations; null where Kconfig rejects one, or the file does not take the API',
  ),
});

/** JSON Schema of what changes for source files between two trees. */
export const checkChangesSchema: Schema = {
  $schema: DIALECT,
  title: 'kmatrix check, before and after',
  ...object({
    schemaVersion: { const: 1 },
    trees: object({ before: text, after: text }),
    cells: list(object({ id: text, before: nullable(text), after: nullable(text) })),
    files: list(
      object({
        file: text,
        breaksNow: {
          ...flag,
          description: 'An API breaks it in a configuration in which it did not before',
        },
        before: nullable(side),
        after: nullable(side),
        apis: list(api),
      }),
    ),
  }),
};
