import type { Formula } from '../condition/formula.ts';
import type { Defines } from '../condition/parse-condition.ts';
import { variants } from '../scan/conventions.ts';
import { HIT } from '../scan/hits.ts';
import { byBytes, sortByBytes } from '../scan/list-files.ts';
import type { ThreadOptions } from '../scan/threads.ts';
import type { FileTable } from '../scan/tree-index.ts';
import type { SourceTree } from '../source/source-tree.ts';
import { KeptReferences } from './kept-references.ts';
import { isBuilt, ownReferences, whenBuilt } from './own-references.ts';
import { readReferences } from './read-references.ts';
import type { Reference, Spot } from './reference.ts';
import { askedOf, type SpotsOfFile } from './references-task.ts';

/** How mentions of options nobody defines are looked at. */
export interface DanglingOptions extends ThreadOptions {
  /** Keep what is found below this folder, and look only at files that changed since. The scan must have kept its index. */
  readonly cache?: string;
}

const MODULE = '_MODULE';

/** Is a mention of a name, of this `HIT` kind, one of an option no Kconfig file defines; `X_MODULE` is X. */
function isDangling(defines: Defines, name: string, kind: number): boolean {
  const { conventions } = defines;
  if (defines(name) || kind === HIT.PERHAPS) return false;
  if (name.endsWith(MODULE) && defines(name.slice(0, -MODULE.length))) return false;
  if (!conventions) return true;
  const { prefixes, bare } = conventions;
  if (bare && defines(`CONFIG_${name}`)) return false;
  if (prefixes.some((one) => name.startsWith(one) && defines(name.slice(one.length)))) return false;
  return kind !== HIT.CONVENTION || !variants(conventions, name).some(defines);
}

/** Those options with all their mentions, by name, file and place. */
export async function danglingReferences(
  tree: SourceTree,
  options: DanglingOptions = {},
): Promise<{ symbol: string; references: Reference[] }[]> {
  const files = danglingSpots(tree);
  const asked = askedOf(tree);
  const { cache } = options;
  // What is changed in memory is nothing to keep.
  const kept =
    cache === undefined || tree.overlay.size > 0 || !tree.index.marks
      ? undefined
      : new KeptReferences(cache, tree, asked);
  const known = files.map((file) => kept?.of(file));
  const fresh = files.filter(({ path }, at) => !known[at] && !tree.overlay.has(path));
  let builts: readonly Formula[] = [];
  const read = await readReferences(tree, fresh, asked, options, () => {
    builts = files.map(({ path }, at) => {
      const before = kept?.builtHolds ? known[at] : undefined;
      return before ? before.built : isBuilt(path) ? tree.kbuild.conditionOf(path) : true;
    });
  });
  const own = new Map(fresh.map(({ path }, at) => [path, read[at] as Reference[]]));
  const all = files.map((file, at) => {
    const { path, spots } = file;
    const references = known[at]?.references ?? own.get(path) ?? overlaid(tree, file);
    const built = builts[at] as Formula;
    return { path, offsets: spots.map(({ offset }) => offset), references, built };
  });
  if (kept && (fresh.length > 0 || !kept.builtHolds)) kept.write(all);
  const found = new Map<string, Reference[]>();
  for (const name of namesOf(files)) found.set(name, []);
  for (const [at, { references, built }] of all.entries()) {
    const { spots } = files[at] as SpotsOfFile;
    for (const [i, reference] of references.entries()) {
      found.get((spots[i] as Spot).symbol)?.push(whenBuilt(reference, built));
    }
  }
  return [...found].flatMap(([symbol, references]) => {
    const left = withoutMacro(withoutOwn(references));
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

/** Mentions without those by a name the sources define themselves: that looks like one made of an option's, and is not. */
function withoutOwn(references: Reference[]): Reference[] {
  const own = new Set(
    references.flatMap(({ kind, spelled }) => (kind === 'define' && spelled ? [spelled] : [])),
  );
  if (own.size === 0) return references;
  return references.filter(({ spelled }) => spelled === undefined || !own.has(spelled));
}

/** Options that are mentioned and that no Kconfig file defines, sorted. */
export function danglingNames(tree: SourceTree): string[] {
  return namesOf(danglingSpots(tree));
}

function namesOf(files: readonly SpotsOfFile[]): string[] {
  return sortByBytes([...new Set(files.flatMap(({ spots }) => spots.map(({ symbol }) => symbol)))]);
}

/** The places of all mentions of options nobody defines, by file. */
function danglingSpots(tree: SourceTree): SpotsOfFile[] {
  const { tables, defined } = tree.index;
  const found = tables.flatMap((table) => danglingIn(table, defined, tree.defines));
  return found.sort((a, b) => byBytes(a.path, b.path));
}

/** Those in the files of one table. */
function danglingIn(
  { paths, names, start, name, offset, kind }: FileTable,
  defined: ReadonlySet<string>,
  defines: Defines,
): SpotsOfFile[] {
  const dangling = new Uint8Array(names.length);
  for (let id = 0; id < names.length; id++) {
    const one = names[id] as string;
    // Most are defined, which is asked with less.
    if (!defined.has(one) && isDangling(defines, one, HIT.SOURCE)) dangling[id] = 1;
  }
  const found: SpotsOfFile[] = [];
  let spots: Spot[] = [];
  for (let row = 0, end = 0, file = -1; row < name.length; row++) {
    const id = name[row] as number;
    if (dangling[id] === 0) continue;
    const how = kind[row] as number;
    if (how >= HIT.CONVENTION && !isDangling(defines, names[id] as string, how)) continue;
    if (row >= end) {
      while ((start[file + 1] as number) <= row) file++;
      end = start[file + 1] as number;
      spots = [];
      found.push({ path: paths.at(file), spots });
    }
    spots.push({ offset: offset[row] as number, symbol: names[id] as string });
  }
  return found;
}

/** Mentions in a file that is changed in memory. */
function overlaid(tree: SourceTree, { path, spots }: SpotsOfFile): Reference[] {
  const text = tree.text(path);
  return text === undefined ? [] : ownReferences(path, text, spots, tree.defines);
}
