import { HIT } from './hits.ts';
import { orderByBytes, type Skip } from './list-files.ts';

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
  readonly #ids = new Map<string, number>();
  #rows: { start: Uint32Array; row: Uint32Array; file: Uint32Array } | undefined;
  #defined: ReadonlySet<string> | undefined;

  constructor(columns: IndexColumns, marks?: Float64Array) {
    this.columns = columns;
    this.marks = marks;
    for (const [id, name] of columns.names.entries()) this.#ids.set(name, id);
  }

  get files(): readonly string[] {
    return this.columns.files;
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

/** Rows of one file, among others. */
export interface FileRows {
  readonly rows: Rows;
  readonly from: number;
  readonly to: number;
}

/** Rows of one file of an index; undefined if it has none. */
export function fileRows({ columns }: TreeIndex, file: number): FileRows | undefined {
  const [from, to] = [columns.start[file] as number, columns.start[file + 1] as number];
  return from === to ? undefined : { rows: columns, from, to };
}

/** An index of these files, in the order of their paths. */
export function buildIndex(
  files: readonly string[],
  rowsOf: (file: number) => FileRows | undefined,
  skipped: readonly Skip[],
  marks?: Float64Array,
): TreeIndex {
  const all = files.map((_, file) => rowsOf(file));
  const start = new Uint32Array(files.length + 1);
  for (const [file, one] of all.entries()) {
    start[file + 1] = (start[file] as number) + (one ? one.to - one.from : 0);
  }
  const total = start[files.length] as number;
  const name = new Uint32Array(total);
  const offset = new Uint32Array(total);
  const kind = new Uint8Array(total);
  const found = new Names();
  for (const [file, one] of all.entries()) {
    if (!one) continue;
    const { rows, from, to } = one;
    const ids = found.of(rows);
    const shift = (start[file] as number) - from;
    for (let row = from; row < to; row++) {
      name[row + shift] = found.number(rows, ids, rows.name[row] as number);
      offset[row + shift] = rows.offset[row] as number;
      kind[row + shift] = rows.kind[row] as number;
    }
  }
  const names = found.sort(name);
  return new TreeIndex({ files, names, start, name, offset, kind, skipped }, marks);
}

/** Numbers for the names that rows of several origins use. */
class Names {
  readonly #numbers = new Map<string, number>();
  readonly #tables = new Map<Rows, Int32Array>();

  /** The numbers of an origin's names, -1 where one was not met yet. */
  of(rows: Rows): Int32Array {
    let ids = this.#tables.get(rows);
    if (!ids) this.#tables.set(rows, (ids = new Int32Array(rows.names.length).fill(-1)));
    return ids;
  }

  number(rows: Rows, ids: Int32Array, own: number): number {
    const known = ids[own] as number;
    if (known >= 0) return known;
    const text = rows.names[own] as string;
    const number = this.#numbers.get(text) ?? this.#numbers.size;
    this.#numbers.set(text, number);
    ids[own] = number;
    return number;
  }

  /** The names in their order; a column of their numbers is made to follow it. */
  sort(column: Uint32Array): string[] {
    const met = [...this.#numbers.keys()];
    const order = orderByBytes(met);
    const places = new Uint32Array(met.length);
    for (const [place, number] of order.entries()) places[number] = place;
    for (let row = 0; row < column.length; row++) {
      column[row] = places[column[row] as number] as number;
    }
    return order.map((number) => met[number] as string);
  }
}
