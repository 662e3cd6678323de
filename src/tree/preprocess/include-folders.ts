import type { SourceTree } from '../source/source-tree.ts';

/** A variable of folders for all files: LINUXINCLUDE of the kernel, UBOOTINCLUDE of U-Boot; its lines may be continued. */
const VARIABLE = /^[ \t]*\w*INCLUDES?[ \t]*[:+]?=((?:[^\n]*\\\n)*[^\n]*)/gm;

const FOLDER = /-I[ \t]*\$[({]srctree[)}]\/([\w./-]+)(?=\s|$)/g;

/** `-include $(srctree)/include/linux/kconfig.h`: a header, for lines of make's own begin with the word, too. */
const AHEAD = /[ \t]-include[ \t]+(?:\$[({]\w+[)}]\/)?([\w./-]+\.h)(?=\s|$)/gm;

/** Where Makefiles tell the compiler what to include ahead of every file: kernels have the last of it in the second. */
const TELLING = ['Makefile', 'scripts/Makefile.lib'];

const ahead = new WeakMap<SourceTree, readonly string[]>();

/**
 * Files that are included ahead of every other one, in order (in kernels USERINCLUDE of the Makefile, and c_flags of
 * scripts/Makefile.lib). Where none of them is found it is what a build makes of the options.
 */
export function includedAhead(tree: SourceTree): readonly string[] {
  let files = ahead.get(tree);
  if (!files) {
    const named = TELLING.flatMap((path) => [...(tree.text(path) ?? '').matchAll(AHEAD)]).map(
      ([, file]) => file as string,
    );
    files = [...new Set(named)].filter((path) => tree.has(path));
    if (files.length === 0) files = ['generated:generated/autoconf.h'];
    ahead.set(tree, files);
  }
  return files;
}

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
