import type { Defines } from '../condition/parse-condition.ts';
import type { Conventions } from '../scan/conventions.ts';
import { FileReader } from '../scan/read-file.ts';
import { type Done, takeFrom } from '../scan/tree-task.ts';
import type { SourceTree } from '../source/source-tree.ts';
import { Thinner } from '../source/thin-text.ts';
import { isAssembly, languageOf } from './language.ts';
import { ownReferences } from './own-references.ts';
import type { Reference, Spot } from './reference.ts';
import { thinReferences } from './thin-references.ts';

/** A file with the mentions to be looked at, by their places. */
export interface SpotsOfFile {
  readonly path: string;
  readonly spots: readonly Spot[];
}

/** What a thread that looks at mentions is told. */
export interface ReferencesTask {
  readonly kind: 'references';
  readonly root: string;
  readonly files: readonly SpotsOfFile[];
  /** Shared: the number of the next file nobody has taken. */
  readonly counter: Int32Array<SharedArrayBuffer>;
  /** Options that are defined, as far as their names are asked for (`askedOf`). */
  readonly asked: ReadonlySet<string>;
  readonly conventions: Conventions | undefined;
}

/** Mentions of some of the files of a task, by the numbers of the files. */
export type ReferencesPart = readonly (readonly [file: number, references: readonly Reference[]])[];

/** Names whose meaning depends on whether they are defined: those that end in `_MODULE`, or all if there are conventions. */
export function askedOf({ index, conventions }: SourceTree): ReadonlySet<string> {
  if (conventions) return index.defined;
  const asked = new Set<string>();
  for (const name of index.defined) if (name.endsWith('_MODULE')) asked.add(name);
  return asked;
}

/** Looks at files of a tree on disk, one after the other. What cannot be read has no mentions. */
export class ReferenceReader {
  readonly #root: string;
  readonly #defines: Defines;
  readonly #thinner: Thinner | undefined;
  readonly #reader: FileReader;

  constructor({ root, asked, conventions }: Omit<ReferencesTask, 'kind' | 'files' | 'counter'>) {
    this.#root = root;
    this.#defines = Object.assign((symbol: string) => asked.has(symbol), { conventions });
    // It knows no words but those of Linux.
    this.#thinner = conventions ? undefined : Thinner.open();
    this.#reader = new FileReader(this.#thinner?.room);
  }

  read({ path, spots }: SpotsOfFile): Reference[] {
    const bytes = this.#reader.read(`${this.#root}/${path}`);
    if (typeof bytes === 'string') return [];
    // Of assembly a thin text has nothing of where functions begin and end.
    if (!this.#thinner || languageOf(path) !== 'c' || isAssembly(path)) {
      return ownReferences(path, bytes.toString('latin1'), spots, this.#defines);
    }
    const thin = thinReferences(path, bytes.length, spots, this.#defines, this.#thinner);
    if (thin) return thin;
    const again = this.#reader.read(`${this.#root}/${path}`);
    if (typeof again === 'string') return [];
    return ownReferences(path, again.toString('latin1'), spots, this.#defines);
  }
}

/** Do such a task in a thread. */
export function doReferencesTask(task: ReferencesTask): Done {
  const { files, counter } = task;
  const reader = new ReferenceReader(task);
  const take = takeFrom(counter, files.length, 1);
  const found: [number, Reference[]][] = [];
  for (let at = take(); at >= 0; at = take()) found.push([at, reader.read(files[at]!)]);
  return { part: found satisfies ReferencesPart };
}
