import { HIT } from './hits.ts';
import { type Skip, sortByBytes } from './list-files.ts';

/** A mention of an option: which file, and the byte its name starts at (without `CONFIG_`). */
export interface Mention {
  readonly path: string;
  readonly offset: number;
  /** Of `HIT`. */
  readonly kind: number;
}

/** Columns of an index: rows sorted by file and offset, names sorted. */
export interface IndexColumns {
  readonly files: readonly string[];
  readonly names: readonly string[];
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
  readonly #ids = new Map<string, number>();
  #rows: { start: Uint32Array; row: Uint32Array; file: Uint32Array } | undefined;
  #defined: ReadonlySet<string> | undefined;

  constructor(columns: IndexColumns) {
    this.columns = columns;
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
    for (const id of name) start[id + 1]!++;
    for (let id = 0; id < names.length; id++) start[id + 1]! += start[id] as number;
    const next = start.slice();
    const row = new Uint32Array(name.length);
    for (let at = 0; at < name.length; at++) row[next[name[at] as number]!++] = at;
    this.#rows = { start, row, file };
    return this.#rows;
  }
}

/** Rows of one file, to be put into an index. */
export interface FileRows {
  readonly names: readonly string[];
  readonly offsets: ArrayLike<number>;
  readonly kinds: ArrayLike<number>;
}

/** Rows of one file of an index; undefined if it has none. */
export function fileRows({ columns }: TreeIndex, file: number): FileRows | undefined {
  const { start, names, name, offset, kind } = columns;
  const [from, to] = [start[file] as number, start[file + 1] as number];
  if (from === to) return undefined;
  return {
    names: Array.from(name.subarray(from, to), (id) => names[id] as string),
    offsets: offset.subarray(from, to),
    kinds: kind.subarray(from, to),
  };
}

/** An index of these files, in the order of their paths. */
export function buildIndex(
  files: readonly string[],
  rowsOf: (file: number) => FileRows | undefined,
  skipped: readonly Skip[],
): TreeIndex {
  const rows = files.map((_, file) => rowsOf(file));
  const start = new Uint32Array(files.length + 1);
  const known = new Set<string>();
  for (const [file, one] of rows.entries()) {
    start[file + 1] = (start[file] as number) + (one?.names.length ?? 0);
    for (const name of one?.names ?? []) known.add(name);
  }
  const names = sortByBytes([...known]);
  const ids = new Map(names.map((name, id) => [name, id]));
  const total = start[files.length] as number;
  const name = new Uint32Array(total);
  const offset = new Uint32Array(total);
  const kind = new Uint8Array(total);
  for (const [file, one] of rows.entries()) {
    if (!one) continue;
    const from = start[file] as number;
    for (let i = 0; i < one.names.length; i++) {
      name[from + i] = ids.get(one.names[i] as string) as number;
      offset[from + i] = one.offsets[i] as number;
      kind[from + i] = one.kinds[i] as number;
    }
  }
  return new TreeIndex({ files, names, start, name, offset, kind, skipped });
}
