import { availableParallelism } from 'node:os';
import { inThreads } from '../../input/index.ts';
import { type Edition, instantiate, type KernelConfig } from '../model/index.ts';
import type { Question } from './question.ts';
import type { Verdict } from './verdict.ts';

/** A question about an edition in a configuration. */
export interface KernelQuestion {
  readonly edition: Edition;
  readonly config: KernelConfig;
  readonly question: Question;
}

/** What goes to a worker thread. */
export interface VerifyTask {
  readonly edition: string;
  /** The options that the kernel looks at. */
  readonly options: Readonly<Record<string, string>>;
  readonly question: Question;
  /** The part of the memory there is that the question may take. */
  readonly share: number;
}

/** What a verdict depends on, beside the checker itself. */
export type VerdictOf = Omit<VerifyTask, 'share'>;

/** Verdicts of earlier runs. */
export interface VerdictCache {
  get(of: VerdictOf): Verdict | undefined;
  put(of: VerdictOf, verdict: Verdict): void;
}

/** What comes back: an answer, or that the question makes no sense of this edition. */
export type VerifyReply = { readonly verdict: Verdict } | { readonly senseless: string };

/** How questions are spread over threads. */
export interface VerifyAllOptions {
  /** Questions at a time. Default: as many as there are processors. */
  readonly jobs?: number | undefined;
  readonly signal?: AbortSignal | undefined;
  readonly onProgress?: ((done: number, total: number) => void) | undefined;
  /** Asked before a question is, and told of answers. What was undecided is asked again: there may be more memory. */
  readonly cache?: VerdictCache | undefined;
}

/** Beside this module, with its own ending: TypeScript in the source tree, JavaScript when compiled. */
const WORKER = new URL(
  import.meta.url.endsWith('.ts') ? './verify.worker.ts' : './verify.worker.js',
  import.meta.url,
);

/** A question that makes no sense of its edition. */
export class SenselessQuestion extends RangeError {
  readonly index: number;

  constructor(index: number, message: string) {
    super(message);
    this.index = index;
  }
}

/**
 * Answers questions in worker threads, as `verify` does each of them. The answers are in the order of the questions.
 *
 * @throws {SenselessQuestion} where a kernel has no such lookup or no such safeguard to drop
 */
export async function verifyAll(
  asked: readonly KernelQuestion[],
  { jobs = availableParallelism(), signal, onProgress, cache }: VerifyAllOptions = {},
): Promise<Verdict[]> {
  const tasks = asked.map(
    ({ edition, config, question }): VerifyTask => ({
      edition: edition.name,
      options: instantiate(edition, config).relevant,
      question,
      share: 1 / Math.max(1, jobs),
    }),
  );
  const verdicts = tasks.map(({ share: _, ...of }) => cache?.get(of));
  const open = tasks.flatMap((task, index) => (verdicts[index] ? [] : [{ task, index }]));
  let done = tasks.length - open.length;
  onProgress?.(done, tasks.length);
  await inThreads<VerifyTask, VerifyReply>(
    WORKER,
    open.map(({ task }) => task),
    {
      jobs,
      signal,
      onReply: (at, reply) => {
        const { task, index } = open[at]!;
        if ('senseless' in reply) throw new SenselessQuestion(index, reply.senseless);
        const { verdict } = reply;
        verdicts[index] = verdict;
        const { share: _, ...of } = task;
        if (verdict.verdict !== 'undecided') cache?.put(of, verdict);
        onProgress?.(++done, tasks.length);
      },
    },
  );
  return verdicts as Verdict[];
}
