import type { SourceTree } from '../source/source-tree.ts';
import type { CheckCell, CheckedFile } from './api.ts';
import { Views } from './facts.ts';
import { Judge } from './judge.ts';
import { Linker } from './linker.ts';
import { linkSites } from './links.ts';
import type { Observation } from './observe.ts';
import { type LookOptions, observeFiles } from './observe-files.ts';
import { sourceOf } from './source-of.ts';

/** Check files against configurations of a tree. Progress counts looks at a file in a configuration, those kept among them. */
export async function checkFiles(
  tree: SourceTree,
  paths: readonly string[],
  cells: readonly CheckCell[],
  options: LookOptions = {},
): Promise<CheckedFile[]> {
  const observations = await observeFiles(tree, paths, cells, options);
  const seen = paths.map((path, at) => ({
    ...sourceOf(tree, path),
    observations: observations[at] as Observation[],
  }));
  const arch = cells[0]?.arch ?? '';
  const names = new Set(observations.flat().flatMap(linkedNames));
  const sites = await linkSites(tree, [...names].sort(), arch, options);
  const views = cells.map(({ values }) => new Views(tree, values));
  return seen.map((one) => {
    const linker = new Linker(one, seen, cells, sites, views, tree);
    return new Judge(one, cells, linker, tree).file();
  });
}

/** Names somebody has to define: those used directly, and those that macros call. */
function linkedNames({ facts, uses, behind }: Observation): string[] {
  const direct = [...uses.keys()].filter((name) => facts.get(name)?.linked);
  return [...direct, ...[...behind.values()].flatMap((names) => [...names])];
}
