import type { Schema } from './dialect.ts';

/** Where data does not follow a schema: a JSON pointer and what was expected there. */
export interface SchemaError {
  readonly pointer: string;
  readonly message: string;
}

/** Check data against a schema; the first error found, or `undefined`. */
export function checkSchema(schema: Schema, value: unknown, pointer = ''): SchemaError | undefined {
  if (schema.anyOf) return checkAny(schema.anyOf, value, pointer);
  if (schema.const !== undefined && value !== schema.const) {
    return { pointer, message: `must be ${JSON.stringify(schema.const)}` };
  }
  if (schema.enum && !schema.enum.some((word) => word === value)) {
    return { pointer, message: `must be one of ${schema.enum.map(String).join(', ')}` };
  }
  if (schema.type && !hasType(schema.type, value)) {
    return { pointer, message: `must be of type ${schema.type}` };
  }
  if (schema.minimum !== undefined && (value as number) < schema.minimum) {
    return { pointer, message: `must not be below ${schema.minimum}` };
  }
  if (Array.isArray(value)) return checkItems(schema, value, pointer);
  if (isObject(value)) return checkProperties(schema, value, pointer);
  return undefined;
}

/** The error of the alternative that got furthest: the others failed because they were not meant. */
function checkAny(
  schemas: readonly Schema[],
  value: unknown,
  pointer: string,
): SchemaError | undefined {
  let furthest: SchemaError | undefined;
  for (const schema of schemas) {
    const error = checkSchema(schema, value, pointer);
    if (!error) return undefined;
    if (!furthest || error.pointer.length > furthest.pointer.length) furthest = error;
  }
  return furthest;
}

function checkItems(schema: Schema, value: readonly unknown[], pointer: string) {
  if (value.length < (schema.minItems ?? 0) || value.length > (schema.maxItems ?? Infinity)) {
    return { pointer, message: 'has the wrong number of items' };
  }
  const { items } = schema;
  return items && first(value, (item, i) => checkSchema(items, item, `${pointer}/${i}`));
}

function checkProperties(
  schema: Schema,
  value: Readonly<Record<string, unknown>>,
  pointer: string,
): SchemaError | undefined {
  const missing = schema.required?.find((key) => !Object.hasOwn(value, key));
  if (missing !== undefined) return { pointer, message: `lacks "${missing}"` };
  return first(Object.entries(value), ([key, item]) => {
    const at = `${pointer}/${key.replaceAll('~', '~0').replaceAll('/', '~1')}`;
    const own =
      schema.properties && Object.hasOwn(schema.properties, key)
        ? schema.properties[key]
        : undefined;
    const known = own ?? schema.additionalProperties ?? true;
    if (known === false) return { pointer: at, message: 'is not known' };
    return known === true ? undefined : checkSchema(known, item, at);
  });
}

function first<T>(
  items: readonly T[],
  check: (item: T, i: number) => SchemaError | undefined,
): SchemaError | undefined {
  for (const [i, item] of items.entries()) {
    const error = check(item, i);
    if (error) return error;
  }
  return undefined;
}

function hasType(type: NonNullable<Schema['type']>, value: unknown): boolean {
  switch (type) {
    case 'object':
      return isObject(value);
    case 'array':
      return Array.isArray(value);
    case 'integer':
      return Number.isInteger(value);
    case 'null':
      return value === null;
    default:
      return typeof value === type;
  }
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
