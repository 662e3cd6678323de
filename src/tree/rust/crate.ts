import { type Formula, or } from '../condition/formula.ts';
import { languageOf } from '../refs/language.ts';
import type { SourceTree } from '../source/source-tree.ts';

/** Modules nested deeper are not followed. */
const DEEPEST = 50;

/** Sources in Rust by the folder they lie in. */
const folders = new WeakMap<SourceTree, Map<string, string[]>>();

/**
 * What it takes for a source in Rust to be compiled. Kbuild knows the first file of a crate alone; others are built with
 * the one that declares them as its module (`mod range;`), wherever that is said. Of one that nobody declares the condition
 * is that of its folder.
 */
export function rustCondition(tree: SourceTree, path: string, depth = 0): Formula {
  const { kbuild } = tree;
  if (kbuild.isListed(path)) return kbuild.conditionOf(path);
  const declaring = depth < DEEPEST ? declaringFiles(tree, path) : [];
  return declaring.length > 0
    ? or(...declaring.map((one) => rustCondition(tree, one, depth + 1)))
    : kbuild.placeOf(path);
}

/** Sources that have a file as a module: `a/b.rs`, `a/b/mod.rs` and the first files of crates in `a/b/` for `a/b/c.rs`. */
function declaringFiles(tree: SourceTree, path: string): string[] {
  const [, above = '', stem = ''] = /^(.*?)([^/]+)\.rs$/.exec(path) ?? [];
  const folder = above.replace(/\/$/, '');
  // `c/mod.rs` is the module `c` of the folder above.
  const [within, name] =
    stem === 'mod' ? [parentOf(folder), folder.slice(folder.lastIndexOf('/') + 1)] : [folder, stem];
  const declares = new RegExp(`^\\s*(?:pub(?:\\([^)]*\\))?\\s+)?mod\\s+${name}\\s*;`, 'm');
  const beside = sourcesIn(tree, within).filter((one) => one !== path && isFirst(tree, one));
  return [...beside, ...(within === '' ? [] : [`${within}.rs`])].filter(
    (one) => tree.has(one) && declares.test(tree.text(one) ?? ''),
  );
}

/** Modules beside a file are those of the first file of a crate, or of `mod.rs`. */
function isFirst({ kbuild }: SourceTree, path: string): boolean {
  return /(?:^|\/)(?:mod|lib|main)\.rs$/.test(path) || kbuild.isListed(path);
}

function sourcesIn(tree: SourceTree, folder: string): readonly string[] {
  let known = folders.get(tree);
  if (!known) {
    known = Map.groupBy(
      tree.index.files.filter((path) => languageOf(path) === 'rust'),
      parentOf,
    );
    folders.set(tree, known);
  }
  return known.get(folder) ?? [];
}

function parentOf(path: string): string {
  return path.slice(0, Math.max(0, path.lastIndexOf('/')));
}
