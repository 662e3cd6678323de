import { inputError } from '../input/index.ts';
import type { Question, Trace } from '../kernel/index.ts';
import type { ReportVerdict, VerificationGroup } from './model.ts';
import { parseReport } from './read-report.ts';
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
  const data = jsonOf(text, file);
  checkVerdict(data, file);
  const { edition, question, trace } = data as Omit<ExportedVerdict, 'question'> & {
    readonly question: Omit<Question, 'maxStates' | 'ops'> & { readonly ops: number | 'forever' };
  };
  const ops = question.ops === 'forever' ? Number.POSITIVE_INFINITY : question.ops;
  return { edition, trace, question: { ...question, ops } };
}

/**
 * The verdicts of an exported file: one verdict, the answers to a file of questions, or a report. What is none of these is an input
 * error that says where.
 */
export function parseVerdicts(text: string, file: string): readonly VerificationGroup[] {
  const data = jsonOf(text, file) as { kind?: unknown; groups?: unknown } | null;
  if (data?.kind === 'matrix') return parseReport(text, file).verification;
  const groups = Array.isArray(data?.groups) ? data.groups : [{ title: '', verdicts: [data] }];
  return groups.map((group: { title?: unknown; verdicts?: unknown } | null, g) => {
    const { title, verdicts } = group ?? {};
    if (!Array.isArray(verdicts)) throw wrong(file, `/groups/${g} has no verdicts`);
    for (const verdict of verdicts) checkVerdict(verdict, file);
    const [first] = verdicts as ReportVerdict[];
    return { title: typeof title === 'string' && title ? title : (first?.what ?? ''), verdicts };
  });
}

function jsonOf(text: string, file: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw wrong(file, 'it is not JSON');
  }
}

function checkVerdict(data: unknown, file: string): void {
  const error = checkSchema(verdictSchema, data);
  if (error) throw wrong(file, `${error.pointer || 'the top level'} ${error.message}`);
}

function wrong(file: string, message: string): Error {
  return inputError('verdict-file', `${file} is no verdict: ${message}`, undefined, HINT);
}

const HINT = 'export one with: kmatrix verify … --format json --out verdict.json';
