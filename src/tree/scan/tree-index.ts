import { HIT } from './hits.ts';
import { type Skip, sortByBytes } from './list-files.ts';
import type { PathList } from './path-list.ts';

/** A mention of an option: which file, and the byte its name starts at (without `CONFIG_`). */
export interface Mention {
  readonly path: string;
  readonly offset: number;
  /** Of `HIT`. */
  readonly kind: number;
}

/** Mentions of options, one in each row. */
export interface Rows {
  readonly names: readonly string[];
  /** Number of the name. */
  readonly name: ArrayLike<number>;
  readonly offset: ArrayLike<number>;
  readonly kind: ArrayLike<number>;
}

/** Rows of a table with the first row of each file, and one more. */
export interface RowsOfFiles extends Rows {
  readonly start: Uint32Array;
  readonly name: Uint32Array;
  readonly offset: Uint32Array;
  readonly kind: Uint8Array;
}

/** Rows of files whose paths are known, sorted by file and offset. In each folder the files are in order. */
export interface FileTable extends RowsOfFiles {
  readonly paths: PathList;
}

/** Columns of an index: the files in the order of their paths, names in the order in which they are met. */
export interface IndexColumns extends FileTable {
  readonly skipped: readonly Skip[];
}

/** What threads found, each in files of its own, and how it is put in order. */
export interface Unordered {
  readonly tables: readonly FileTable[];
  readonly skipped: readonly Skip[];
  readonly order: () => IndexColumns;
}

/** Every mention of an option in a tree, by option. */
export class TreeIndex {
  /** All mentions, by files in no order: enough for some questions, and there before all are in order. */
  readonly tables: readonly FileTable[];
  /** What was left out. */
  readonly skipped: readonly Skip[];
  readonly #order: () => IndexColumns;
  #columns: IndexColumns | undefined;
  /**
   * `MARKS` for each file, by which it is known to be as it was read; zeros for one that may have changed since. Absent
   * where nothing is kept.
   */
  readonly marks: Float64Array | undefined;
  #ids: ReadonlyMap<string, number> | undefined;
  #rows: { start: Uint32Array; row: Uint32Array; file: Uint32Array } | undefined;
  #defined: ReadonlySet<string> | undefined;

  constructor(found: IndexColumns | Unordered, marks?: Float64Array) {
    this.tables = 'tables' in found ? found.tables : [found];
    this.skipped = found.skipped;
    this.#order = 'tables' in found ? found.order : () => found;
    this.marks = marks;
  }

  get columns(): IndexColumns {
    this.#columns ??= this.#order();
    return this.#columns;
  }

  /** Is there such a file. */
  has(path: string): boolean {
    const lists = this.#columns ? [this.#columns] : this.tables;
    return lists.some(({ paths }) => paths.placeOf(path) >= 0);
  }

  get files(): readonly string[] {
    return this.columns.paths.all;
  }

  /** Where a file stands in the list of them; -1 if there is none of that path. */
  placeOf(path: string): number {
    return this.columns.paths.placeOf(path);
  }

  /** Every name that is mentioned, sorted. */
  get names(): readonly string[] {
    return sortByBytes(this.columns.names);
  }

  /** Every option some Kconfig file of the tree defines. */
  get defined(): ReadonlySet<string> {
    if (!this.#defined) {
      const found = new Set<string>();
      for (const { kind, name, names } of this.tables) {
        for (
          let row = kind.indexOf(HIT.DEFINES);
          row >= 0;
          row = kind.indexOf(HIT.DEFINES, row + 1)
        ) {
          found.add(names[name[row] as number] as string);
        }
      }
      this.#defined = found;
    }
    return this.#defined;
  }

  /** Mentions of an option, by file and offset. */
  mentions(name: string): Mention[] {
    this.#ids ??= new Map(this.columns.names.map((one, id) => [one, id]));
    const id = this.#ids.get(name);
    if (id === undefined) return [];
    const { paths, offset, kind } = this.columns;
    const { start, row, file } = this.#byName();
    const found: Mention[] = [];
    for (let i = start[id] as number; i < (start[id + 1] as number); i++) {
      const at = row[i] as number;
      found.push({
        path: paths.at(file[at] as number),
        offset: offset[at] as number,
        kind: kind[at] as number,
      });
    }
    return found;
  }

