import type { SourceTree } from '../source/source-tree.ts';

/** A variable of folders for all files: LINUXINCLUDE of the kernel, UBOOTINCLUDE of U-Boot; its lines may be continued. */
const VARIABLE = /^[ \t]*\w*INCLUDES?[ \t]*[:+]?=((?:[^\n]*\\\n)*[^\n]*)/gm;

const FOLDER = /-I[ \t]*\$[({]srctree[)}]\/([\w./-]+)(?=\s|$)/g;

const known = new WeakMap<SourceTree, readonly string[]>();

/** Folders below a tree in which the top Makefile looks for the headers of all files; those it puts together of options are left out. */
export function includeFolders(tree: SourceTree): readonly string[] {
  let folders = known.get(tree);
  if (!folders) {
    const lists = [...(tree.text('Makefile') ?? '').matchAll(VARIABLE)];
    const all = lists.flatMap(([, list = '']) => [...list.matchAll(FOLDER)]);
    folders = [...new Set(all.map(([, folder]) => folder as string))];
    known.set(tree, folders);
  }
  return folders;
}
