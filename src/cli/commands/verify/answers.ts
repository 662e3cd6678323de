import { inputError, packagePath } from '../../../input/index.ts';
import { type Verdict, verify } from '../../../kernel/index.ts';
import { reportVerdict, type VerificationGroup } from '../../../report/index.ts';
import { editionOf } from '../../edition.ts';
import type { KernelOf } from './kernel-of.ts';
import { type Asked, readQuestions } from './questions-file.ts';

/** Verdicts under one heading of a file of questions. */
export interface VerdictGroup {
  readonly title: string;
  readonly verdicts: readonly Verdict[];
}

/** What a report says of them. */
export function forReport(groups: readonly VerdictGroup[]): VerificationGroup[] {
  return groups.map(({ title, verdicts }) => ({ title, verdicts: verdicts.map(reportVerdict) }));
}

/** The file of the questions that ship. */
export function shippedQuestions(): string {
  return packagePath('matrices/verify.yaml');
}

/** Answers one question; one that makes no sense of the edition is an input error. */
export async function answerTo(
  { edition: name, question }: Asked,
  kernelOf: KernelOf,
): Promise<Verdict> {
  const edition = editionOf(name);
  const config = await kernelOf(edition);
  try {
    return verify(edition, config, question);
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    throw inputError('unsupported-question', `${name}: ${error.message}`);
  }
}

/** Answers all questions of a file. */
export async function answersTo(path: string, kernelOf: KernelOf): Promise<VerdictGroup[]> {
  const groups: VerdictGroup[] = [];
  for (const { title, asked } of readQuestions(path, editionOf)) {
    const verdicts: Verdict[] = [];
    for (const a of asked) verdicts.push(await answerTo(a, kernelOf));
    groups.push({ title, verdicts });
  }
  return groups;
}
