import { type Language, languageOf } from '../refs/language.ts';
import { sortByBytes } from '../scan/list-files.ts';
import type { Threads } from '../scan/threads.ts';
import type { SourceTree } from '../source/source-tree.ts';

/** What is no part of a kernel. */
const BESIDE = /^(?:tools|Documentation|scripts|samples)\//;

/** Finds the files of a kernel that words stand in. */
export class WordSearch {
  readonly #tree: SourceTree;
  readonly #threads: Threads;

  constructor(tree: SourceTree, threads: Threads) {
    this.#tree = tree;
    this.#threads = threads;
  }

  /**
   * Files of a language with one of these words, of those that are wanted, sorted; of those changed in memory all, whatever
   * is in them.
   */
  async filesWith(
    language: Language,
    words: readonly string[],
    isWanted: (path: string) => boolean = () => true,
  ): Promise<string[]> {
    const { index, overlay, root } = this.#tree;
    const files = index.files.filter(
      (path) => languageOf(path) === language && !BESIDE.test(path) && isWanted(path),
    );
    const plain = files.filter((path) => !overlay.has(path));
    const parts = words.length === 0 ? [] : await this.#threads.words(root, plain, words);
    const found = parts.flatMap((part) => part.found.map(([at]) => plain[at] as string));
    return sortByBytes([...found, ...files.filter((path) => overlay.get(path) !== undefined)]);
  }
}
