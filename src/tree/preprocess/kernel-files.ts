import { readFileSync } from 'node:fs';
import { dirname, isAbsolute, join } from 'node:path/posix';
import type { SourceTree } from '../source/source-tree.ts';
import { type Item, itemsOfFile } from './tokens.ts';
import type { Files } from './unit.ts';

/** Files that a build makes, by the name they are included by. */
export type Generated = ReadonlyMap<string, string>;

/** What the paths of files that a build makes begin with. */
const MADE = 'generated:';

/** The sources of a kernel as its compiler finds them: each file is cut once, however many configurations ask. */
export class KernelFiles {
  readonly tree: SourceTree;
  readonly #onText: (path: string, text: string | undefined) => void;
  readonly #items = new Map<string, readonly Item[] | undefined>();
  readonly #found = new Map<string, string | undefined>();

  /** `onText` is told of each file that is read, and of its text. */
  constructor(
    tree: SourceTree,
    onText: (path: string, text: string | undefined) => void = () => {},
  ) {
    this.tree = tree;
    this.#onText = onText;
  }

  /**
   * What a compiler sees that compiles for an architecture (a folder below arch/): `generated` stands in for files a
   * build makes, `folders` are looked at behind the kernel's own.
   */
  for(arch: string, generated: Generated, folders: readonly string[] = []): Files {
    const search = [
      `arch/${arch}/include`,
      'include',
      `arch/${arch}/include/uapi`,
      'include/uapi',
      ...folders,
    ];
    const made = new Map<string, readonly Item[]>();
    return {
      items: (path) => {
        const text = path.startsWith(MADE) ? generated.get(path.slice(MADE.length)) : undefined;
        if (text === undefined) return this.items(path);
        const items = made.get(path) ?? itemsOfFile(text);
        made.set(path, items);
        return items;
      },
      resolve: (name, quoted, from) => {
        if (quoted) {
          const beside = join(dirname(from), name);
          if (this.#has(beside)) return beside;
        }
        if (generated.has(name)) return MADE + name;
        const key = `${arch}\0${folders.join(':')}\0${name}`;
        if (!this.#found.has(key)) {
          const wanted = search.map((folder) => join(folder, name));
          // Kbuild writes a file of one line for each header an architecture takes from asm-generic.
          const generic = name.replace(/^asm\//, 'asm-generic/');
          if (generic !== name) wanted.push(`include/${generic}`, `include/uapi/${generic}`);
          this.#found.set(
            key,
            wanted.find((path) => this.#has(path)),
          );
        }
        return this.#found.get(key);
      },
    };
  }

  /** A file cut into items; those outside of the tree are read from the disk. */
  items(path: string): readonly Item[] | undefined {
    if (!this.#items.has(path)) {
      const text = textOf(this.tree, path);
      this.#onText(path, text);
      this.#items.set(path, text === undefined ? undefined : itemsOfFile(text));
    }
    return this.#items.get(path);
  }

  #has(path: string): boolean {
    return isAbsolute(path) ? this.items(path) !== undefined : this.tree.has(path);
  }
}

/** The bytes of a file of a tree, or by its path on the disk, as one unit each; undefined if it cannot be read. */
export function textOf(tree: SourceTree, path: string): string | undefined {
  return isAbsolute(path) ? outside(path) : tree.text(path);
}

function outside(path: string): string | undefined {
  try {
    return readFileSync(path, 'latin1');
  } catch {
    return undefined;
  }
}
