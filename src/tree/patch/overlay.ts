import { ConventionFinder } from '../scan/convention-hits.ts';
import { hitsIn } from '../scan/hit-reader.ts';
import { sortByBytes } from '../scan/list-files.ts';
import { PathList } from '../scan/path-list.ts';
import { buildIndex, FileRows, type TreeIndex } from '../scan/tree-index.ts';
import { type Overlay, SourceTree } from '../source/source-tree.ts';
import { applyHunks } from './apply-hunks.ts';
import { binaryApplied } from './git-binary.ts';
import type { FilePatch, Patch } from './parse-patch.ts';
import { Preimages, threeWay } from './three-way.ts';

/** A place where a patch does not fit the tree. */
export interface Conflict {
  /** File of the tree, and line there; 0 where it is about the file as a whole. */
  readonly file: string;
  readonly line: number;
  /** Where in the patch. */
  readonly patch: string;
  readonly patchLine: number;
  readonly message: string;
}

/** A hunk that had to be placed elsewhere than it says. */
export interface Fuzzy extends Omit<Conflict, 'message'> {
  readonly moved: number;
  readonly fuzz: number;
}

/** A tree with patches on top. */
export interface PatchedTree {
  readonly tree: SourceTree;
  /** Files that are changed, new or gone, sorted. */
  readonly changed: readonly string[];
  readonly conflicts: readonly Conflict[];
  readonly fuzzy: readonly Fuzzy[];
}

/**
 * Apply patches in memory, one after the other, as `git apply -3` does: by a three-way merge where the content a patch
 * was made for is known, else at the nearest place where it fits. What does not fit is listed and left out.
 */
export function patchTree(tree: SourceTree, patches: readonly Patch[]): PatchedTree {
  const work = new PatchWork(tree);
  for (const patch of patches) work.apply(patch);
  const { overlay, conflicts, fuzzy } = work;
  return {
    tree: new SourceTree(tree.root, patchedIndex(tree, overlay), overlay, tree.environment),
    changed: sortByBytes([...overlay.keys()]),
    conflicts,
    fuzzy,
  };
}

class PatchWork {
  readonly overlay: Map<string, Buffer | undefined>;
  readonly conflicts: Conflict[] = [];
  readonly fuzzy: Fuzzy[] = [];
  readonly #tree: SourceTree;
  readonly #preimages: Preimages;

  constructor(tree: SourceTree) {
    this.#tree = tree;
    this.overlay = new Map(tree.overlay);
    this.#preimages = new Preimages(tree.root);
  }

  apply({ file, files }: Patch): void {
    // What moves is taken as it was before the patch, so that two files can change places.
    const before = new Map(this.overlay);
    const leaving = new Set(files.filter((one) => one.moves !== 'copy').map(({ from }) => from));
    const arrived = new Set<string>();
    for (const one of files) {
      const { from, to, moves, irregular } = one;
      if (irregular) {
        for (const path of [from, to]) if (path !== undefined) this.overlay.set(path, undefined);
        continue;
      }
      // A change of the mode alone.
      if (from === to && one.hunks.length === 0 && !one.binary) continue;
      const ours = from === undefined ? '' : this.#textOf(from, moves ? before : this.overlay);
      const report = (line: number, message: string, patchLine = one.line): void => {
        this.conflicts.push({
          file: (from ?? to) as string,
          line,
          patch: file,
          patchLine,
          message,
        });
      };
      if (ours === undefined) {
        report(0, 'the file does not exist');
        continue;
      }
      const standing =
        to === undefined || to === from || (leaving.has(to) && !arrived.has(to))
          ? undefined
          : this.#textOf(to, this.overlay);
      const text = this.#applied(one, ours, file, report);
      if (text === undefined) continue;
      if (standing !== undefined && standing !== '' && standing !== text) {
        this.conflicts.push({
          file: to as string,
          line: 0,
          patch: file,
          patchLine: one.line,
          message: 'the file to be created exists',
        });
        continue;
      }
      if (from !== undefined && from !== to && moves !== 'copy' && !arrived.has(from)) {
        this.overlay.set(from, undefined);
      }
      if (to === undefined) continue;
      this.overlay.set(to, Buffer.from(text, 'latin1'));
      arrived.add(to);
    }
  }

  /** What a file becomes; undefined where it stays as it is. */
  #applied(
    one: FilePatch,
    ours: string,
    patch: string,
    report: (line: number, message: string, patchLine?: number) => void,
  ): string | undefined {
    if (one.binary) {
      const made = binaryApplied(one.binary, ours);
      if (made === undefined) report(0, 'the binary change was made for another file');
      return made;
    }
    const merged = threeWay(one, ours, this.#preimages);
    if (merged) {
      for (const line of merged.conflicts) report(line, 'both sides changed these lines');
      return merged.text;
    }
    const { text, misfits, placements } = applyHunks(ours, one.hunks);
    for (const { hunk, expected } of misfits) report(expected, 'the hunk fits nowhere', hunk.line);
    const file = (one.from ?? one.to) as string;
    for (const { hunk, moved, fuzz } of placements) {
      const line = hunk.oldStart + moved;
      this.fuzzy.push({ file, line, patch, patchLine: hunk.line, moved, fuzz });
    }
    if (one.to !== undefined) return text;
    if (misfits.length === 0 && text === '') return text;
    if (misfits.length === 0) report(1, 'the file has more lines than the patch takes away');
    return undefined;
  }

  #textOf(path: string, overlay: Overlay): string | undefined {
    if (overlay.has(path)) return overlay.get(path)?.toString('latin1');
    return this.#tree.has(path) ? this.#tree.text(path) : undefined;
  }
}

function patchedIndex({ index, conventions }: SourceTree, overlay: Overlay): TreeIndex {
  const others = conventions && new ConventionFinder(conventions);
  const old = new Map(index.files.map((path, at) => [path, at]));
  const present = new Set(index.files);
  for (const [path, bytes] of overlay) {
    if (bytes === undefined) present.delete(path);
    else present.add(path);
  }
  const files = sortByBytes([...present]);
  const rows = new FileRows();
  const kept = rows.table(index.columns);
  for (const path of files) {
    const bytes = overlay.get(path);
    if (bytes === undefined) {
      const before = old.get(path) as number;
      rows.add(kept, before, before + 1);
      continue;
    }
    const hits = hitsIn(path, bytes, others);
    rows.add(rows.table({ ...hits.rows(), start: Uint32Array.of(0, hits.length) }), 0, 1);
  }
  return buildIndex(PathList.of(files), rows, index.skipped);
}
