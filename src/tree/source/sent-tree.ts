import { type PackedColumns, packedColumns, unpackedColumns } from '../scan/packed-index.ts';
import { TreeIndex } from '../scan/tree-index.ts';
import { SourceTree } from './source-tree.ts';

/** A tree as it is sent to a thread, which reads its files by itself. */
export interface SentTree {
  readonly root: string;
  readonly columns: PackedColumns;
  readonly overlay: ReadonlyMap<string, Uint8Array | undefined>;
  readonly environment: Readonly<Record<string, string>>;
}

export function sentTree({ root, index, overlay, environment }: SourceTree): SentTree {
  return { root, columns: packedColumns(index.columns), overlay, environment };
}

export function receivedTree({ root, columns, overlay, environment }: SentTree): SourceTree {
  const changed = [...overlay].map(([path, bytes]) => [path, bytes && Buffer.from(bytes)] as const);
  const index = new TreeIndex(unpackedColumns(columns));
  return new SourceTree(root, index, new Map(changed), environment);
}
