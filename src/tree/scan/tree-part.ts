import { lstatSync } from 'node:fs';
import type { FolderQueue } from './folder-queue.ts';
import { HitReader } from './hit-reader.ts';
import { HitTable } from './hit-table.ts';
import { errorText, listFolder } from './list-files.ts';
import { MARKS, markFile } from './read-file.ts';
import type { Rows } from './tree-index.ts';

/** What is done with the files of a tree: read them, read them and take their marks, or take the marks alone. */
export type Reading = 'read' | 'read-marked' | 'mark';

/** What one thread learned of the files it met. */
export interface TreePart extends Rows {
  /** Paths, folder by folder, NUL between them: no name holds one, and a text is copied faster than a list. */
  readonly files: string;
  /** Paths of the folders, likewise, and the number of files before each, and before their end. */
  readonly folders: string;
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

const UNMARKED: readonly number[] = new Array(MARKS).fill(0);

/** Gathers what the files of one folder after the other hold. */
export class TreePartReader {
  readonly #root: string;
  readonly #reading: Reading;
  readonly #reader = new HitReader();
  readonly #hits = new HitTable();
  readonly #files: string[] = [];
  readonly #folders: string[] = [];
  readonly #first: number[] = [];
  readonly #start: number[] = [0];
  readonly #marks: number[] = [];
  readonly #skipped: [string, string][] = [];

  constructor(root: string, reading: Reading) {
    this.#root = root;
    this.#reading = reading;
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
    const listing = listFolder(this.#root, folder);
    if (typeof listing === 'string') {
      this.#skipped.push([folder || '.', listing]);
      return;
    }
    for (const below of listing.folders) if (!queue.push(below)) own.push(below);
    queue.count(listing.files.length, 0);
    for (const path of listing.files) this.#file(path);
    queue.count(0, listing.files.length);
  }

  /** Deal with these files, whose paths are sorted. */
  files(paths: readonly string[]): void {
    let folder: string | undefined;
    for (const path of paths) {
      const own = path.slice(0, Math.max(0, path.lastIndexOf('/')));
      if (own !== folder) this.#begin(own);
      folder = own;
      this.#file(path);
    }
  }

  /** The files that follow lie in a folder. */
  #begin(folder: string): void {
    this.#folders.push(folder);
    this.#first.push(this.#files.length);
  }

  #file(path: string): void {
    this.#files.push(path);
    const full = `${this.#root}/${path}`;
    if (this.#reading === 'mark') this.#mark(path, full);
    else {
      const marked = this.#reading === 'read-marked';
      const wrong = this.#reader.read(full, marked, this.#hits);
      const unread = wrong !== undefined;
      if (unread) this.#skipped.push([path, wrong]);
      if (marked) for (const mark of this.#reader.marks) this.#marks.push(unread ? 0 : mark);
    }
    this.#start.push(this.#hits.length);
  }

  #mark(path: string, full: string): void {
    const at = this.#marks.length;
    this.#marks.push(...UNMARKED);
    try {
      markFile(this.#marks, at, lstatSync(full));
    } catch (error) {
      this.#skipped.push([path, errorText(error)]);
    }
  }

  part(): TreePart {
    return {
      ...this.#hits.rows(),
      files: this.#files.join('\0'),
      folders: this.#folders.join('\0'),
      first: new Uint32Array([...this.#first, this.#files.length]),
      start: new Uint32Array(this.#start),
      marks: new Float64Array(this.#marks),
      skipped: this.#skipped,
    };
  }
}