  /** The rows of each name: made when somebody asks, by counting. */
  #byName(): { start: Uint32Array; row: Uint32Array; file: Uint32Array } {
    if (this.#rows) return this.#rows;
    const { name, names, start: fileStart, paths } = this.columns;
    const file = new Uint32Array(name.length);
    for (let f = 0; f < paths.length; f++) file.fill(f, fileStart[f], fileStart[f + 1]);
    const start = new Uint32Array(names.length + 1);
    for (let at = 0; at < name.length; at++) start[(name[at] as number) + 1]!++;
    for (let id = 0; id < names.length; id++) start[id + 1]! += start[id] as number;
    const next = start.slice();
    const row = new Uint32Array(name.length);
    for (let at = 0; at < name.length; at++) row[next[name[at] as number]!++] = at;
    this.#rows = { start, row, file };
    return this.#rows;
  }
}

/** Where the rows of files are, in the order of the files. */
export class FileRows {
  readonly tables: RowsOfFiles[] = [];
  /** Three numbers for files behind each other: a table, and the first and last but one there. */
  readonly runs: number[] = [];

  /** Another table; the result is its number. */
  table(rows: RowsOfFiles): number {
    return this.tables.push(rows) - 1;
  }

  /** The next files are these of a table. */
  add(table: number, from: number, to: number): void {
    const { runs } = this;
    if (runs.at(-3) === table && runs.at(-1) === from) runs[runs.length - 1] = to;
    else runs.push(table, from, to);
  }
}

/** An index of these files, which are in the order of their paths. */
export function buildIndex(
  paths: PathList,
  rows: FileRows,
  skipped: readonly Skip[],
  marks?: Float64Array,
): TreeIndex {
  return new TreeIndex(columnsOf(paths, rows, skipped), marks);
}

/** The columns of such an index. */
export function columnsOf(paths: PathList, rows: FileRows, skipped: readonly Skip[]): IndexColumns {
  const start = startsOf(paths.length, rows);
  const total = start[paths.length] as number;
  const name = new Uint32Array(total);
  const offset = new Uint32Array(total);
  const kind = new Uint8Array(total);
  const names = new JoinedNames(rows.tables);
  let at = 0;
  for (let run = 0; run < rows.runs.length; run += 3) {
    const table = rows.runs[run] as number;
    const own = rows.tables[table] as RowsOfFiles;
    const from = own.start[rows.runs[run + 1] as number] as number;
    const end = own.start[rows.runs[run + 2] as number] as number;
    offset.set(own.offset.subarray(from, end), at);
    kind.set(own.kind.subarray(from, end), at);
    at = names.translate(table, own.name, from, end, name, at);
  }
  return { paths, names: names.names, start, name, offset, kind, skipped };
}

function startsOf(files: number, { tables, runs }: FileRows): Uint32Array {
  const start = new Uint32Array(files + 1);
  let file = 0;
  for (let run = 0; run < runs.length; run += 3) {
    const own = (tables[runs[run] as number] as RowsOfFiles).start;
    const from = runs[run + 1] as number;
    const to = runs[run + 2] as number;
    const moved = (start[file] as number) - (own[from] as number);
    for (let at = from + 1; at <= to; at++) start[++file] = (own[at] as number) + moved;
  }
  return start;
}

/** The names that rows have, in the order in which they are met. */
class JoinedNames {
  readonly names: string[] = [];
  readonly #tables: readonly Rows[];
  readonly #places = new Map<string, number>();
  /** Number here of each name of each table, and one more. */
  readonly #ids: readonly Uint32Array[];

  constructor(tables: readonly Rows[]) {
    this.#tables = tables;
    this.#ids = tables.map(({ names }) => new Uint32Array(names.length));
  }

  /** Numbers here of the names in some rows of a table, written down from a place on. Gives the place behind them. */
  translate(
    table: number,
    own: Uint32Array,
    from: number,
    end: number,
    to: Uint32Array,
    place: number,
  ): number {
    const ids = this.#ids[table] as Uint32Array;
    let at = place;
    for (let row = from; row < end; row++) {
      const name = own[row] as number;
      to[at++] = (ids[name] || this.#meet(table, ids, name)) - 1;
    }
    return at;
  }

  #meet(table: number, ids: Uint32Array, own: number): number {
    const name = (this.#tables[table] as Rows).names[own] as string;
    let id = this.#places.get(name);
    if (id === undefined) {
      id = this.names.push(name);
      this.#places.set(name, id);
    }
    ids[own] = id;
    return id;
  }
}
