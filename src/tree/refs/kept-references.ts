import type { Formula } from '../condition/formula.ts';
import { keptFile, readKept, writeKept } from '../scan/kept-file.ts';
import { MARKS } from '../scan/system-calls.ts';
import type { TreeIndex } from '../scan/tree-index.ts';
import type { SourceTree } from '../source/source-tree.ts';
import type { Reference } from './reference.ts';
import type { SpotsOfFile } from './references-task.ts';

/** Raised when what is told of a mention, or the form of an entry, changes. */
const FORMAT = 7;

/** What is kept of the mentions of one file. */
export interface KeptFile {
  readonly path: string;
  /** Of the file when it was read. */
  readonly marks: readonly number[];
  readonly offsets: readonly number[];
  readonly references: readonly Reference[];
  /** What Kbuild says of the file; to be believed while no Makefile changes. */
  readonly built: Formula;
}

interface Entry {
  readonly format: number;
  /** What else the mentions rest on. */
  readonly rests: string;
  /** The marks of all Makefiles. */
  readonly makefiles: string;
  readonly files: readonly KeptFile[];
}

/** Mentions found by an earlier run, for files that are as they were. */
export class KeptReferences {
  readonly #file: string;
  readonly #index: TreeIndex;
  readonly #rests: string;
  readonly #makefiles: string;
  readonly #kept = new Map<string, KeptFile>();
  /** Did no Makefile change. */
  readonly builtHolds: boolean;

  constructor(cache: string, tree: SourceTree, asked: ReadonlySet<string>) {
    const { root, index, conventions } = tree;
    this.#file = keptFile(cache, root, 'dangling');
    this.#index = index;
    this.#rests = `${[...asked].sort().join(' ')} ${JSON.stringify(conventions) ?? ''}`;
    this.#makefiles = this.#makefileMarks();
    const entry = readKept(this.#file) as Entry | undefined;
    const usable = entry?.format === FORMAT && entry.rests === this.#rests;
    if (usable) for (const one of entry.files) this.#kept.set(one.path, one);
    this.builtHolds = usable && this.#makefiles !== '' && entry.makefiles === this.#makefiles;
  }

  /** What is known of a file with these mentions; undefined if it has to be read. */
  of({ path, spots }: SpotsOfFile): KeptFile | undefined {
    const kept = this.#kept.get(path);
    if (!kept || kept.offsets.length !== spots.length) return undefined;
    const marks = this.#marks(path);
    const same =
      marks.at(-1) !== 0 &&
      marks.every((mark, i) => mark === kept.marks[i]) &&
      spots.every(({ offset }, i) => offset === kept.offsets[i]);
    return same ? kept : undefined;
  }

  /** Keep what was found, for all files with mentions. */
  write(files: readonly Omit<KeptFile, 'marks'>[]): void {
    const entry: Entry = {
      format: FORMAT,
      rests: this.#rests,
      makefiles: this.#makefiles,
      files: files.map((one) => ({ ...one, marks: this.#marks(one.path) })),
    };
    writeKept(this.#file, entry);
  }

  /** Marks of a file; zeros, which no file has, where it is not known to be as it was read. */
  #marks(path: string): number[] {
    return this.#marksAt(this.#index.placeOf(path));
  }

  #marksAt(place: number): number[] {
    const at = place * MARKS;
    const marks = at < 0 ? undefined : this.#index.marks?.subarray(at, at + MARKS);
    return [...(marks ?? new Array<number>(MARKS).fill(0))];
  }

  /** Empty if one of them may have changed since it was read. */
  #makefileMarks(): string {
    const parts: string[] = [];
    const { paths } = this.#index.columns;
    for (const at of [...paths.named('Makefile'), ...paths.named('Kbuild')]) {
      const marks = this.#marksAt(at);
      if (marks.at(-1) === 0) return '';
      parts.push(`${paths.at(at)} ${marks.join(' ')}`);
    }
    return parts.join('\n');
  }
}
