import type { SymbolReferences } from '../refs/find.ts';
import { scanTree } from '../scan/scan-tree.ts';
import { SourceTree } from '../source/source-tree.ts';
import { folderOf } from './folder.test-util.ts';

/** Mentions of an option, each in a line. */
export const lines = ({ references }: SymbolReferences): string[] =>
  references.map(
    (one) =>
      `${one.file}:${one.line} ${one.kind} in ${one.in} if ${one.condition}: ${one.state}${one.undecided ? '?' : ''}`,
  );

/** A tree of these files, scanned. */
export async function treeOf(files: Record<string, string>): Promise<SourceTree> {
  const root = folderOf(files);
  return new SourceTree(root, await scanTree(root, { jobs: 1 }));
}
