import { applyHunks } from './apply-hunks.ts';
import { blobId, GitObjects } from './git-objects.ts';
import { type Merged, merge3 } from './merge3.ts';
import type { FilePatch } from './parse-patch.ts';

/** Digits a patch gives of an id at least (MINIMUM_ABBREV of git). */
const SHORTEST = 4;

/**
 * Contents patches were made for, by git's ids: those of the repository of a tree, and every one that was met on the
 * way, for the second patch of a series is made for what the first one leaves.
 */
export class Preimages {
  readonly #objects: GitObjects;
  /** By the begin of their ids: the difference of two releases asks for one of ten thousand ten thousand times. */
  readonly #met = new Map<string, Map<string, string>>();

  constructor(root: string) {
    this.#objects = new GitObjects(root);
  }

  /** Remember a content. One unit of the text is a byte. */
  add(text: string): void {
    const id = blobId(Buffer.from(text, 'latin1'));
    const begin = id.slice(0, SHORTEST);
    const alike = this.#met.get(begin);
    if (alike) alike.set(id, text);
    else this.#met.set(begin, new Map([[id, text]]));
  }

  /** The content a patch was made for, by the begin of its id, at least `SHORTEST` digits of it. */
  of(id: string): string | undefined {
    const alike = [...(this.#met.get(id.slice(0, SHORTEST)) ?? [])];
    const known = alike.filter(([one]) => one.startsWith(id));
    return known.length === 1 ? known[0]![1] : this.#objects.blob(id)?.toString('latin1');
  }
}

/**
 * What `git apply -3` makes of a file: the patch is applied to the content it was made for, and what it changed there
 * is merged with what the file has become since (try_threeway in git's apply.c). Undefined where that content is not
 * known, or the patch does not fit it.
 */
export function threeWay(
  { oldId, from, to, hunks }: FilePatch,
  ours: string,
  preimages: Preimages,
): Merged | undefined {
  // git does not merge what goes away, either.
  if (oldId === undefined || from === undefined || to === undefined) return undefined;
  preimages.add(ours);
  const base = preimages.of(oldId);
  if (base === undefined) return undefined;
  const { text: theirs, misfits, placements } = applyHunks(base, hunks);
  if (misfits.length > 0 || placements.length > 0) return undefined;
  preimages.add(theirs);
  return merge3(base, ours, theirs);
}
