import { type Change, changes } from './diff-lines.ts';

/** Two changed texts of one origin, put together. */
export interface Merged {
  /** Where both changed the same lines, as the first has them. */
  readonly text: string;
  /** Lines of the first, from 1, at which both changed the same otherwise. */
  readonly conflicts: readonly number[];
}

/** Lines with their ends. */
export function linesOf(text: string): string[] {
  const lines: string[] = [];
  for (let start = 0; start < text.length; ) {
    const end = text.indexOf('\n', start) + 1 || text.length;
    lines.push(text.slice(start, end));
    start = end;
  }
  return lines;
}

/**
 * What `ours` and `theirs` made of `base`, both together. Changes that touch each other are one; where both sides have
 * one they must be equal, or they are a conflict, as git has it.
 */
export function merge3(base: string, ours: string, theirs: string): Merged {
  if (base === theirs || ours === theirs) return { text: ours, conflicts: [] };
  if (base === ours) return { text: theirs, conflicts: [] };
  const [origin, mine, yours] = [linesOf(base), linesOf(ours), linesOf(theirs)];
  const [left, right] = [changes(origin, mine), changes(origin, yours)];
  const out: string[] = [];
  const conflicts: number[] = [];
  let done = 0;
  for (let i = 0, j = 0; i < left.length || j < right.length; ) {
    const low = Math.min(left[i]?.from ?? Infinity, right[j]?.from ?? Infinity);
    let high = low;
    const [firstLeft, firstRight] = [i, j];
    for (;;) {
      if (i < left.length && left[i]!.from <= high) high = Math.max(high, left[i++]!.to);
      else if (j < right.length && right[j]!.from <= high) high = Math.max(high, right[j++]!.to);
      else break;
    }
    const a = side(left, firstLeft, i, low, high);
    const b = side(right, firstRight, j, low, high);
    out.push(...origin.slice(done, low));
    done = high;
    if (!b) out.push(...mine.slice(a?.start, a?.end));
    else if (!a) out.push(...yours.slice(b.start, b.end));
    else {
      const [kept, added] = [mine.slice(a.start, a.end), yours.slice(b.start, b.end)];
      if (kept.join('') !== added.join('')) conflicts.push(a.start + 1);
      out.push(...kept);
    }
  }
  out.push(...origin.slice(done));
  return { text: out.join(''), conflicts };
}

/** The lines of one side that stand for a range of the origin; undefined if it changed nothing there. */
function side(
  list: readonly Change[],
  first: number,
  end: number,
  low: number,
  high: number,
): { start: number; end: number } | undefined {
  const [a, b] = [list[first], list[end - 1]];
  if (first === end || !a || !b) return undefined;
  return { start: a.start - (a.from - low), end: b.end + (high - b.to) };
}
