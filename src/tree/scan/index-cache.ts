import { keptFile, readKept, writeKept } from './kept-file.ts';
import { type PackedColumns, packedColumns, unpackedColumns } from './packed-index.ts';
import { MARKS } from './system-calls.ts';
import { TreeIndex } from './tree-index.ts';

/** Raised when what is found in a file, or the form of an entry, changes. */
const FORMAT = 5;

/** An index with the marks every file had when it was read; zeros for one that is not to be trusted. */
export type KeptIndex = TreeIndex & { readonly marks: Float64Array };

/** Where the index of a tree is kept below a cache folder. */
export function indexFile(folder: string, root: string): string {
  return keptFile(folder, root, 'index');
}

/**
 * The index kept in a file; undefined if there is none, or it is not whole, of another version, or made by other conventions.
 */
export function readIndex(file: string, conventions: string): KeptIndex | undefined {
  const entry = readKept(file) as Entry | undefined;
  if (entry?.format !== FORMAT || entry.conventions !== conventions) return undefined;
  const columns = unpackedColumns(entry.columns);
  if (entry.marks.length !== columns.paths.length * MARKS) return undefined;
  return new TreeIndex(columns, entry.marks) as KeptIndex;
}

/** Keep an index. */
export function writeIndex(file: string, conventions: string, { columns, marks }: TreeIndex): void {
  if (!marks) return;
  const entry: Entry = { format: FORMAT, conventions, columns: packedColumns(columns), marks };
  writeKept(file, entry);
}

interface Entry {
  readonly format: number;
  readonly conventions: string;
  readonly columns: PackedColumns;
  readonly marks: Float64Array;
}
