/** The part of JSON Schema (draft 2020-12) the published schemas use; the checker knows no more. */
export interface Schema {
  readonly $schema?: string;
  readonly $id?: string;
  readonly title?: string;
  readonly description?: string;
  readonly type?: 'object' | 'array' | 'string' | 'number' | 'integer' | 'boolean' | 'null';
  readonly const?: string | number;
  readonly enum?: readonly (string | null)[];
  readonly anyOf?: readonly Schema[];
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly required?: readonly string[];
  readonly additionalProperties?: boolean | Schema;
  readonly items?: Schema;
  readonly minItems?: number;
  readonly maxItems?: number;
  readonly minimum?: number;
}

/** The dialect's address, as every published schema names it. */
export const DIALECT = 'https://json-schema.org/draft/2020-12/schema';

/** A text. */
export const text: Schema = { type: 'string' };
/** `true` or `false`. */
export const flag: Schema = { type: 'boolean' };
/** Any number. */
export const figure: Schema = { type: 'number' };
/** A whole number not below zero: bytes, counts, CPUs. */
export const natural: Schema = { type: 'integer', minimum: 0 };

/** An object whose keys are all required, but for those said to be `optional`, and which has no others. */
export function object(
  properties: Readonly<Record<string, Schema>>,
  description?: string,
  optional: readonly string[] = [],
): Schema {
  return {
    ...(description === undefined ? {} : { description }),
    type: 'object',
    properties,
    required: Object.keys(properties).filter((key) => !optional.includes(key)),
    additionalProperties: false,
  };
}

/** A list. */
export function list(items: Schema, description?: string): Schema {
  return { ...(description === undefined ? {} : { description }), type: 'array', items };
}

/** An object used as a map from names to one kind of value. */
export function map(value: Schema, description?: string): Schema {
  return {
    ...(description === undefined ? {} : { description }),
    type: 'object',
    additionalProperties: value,
  };
}

/** Nothing, or the schema. */
export function nullable(schema: Schema): Schema {
  return { anyOf: [schema, { type: 'null' }] };
}

/** A value on each side of a diff. */
export function both(left: Schema, right: Schema = left): Record<'left' | 'right', Schema> {
  return { left, right };
}

/** One of a few words. */
export function oneOf(...words: readonly (string | null)[]): Schema {
  return { enum: words };
}
