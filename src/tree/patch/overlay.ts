import { readdirSync, statSync } from 'node:fs';
import { inputError, readText } from '../../input/index.ts';
import { hitsIn } from '../scan/hit-reader.ts';
import { sortByBytes } from '../scan/list-files.ts';
import { FileReader } from '../scan/read-file.ts';
import { buildIndex, fileRows, rowsOfHits, type TreeIndex } from '../scan/tree-index.ts';
import { type Overlay, SourceTree } from '../source/source-tree.ts';
import { applyHunks } from './apply-hunks.ts';
import { type FilePatch, type Patch, parsePatches } from './parse-patch.ts';

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

/** Read the patches of a file, or of a folder in the order of the names. */
export function readPatches(path: string): Patch[] {
  if (statSync(path, { throwIfNoEntry: false })?.isDirectory() !== true) {
    // A file of a patch may hold any bytes; where it is no text at all there is no diff in it.
    const bytes = new FileReader().read(path);
    const text = typeof bytes === 'string' ? readText(path, 'patch') : bytes.toString('latin1');
    return parsePatches(text, path);
  }
  const names = sortByBytes(readdirSync(path)).filter((name) =>
    /\.(?:patch|diff|mbox|eml)$/.test(name),
  );
  // The letter in front of a series, as format-patch names it.
  const patches = names.filter((name) => !/^(?:v\d+-)?0000-/.test(name));
  if (patches.length === 0)
    throw inputError('no-patch', `${path} holds no .patch, .diff or .mbox file`);
  return patches.flatMap((name) => readPatches(`${path}/${name}`));
}

/** Apply patches in memory, one after the other. What does not fit is listed and left out. */
export function patchTree(tree: SourceTree, patches: readonly Patch[]): PatchedTree {
  const overlay = new Map(tree.overlay);
  const conflicts: Conflict[] = [];
  const fuzzy: Fuzzy[] = [];
  const known = new Set(tree.index.files);
  const textOf = (path: string): string | undefined => {
    if (overlay.has(path)) return overlay.get(path)?.toString('latin1');
    return known.has(path) ? tree.text(path) : undefined;
  };
  for (const { file: patch, files } of patches) {
    for (const one of files) {
      const at = { patch, patchLine: one.line };
      const name = one.from ?? one.to;
      if (name === undefined) continue;
      const before = one.from === undefined ? '' : textOf(one.from);
      const wrong = unfit(one, before, textOf);
      if (wrong !== undefined || before === undefined) {
        conflicts.push({ file: name, line: 0, ...at, message: wrong ?? 'the file does not exist' });
        continue;
      }
      const { text, misfits, placements } = applyHunks(before, one.hunks);
      for (const { hunk, expected } of misfits) {
        const place = { file: name, line: expected, patch, patchLine: hunk.line };
        conflicts.push({ ...place, message: 'the hunk fits nowhere' });
      }
      for (const { hunk, moved, fuzz } of placements) {
        fuzzy.push({
          file: name,
          line: hunk.oldStart + moved,
          patch,
          patchLine: hunk.line,
          moved,
          fuzz,
        });
      }
      const rest = one.to === undefined && misfits.length === 0 && text !== '';
      if (rest) {
        const message = 'the file has more lines than the patch takes away';
        conflicts.push({ file: name, line: 1, ...at, message });
        continue;
      }
      if (one.from !== undefined && one.from !== one.to && !one.copy && misfits.length === 0) {
        overlay.set(one.from, undefined);
      }
      const target = one.to ?? (misfits.length > 0 ? one.from : undefined);
      if (target !== undefined) overlay.set(target, Buffer.from(text, 'latin1'));
    }
  }
  const index = patchedIndex(tree.index, overlay);
  return {
    tree: new SourceTree(tree.root, index, overlay),
    changed: sortByBytes([...overlay.keys()]),
    conflicts,
    fuzzy,
  };
}

function unfit(
  { from, to }: FilePatch,
  before: string | undefined,
  textOf: (path: string) => string | undefined,
): string | undefined {
  if (before === undefined) return 'the file does not exist';
  if (from === undefined && to !== undefined && (textOf(to) ?? '') !== '') {
    return 'the file to be created exists';
  }
  return undefined;
}

function patchedIndex(index: TreeIndex, overlay: Overlay): TreeIndex {
  const old = new Map(index.files.map((path, at) => [path, at]));
  const present = new Set(index.files);
  for (const [path, bytes] of overlay) {
    if (bytes === undefined) present.delete(path);
    else present.add(path);
  }
  const files = sortByBytes([...present]);
  return buildIndex(
    files,
    (at) => {
      const path = files[at] as string;
      const bytes = overlay.get(path);
      if (bytes === undefined) return fileRows(index, old.get(path) as number);
      const hits = hitsIn(path, bytes, bytes.length);
      return hits && rowsOfHits(hits);
    },
    index.skipped,
  );
}
