import { FileReader } from './read-file.ts';
import { isBinary } from './what-file.ts';
import { WordTable } from './word-table.ts';

/** Files with the words they hold. */
export interface WordsFound {
  readonly found: readonly (readonly [file: number, words: readonly number[]])[];
  readonly skipped: readonly (readonly [file: number, reason: string])[];
}

const FEW = 6;

/** Which of these words stand in which files. Words are names of C. */
export function findWords(
  root: string,
  files: readonly string[],
  take: () => number,
  words: readonly string[],
): WordsFound {
  const found: [number, number[]][] = [];
  const skipped: [number, string][] = [];
  const reader = new FileReader();
  // Bytes are searched faster than words are told apart, but once for each word.
  const rare = words.length <= FEW ? words.map((word) => Buffer.from(word)) : undefined;
  const table = new WordTable(words);
  for (let at = take(); words.length > 0 && at >= 0; at = take()) {
    const bytes = reader.read(`${root}/${files[at]}`);
    if (typeof bytes === 'string') {
      skipped.push([at, bytes]);
      continue;
    }
    if (rare && !rare.some((word) => bytes.includes(word))) continue;
    const here = table.in(bytes);
    if (here.length > 0 && !isBinary(bytes, 0, bytes.length)) found.push([at, here]);
  }
  return { found, skipped };
}
