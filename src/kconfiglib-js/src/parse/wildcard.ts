/** One position of a pattern: any run of characters, any one character, or one of a set. */
type Part = '*' | '?' | string | { negated: boolean; ranges: [number, number][] };

/** Has a name any character that makes it a pattern. */
export function isPattern(name: string): boolean {
  return /[*?[]/.test(name);
}

/**
 * The names below `base` that a pattern matches, in the order of their characters: `*`, `?` and `[a-z]` stand for
 * characters within one part of a path, and a leading dot must be written. `list` gives the names in a directory.
 */
export function expandPattern(
  pattern: string,
  base: string,
  list: (dir: string) => readonly string[] | undefined,
): string[] {
  let found = [''];
  if (pattern.startsWith('/')) found = ['/'];
  const dirOf = (name: string): string =>
    name.startsWith('/') ? name : base === '' ? name : name === '' ? base : `${base}/${name}`;
  for (const segment of pattern.split('/').filter((part) => part !== '')) {
    const join = (dir: string, name: string): string =>
      dir === '' || dir.endsWith('/') ? dir + name : `${dir}/${name}`;
    if (!isPattern(segment)) {
      found = found.map((dir) => join(dir, segment));
      continue;
    }
    const parts = compile(segment);
    found = found.flatMap((dir) =>
      (list(dirOf(dir)) ?? [])
        .filter(
          (name) => (segment.startsWith('.') || !name.startsWith('.')) && matches(parts, name),
        )
        .map((name) => join(dir, name)),
    );
  }
  return found.sort((a, b) => (a < b ? -1 : a > b ? 1 : 0));
}

function compile(segment: string): Part[] {
  const parts: Part[] = [];
  for (let at = 0; at < segment.length; at++) {
    const ch = segment[at] as string;
    const close = ch === '[' ? segment.indexOf(']', at + (segment[at + 1] === '!' ? 3 : 2)) : -1;
    if (close < 0) parts.push(ch);
    else {
      parts.push(setOf(segment.slice(at + 1, close)));
      at = close;
    }
  }
  return parts;
}

function setOf(text: string): Part {
  const negated = text.startsWith('!');
  const chars = negated ? text.slice(1) : text;
  const ranges: [number, number][] = [];
  for (let at = 0; at < chars.length; at++) {
    const from = chars.charCodeAt(at);
    const isRange = chars[at + 1] === '-' && at + 2 < chars.length;
    ranges.push([from, isRange ? chars.charCodeAt(at + 2) : from]);
    if (isRange) at += 2;
  }
  return { negated, ranges };
}

/** Goes back only to the last `*`, so the time is bounded by the product of the lengths. */
function matches(parts: readonly Part[], name: string): boolean {
  let p = 0;
  let n = 0;
  let star = -1;
  let from = 0;
  while (n < name.length) {
    if (p < parts.length && parts[p] === '*') {
      star = p++;
      from = n;
    } else if (p < parts.length && fits(parts[p] as Part, name, n)) {
      p++;
      n++;
    } else if (star >= 0) {
      p = star + 1;
      n = ++from;
    } else return false;
  }
  while (parts[p] === '*') p++;
  return p === parts.length;
}

function fits(part: Part, name: string, at: number): boolean {
  if (typeof part === 'string') return part === '?' || part === name[at];
  const code = name.charCodeAt(at);
  return part.ranges.some(([low, high]) => code >= low && code <= high) !== part.negated;
}
