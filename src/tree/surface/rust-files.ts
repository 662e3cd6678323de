import { languageOf } from '../refs/language.ts';
import { rustCondition } from '../rust/crate.ts';
import { sortByBytes } from '../scan/list-files.ts';
import { holds } from './answers.ts';
import type { SurfaceSide } from './surface.ts';

/**
 * Sources in Rust that a side compiles and that may be different: that mention one of the options or, between two trees,
 * are not the same. What is in them is not compared.
 */
export function differingRust(
  left: SurfaceSide,
  right: SurfaceSide,
  options: readonly string[],
  isOther: (path: string) => boolean,
): string[] {
  const found = new Set<string>();
  for (const side of [left, right]) {
    const { index } = side.tree;
    const mentioned = options.flatMap((option) => index.mentions(option).map(({ path }) => path));
    const others = left.tree === right.tree ? [] : index.files.filter(isRust).filter(isOther);
    for (const path of [...mentioned, ...others])
      if (isRust(path) && isBuilt(path, side)) found.add(path);
  }
  return sortByBytes([...found]);
}

function isBuilt(path: string, { tree, values }: SurfaceSide): boolean {
  return tree.has(path) && holds(rustCondition(tree, path), values);
}

function isRust(path: string): boolean {
  return languageOf(path) === 'rust' && !/^(?:tools|Documentation|scripts|samples)\//.test(path);
}
