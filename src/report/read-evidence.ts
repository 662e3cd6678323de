import { inputError } from '../input/index.ts';
import type { TortureResult } from '../kernel/index.ts';
import type { TreeReferences } from './model.ts';
import { checkSchema } from './schema/check.ts';
import type { Schema } from './schema/dialect.ts';
import { tortureSchema } from './schema/torture-schema.ts';

/** The results in what `kmatrix torture --format json` wrote; anything else is an input error. */
export function parseTorture(text: string, file: string): readonly TortureResult[] {
  const data = checked(text, file, tortureSchema, 'kmatrix torture --format json');
  return (data as { cells: readonly TortureResult[] }).cells;
}

/** Where an option is mentioned, from what `kmatrix refs SYMBOL --format json` wrote; anything else is an input error. */
export function parseReferences(text: string, file: string): TreeReferences {
  const data = parsed(text, file) as Partial<TreeReferences> | null;
  if (typeof data?.symbol !== 'string' || !Array.isArray(data.references)) {
    throw notThat(file, 'kmatrix refs SYMBOL --format json');
  }
  return {
    symbol: data.symbol,
    references: data.references.map(
      (found: Partial<TreeReferences['references'][number]> | null) => {
        const { file: at, line, state } = found ?? {};
        if (typeof at !== 'string' || typeof line !== 'number' || typeof state !== 'string') {
          throw notThat(file, 'kmatrix refs SYMBOL --format json');
        }
        return { file: at, line, state };
      },
    ),
  };
}

function checked(text: string, file: string, schema: Schema, command: string): unknown {
  const data = parsed(text, file);
  const error = checkSchema(schema, data);
  if (error) throw notThat(file, command, `${error.pointer || 'the top level'} ${error.message}`);
  return data;
}

function parsed(text: string, file: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    throw inputError('evidence-syntax', `${file} is not JSON: ${(error as Error).message}`);
  }
}

function notThat(file: string, command: string, why = ''): Error {
  return inputError(
    'evidence-schema',
    `${file} is not what "${command}" writes${why === '' ? '' : `: ${why}`}`,
  );
}
