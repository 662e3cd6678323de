import { readdirSync } from 'node:fs';
import { dirname, isAbsolute, join } from 'node:path';
import { Source } from '../lex/source.ts';
import type { SourceReader } from './read-source.ts';
import { expandPattern, isPattern } from './wildcard.ts';

/** A file that was found: its name for messages, and its bytes. */
export interface FoundFile {
  readonly name: string;
  readonly source: Source;
}

/** Where files come from. */
export interface FileAccess {
  /** Directories tried in turn for a relative name. */
  readonly search: readonly string[];
  /** The top file is looked for there too, not just where it says. */
  readonly searchTop: boolean;
  readonly reader: SourceReader;
  /** Stands in for the file system. */
  readonly readFile?: ((path: string) => string | undefined) | undefined;
  /** Told of each file that is looked for. */
  readonly onRead?: ((path: string) => void) | undefined;
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
  top(name: string): Source | undefined {
    const given = isAbsolute(name) || !this.#access.searchTop ? this.#read(name, name) : undefined;
    return given ?? (isAbsolute(name) ? undefined : this.find(name));
  }

  /** The file a `source` names. */
  find(name: string): Source | undefined {
    if (isAbsolute(name)) return this.#read(name, name);
    for (const dir of this.#access.search) {
      // Not `join`: a tree has thousands of names, and what it would tidy up is nobody's to see.
      const path =
        dir === '' || dir === '.' ? name : dir.endsWith('/') ? dir + name : `${dir}/${name}`;
      const source = this.#read(path, name);
      if (source) return source;
    }
    return undefined;
  }

  /**
   * All files a name or pattern stands for. A file of that very name has precedence; else the first directory of the
   * search path that has any match counts.
   */
  all(name: string): FoundFile[] {
    const source = this.find(name);
    if (source) return [{ name, source }];
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
    const source = this.#read(join(real, name), shown);
    if (source) return [{ name: shown, source }];
    return isPattern(name) ? this.#matching(name, real === '.' ? '' : real, dirname(from)) : [];
  }

  #matching(pattern: string, base: string, prefix: string): FoundFile[] {
    const found: FoundFile[] = [];
    for (const match of expandPattern(pattern, base, (dir) => this.#list(dir))) {
      const name = prefix === '' ? match : join(prefix, match);
      const source = this.#read(isAbsolute(match) ? match : join(base, match), name);
      if (source) found.push({ name, source });
    }
    return found;
  }

  #read(path: string, name: string): Source | undefined {
    const { reader, readFile, onRead } = this.#access;
    onRead?.(path);
    let source: Source | undefined;
    if (readFile) {
      const text = readFile(path);
      if (text !== undefined) source = Source.of(text);
    } else source = reader.read(path);
    if (source && !this.#places.has(name)) this.#places.set(name, path);
    return source;
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
