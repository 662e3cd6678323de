import type { Conventions } from './conventions.ts';
import type { FolderQueue } from './folder-queue.ts';
import { HitReader } from './hit-reader.ts';
import { grown } from './hit-table.ts';
import { errorText, listFolder } from './list-files.ts';
import { PathList } from './path-list.ts';
import { MARKS, STAT_NUMBERS, systemCalls } from './system-calls.ts';
import type { Rows } from './tree-index.ts';

/** What is done with the files of a tree: read them, read them and take their marks, or take the marks alone. */
export type Reading = 'read' | 'read-marked' | 'mark';

/** What one thread learned of the files it met. */
export interface TreePart extends Rows {
  /** Names of the files, folder by folder, sorted in each, NUL between: no name holds one. */
  readonly files: string;
  /** Where each name ends there. */
  readonly ends: Uint32Array;
  /** Paths of the folders, and the number of files before each, and before their end. */
  readonly folders: readonly string[];
  readonly first: Uint32Array;
  /** First row of each file, and one more. */
  readonly start: Uint32Array;
  readonly name: Uint32Array;
  readonly offset: Uint32Array;
  readonly kind: Uint8Array;
  /** `MARKS` for each file; empty where none were asked for. */
  readonly marks: Float64Array;
  /** Paths of what could not be read, and why. */
  readonly skipped: readonly (readonly [path: string, reason: string])[];
}

/** A part as it is sent: with NUL between texts, since a text is copied faster than a list. */
export interface PackedPart extends Omit<TreePart, 'folders' | 'names'> {
  readonly texts: readonly string[];
}

export function packed({ folders, names, ...rest }: TreePart): PackedPart {
  return { ...rest, texts: [folders, names].map((list) => list.join('\0')) };
}

export function unpacked({ texts, ...rest }: PackedPart): TreePart {
  const [folders, names] = texts.map((text) => (text === '' ? [] : text.split('\0')));
  // The top of a tree alone is an empty text, too.
  const all = folders?.length === 0 && rest.first.length > 1 ? [''] : (folders as string[]);
  return { ...rest, folders: all, names: names as string[] };
}

/** The paths of its files, folder by folder. */
export function pathsOf({ folders, first, files, ends }: TreePart): PathList {
  const above = folders.map((folder) => (folder === '' ? '' : `${folder}/`));
  return new PathList({ folders: above, first, names: files, ends });
}

const NO_FILE = 'a pipe, a socket or a device';

/** Gathers what the files of one folder after the other hold. */
export class TreePartReader {
  readonly #root: string;
  readonly #reading: Reading;
  readonly #calls = systemCalls();
  readonly #reader: HitReader;
  /** Names of the files of each folder that has some. */
  readonly #texts: string[] = [];
  #ends = new Uint32Array(1 << 10);
  #count = 0;
  #length = 0;
  readonly #folders: string[] = [];
  readonly #first: number[] = [];
  #start = new Uint32Array(1 << 10);
  #marks = new Float64Array(MARKS << 10);
  readonly #numbers: Float64Array;
  readonly #skipped: [string, string][] = [];

  constructor(root: string, reading: Reading, conventions?: Conventions) {
    this.#root = root;
    this.#reading = reading;
    this.#reader = new HitReader(undefined, undefined, undefined, conventions);
    this.#numbers = reading === 'mark' ? new Float64Array(STAT_NUMBERS) : this.#reader.numbers;
  }

  /** Deal with one folder of a queue and let others have those below it; false if there is none now. */
  step(queue: FolderQueue): boolean {
    const folder = queue.take();
    if (folder === undefined) return false;
    const own = [folder];
    for (let at = own.pop(); at !== undefined && !queue.finished; at = own.pop()) {
      this.#folder(at, queue, own);
    }
    queue.done();
    return true;
  }

  #folder(folder: string, queue: FolderQueue, own: string[]): void {
    this.#begin(folder);
    const listing = listFolder(this.#root, folder, this.#calls);
    if (typeof listing === 'string') {
      this.#skipped.push([folder || '.', listing]);
      return;
    }
    for (const path of listing.others) this.#skipped.push([path, NO_FILE]);
    for (const below of listing.folders) if (!queue.push(below)) own.push(below);
    queue.count(listing.files.length, 0);
    this.#files(folder, listing.files);
    queue.count(0, listing.files.length);
  }

  /** Deal with these files, whose paths are sorted. */
  files(paths: readonly string[]): void {
    for (let from = 0, to = 0; from < paths.length; from = to) {
      const folder = folderOf(paths[from] as string);
      while (to < paths.length && folderOf(paths[to] as string) === folder) to++;
      this.#begin(folder);
      const above = folder === '' ? 0 : folder.length + 1;
      this.#files(
        folder,
        paths.slice(from, to).map((path) => path.slice(above)),
      );
    }
  }

  /** The files that follow lie in a folder. */
  #begin(folder: string): void {
    this.#folders.push(folder);
    this.#first.push(this.#count);
  }

  /** Deal with the files of a folder. */
  #files(folder: string, names: readonly string[]): void {
    if (names.length === 0) return;
    this.#texts.push(names.join('\0'));
    const above = folder === '' ? `${this.#root}/` : `${this.#root}/${folder}/`;
    for (const name of names) this.#file(above, name);
  }

  #file(above: string, name: string): void {
    const at = this.#count++;
    const reading = this.#reading;
    const path = above + name;
    const wrong =
      reading === 'mark'
        ? this.#look(path)
        : this.#reader.read(path, reading === 'read-marked', name);
    if (wrong !== undefined) this.#skipped.push([path.slice(this.#root.length + 1), wrong]);
    if (reading !== 'read') this.#mark(at, wrong === undefined);
    if (at + 1 === this.#start.length) {
      this.#start = grown(this.#start, new Uint32Array(this.#start.length * 2));
      this.#ends = grown(this.#ends, new Uint32Array(this.#start.length));
    }
    this.#start[at + 1] = this.#reader.hits.length;
    this.#length += name.length;
    this.#ends[at] = this.#length++;
  }

  #mark(file: number, known: boolean): void {
    const at = file * MARKS;
    if (at === this.#marks.length) {
      this.#marks = grown(this.#marks, new Float64Array(at * 2));
    }
    if (known) for (let i = 0; i < MARKS; i++) this.#marks[at + i] = this.#numbers[i] as number;
  }

  #look(path: string): string | undefined {
    try {
      this.#calls.lstat(path, this.#numbers);
      return undefined;
    } catch (error) {
      return errorText(error);
    }
  }

  part(): TreePart {
    const length = this.#count;
    return {
      ...this.#reader.hits.rows(),
      files: this.#texts.join('\0'),
      ends: this.#ends.slice(0, length),
      folders: this.#folders,
      first: new Uint32Array([...this.#first, length]),
      start: this.#start.slice(0, length + 1),
      marks: this.#marks.slice(0, this.#reading === 'read' ? 0 : length * MARKS),
      skipped: this.#skipped,
    };
  }
}

function folderOf(path: string): string {
  return path.slice(0, Math.max(0, path.lastIndexOf('/')));
}
