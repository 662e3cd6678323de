import { join } from 'node:path/posix';
import type { SourceTree } from '../source/source-tree.ts';

/** `ccflags-y += -I$(src)/include`; of what stands in a folder above only that for folders below counts. */
const FLAGS =
  /^(subdir-)?(?:cc|cpp)flags-\S+[ \t]*[:+?]?=(.*)$|^()CFLAGS_\S+\.o[ \t]*[:+?]?=(.*)$/gm;

/**
 * Where else Kbuild lets a file of the tree look for headers: the `-I` of the Makefiles in its folder and above, whatever
 * their conditions are (Documentation/kbuild/makefiles.rst, "Compilation flags").
 */
export function kbuildFolders(tree: SourceTree, main: string): string[] {
  const found: string[] = [];
  for (let folder = main; folder.includes('/'); ) {
    const above = folder.slice(0, folder.lastIndexOf('/'));
    const own = folder === main;
    folder = above;
    const text = tree.text(`${above}/Kbuild`) ?? tree.text(`${above}/Makefile`);
    for (const [, subdir, flags, , ofFile] of (text ?? '')
      .replaceAll('\\\n', ' ')
      .matchAll(FLAGS)) {
      if (!own && subdir === undefined) continue;
      for (const [, given] of (flags ?? ofFile ?? '').matchAll(/-I[ \t]*(\S+)/g)) {
        const path = (given as string)
          .replace(/^\$[({]srctree[)}]\/\$[({](?:src|obj)[)}]|^\$[({](?:src|obj)[)}]/, above)
          .replace(/^\$[({](?:srctree|objtree)[)}]\//, '');
        // What the value of another variable is nobody tells.
        if (!path.includes('$')) found.push(join(path));
      }
    }
  }
  return found;
}
