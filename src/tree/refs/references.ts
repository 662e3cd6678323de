import { sortByBytes } from '../scan/list-files.ts';
import type { SourceTree } from '../source/source-tree.ts';
import { isBuilt, ownReferences, whenBuilt } from './own-references.ts';
import type { Reference, Spot } from './reference.ts';

/** Every mention of an option, by file and line. `X_MODULE`, which autoconf.h defines for X=m, is one of X. */
export function referencesOf(tree: SourceTree, symbol: string): readonly Reference[] {
  const module = `${symbol}_MODULE`;
  const names = tree.defines(module) ? [symbol] : [symbol, module];
  const spots = names.flatMap((name) => mentions(tree, name, symbol));
  return collected(tree, spots).get(symbol) ?? [];
}

interface Placed extends Spot {
  readonly path: string;
}

function mentions(tree: SourceTree, name: string, symbol: string): Placed[] {
  return tree.index.mentions(name).map(({ path, offset }) => ({ path, offset, symbol }));
}

function collected(tree: SourceTree, spots: readonly Placed[]): Map<string, Reference[]> {
  const byFile = Map.groupBy(spots, ({ path }) => path);
  const found = new Map<string, Reference[]>();
  for (const path of sortByBytes([...byFile.keys()])) {
    const here = (byFile.get(path) as Placed[]).toSorted((a, b) => a.offset - b.offset);
    for (const [i, reference] of inFile(tree, path, here).entries()) {
      const { symbol } = here[i] as Placed;
      const list = found.get(symbol);
      if (list) list.push(reference);
      else found.set(symbol, [reference]);
    }
  }
  return found;
}

/** Mentions in one file, one for each spot. */
function inFile(tree: SourceTree, path: string, spots: readonly Spot[]): Reference[] {
  const text = tree.text(path);
  if (text === undefined) return [];
  const own = ownReferences(path, text, spots, tree.defines);
  if (!isBuilt(path)) return own;
  const built = tree.kbuild.conditionOf(path);
  return own.map((reference) => whenBuilt(reference, built));
}
