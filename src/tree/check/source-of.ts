import { readFileSync } from 'node:fs';
import { relative, resolve } from 'node:path';
import { isTooDeep } from '../c/parser.ts';
import { itemsOfFile } from '../preprocess/tokens.ts';
import { MAX_LINE_BYTES, TOO_LONG } from '../scan/read-file.ts';
import type { SourceTree } from '../source/source-tree.ts';
import { stripComments } from '../source/strip.ts';
import { isName } from './name-uses.ts';

/** A file that is checked. */
export interface Source {
  readonly path: string;
  /** Where it lies in the tree; where on the disk if it is none of the tree. */
  readonly main: string;
  readonly text: string;
}

/** A file of a tree, or one beside it, by its path on the disk. */
export function sourceOf(tree: SourceTree, path: string): Source {
  const inner = relative(tree.root, path);
  const inside = !inner.startsWith('..') && tree.has(inner);
  const main = inside ? inner : resolve(path);
  return {
    path,
    main,
    text: (inside ? tree.text(main) : undefined) ?? readFileSync(main, 'latin1'),
  };
}

/** All names that stand in a text, whatever its conditionals say; or why it is not even cut into tokens, as a text. */
export function namesIn(text: string): ReadonlySet<string> | string {
  const wrong = whyNotRead(text);
  if (wrong !== undefined) return wrong;
  return new Set(
    itemsOfFile(text).flatMap(({ tokens }) =>
      tokens
        .filter(({ kind, text: word }) => kind === 'name' && isName(word))
        .map((one) => one.text),
    ),
  );
}

/** Twice the largest source of the kernel (rtw8852c_table.c of rtw89); the grammar runs out of memory on ten times as much of nonsense. */
const MAX_SOURCE_BYTES = 4 << 20;

/** It is no source that somebody wrote. */
function whyNotRead(text: string): string | undefined {
  for (let at = 0, end = 0; at < text.length; at = end + 1) {
    end = text.indexOf('\n', at);
    if (end < 0) end = text.length;
    if (end - at > MAX_LINE_BYTES) return TOO_LONG;
  }
  if (text.length > MAX_SOURCE_BYTES) return 'larger than 4 MiB';
  return isTooDeep(stripComments(text, true)) ? 'nested too deeply' : undefined;
}
