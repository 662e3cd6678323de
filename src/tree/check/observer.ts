import { generatedFiles } from '../c/bounds.ts';
import type { SyntaxParser } from '../c/parser.ts';
import type { Configuration } from '../preprocess/configuration.ts';
import { type Generated, KernelFiles } from '../preprocess/kernel-files.ts';
import type { SourceTree } from '../source/source-tree.ts';
import { notRead, type Observation, observe } from './observe.ts';
import { namesIn, type Source, sourceOf } from './source-of.ts';

interface Named extends Source {
  readonly names: ReadonlySet<string> | string;
}

/** Looks at files in configurations of a tree, in any order; what many of them share is read once. */
export class Observer {
  readonly #files: KernelFiles;
  readonly #configurations: readonly Configuration[];
  readonly #parser: SyntaxParser;
  readonly #generated = new Map<number, Generated>();
  readonly #sources = new Map<string, Named>();

  constructor(tree: SourceTree, configurations: readonly Configuration[], parser: SyntaxParser) {
    this.#files = new KernelFiles(tree);
    this.#configurations = configurations;
    this.#parser = parser;
  }

  /** What a file, by its path on the disk, shows in one of the configurations. */
  observe(path: string, at: number): Observation {
    const { main, text, names } = this.#source(path);
    if (typeof names === 'string') return notRead(names);
    const configuration = this.#configurations[at] as Configuration;
    let generated = this.#generated.get(at);
    if (!generated) {
      generated = generatedFiles(this.#files, configuration, this.#parser);
      this.#generated.set(at, generated);
    }
    return observe(this.#files, main, text, configuration, generated, names, this.#parser);
  }

  #source(path: string): Named {
    let known = this.#sources.get(path);
    if (!known) {
      const source = sourceOf(this.#files.tree, path);
      known = { ...source, names: namesIn(source.text) };
      this.#sources.set(path, known);
    }
    return known;
  }
}
