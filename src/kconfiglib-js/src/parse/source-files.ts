import { readdirSync } from 'node:fs';
import { dirname, isAbsolute, join } from 'node:path';
import { readText } from './read-text.ts';
import { expandPattern, isPattern } from './wildcard.ts';

/** A file that was found: its name for messages, its text, and where it really is. */
export interface FoundFile {
  readonly name: string;
  readonly text: string;
}

/** Where files come from. */
export interface FileAccess {
  /** Directories tried in turn for a relative name. */
  readonly search: readonly string[];
  /** The top file is looked for there too, not just where it says. */
  readonly searchTop: boolean;
  readonly readFile?: ((path: string) => string | undefined) | undefined;
  readonly readDir?: ((path: string) => readonly string[] | undefined) | undefined;
}

/** Finds the files of a tree by name, by a name relative to another file, and by pattern. */
export class SourceFiles {
  readonly #access: FileAccess;
  /** Where each file was found. */
  readonly #places = new Map<string, string>();

  constructor(access: FileAccess) {
    this.#access = access;
  }

  get search(): readonly string[] {
    return this.#access.search;
  }

  /** The top file. */
  top(name: string): string | undefined {
    const given = isAbsolute(name) || !this.#access.searchTop ? this.#read(name, name) : undefined;
    return given ?? (isAbsolute(name) ? undefined : this.find(name));
  }

  /** The file a `source` names. */
  find(name: string): string | undefined {
    if (isAbsolute(name)) return this.#read(name, name);
    for (const dir of this.#access.search) {
      // Not `join`: a tree has thousands of names, and what it would tidy up is nobody's to see.
      const path =
        dir === '' || dir === '.' ? name : dir.endsWith('/') ? dir + name : `${dir}/${name}`;
      const text = this.#read(path, name);
      if (text !== undefined) return text;
    }
    return undefined;
  }

  /**
   * All files a name or pattern stands for. A file of that very name has precedence; else the first directory of the
   * search path that has any match counts.
   */
  all(name: string): FoundFile[] {
    const text = this.find(name);
    if (text !== undefined) return [{ name, text }];
    if (!isPattern(name)) return [];
    for (const dir of isAbsolute(name) ? [''] : this.#access.search) {
      const found = this.#matching(name, dir === '.' ? '' : dir, '');
      if (found.length > 0) return found;
    }
    return [];
  }

  /** All files a name or pattern stands for, from the directory of another file on. */
  relative(name: string, from: string): FoundFile[] {
    if (isAbsolute(name)) return this.all(name);
    const real = dirname(this.#places.get(from) ?? from);
    const shown = join(dirname(from), name);
    const text = this.#read(join(real, name), shown);
    if (text !== undefined) return [{ name: shown, text }];
    return isPattern(name) ? this.#matching(name, real === '.' ? '' : real, dirname(from)) : [];
  }

  #matching(pattern: string, base: string, prefix: string): FoundFile[] {
    const found: FoundFile[] = [];
    for (const match of expandPattern(pattern, base, (dir) => this.#list(dir))) {
      const name = prefix === '' ? match : join(prefix, match);
      const text = this.#read(isAbsolute(match) ? match : join(base, match), name);
      if (text !== undefined) found.push({ name, text });
    }
    return found;
  }

  #read(path: string, name: string): string | undefined {
    const text = (this.#access.readFile ?? readText)(path);
    if (text !== undefined && !this.#places.has(name)) this.#places.set(name, path);
    return text;
  }

  #list(dir: string): readonly string[] | undefined {
    if (this.#access.readDir) return this.#access.readDir(dir);
    if (this.#access.readFile) return undefined;
    try {
      return readdirSync(dir === '' ? '.' : dir);
    } catch {
      return undefined;
    }
  }
}
