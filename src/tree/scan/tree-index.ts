import { HIT } from './hits.ts';
import { byBytes, type Skip, sortByBytes } from './list-files.ts';

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

/** Columns of an index: rows sorted by file and offset, names sorted. */
export interface IndexColumns extends Rows {
  readonly files: readonly string[];
  /** First row of each file, and one more. */
  readonly start: Uint32Array;
  readonly name: Uint32Array;
  readonly offset: Uint32Array;
  readonly kind: Uint8Array;
  readonly skipped: readonly Skip[];
}

/** Every mention of an option in a tree, by option. */
export class TreeIndex {
  readonly columns: IndexColumns;
  /**
   * `MARKS` for each file, by which it is known to be as it was read; zeros for one that may have changed since. Absent
   * where nothing is kept.
   */
  readonly marks: Float64Array | undefined;
  #ids: ReadonlyMap<string, number> | undefined;
  #rows: { start: Uint32Array; row: Uint32Array; file: Uint32Array } | undefined;
  #defined: ReadonlySet<string> | undefined;

  constructor(columns: IndexColumns, marks?: Float64Array) {
    this.columns = columns;
    this.marks = marks;
  }

  get files(): readonly string[] {
    return this.columns.files;
  }

  /** Where a file stands in the list of them; -1 if there is none of that path. */
  placeOf(path: string): number {
    const { files } = this;
    let low = 0;
    let high = files.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (byBytes(files[middle] as string, path) < 0) low = middle + 1;
      else high = middle;
    }
    return files[low] === path ? low : -1;
  }

  /** What was left out. */
  get skipped(): readonly Skip[] {
    return this.columns.skipped;
  }

  /** Every name that is mentioned, sorted. */
  get names(): readonly string[] {
    return this.columns.names;
  }

  /** Every option some Kconfig file of the tree defines. */
  get defined(): ReadonlySet<string> {
    if (!this.#defined) {
      const { kind, name, names } = this.columns;
      const found = new Set<string>();
      for (let row = 0; row < kind.length; row++) {
        if (kind[row] === HIT.DEFINES) found.add(names[name[row] as number] as string);
      }
      this.#defined = found;
    }
    return this.#defined;
  }

  /** Mentions of an option, by file and offset. */
  mentions(name: string): Mention[] {
    this.#ids ??= new Map(this.names.map((one, id) => [one, id]));
    const id = this.#ids.get(name);
    if (id === undefined) return [];
    const { files, offset, kind } = this.columns;
    const { start, row, file } = this.#byName();
    const found: Mention[] = [];
    for (let i = start[id] as number; i < (start[id + 1] as number); i++) {
      const at = row[i] as number;
      found.push({
        path: files[file[at] as number] as string,
        offset: offset[at] as number,
        kind: kind[at] as number,
      });
    }
    return found;
  }

  /** The rows of each name: made when somebody asks, by counting. */
  #byName(): { start: Uint32Array; row: Uint32Array; file: Uint32Array } {
    if (this.#rows) return this.#rows;
    const { name, names, start: fileStart, files } = this.columns;
    const file = new Uint32Array(name.length);
    for (let f = 0; f < files.length; f++) file.fill(f, fileStart[f], fileStart[f + 1]);
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

/** Rows of files, each from one of several tables. */
export class FileRows {
  readonly tables: Rows[] = [];
  readonly table: Uint32Array;
  readonly from: Uint32Array;
  readonly to: Uint32Array;

  /** For so many files, none of which has rows. */
  constructor(files: number) {
    this.table = new Uint32Array(files);
    this.from = new Uint32Array(files);
    this.to = new Uint32Array(files);
  }

  /** Another table; the result is its number. */
  add(rows: Rows): number {
    return this.tables.push(rows) - 1;
  }

  /** A file has these rows of a table. */
  set(file: number, table: number, from: number, to: number): void {
    this.table[file] = table;
    this.from[file] = from;
    this.to[file] = to;
  }
}

/** An index of these files, in the order of their paths. */
export function buildIndex(
  files: readonly string[],
  { tables, table, from, to }: FileRows,
  skipped: readonly Skip[],
  marks?: Float64Array,
): TreeIndex {
  const start = new Uint32Array(files.length + 1);
  for (let file = 0; file < files.length; file++) {
    start[file + 1] = (start[file] as number) + (to[file] as number) - (from[file] as number);
  }
  const total = start[files.length] as number;
  const name = new Uint32Array(total);
  const offset = new Uint32Array(total);
  const kind = new Uint8Array(total);
  const { names, ids } = joinedNames(tables, table, from, to);
  for (let file = 0; file < files.length; file++) {
    const [first, end] = [from[file] as number, to[file] as number];
    if (first === end) continue;
    const rows = tables[table[file] as number] as Rows;
    const own = ids[table[file] as number] as Int32Array;
    for (let row = first, at = start[file] as number; row < end; row++, at++) {
      name[at] = own[rows.name[row] as number] as number;
      offset[at] = rows.offset[row] as number;
      kind[at] = rows.kind[row] as number;
    }
  }
  return new TreeIndex({ files, names, start, name, offset, kind, skipped }, marks);
}

/** The names that rows of files have, sorted, and the number there of each name of each table. */
function joinedNames(
  tables: readonly Rows[],
  table: Uint32Array,
  from: Uint32Array,
  to: Uint32Array,
): { names: string[]; ids: Int32Array[] } {
  const ids = tables.map(({ names }) => new Int32Array(names.length));
  for (let file = 0; file < table.length; file++) {
    const number = table[file] as number;
    for (let row = from[file] as number; row < (to[file] as number); row++) {
      (ids[number] as Int32Array)[(tables[number] as Rows).name[row] as number] = 1;
    }
  }
  const met = new Set<string>();
  for (const [number, { names }] of tables.entries()) {
    for (let id = 0; id < names.length; id++) if (ids[number]![id] === 1) met.add(names[id]!);
  }
  const names = sortByBytes([...met]);
  const places = new Map(names.map((name, place) => [name, place]));
  for (const [number, { names: own }] of tables.entries()) {
    for (let id = 0; id < own.length; id++) ids[number]![id] = places.get(own[id]!) ?? -1;
  }
  return { names, ids };
}
