/** How a file mentions an option, as far as the bytes around tell. */
export const HIT = { SOURCE: 0, DEFINES: 1, KCONFIG: 2 } as const;

/** Mentions of options in one file, in the order of the file. */
export interface FileHits {
  readonly names: string[];
  /** Where the name starts, without `CONFIG_`. */
  readonly offsets: number[];
  /** Of `HIT`. */
  readonly kinds: number[];
}

/** Bytes that may belong to a name: A-Z, a-z, 0-9 and _. */
const WORD = new Uint8Array(256);
/** Those of them that make it look like an option's: at least two of these (scripts/checkkconfigsymbols.py, SYMBOL). */
const LOUD = new Uint8Array(256);
for (let c = 0; c < 256; c++) {
  const char = String.fromCharCode(c);
  if (/\w/.test(char)) WORD[c] = 1;
  if (/[A-Z0-9]/.test(char)) LOUD[c] = 1;
}

const PREFIX = Buffer.from('CONFIG_');
const D = 'D'.charCodeAt(0);

/** Is this byte part of a name. */
function isWord(byte: number | undefined): boolean {
  return byte !== undefined && WORD[byte] === 1;
}

/**
 * Mentions of options in a file that is no Kconfig file: `CONFIG_` and a name, standing alone or after the `-D` of a
 * compiler's command line. Names of fewer than two capitals or digits are no options; one that ends in `_` is the
 * beginning of a pasted name.
 */
export function sourceHits(bytes: Buffer, length: number): FileHits | undefined {
  let at = bytes.indexOf(PREFIX);
  let hits: FileHits | undefined;
  while (at >= 0 && at < length) {
    const start = at + PREFIX.length;
    let end = start;
    let loud = 0;
    while (end < length && WORD[bytes[end] as number] === 1) loud += LOUD[bytes[end++] as number]!;
    if (loud >= 2 && bytes[end - 1] !== 0x5f && stands(bytes, at)) {
      hits ??= { names: [], offsets: [], kinds: [] };
      hits.names.push(bytes.toString('latin1', start, end));
      hits.offsets.push(start);
      hits.kinds.push(HIT.SOURCE);
    }
    at = bytes.indexOf(PREFIX, end);
  }
  return hits;
}

function stands(bytes: Buffer, at: number): boolean {
  if (at === 0 || !isWord(bytes[at - 1])) return true;
  return bytes[at - 1] === D && (at === 1 || !isWord(bytes[at - 2]));
}
