import { dirname, join } from 'node:path/posix';
import { embeddedMakefile } from '../scan/embedded.ts';
import type { SourceTree } from './source-tree.ts';

/**
 * A Kbuild that a script makes before a build; undefined for other paths, and where the project has no such script:
 * BusyBox's scripts/gen_build_files.sh puts lines of a folder's C files into its Kbuild.src, at INSERT.
 */
export function madeKbuild(tree: SourceTree, path: string): string | undefined {
  const { conventions } = tree;
  if (conventions?.embedded.makefile === undefined) return undefined;
  const folder = dirname(path);
  const source = join(folder, 'Kbuild.src');
  if (!path.endsWith('Kbuild') || !tree.has(source)) return undefined;
  const lines = tree.index.files
    .filter((file) => file.endsWith('.c') && dirname(file) === folder)
    .map((file) => embeddedMakefile(conventions, tree.text(file) ?? '') ?? '');
  return tree.text(source)?.replace(/^INSERT$/m, () => lines.join('\n'));
}
