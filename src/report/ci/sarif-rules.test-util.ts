import { list, map, object, oneOf, type Schema, text } from '../schema/dialect.ts';

/*
 * What sarif-schema-2.1.0.json (OASIS) says of the objects that are written here: their names, those it requires, the words
 * and bounds it allows. The objects are closed there, too, but for bags of properties.
 */

const only = (properties: Readonly<Record<string, Schema>>, ...required: string[]): Schema => ({
  ...object(properties),
  required,
});

const fromOne: Schema = { type: 'integer', minimum: 1 };
const fromZero: Schema = { type: 'integer', minimum: 0 };
const bag: Schema = { type: 'object' };

const message = only({ text, markdown: text, id: text, arguments: list(text) }, 'text');

const region = only({
  startLine: fromOne,
  startColumn: fromOne,
  endLine: fromOne,
  endColumn: fromOne,
});

const location = only({
  id: { type: 'integer', minimum: -1 },
  physicalLocation: only({
    artifactLocation: only({ uri: text, uriBaseId: text, index: fromZero }),
    region,
    contextRegion: region,
  }),
  logicalLocations: list(
    only({ name: text, fullyQualifiedName: text, decoratedName: text, kind: text }),
  ),
  message,
});

const rule = only(
  {
    id: text,
    name: text,
    shortDescription: message,
    fullDescription: message,
    help: message,
    helpUri: text,
    defaultConfiguration: bag,
    properties: bag,
  },
  'id',
);

const level = oneOf('none', 'note', 'warning', 'error');

const result = only(
  {
    ruleId: text,
    ruleIndex: { type: 'integer', minimum: -1 },
    kind: oneOf('notApplicable', 'pass', 'fail', 'review', 'open', 'informational'),
    level,
    message,
    locations: list(location),
    relatedLocations: list(location),
    fingerprints: map(text),
    partialFingerprints: map(text),
    baselineState: oneOf('new', 'unchanged', 'updated', 'absent'),
    properties: bag,
  },
  'message',
);

const run = only(
  {
    tool: only(
      {
        driver: only(
          { name: text, version: text, informationUri: text, rules: list(rule) },
          'name',
        ),
      },
      'driver',
    ),
    columnKind: oneOf('utf16CodeUnits', 'unicodeCodePoints'),
    results: list(result),
    properties: bag,
  },
  'tool',
);

/** The schema of a SARIF log, as far as it is used. */
export const SARIF_RULES: Schema = only(
  { $schema: text, version: oneOf('2.1.0'), runs: list(run), properties: bag },
  'version',
  'runs',
);
