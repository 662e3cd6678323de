import { keptFile, readKept, writeKept } from './kept-file.ts';
import { PathList } from './path-list.ts';
import { MARKS } from './system-calls.ts';
import { type IndexColumns, TreeIndex } from './tree-index.ts';

/** Raised when what is found in a file, or the form of an entry, changes. */
const FORMAT = 4;

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
  const { first, files, ends } = entry;
  // The top of a tree alone is an empty text, too.
  const folders = first.length === 1 ? [] : entry.folders.split('\0');
  const paths = new PathList({ folders, first, names: files, ends });
  const names = entry.names === '' ? [] : entry.names.split('\0');
  if (entry.marks.length !== paths.length * MARKS) return undefined;
  return new TreeIndex({ ...entry.columns, paths, names }, entry.marks) as KeptIndex;
}

/** Keep an index. */
export function writeIndex(
  file: string,
  conventions: string,
  { columns: all, marks }: TreeIndex,
): void {
  if (!marks) return;
  const { paths, names, ...columns } = all;
  const { folders, first, names: files, ends } = paths;
  const entry: Entry = {
    format: FORMAT,
    conventions,
    folders: folders.join('\0'),
    first,
    files,
    ends,
    names: names.join('\0'),
    columns,
    marks,
  };
  writeKept(file, entry);
}

interface Entry {
  readonly format: number;
  readonly conventions: string;
  /** Of a `PathList`, with NUL between texts. */
  readonly folders: string;
  readonly first: Uint32Array;
  readonly files: string;
  readonly ends: Uint32Array;
  readonly names: string;
  readonly columns: Omit<IndexColumns, 'paths' | 'names'>;
  readonly marks: Float64Array;
}
