import { DEFINED, IN_KCONFIG, IN_SOURCE, LOUD as IS_LOUD, OF_NAME } from './hit-layout.ts';
import type { HitsOfFiles } from './hits-of-files.ts';
import { PREFIX, type PrefixFinder } from './prefix-finder.ts';

/**
 * How a file mentions an option, as far as the bytes around tell. By a convention other than `CONFIG_X` (`CONVENTION`); by
 * one that names much else, too, which is a mention only if there is such an option (`PERHAPS`).
 */
export const HIT = {
  SOURCE: IN_SOURCE,
  DEFINES: DEFINED,
  KCONFIG: IN_KCONFIG,
  CONVENTION: 3,
  PERHAPS: 4,
} as const;

/** Bytes that may belong to a name: A-Z, a-z, 0-9 and _. */
const WORD = new Uint8Array(256);
/** Those of them that make it look like an option's: at least two of these (scripts/checkkconfigsymbols.py, SYMBOL). */
const LOUD = new Uint8Array(256);
for (let c = 0; c < 256; c++) {
  const char = String.fromCharCode(c);
  if (/\w/.test(char)) WORD[c] = 1;
  if (/[A-Z0-9]/.test(char)) LOUD[c] = 1;
}

/** What a byte may be part of outside of Kconfig files, by bits of hit-layout.ts. */
export function nameClassOf(char: number): number {
  return (WORD[char] === 1 ? OF_NAME : 0) | (LOUD[char] === 1 ? IS_LOUD : 0);
}

const D = 'D'.charCodeAt(0);

/** So many bytes before a mention tell whether it stands alone. */
const BEFORE = 2;

/** Is this byte part of a name. */
function isWord(byte: number | undefined): boolean {
  return byte !== undefined && WORD[byte] === 1;
}

/**
 * Add the mentions of options in a piece of a file that is no Kconfig file: `CONFIG_` and a name, standing alone or
 * after the `-D` of a compiler's command line. Names of fewer than two capitals or digits are no options; one that ends
 * in `_` is the beginning of a pasted name. The piece lies between two places of the finder's bytes, the first of which
 * is `base` bytes into the file; unless it is the last, the result tells where in it the next one has to begin, so that
 * what lies across its end is met there.
 */
export function pieceHits(
  finder: PrefixFinder,
  from: number,
  to: number,
  base: number,
  last: boolean,
  hits: Pick<HitsOfFiles, 'add'>,
): number {
  const { bytes } = finder;
  for (let at = finder.find(from, to); at >= 0; ) {
    const start = at + PREFIX.length;
    let end = start;
    let loud = 0;
    while (end < to && WORD[bytes[end] as number] === 1) {
      loud += LOUD[bytes[end++] as number]!;
    }
    if (end === to && !last) return Math.max(from, at - BEFORE);
    if (loud >= 2 && bytes[end - 1] !== 0x5f && stands(bytes, from, at)) {
      hits.add(bytes, start, end, base + start - from, HIT.SOURCE);
    }
    at = finder.find(end, to);
  }
  return Math.max(from, to - PREFIX.length + 1 - BEFORE);
}

function stands(bytes: Buffer, from: number, at: number): boolean {
  if (at === from || !isWord(bytes[at - 1])) return true;
  return bytes[at - 1] === D && (at === from + 1 || !isWord(bytes[at - 2]));
}
