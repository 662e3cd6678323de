import type { Formula } from '../condition/formula.ts';
import { languageOf } from '../refs/language.ts';
import { conditionals } from '../source/conditionals.ts';
import type { SourceTree } from '../source/source-tree.ts';
import { holds } from './answers.ts';
import type { Values } from './view.ts';
import { scopeOf } from './visible-names.ts';

/** A tree in a configuration. */
interface Side {
  readonly tree: SourceTree;
  readonly values: Values;
  /** The folder below arch/ that is compiled; without it, any. */
  readonly arch?: string;
}

/** Is a file one the kernel is compiled from, for the folder of an architecture below arch/. */
export function isCompiled(path: string, arch: string): boolean {
  if (/^(?:tools|Documentation|scripts|samples|usr)\//.test(path)) return false;
  const own = /^arch\/([^/]+)\//.exec(path)?.[1];
  // What user mode takes from an architecture (HEADER_ARCH of arch/um/Makefile) is nothing the architecture has.
  if (own !== undefined && path.startsWith(`arch/${own}/um/`)) return false;
  return (own === undefined || own === arch) && languageOf(path) === 'c' && /\.[chS]$/.test(path);
}

/** What is known of the folders of trees in configurations. */
const known = new WeakMap<Values, WeakMap<SourceTree, Map<string, boolean>>>();

/**
 * Is a file there, and does Kbuild compile it; for a header, anything that can see it. One that all can see (include/)
 * always counts.
 */
export function isBuilt(path: string, side: Side): boolean {
  if (!side.tree.has(path)) return false;
  if (!path.endsWith('.h')) return isSourceBuilt(path, side);
  const scope = scopeOf(path);
  if (scope === '' || scope === path) return true;
  let trees = known.get(side.values);
  if (!trees) known.set(side.values, (trees = new WeakMap()));
  let scopes = trees.get(side.tree);
  if (!scopes) trees.set(side.tree, (scopes = new Map()));
  const key = `${side.arch ?? ''} ${scope}`;
  let built = scopes.get(key);
  if (built === undefined) scopes.set(key, (built = isAnyBuilt(scope, side)));
  return built || isSeenAbove(path, side);
}

/** Does something that is compiled include a header from the folder above (`ext/ext.h`). */
function isSeenAbove(path: string, side: Side): boolean {
  const folder = above(path.slice(0, path.lastIndexOf('/') + 1));
  return (
    folder !== '' &&
    includersIn(folder, side.tree).some(
      (one) =>
        folder + one.included === path &&
        holds(one.condition, side.values) &&
        isBuilt(one.path, side),
    )
  );
}

function isSourceBuilt(path: string, side: Side): boolean {
  const { tree, values, arch } = side;
  if (arch !== undefined && !tree.kbuild.isFor(path, arch)) return false;
  const condition = tree.kbuild.conditionOf(path);
  if (condition !== true) return holds(condition, values);
  // Of what no list names, or one that only a variable of make takes in, nothing else is known.
  if (!holds(tree.kbuild.placeOf(path), values)) return false;
  const includers = tree.kbuild.isListed(path) ? [] : includersOf(path, tree);
  return (
    includers.length === 0 ||
    includers.some(
      (one) => one.path !== path && holds(one.condition, values) && isSourceBuilt(one.path, side),
    )
  );
}

/**
 * The source that is compiled with another one in it, for one that no list names but that others include
 * (`drivers/usb/host/uhci-pci.c`); undefined where there is none. Of several that includes it in a configuration.
 */
export function includerOf(path: string, { tree, values }: Side): string | undefined {
  let found: string | undefined;
  for (let at = path, depth = 0; depth < INCLUDED && !tree.kbuild.isListed(at); depth++) {
    const all = includersOf(at, tree).filter((one) => one.path !== at);
    const best = all.find(({ condition }) => holds(condition, values)) ?? all[0];
    if (!best) break;
    found = at = best.path;
  }
  return found;
}

/** Sources that are included by others that are included are followed so far. */
const INCLUDED = 4;

/** What includes sources, and headers of folders below, by the folder it lies in. */
const sources = new WeakMap<SourceTree, Map<string, readonly Includer[]>>();

interface Includer {
  readonly path: string;
  /** As it is written. */
  readonly included: string;
  readonly condition: Formula;
}

/** The sources that include another one, from its folder or the one above (`kernel/sched/build_policy.c`). */
function includersOf(path: string, tree: SourceTree): Includer[] {
  const folder = path.slice(0, path.lastIndexOf('/') + 1);
  return [folder, above(folder)].flatMap((at) =>
    includersIn(at, tree).filter(({ included }) => at + included === path),
  );
}

function includersIn(folder: string, tree: SourceTree): readonly Includer[] {
  let folders = sources.get(tree);
  if (!folders) sources.set(tree, (folders = new Map()));
  let found = folders.get(folder);
  if (!found) {
    found = [...below(tree.index.files, folder)]
      .filter((path) => /\.[ch]$/.test(path) && !path.includes('/', folder.length))
      .flatMap((path) => includedBy(path, tree));
    folders.set(folder, found);
  }
  return found;
}

function includedBy(path: string, tree: SourceTree): Includer[] {
  const text = tree.text(path) ?? '';
  const found = [
    ...text.matchAll(/^[ \t]*#[ \t]*include[ \t]*"([^"\n]+\.c|\w[^"\n]*\/[^"\n]+\.h)"/gm),
  ];
  if (found.length === 0) return [];
  const { at, lines } = conditionals(text);
  return found.map(({ 1: included, index }) => ({
    path,
    included: included as string,
    condition: at(lines.lineAt(index)),
  }));
}

/** The folder around a folder, with its slash; '' at the top. */
function above(folder: string): string {
  return folder.slice(0, folder.lastIndexOf('/', folder.length - 2) + 1);
}

/** Is some source below a folder compiled; where there is none, below the one it lies in. */
function isAnyBuilt(scope: string, side: Side): boolean {
  for (let folder = scope; folder !== ''; ) {
    let any = false;
    for (const path of below(side.tree.index.files, folder)) {
      if (!/\.[cS]$/.test(path)) continue;
      if (isSourceBuilt(path, side)) return true;
      any = true;
    }
    if (any) return false;
    folder = above(folder);
  }
  return true;
}

/** Paths that begin so, of a sorted list. */
export function* below(paths: readonly string[], beginning: string): Generator<string> {
  let low = 0;
  let high = paths.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((paths[middle] as string) < beginning) low = middle + 1;
    else high = middle;
  }
  for (let at = low; paths[at]?.startsWith(beginning); at++) yield paths[at] as string;
}
