/**
 * Words longer than this are not compared: the cost grows with the square of the length, and no name in
 * a kernel comes near it.
 */
const LONGEST = 100;

/** Edits that still count as a slip of the hand, by the length of the word. */
function tolerance(length: number): number {
  if (length <= 2) return 0;
  if (length <= 5) return 1;
  if (length <= 10) return 2;
  return 3;
}

/**
 * The known word the user most likely meant, or `undefined` if none is near. Case does not count as a
 * difference; of two equally near words the first one given wins.
 */
export function suggest(word: string, known: Iterable<string>): string | undefined {
  if (word.length > LONGEST) return undefined;
  const wanted = word.toLowerCase();
  let best: string | undefined;
  let bestDistance = tolerance(word.length) + 1;
  for (const candidate of known) {
    if (candidate === word || Math.abs(candidate.length - word.length) >= bestDistance) continue;
    const d = distance(wanted, candidate.toLowerCase(), bestDistance);
    if (d < bestDistance) {
      best = candidate;
      bestDistance = d;
    }
  }
  return best;
}

/** A hint sentence for a near word; `undefined` if none is near. */
export function didYouMean(word: string, known: Iterable<string>): string | undefined {
  const near = suggest(word, known);
  return near === undefined ? undefined : `did you mean "${near}"?`;
}

/**
 * Insertions, deletions, replacements and swaps of neighbours that turn `a` into `b`; any number not
 * below `limit` once it is certain to reach it.
 */
function distance(a: string, b: string, limit: number): number {
  let before: number[] = [];
  let row = Array.from({ length: b.length + 1 }, (_, j) => j);
  for (let i = 1; i <= a.length; i++) {
    const next = [i];
    let smallest = i;
    for (let j = 1; j <= b.length; j++) {
      const same = a[i - 1] === b[j - 1] ? 0 : 1;
      let d = Math.min(row[j]! + 1, next[j - 1]! + 1, row[j - 1]! + same);
      if (i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1]) {
        d = Math.min(d, before[j - 2]! + 1);
      }
      next.push(d);
      if (d < smallest) smallest = d;
    }
    // Neighbouring rows differ by one at most, and a swap, which looks two rows back, costs one: no
    // later row can fall below the limit again.
    if (smallest > limit) return smallest;
    before = row;
    row = next;
  }
  return row[b.length]!;
}
