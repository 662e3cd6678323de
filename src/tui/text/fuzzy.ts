/**
 * How well a text matches what was typed: higher is better, `null` if it does not match. Every word
 * typed must occur in order of its letters; whole runs, beginnings of words and early places count more.
 * Without regard to case.
 */
export function fuzzyScore(text: string, typed: string): number | null {
  let total = 0;
  for (const word of typed.toLowerCase().split(/\s+/)) {
    if (word === '') continue;
    const score = wordScore(text, word);
    if (score === null) return null;
    total += score;
  }
  return total - text.length / 1000;
}

/** The items that match, the best first, equal ones in their order; all of them while nothing is typed. */
export function fuzzyRank<T>(
  items: readonly T[],
  typed: string,
  text: (item: T) => string,
): readonly T[] {
  if (typed.trim() === '') return items;
  return items
    .map((item, index) => ({ item, index, score: fuzzyScore(text(item), typed) }))
    .filter((found) => found.score !== null)
    .sort((a, b) => b.score! - a.score! || a.index - b.index)
    .map(({ item }) => item);
}

const RUN = 100;
const WORD_START = 30;
const NEXT = 8;

function wordScore(text: string, word: string): number | null {
  const lower = text.toLowerCase();
  const run = bestRun(lower, word);
  if (run !== null) return run;
  let score = 0;
  let from = 0;
  let last = -2;
  for (const letter of word) {
    const at = lower.indexOf(letter, from);
    if (at < 0) return null;
    if (at === last + 1) score += NEXT;
    if (startsWord(lower, at)) score += WORD_START / 3;
    last = at;
    from = at + 1;
  }
  return score - (last - word.length) / 10;
}

/** The score of the word as one run; the occurrence that begins a word is the better one. */
function bestRun(lower: string, word: string): number | null {
  let best: number | null = null;
  for (let at = lower.indexOf(word); at >= 0; at = lower.indexOf(word, at + 1)) {
    const score = RUN + (startsWord(lower, at) ? WORD_START : 0) - Math.min(at, 40) / 10;
    if (best === null || score > best) best = score;
  }
  return best;
}

function startsWord(lower: string, at: number): boolean {
  return at === 0 || !/[a-z0-9]/.test(lower[at - 1]!);
}
