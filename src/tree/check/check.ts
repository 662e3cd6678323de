import { readFileSync } from 'node:fs';
import { relative, resolve } from 'node:path';
import { generatedFiles } from '../c/bounds.ts';
import { isTooDeep, loadParser } from '../c/parser.ts';
import { type Generated, KernelFiles } from '../preprocess/kernel-files.ts';
import { itemsOfFile } from '../preprocess/tokens.ts';
import { MAX_LINE_BYTES, TOO_LONG } from '../scan/read-file.ts';
import type { ThreadOptions } from '../scan/threads.ts';
import type { SourceTree } from '../source/source-tree.ts';
import { stripComments } from '../source/strip.ts';
import type { CheckCell, CheckedFile } from './api.ts';
import { Views } from './facts.ts';
import { Judge, type Seen } from './judge.ts';
import { Linker } from './linker.ts';
import { linkSites } from './links.ts';
import { isName } from './name-uses.ts';
import { notRead, type Observation, observe } from './observe.ts';

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
        if (typeof names === 'string') return notRead(names);
        return observe(files, main, text, cell, generated[at] as Generated, names, parser);
      }),
    ),
  );
  const arch = cells[0]?.arch ?? '';
  const names = new Set(seen.flatMap(({ observations }) => observations.flatMap(linkedNames)));
  const sites = await linkSites(tree, [...names].sort(), arch, options);
  const views = cells.map(({ values }) => new Views(tree, values));
  return seen.map((one) => {
    const linker = new Linker(one, seen, cells, sites, views, tree);
    return new Judge(one, cells, linker, tree).file();
  });
}

function observeFile(
  files: KernelFiles,
  path: string,
  look: (main: string, text: string, names: ReadonlySet<string> | string) => readonly Observation[],
): Seen {
  const inner = relative(files.tree.root, path);
  const inside = !inner.startsWith('..') && files.tree.has(inner);
  const main = inside ? inner : resolve(path);
  const text = (inside ? files.tree.text(main) : undefined) ?? readFileSync(main, 'latin1');
  const wrong = whyNotRead(text);
  if (wrong !== undefined) return { path, main, text, observations: look(main, text, wrong) };
  const names = new Set(
    itemsOfFile(text).flatMap(({ tokens }) =>
      tokens
        .filter(({ kind, text: word }) => kind === 'name' && isName(word))
        .map((one) => one.text),
    ),
  );
  return { path, main, text, observations: look(main, text, names) };
}

/** Twice the largest source of the kernel (rtw8852c_table.c of rtw89); the grammar runs out of memory on ten times as much of nonsense. */
const MAX_SOURCE_BYTES = 4 << 20;

/** Why a file is not even cut into tokens: it is no source that somebody wrote. */
function whyNotRead(text: string): string | undefined {
  for (let at = 0, end = 0; at < text.length; at = end + 1) {
    end = text.indexOf('\n', at);
    if (end < 0) end = text.length;
    if (end - at > MAX_LINE_BYTES) return TOO_LONG;
  }
  if (text.length > MAX_SOURCE_BYTES) return 'larger than 4 MiB';
  return isTooDeep(stripComments(text, true)) ? 'nested too deeply' : undefined;
}

/** Names somebody has to define: those used directly, and those that macros call. */
function linkedNames({ facts, uses, behind }: Observation): string[] {
  const direct = [...uses.keys()].filter((name) => facts.get(name)?.linked);
  return [...direct, ...[...behind.values()].flatMap((names) => [...names])];
}
