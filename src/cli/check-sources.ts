import { existsSync } from 'node:fs';
import { relative } from 'node:path';
import { inputError, readBytes } from '../input/index.ts';
import type { SourceTree } from '../tree/index.ts';

/** Is there such a file for who reads a tree: patches may make one, or take it away. */
export function isSourceFor(tree: SourceTree, path: string): boolean {
  const inner = relative(tree.root, path);
  return tree.overlay.has(inner) ? tree.overlay.get(inner) !== undefined : existsSync(path);
}

/**
 * Throws an InputError for a file that cannot be read or holds a NUL: comments are in whatever encoding somebody wrote them,
 * but an object file is no source.
 */
export function wantSource(path: string): void {
  if (readBytes(path, 'source file').includes(0)) {
    throw inputError('not-text', `${path} is no text; a source file is wanted`);
  }
}
