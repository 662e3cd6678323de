import { PathList } from './path-list.ts';
import type { IndexColumns } from './tree-index.ts';

/** Columns of an index as they are written or sent: with NUL between texts, since a text is copied faster than a list. */
export interface PackedColumns
  extends Pick<IndexColumns, 'start' | 'name' | 'offset' | 'kind' | 'skipped'> {
  /** Of a `PathList`. */
  readonly folders: string;
  readonly first: Uint32Array;
  readonly files: string;
  readonly ends: Uint32Array;
  readonly names: string;
}

export function packedColumns({ paths, names, ...columns }: IndexColumns): PackedColumns {
  const { folders, first, names: files, ends } = paths;
  return { ...columns, folders: folders.join('\0'), first, files, ends, names: names.join('\0') };
}

export function unpackedColumns(packed: PackedColumns): IndexColumns {
  const { folders, first, files, ends, names, ...columns } = packed;
  // The top of a tree alone is an empty text, too.
  const above = first.length === 1 ? [] : folders.split('\0');
  return {
    ...columns,
    paths: new PathList({ folders: above, first, names: files, ends }),
    names: names === '' ? [] : names.split('\0'),
  };
}
