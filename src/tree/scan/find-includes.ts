import { FileReader } from './read-file.ts';

/** Files with what they include, by the names they include it by; files that cannot be read include nothing. */
export interface IncludesFound {
  readonly found: readonly (readonly [file: number, names: readonly string[]])[];
}

const WORD = Buffer.from('include');

const [TAB, LINE, SPACE, QUOTE, HASH, LESS, GREATER] = Buffer.from('\t\n "#<>') as unknown as [
  number,
  ...number[],
];

/** Which names stand behind `#include` in which files, under whichever condition, in comments, too. */
export function findIncludes(
  root: string,
  files: readonly string[],
  take: () => number,
): IncludesFound {
  const found: [number, string[]][] = [];
  const reader = new FileReader();
  for (let at = take(); at >= 0; at = take()) {
    const bytes = reader.read(`${root}/${files[at]}`);
    const names = typeof bytes === 'string' ? [] : includesIn(bytes);
    if (names.length > 0) found.push([at, names]);
  }
  return { found };
}

/** The names behind `#include` in a text, each once, in order. */
export function includesIn(bytes: Buffer): string[] {
  const names = new Set<string>();
  for (let at = bytes.indexOf(WORD); at >= 0; at = bytes.indexOf(WORD, at + WORD.length)) {
    if (!isDirective(bytes, at)) continue;
    let begin = at + WORD.length;
    while (bytes[begin] === SPACE || bytes[begin] === TAB) begin++;
    const last = bytes[begin] === LESS ? GREATER : QUOTE;
    if (last === QUOTE && bytes[begin] !== QUOTE) continue;
    let end = begin + 1;
    while (end < bytes.length && bytes[end] !== last && bytes[end] !== LINE) end++;
    if (bytes[end] === last) names.add(bytes.toString('latin1', begin + 1, end));
  }
  return [...names];
}

/** Does a `#` that begins a line stand before a word. */
function isDirective(bytes: Buffer, word: number): boolean {
  const before = (at: number): number => {
    let end = at;
    while (bytes[end - 1] === SPACE || bytes[end - 1] === TAB) end--;
    return end;
  };
  const hash = before(word) - 1;
  if (bytes[hash] !== HASH) return false;
  const begin = before(hash);
  return begin === 0 || bytes[begin - 1] === LINE;
}
