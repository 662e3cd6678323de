import { inputError } from '../input/index.ts';
import type { Question, Trace } from '../kernel/index.ts';
import { checkSchema } from './schema/check.ts';
import { verdictSchema } from './schema/verdict-schema.ts';

/** What of an exported verdict its trace can be walked again with. */
export interface ExportedVerdict {
  readonly edition: string;
  readonly question: Omit<Question, 'maxStates'>;
  readonly trace: Trace | null;
}

/** A verdict from the text of an exported file; what is not one is an input error that says where. */
export function parseVerdict(text: string, file: string): ExportedVerdict {
  const wrong = (message: string) =>
    inputError('verdict-file', `${file} is no verdict: ${message}`, undefined, HINT);
  let data: unknown;
  try {
    data = JSON.parse(text);
  } catch {
    throw wrong('it is not JSON');
  }
  const error = checkSchema(verdictSchema, data);
  if (error) throw wrong(`${error.pointer || 'the top level'} ${error.message}`);
  const { edition, question, trace } = data as Omit<ExportedVerdict, 'question'> & {
    readonly question: Omit<Question, 'maxStates' | 'ops'> & { readonly ops: number | 'forever' };
  };
  const ops = question.ops === 'forever' ? Number.POSITIVE_INFINITY : question.ops;
  return { edition, trace, question: { ...question, ops } };
}

const HINT = 'export one with: kmatrix verify … --format json --out verdict.json';
