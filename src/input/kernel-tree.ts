import { existsSync, readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { inputError } from './input-error.ts';

/** Files without which a folder is no kernel tree of x86. */
const TREE_FILES = ['Makefile', 'Kconfig', join('arch', 'x86', 'Kconfig')];

/** A folder that is no kernel tree of x86 is an input error, which says why it is none. */
export function checkKernelTree(tree: string): void {
  const stat = statSync(tree, { throwIfNoEntry: false });
  if (!stat) throw inputError('not-found', `kernel tree not found: ${tree}`);
  if (!stat.isDirectory()) {
    throw inputError(
      'not-a-tree',
      `${tree} is no kernel tree: it is a file`,
      undefined,
      'unpack it and name the folder',
    );
  }
  const missing = TREE_FILES.find((file) => !existsSync(join(tree, file)));
  if (missing === undefined) return;
  const inside = readdirSync(tree, { withFileTypes: true }).find(
    (entry) =>
      entry.isDirectory() && TREE_FILES.every((file) => existsSync(join(tree, entry.name, file))),
  );
  throw inputError(
    'not-a-tree',
    `${tree} is no kernel tree: it has no ${missing}`,
    undefined,
    inside ? `did you mean ${join(tree, inside.name)}?` : 'name the folder of the top Makefile',
  );
}
