/** How many names are worth showing. */
const SHOWN = 5;

/**
 * Names near the given one: the same but for case or a leading CONFIG_, at a small edit distance, or the same words in
 * another order or with some missing.
 */
export function nearest(given: string, names: readonly string[]): string[] {
  const name = given.replace(/^CONFIG_/, '').toUpperCase();
  if (name === '') return [];
  const limit = Math.max(1, Math.floor(name.length / 4));
  const words = new Set(name.split('_'));
  const scored: [score: number, name: string][] = [];
  for (const candidate of names) {
    const upper = candidate.toUpperCase();
    if (upper === name) {
      scored.push([0, candidate]);
      continue;
    }
    const far =
      Math.abs(upper.length - name.length) > limit ? limit + 1 : distance(name, upper, limit);
    if (far <= limit) scored.push([far, candidate]);
    else {
      const shared = sharedWords(words, upper);
      if (shared >= 0.75) scored.push([limit + 2 - shared, candidate]);
    }
  }
  scored.sort((a, b) => a[0] - b[0] || (a[1] < b[1] ? -1 : 1));
  return scored.slice(0, SHOWN).map(([, candidate]) => candidate);
}

function sharedWords(words: ReadonlySet<string>, candidate: string): number {
  const parts = candidate.split('_');
  const shared = parts.filter((part) => words.has(part)).length;
  return shared / Math.max(parts.length, words.size);
}

/** Edits between two texts, a swap of neighbours being one; more than `limit` are not counted out. */
function distance(a: string, b: string, limit: number): number {
  let before: number[] = [];
  let row = Array.from({ length: b.length + 1 }, (_, i) => i);
  for (let i = 1; i <= a.length; i++) {
    const next = [i];
    let least = i;
    for (let j = 1; j <= b.length; j++) {
      const same = a[i - 1] === b[j - 1];
      let cost = Math.min(
        (row[j] as number) + 1,
        (next[j - 1] as number) + 1,
        (row[j - 1] as number) + (same ? 0 : 1),
      );
      if (i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1]) {
        cost = Math.min(cost, (before[j - 2] as number) + 1);
      }
      next[j] = cost;
      least = Math.min(least, cost);
    }
    if (least > limit) return limit + 1;
    before = row;
    row = next;
  }
  return row[b.length] as number;
}
