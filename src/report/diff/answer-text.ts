import type { VerdictAnswer } from './model.ts';

/** `holds`, `violated`, `holds, at most 3 retries`, `violated, retries unbounded`. */
export function answerText({ verdict, retryBound }: VerdictAnswer): string {
  if (retryBound === null) return verdict;
  const bound = retryBound === 'unbounded' ? 'retries unbounded' : `at most ${retryBound} retries`;
  return `${verdict}, ${bound}`;
}
