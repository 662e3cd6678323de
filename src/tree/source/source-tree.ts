import { readdirSync } from 'node:fs';
import { phasedOption } from '../condition/convention-formula.ts';
import type { Defines } from '../condition/parse-condition.ts';
import { Kbuild } from '../kbuild/kbuild.ts';
import { type Conventions, conventionsOf } from '../scan/conventions.ts';
import { sortByBytes } from '../scan/list-files.ts';
import { FileReader } from '../scan/read-file.ts';
import type { TreeIndex } from '../scan/tree-index.ts';
import { madeKbuild } from './made-kbuild.ts';

/** Contents that stand in for those on disk; `undefined` for a file that is gone. */
export type Overlay = ReadonlyMap<string, Buffer | undefined>;

/** A tree whose options are indexed, with changes in memory on top of it. Nothing of it is ever executed. */
export class SourceTree {
  readonly root: string;
  readonly index: TreeIndex;
  readonly overlay: Overlay;
  /** What its Makefile would export to Kconfig, as far as somebody said so. */
  readonly environment: Readonly<Record<string, string>>;
  readonly kbuild: Kbuild;
  readonly #reader = new FileReader();
  #files: ReadonlySet<string> | undefined;
  #defines: Defines | undefined;
  #conventions: [Conventions | undefined] | undefined;

  constructor(
    root: string,
    index: TreeIndex,
    overlay: Overlay = new Map(),
    environment: Readonly<Record<string, string>> = {},
  ) {
    this.root = root;
    this.index = index;
    this.overlay = overlay;
    this.environment = environment;
    this.kbuild = new Kbuild(
      (path) => (this.#mayBe(path) ? this.text(path) : madeKbuild(this, path)),
      (symbol) => phasedOption(symbol, this.defines),
      () => this.#architectures(),
    );
  }

  /** The list of all files is not put in order for them. */
  #architectures(): string[] {
    const changed = [...this.overlay.keys()].flatMap(
      (path) => /^arch\/([^/]+)\/Makefile$/.exec(path)?.[1] ?? [],
    );
    const names = new Set([...namesIn(`${this.root}/arch`), ...changed]);
    return sortByBytes([...names]).filter((name) => this.index.has(`arch/${name}/Makefile`));
  }

  /** Most folders have no Kbuild: a list is asked sooner than a file system, whose answer is an error. */
  #mayBe(path: string): boolean {
    return !path.endsWith('Kbuild') || this.overlay.has(path) || this.index.has(path);
  }

  /** Is there such a file. */
  has(path: string): boolean {
    this.#files ??= new Set(this.index.files);
    return this.#files.has(path);
  }

  /** The bytes of a file as one unit each; undefined if it cannot be read. */
  text(path: string): string | undefined {
    if (this.overlay.has(path)) return this.overlay.get(path)?.toString('latin1');
    const bytes = this.#reader.read(`${this.root}/${path}`);
    return typeof bytes === 'string' ? undefined : bytes.toString('latin1');
  }

  /** Does some Kconfig file define an option of this name; with the conventions of the project. */
  get defines(): Defines {
    this.#defines ??= Object.assign((symbol: string) => this.index.defined.has(symbol), {
      conventions: this.conventions,
    });
    return this.#defines;
  }

  /** How the project mentions options besides `CONFIG_X`; undefined if it does not. */
  get conventions(): Conventions | undefined {
    this.#conventions ??= [
      // Too few files to make a set of all for.
      conventionsOf((path) => (this.index.has(path) ? this.text(path) : undefined)),
    ];
    return this.#conventions[0];
  }
}

/** What lies in a folder; nothing in one that is not there. */
function namesIn(folder: string): string[] {
  try {
    return readdirSync(folder);
  } catch {
    return [];
  }
}
