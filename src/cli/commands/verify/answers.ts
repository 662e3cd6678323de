import { breathe, defaultCacheDir, inputError, packagePath } from '../../../input/index.ts';
import {
  type KernelQuestion,
  SenselessQuestion,
  type Verdict,
  type VerdictCache,
  type VerdictOf,
  type VerifyAllOptions,
  verify,
  verifyAll,
} from '../../../kernel/index.ts';
import { buildId, cacheKey, folderCache } from '../../../matrix/index.ts';
import { reportVerdict, type VerificationGroup } from '../../../report/index.ts';
import type { Context } from '../../command.ts';
import { editionOf } from '../../edition.ts';
import { Interrupted } from '../../interrupted.ts';
import { progressOn } from '../../progress.ts';
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

/** Verdicts of earlier runs, kept by all they depend on; none with `--no-cache`. */
export function verdictCache({ io, args }: Pick<Context, 'io' | 'args'>): VerdictCache | undefined {
  if (args.has('no-cache')) return undefined;
  const kept = folderCache<Verdict>(defaultCacheDir(io.env));
  const keyOf = (of: VerdictOf): string => cacheKey(['verdict', buildId(), of]);
  return {
    get: (of) => kept.get(keyOf(of)),
    put: (of, verdict) => kept.put(keyOf(of), verdict),
  };
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

/** Answers all questions of a file, several at a time (`jobs`, if the command line does not say), with progress on standard error or wherever it is wanted. */
export async function answersTo(
  path: string,
  kernelOf: KernelOf,
  { io, args, signal }: Context,
  { onProgress, cache, jobs }: Pick<VerifyAllOptions, 'onProgress' | 'cache' | 'jobs'> = {},
): Promise<VerdictGroup[]> {
  const groups = readQuestions(path, editionOf);
  const all = groups.flatMap(({ asked }) => asked);
  const progress = progressOn(io, args.has('quiet') || onProgress !== undefined);
  let answered = 0;
  try {
    const questions: KernelQuestion[] = [];
    for (const { edition: name, question } of all) {
      await breathe();
      signal.throwIfAborted();
      progress.update(questions.length, all.length, 'configurations', 'resolving ');
      const edition = editionOf(name);
      questions.push({ edition, config: await kernelOf(edition), question });
    }
    const verdicts = await verifyAll(questions, {
      jobs: args.integer('jobs', 1) ?? jobs,
      signal,
      cache,
      onProgress: (done, total) => {
        answered = done;
        progress.update(done, total, 'questions', 'verifying ');
        onProgress?.(done, total);
      },
    });
    let next = 0;
    return groups.map(({ title, asked }) => ({
      title,
      verdicts: verdicts.slice(next, (next += asked.length)),
    }));
  } catch (error) {
    if (signal.aborted) {
      const how = `stopped after ${answered} of ${all.length} questions`;
      throw new Interrupted(how, args, error);
    }
    if (!(error instanceof SenselessQuestion)) throw error;
    throw inputError('unsupported-question', `${all[error.index]?.edition}: ${error.message}`);
  } finally {
    progress.end();
  }
}
