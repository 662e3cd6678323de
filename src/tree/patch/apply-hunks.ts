import { linesOf } from './merge3.ts';
import type { Hunk, PatchLine } from './parse-patch.ts';

/** A hunk that found no place. */
export interface Misfit {
  readonly hunk: Hunk;
  /** Line of the file at which it was expected. */
  readonly expected: number;
}

/** How a hunk was placed where it was not exactly as written. */
export interface Placement {
  readonly hunk: Hunk;
  /** Lines it moved. */
  readonly moved: number;
  /** Lines of context that were left out at each end. */
  readonly fuzz: number;
}

/** A file after its hunks, and which of them did not fit or went elsewhere. */
export interface Applied {
  readonly text: string;
  readonly misfits: readonly Misfit[];
  readonly placements: readonly Placement[];
}

/** Context that may be left out at either end, as patch does by default. */
const FUZZ = 2;

/**
 * Apply hunks to a text. Each is placed at the line it names, moved as those before it were; if it does not fit there,
 * at the nearest line where it does; and if there is none, with up to two lines of context less. Hunks keep their
 * order. A hunk without context before it belongs to the beginning of the file, one without any after it to the end,
 * as git has it.
 */
export function applyHunks(text: string, hunks: readonly Hunk[]): Applied {
  const lines = linesOf(text);
  const out: string[] = [];
  const misfits: Misfit[] = [];
  const placements: Placement[] = [];
  let done = 0;
  let moved = 0;
  for (const hunk of hunks) {
    const wanted = Math.max(0, hunk.oldStart - (isInsertion(hunk) ? 0 : 1)) + moved;
    const place = findPlace(lines, hunk, wanted, done);
    if (!place) {
      misfits.push({
        hunk,
        expected: Math.min(Math.max(1, wanted + 1), Math.max(1, lines.length)),
      });
      continue;
    }
    for (let at = done; at < place.at; at++) out.push(lines[at] as string);
    let at = place.at;
    for (const { sign, text: added } of place.lines) {
      if (sign === '+') out.push(added);
      else {
        if (sign === ' ') out.push(lines[at] as string);
        at++;
      }
    }
    done = at;
    const shift = place.at - place.cut - wanted;
    moved += shift;
    if (shift !== 0 || place.fuzz > 0) placements.push({ hunk, moved, fuzz: place.fuzz });
  }
  for (let at = done; at < lines.length; at++) out.push(lines[at] as string);
  return { text: out.join(''), misfits, placements };
}

interface Place {
  readonly at: number;
  readonly fuzz: number;
  /** Lines of context left out before. */
  readonly cut: number;
  readonly lines: readonly PatchLine[];
}

function isInsertion({ lines }: Hunk): boolean {
  return lines.every(({ sign }) => sign === '+');
}

function findPlace(
  file: readonly string[],
  hunk: Hunk,
  wanted: number,
  least: number,
): Place | undefined {
  const first = hunk.lines.findIndex(({ sign }) => sign !== ' ');
  const last = hunk.lines.length - 1 - hunk.lines.findLastIndex(({ sign }) => sign !== ' ');
  for (let fuzz = 0; fuzz <= FUZZ; fuzz++) {
    const head = Math.min(Math.max(0, fuzz - Math.max(0, last - first)), first);
    const tail = Math.min(Math.max(0, fuzz - Math.max(0, first - last)), last);
    if (fuzz > 0 && head === 0 && tail === 0) return undefined;
    const lines = hunk.lines.slice(head, hunk.lines.length - tail);
    const old = lines.filter(({ sign }) => sign !== '+').map(({ text }) => text);
    // Less context on one side than on the other says that the file begins or ends there; without any it says nothing.
    const atStart = first < last && hunk.oldStart <= 1 && fuzz === 0;
    const atEnd = last === 0 && first > 0 && fuzz === 0;
    const at = nearest(file, old, wanted + head, least, atStart, atEnd);
    if (at !== undefined) return { at, fuzz, cut: head, lines };
  }
  return undefined;
}

function nearest(
  file: readonly string[],
  old: readonly string[],
  wanted: number,
  least: number,
  atStart: boolean,
  atEnd: boolean,
): number | undefined {
  const fits = (at: number): boolean =>
    at >= least &&
    at + old.length <= file.length &&
    (!atStart || at === 0) &&
    (!atEnd || at + old.length === file.length) &&
    old.every((line, i) => file[at + i] === line);
  if (old.length === 0) {
    return Math.min(Math.max(wanted, least), file.length);
  }
  // Behind the end it is looked for from there.
  const from = Math.min(wanted, file.length);
  for (let away = 0; away <= file.length; away++) {
    if (fits(from + away)) return from + away;
    if (away > 0 && fits(from - away)) return from - away;
  }
  return undefined;
}
