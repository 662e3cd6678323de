import { DIALECT, flag, list, map, object, oneOf, type Schema, text } from './dialect.ts';

const bag: Schema = { type: 'object' };

const step = object(
  {
    kind: oneOf('operand', 'prompt', 'default', 'select', 'imply', 'choice', 'range', 'user'),
    text,
    symbol: text,
    value: text,
    operand: text,
    condition: text,
    span: bag,
    because: list(bag, 'Reasons of this one, of the same form'),
  },
  undefined,
  ['symbol', 'value', 'operand', 'condition', 'span'],
);

const changes = object({
  possible: { type: 'boolean', description: 'true' },
  changes: list(
    object(
      { symbol: text, from: text, to: { ...text, description: 'Absent: taken back' }, span: bag },
      undefined,
      ['to', 'span'],
    ),
  ),
  verified: flag,
  cost: { type: 'number' },
  minimal: flag,
});

const obstacles = object({
  possible: { type: 'boolean', description: 'false' },
  core: list(object({ symbol: text, text, span: bag }, undefined, ['span'])),
  minimal: flag,
});

/** JSON Schema of why an option has its value, and what would give it another. */
export const whySchema: Schema = {
  $schema: DIALECT,
  title: 'kmatrix why',
  ...object(
    {
      name: text,
      value: text,
      type: text,
      cause: text,
      text: { ...text, description: 'One sentence' },
      span: bag,
      because: list(step, 'Down to the first cause'),
      wanted: object({ value: text, reason: text, text, because: list(step) }),
      want: { ...text, description: 'With --want' },
      plan: {
        anyOf: [changes, obstacles, object({ possible: oneOf('unknown'), reason: text })],
      },
    },
    undefined,
    ['span', 'wanted', 'want', 'plan'],
  ),
};

/** JSON Schema of the values of a resolved option set. */
export const optionsSchema: Schema = {
  $schema: DIALECT,
  title: 'kmatrix options',
  ...map(text, 'The value of every option the .config holds, by name'),
};
