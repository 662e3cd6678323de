import { deserialize, serialize } from 'node:v8';
import { codeId } from '../../input/index.ts';
import { AskedFiles, answerOf, type Question } from '../preprocess/asked-files.ts';
import { type Configuration, filesOf, type Setting } from '../preprocess/configuration.ts';
import { KernelFiles, textOf } from '../preprocess/kernel-files.ts';
import type { Files } from '../preprocess/unit.ts';
import { keptFile, readKept, sha256, writeKept } from '../scan/kept-file.ts';
import type { SourceTree } from '../source/source-tree.ts';
import type { Source } from './source-of.ts';

/** Raised when the form of an entry changes. */
const FORMAT = 1;

interface Entry {
  readonly format: number;
  /** A sum of all that was known before a file was read. */
  readonly key: string;
  /** What was asked of the tree, and the answers. */
  readonly asked: Uint8Array;
  /** A sum of the files that were read. */
  readonly contents: string;
  readonly value: Uint8Array;
}

interface Asked {
  readonly answers: readonly (readonly [Question, string | undefined])[];
  readonly read: readonly string[];
}

/** What a unit is made with, and for what. */
export interface UnitAsked {
  /** `look`, `bounds`: a name of what is made. */
  readonly kind: string;
  readonly setting: Setting;
  readonly configuration: Configuration;
  /** The file that is looked at, and its text; it may be compiled within another one. */
  readonly source?: Pick<Source, 'main' | 'text'>;
}

/**
 * What was made of units, by this run and earlier ones. It is believed as long as all is as it was: this program, the
 * values of all options, flags, files a build makes, the path each `#include` finds or that it finds none, and the bytes
 * of each file. One entry is kept for a file in a configuration, and one with each series of patches on top.
 */
export class KeptUnits {
  readonly files: KernelFiles;
  readonly #tree: SourceTree;
  readonly #cache: string | undefined;
  readonly #sums = new Map<string, string>();
  readonly #ids = new WeakMap<Configuration, string>();
  #treeSum: string | undefined;
  #patchSum: string | undefined;

  /** @param cache  the folder caches lie in; without one nothing is kept */
  constructor(tree: SourceTree, cache: string | undefined) {
    this.#tree = tree;
    this.#cache = cache;
    this.files = new KernelFiles(tree, (path, text) => {
      if (cache !== undefined) this.#sums.set(path, sumOf(text));
    });
  }

  /** What is kept; undefined if there is nothing, or something has changed. */
  get(asked: UnitAsked): unknown {
    // Patches may leave all of it alone.
    const places = this.#tree.overlay.size === 0 ? [''] : ['', this.#patches()];
    for (const place of places) {
      const value = this.#at(place, asked);
      if (value !== undefined) return value;
    }
    return undefined;
  }

  #at(place: string, asked: UnitAsked): unknown {
    if (this.#cache === undefined) return undefined;
    const entry = readKept(this.#file(this.#cache, asked, place)) as Entry | undefined;
    if (entry?.format !== FORMAT || entry.key !== this.#key(asked)) return undefined;
    const { answers, read } = inflated(entry.asked) as Asked;
    const files = filesOf(this.files, asked.setting);
    const same = answers.every(([question, path]) => answerOf(files, question) === path);
    return same && entry.contents === this.#contents(read) ? inflated(entry.value) : undefined;
  }

  /** Make something of the files of a unit, and keep it. */
  make<T>(asked: UnitAsked, make: (files: Files) => T): T {
    const files = filesOf(this.files, asked.setting);
    if (this.#cache === undefined) return make(files);
    const key = this.#key(asked);
    const told = new AskedFiles(files);
    const value = make(told);
    const { answers, read } = told;
    const entry: Entry = {
      format: FORMAT,
      key,
      asked: deflated({ answers, read } satisfies Asked),
      contents: this.#contents(read),
      value: deflated(value),
    };
    writeKept(this.#file(this.#cache, asked, this.#patches()), entry);
    return value;
  }

  /** Before and after patches two are kept, or each would take the place of the other. */
  #file(
    cache: string,
    { kind, setting, configuration, source }: UnitAsked,
    patches: string,
  ): string {
    const id = this.#idOf(configuration);
    const name = sumOf([kind, (source ?? setting).main, id, patches].join('\0')).slice(0, 32);
    return keptFile(cache, this.#tree.root, `looks/${name}`);
  }

  #key({ kind, setting, configuration, source }: UnitAsked): string {
    const { main, arch, macros, folders, generated, before } = setting;
    const plain = macros.map(({ name, params, variadic, body }) => [
      ...[name, params ?? null, variadic],
      body.map(({ text, space }) => [text, space]),
    ]);
    const id = this.#idOf(configuration);
    return sumOf(
      JSON.stringify([
        [codeId('tree'), kind, id, this.#treeId(), main, arch],
        [plain, folders, [...generated], before],
        [source?.main, source?.text],
      ]),
    );
  }

  /** A sum of a configuration: the values of all options the tree mentions. */
  #idOf(configuration: Configuration): string {
    let id = this.#ids.get(configuration);
    if (id === undefined) {
      const { values, autoconf, arch, module, folders } = configuration;
      const all = this.#tree.index.columns.names.map((name) => [name, values(name) ?? null]);
      id = sumOf(JSON.stringify([arch, module === true, folders ?? [], autoconf, all]));
      this.#ids.set(configuration, id);
    }
    return id;
  }

  /** A sum of what patches make of a tree; nothing without. */
  #patches(): string {
    if (this.#tree.overlay.size === 0) return '';
    this.#patchSum ??= sumOf(
      [...this.#tree.overlay]
        .map(([path, bytes]) => `${path}\0${sumOf(bytes?.toString('latin1'))}`)
        .sort()
        .join('\n'),
    );
    return this.#patchSum;
  }

  /** What a tree tells of options as a whole. */
  #treeId(): string {
    const { index, conventions } = this.#tree;
    this.#treeSum ??= sumOf(JSON.stringify([[...index.defined].sort(), conventions ?? null]));
    return this.#treeSum;
  }

  #contents(paths: readonly string[]): string {
    const sums = paths.map((path) => {
      // Of what was read for a look it is the sum of what was looked at.
      let sum = this.#sums.get(path);
      if (sum === undefined) this.#sums.set(path, (sum = sumOf(textOf(this.#tree, path))));
      return `${path}\0${sum}`;
    });
    return sumOf(sums.join('\n'));
  }
}

/** Of a file that cannot be read it is a word that is no sum. */
function sumOf(text: string | undefined): string {
  return text === undefined ? 'none' : sha256().update(text).digest('hex');
}

function deflated(value: unknown): Uint8Array {
  return process.getBuiltinModule('node:zlib').deflateRawSync(serialize(value), { level: 1 });
}

function inflated(bytes: Uint8Array): unknown {
  return deserialize(process.getBuiltinModule('node:zlib').inflateRawSync(bytes));
}
