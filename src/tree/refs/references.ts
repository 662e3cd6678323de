import type { Mention } from '../scan/tree-index.ts';
import type { SourceTree } from '../source/source-tree.ts';
import { cReferences } from './c-references.ts';
import { languageOf } from './language.ts';
import { otherReferences } from './other-references.ts';
import type { Reference, Spot } from './reference.ts';

/** Every mention of an option, by file and line. `X_MODULE`, which autoconf.h defines for X=m, is one of X. */
export function referencesOf(tree: SourceTree, symbol: string): Reference[] {
  const module = `${symbol}_MODULE`;
  const names = tree.defines(module) ? [symbol] : [symbol, module];
  const byFile = new Map<string, Spot[]>();
  for (const name of names) {
    for (const { path, offset } of tree.index.mentions(name)) {
      const spots = byFile.get(path) ?? [];
      byFile.set(path, spots);
      spots.push({ offset, symbol });
    }
  }
  return tree.index.files
    .filter((path) => byFile.has(path))
    .flatMap((path) => inFile(tree, path, byFile.get(path) as Spot[]));
}

/** Mentions in one file, sorted. */
function inFile(tree: SourceTree, path: string, spots: readonly Spot[]): Reference[] {
  const text = tree.text(path);
  if (text === undefined) return [];
  const sorted = spots.toSorted((a, b) => a.offset - b.offset);
  const language = languageOf(path);
  return language === 'c'
    ? cReferences(path, text, sorted, tree.kbuild.conditionOf(path), tree.defines)
    : otherReferences(path, text, sorted, language);
}

/** Mentions of options no Kconfig file defines, by option. */
export function danglingNames(tree: SourceTree): string[] {
  return tree.index.names.filter((name) => {
    if (tree.defines(name)) return false;
    return !(name.endsWith('_MODULE') && tree.defines(name.slice(0, -'_MODULE'.length)));
  });
}

/** Mentions of one name, `X_MODULE` not taken for X. */
export function mentionsOf(tree: SourceTree, name: string): Reference[] {
  const byFile = Map.groupBy(tree.index.mentions(name), ({ path }: Mention) => path);
  return [...byFile].flatMap(([path, found]) =>
    inFile(
      tree,
      path,
      found.map(({ offset }) => ({ offset, symbol: name })),
    ),
  );
}
