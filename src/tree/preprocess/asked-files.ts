import { dirname } from 'node:path/posix';
import type { Item } from './tokens.ts';
import type { Files } from './unit.ts';

/** An `#include` or `__has_include` as it is asked: in quotes, from which folder, else by its name alone. */
export interface Question {
  readonly name: string;
  /** The folder of the file that asks, of one in quotes. */
  readonly folder: string | undefined;
}

/** Files, with all that was asked of them and what came of it: what is not found counts, too. */
export class AskedFiles implements Files {
  readonly #files: Files;
  readonly #answers = new Map<string, readonly [Question, string | undefined]>();
  readonly #read = new Set<string>();

  constructor(files: Files) {
    this.#files = files;
  }

  /** What paths were asked for, each question once, with the answer. */
  get answers(): (readonly [Question, path: string | undefined])[] {
    return [...this.#answers.values()];
  }

  /** Files that were read, or that were to be. */
  get read(): string[] {
    return [...this.#read];
  }

  readonly items = (path: string): readonly Item[] | undefined => {
    this.#read.add(path);
    return this.#files.items(path);
  };

  readonly resolve = (name: string, quoted: boolean, from: string): string | undefined => {
    const folder = quoted ? dirname(from) : undefined;
    const key = `${folder ?? '<'}\0${name}`;
    const known = this.#answers.get(key);
    if (known) return known[1];
    const path = this.#files.resolve(name, quoted, from);
    this.#answers.set(key, [{ name, folder }, path]);
    return path;
  };
}

/** The path that files have for a question now. */
export function answerOf({ resolve }: Files, { name, folder }: Question): string | undefined {
  return resolve(name, folder !== undefined, folder === undefined ? '' : `${folder}/x`);
}
