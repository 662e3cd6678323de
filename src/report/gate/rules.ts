import { didYouMean, inputError } from '../../input/index.ts';

/** What a gate can be closed by. */
export const GATE_WORDS = {
  surface: 'an API that was real is a stub, one that was there is absent, or a cell is rejected',
  fallback: 'a fallback to mmap_lock that was not taken is taken, or is hit more often',
  size: 'a structure or its slab object is larger',
  outcome: 'a workload that completed does not',
  perf: 'throughput is lower beyond the spread; perf:5% only if by 5% and more',
  verdict: 'a property that held does not, or a bound on retries is higher',
} as const;

export type GateWord = keyof typeof GATE_WORDS;

/** What closes a gate. */
export interface GateRules {
  readonly words: ReadonlySet<GateWord>;
  /** Throughput may be lower by less than this share; 0.05 for `perf:5%`. */
  readonly perf: number;
}

const PERCENT = /^(\d+(?:\.\d+)?)%$/;

/**
 * The rules a command line names: words with commas between them, `perf` also with a share.
 *
 * @throws InputError on a word there is not.
 */
export function gateRules(text: string): GateRules {
  const words = new Set<GateWord>();
  let perf = 0;
  for (const item of text.split(',').map((part) => part.trim())) {
    const [word = '', ...rest] = item.split(':');
    const share = rest.join(':');
    if (!isWord(word)) throw unknownWord(word);
    words.add(word);
    if (rest.length === 0) continue;
    const percent = word === 'perf' ? PERCENT.exec(share)?.[1] : undefined;
    if (percent === undefined || Number(percent) > 100) {
      throw inputError(
        'usage',
        word === 'perf'
          ? `--fail-on perf: "${share}" is no share`
          : `--fail-on: ${word} takes no value`,
        undefined,
        word === 'perf' ? 'e.g. perf:5%' : `write: ${word}`,
      );
    }
    perf = Number(percent) / 100;
  }
  return { words, perf };
}

function isWord(word: string): word is GateWord {
  return Object.hasOwn(GATE_WORDS, word);
}

function unknownWord(word: string): Error {
  const words = Object.keys(GATE_WORDS);
  return inputError(
    'usage',
    `--fail-on: no such word "${word}"`,
    undefined,
    didYouMean(word, words) ?? `there are: ${words.join(', ')}`,
  );
}
