import { readFileSync } from 'node:fs';
import { relative, resolve } from 'node:path';
import { generatedFiles } from '../c/bounds.ts';
import { isTooDeep, loadParser } from '../c/parser.ts';
import { type Generated, KernelFiles } from '../preprocess/kernel-files.ts';
import { itemsOfFile } from '../preprocess/tokens.ts';
import type { ThreadOptions } from '../scan/threads.ts';
import type { SourceTree } from '../source/source-tree.ts';
import { stripComments } from '../source/strip.ts';
import type { CheckCell, CheckedFile } from './api.ts';
import { Views } from './facts.ts';
import { Judge, type Seen } from './judge.ts';
import { linkSites } from './links.ts';
import { isName, type Observation, observe, TOO_DEEP } from './observe.ts';

/** Check files against configurations of a tree. */
export async function checkFiles(
  tree: SourceTree,
  paths: readonly string[],
  cells: readonly CheckCell[],
  options: ThreadOptions = {},
): Promise<CheckedFile[]> {
  const parser = await loadParser();
  const files = new KernelFiles(tree);
  const generated = cells.map((cell) => generatedFiles(files, cell, parser));
  const seen = paths.map((path) =>
    observeFile(files, path, (main, text, names) =>
      cells.map((cell, at) => {
        options.signal?.throwIfAborted();
        if (!names) return TOO_DEEP;
        return observe(files, main, text, cell, generated[at] as Generated, names, parser);
      }),
    ),
  );
  const arch = cells[0]?.arch ?? '';
  const names = new Set(seen.flatMap(({ observations }) => observations.flatMap(linkedNames)));
  const sites = await linkSites(tree, [...names].sort(), arch, options);
  const views = cells.map(({ values }) => new Views(tree, values));
  return seen.map((one) => new Judge(one, seen, cells, sites, views, tree).file());
}

function observeFile(
  files: KernelFiles,
  path: string,
  look: (
    main: string,
    text: string,
    names: ReadonlySet<string> | undefined,
  ) => readonly Observation[],
): Seen {
  const inner = relative(files.tree.root, path);
  const inside = !inner.startsWith('..') && files.tree.has(inner);
  const main = inside ? inner : resolve(path);
  const text = (inside ? files.tree.text(main) : undefined) ?? readFileSync(main, 'latin1');
  // Millions of brackets in each other are not even cut into tokens.
  if (isTooDeep(stripComments(text, true))) {
    return { path, main, text, observations: look(main, text, undefined) };
  }
  const names = new Set(
    itemsOfFile(text).flatMap(({ tokens }) =>
      tokens
        .filter(({ kind, text: word }) => kind === 'name' && isName(word))
        .map((one) => one.text),
    ),
  );
  return { path, main, text, observations: look(main, text, names) };
}

/** Names somebody has to define: those used directly, and those that macros call. */
function linkedNames({ facts, uses, behind }: Observation): string[] {
  const direct = [...uses.keys()].filter((name) => facts.get(name)?.linked);
  return [...direct, ...[...behind.values()].flatMap((names) => [...names])];
}
