import type { SourceTree } from '../source/source-tree.ts';

/** A file that has another path on the right. */
export interface MovedFile {
  readonly from: string;
  readonly to: string;
}

/** So much of the larger of two files has to be in both for one to be the other, as git has it (diffcore-rename.c). */
const ALIKE = 0.5;

/** So many files of one name are compared with each other. */
const MANY = 40;

/**
 * Files that moved, of those that may differ: of two with the same name, one of which only the left tree has and one only the
 * right, that have at least half of their lines in common. By the new paths.
 */
export function movedFiles(
  left: SourceTree,
  right: SourceTree,
  files: Iterable<string>,
): MovedFile[] {
  const gone = new Map<string, string[]>();
  const come = new Map<string, string[]>();
  for (const path of files) {
    const [was, is] = [left.has(path), right.has(path)];
    if (was === is) continue;
    const name = path.slice(path.lastIndexOf('/') + 1);
    const list = was ? gone : come;
    list.set(name, [...(list.get(name) ?? []), path]);
  }
  const found: MovedFile[] = [];
  for (const [name, olds] of gone) {
    const news = come.get(name) ?? [];
    if (news.length === 0 || olds.length * news.length > MANY * MANY) continue;
    const of = (tree: SourceTree, paths: readonly string[]) =>
      paths.map((path) => ({ path, lines: linesOf(tree.text(path) ?? '') }));
    const [before, after] = [of(left, olds), of(right, news)];
    const pairs = before
      .flatMap((a) => after.map((b) => ({ a, b, alike: alike(a.lines, b.lines) })))
      .filter((pair) => pair.alike >= ALIKE)
      .sort((x, y) => y.alike - x.alike);
    const taken = new Set<object>();
    for (const { a, b } of pairs) {
      if (taken.has(a) || taken.has(b)) continue;
      taken.add(a).add(b);
      found.push({ from: a.path, to: b.path });
    }
  }
  return found.sort((a, b) => (a.to < b.to ? -1 : 1));
}

/** The lines of a text that say something, and how often each is there. */
function linesOf(text: string): Map<string, number> {
  const lines = new Map<string, number>();
  for (const line of text.split('\n')) {
    const bare = line.trim();
    if (bare.length > 3) lines.set(bare, (lines.get(bare) ?? 0) + 1);
  }
  return lines;
}

function alike(a: ReadonlyMap<string, number>, b: ReadonlyMap<string, number>): number {
  let common = 0;
  for (const [line, count] of a) common += Math.min(count, b.get(line) ?? 0);
  const size = (lines: ReadonlyMap<string, number>): number =>
    [...lines.values()].reduce((sum, count) => sum + count, 0);
  return common / Math.max(size(a), size(b), 1);
}
