import type { Formula } from '../condition/formula.ts';
import type { ThreadOptions } from '../scan/threads.ts';
import type { SourceTree } from '../source/source-tree.ts';
import { KeptReferences } from './kept-references.ts';
import { isBuilt, ownReferences, whenBuilt } from './own-references.ts';
import { readReferences } from './read-references.ts';
import type { Reference, Spot } from './reference.ts';
import type { SpotsOfFile } from './references-task.ts';

/** How mentions of options nobody defines are looked at. */
export interface DanglingOptions extends ThreadOptions {
  /** Keep what is found below this folder, and look only at files that changed since. The scan must have kept its index. */
  readonly cache?: string;
}

const MODULE = '_MODULE';

/** Options that are mentioned and that no Kconfig file defines; `X_MODULE` is X. */
export function danglingNames(tree: SourceTree): string[] {
  return tree.index.names.filter((name) => isDangling(tree, name));
}

function isDangling(tree: SourceTree, name: string): boolean {
  if (tree.defines(name)) return false;
  return !(name.endsWith(MODULE) && tree.defines(name.slice(0, -MODULE.length)));
}

/** Those options with all their mentions, by name, file and place. */
export async function danglingReferences(
  tree: SourceTree,
  options: DanglingOptions = {},
): Promise<{ symbol: string; references: Reference[] }[]> {
  const files = danglingSpots(tree);
  const modules = new Set([...tree.index.defined].filter((name) => name.endsWith(MODULE)));
  const { cache } = options;
  // What is changed in memory is nothing to keep.
  const kept =
    cache === undefined || tree.overlay.size > 0 || !tree.index.marks
      ? undefined
      : new KeptReferences(cache, tree.root, tree.index, modules);
  const known = files.map((file) => kept?.of(file));
  const fresh = files.filter(({ path }, at) => !known[at] && !tree.overlay.has(path));
  const reading = readReferences(tree.root, fresh, modules, options);
  // While other threads begin with the files.
  const builts = files.map(({ path }, at) => {
    const before = kept?.builtHolds ? known[at] : undefined;
    return before ? before.built : isBuilt(path) ? tree.kbuild.conditionOf(path) : true;
  });
  const read = await reading;
  const own = new Map(fresh.map(({ path }, at) => [path, read[at] as Reference[]]));
  const all = files.map((file, at) => {
    const { path, spots } = file;
    const references = known[at]?.references ?? own.get(path) ?? overlaid(tree, file);
    const built = builts[at] as Formula;
    return { path, offsets: spots.map(({ offset }) => offset), references, built };
  });
  if (kept && (fresh.length > 0 || !kept.builtHolds)) kept.write(all);
  const found = new Map<string, Reference[]>(danglingNames(tree).map((name) => [name, []]));
  for (const [at, { references, built }] of all.entries()) {
    const { spots } = files[at] as SpotsOfFile;
    for (const [i, reference] of references.entries()) {
      found.get((spots[i] as Spot).symbol)?.push(whenBuilt(reference, built));
    }
  }
  return [...found].flatMap(([symbol, references]) => {
    const left = withoutMacro(references);
    return left.length > 0 || references.length === 0 ? [{ symbol, references: left }] : [];
  });
}

/** Mentions without those of a macro of that name with arguments: what a file that calls it says of it, and calls elsewhere. */
function withoutMacro(references: Reference[]): Reference[] {
  const calling = new Set(
    references
      .filter(
        ({ called, kind, file }) => called && isBuilt(file) && !/^(?:comment|string)$/.test(kind),
      )
      .map(({ file }) => file),
  );
  if (calling.size === 0) return references;
  return references.filter(({ called, file }) => !called && !calling.has(file));
}

/** The places of all mentions of options nobody defines, by file. */
function danglingSpots(tree: SourceTree): SpotsOfFile[] {
  const { files, names, start, name, offset } = tree.index.columns;
  const dangling = names.map((one) => isDangling(tree, one));
  const found: SpotsOfFile[] = [];
  for (let file = 0; file < files.length; file++) {
    let spots: Spot[] | undefined;
    for (let row = start[file] as number; row < (start[file + 1] as number); row++) {
      const id = name[row] as number;
      if (!dangling[id]) continue;
      if (!spots) found.push({ path: files[file] as string, spots: (spots = []) });
      spots.push({ offset: offset[row] as number, symbol: names[id] as string });
    }
  }
  return found;
}

/** Mentions in a file that is changed in memory. */
function overlaid(tree: SourceTree, { path, spots }: SpotsOfFile): Reference[] {
  const text = tree.text(path);
  return text === undefined ? [] : ownReferences(path, text, spots, tree.defines);
}
