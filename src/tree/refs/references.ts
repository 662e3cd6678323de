import { HIT } from '../scan/hits.ts';
import { sortByBytes } from '../scan/list-files.ts';
import type { SourceTree } from '../source/source-tree.ts';
import { isBuilt, ownReferences, whenBuilt } from './own-references.ts';
import type { Reference, Spot } from './reference.ts';

/**
 * Every mention of an option, by file and line. `X_MODULE`, which autoconf.h defines for X=m, is one of X; so is what the
 * conventions of the project name X, or in some builds SPL_X.
 */
export function referencesOf(tree: SourceTree, symbol: string): readonly Reference[] {
  const { phases = [], prefixes = [] } = tree.conventions ?? {};
  const others = [`${symbol}_MODULE`, ...prefixes.map((prefix) => prefix + symbol)];
  const names = [symbol, ...others.filter((name) => !tree.defines(name))];
  const spots = names.flatMap((name) => mentions(tree, name, symbol));
  const phased = phases.filter((phase) => symbol.startsWith(phase));
  const inBuilds = phased.flatMap((phase) =>
    mentions(tree, symbol.slice(phase.length), symbol).filter(
      ({ kind }) => kind === HIT.CONVENTION,
    ),
  );
  return collected(tree, [...spots, ...inBuilds]).get(symbol) ?? [];
}

interface Placed extends Spot {
  readonly path: string;
  readonly kind: number;
}

function mentions(tree: SourceTree, name: string, symbol: string): Placed[] {
  const all = tree.index.mentions(name).map((one) => ({ ...one, symbol }));
  return tree.defines(name) ? all : all.filter(({ kind }) => kind !== HIT.PERHAPS);
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
