import { keptFile, readKept, writeKept } from './kept-file.ts';
import { MARKS } from './system-calls.ts';
import { type IndexColumns, TreeIndex } from './tree-index.ts';

/** Raised when what is found in a file, or the form of an entry, changes. */
const FORMAT = 3;

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
  const split = (text: string): string[] => (text === '' ? [] : text.split('\0'));
  const columns = { ...entry.columns, files: split(entry.files), names: split(entry.names) };
  if (entry.marks.length !== columns.files.length * MARKS) return undefined;
  return new TreeIndex(columns, entry.marks) as KeptIndex;
}

/** Keep an index. */
export function writeIndex(
  file: string,
  conventions: string,
  { columns: all, marks }: TreeIndex,
): void {
  if (!marks) return;
  const { files, names, ...columns } = all;
  const entry: Entry = {
    format: FORMAT,
    conventions,
    files: files.join('\0'),
    names: names.join('\0'),
    columns,
    marks,
  };
  writeKept(file, entry);
}

interface Entry {
  readonly format: number;
  readonly conventions: string;
  readonly files: string;
  readonly names: string;
  readonly columns: Omit<IndexColumns, 'files' | 'names'>;
  readonly marks: Float64Array;
}
