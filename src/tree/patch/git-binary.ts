import { inflateSync } from 'node:zlib';
import { MAX_FILE_BYTES } from '../scan/read-file.ts';

/** The bytes of a binary change as git writes them: a file as it becomes, or how it is made of the one before. */
export interface BinaryChange {
  readonly kind: 'literal' | 'delta';
  /** Of what is written, not compressed. */
  readonly size: number;
  /** In base 85, each line with its length in front. */
  readonly lines: readonly string[];
}

/** Digits of base 85 (git's base85.c). */
const DIGITS =
  '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz!#$%&()*+-;<=>?@^_`{|}~';
const VALUE = new Map([...DIGITS].map((digit, value) => [digit, value]));

/**
 * What a file becomes by a binary change, one unit per byte; undefined if the bytes are not whole, or were not made for this file. After
 * git's apply.c (apply_binary_fragment) and patch-delta.c.
 */
export function binaryApplied(change: BinaryChange, ours: string): string | undefined {
  const packed = change.lines.map(lineBytes);
  if (!packed.every((one) => one !== undefined)) return undefined;
  let bytes: Buffer;
  try {
    bytes = inflateSync(Buffer.concat(packed), { maxOutputLength: MAX_FILE_BYTES });
  } catch {
    return undefined;
  }
  if (bytes.length !== change.size) return undefined;
  const made = change.kind === 'literal' ? bytes : deltaApplied(bytes, Buffer.from(ours, 'latin1'));
  return made?.toString('latin1');
}

function lineBytes(line: string): Buffer | undefined {
  const first = line.charCodeAt(0);
  const length = first >= 0x61 ? first - 0x61 + 27 : first - 0x41 + 1;
  const text = line.slice(1);
  if (!/^[A-Za-z]/.test(line) || text.length !== Math.ceil(length / 4) * 5) return undefined;
  const bytes = Buffer.alloc(Math.ceil(length / 4) * 4);
  for (let at = 0; at < text.length; at += 5) {
    let number = 0;
    for (const digit of text.slice(at, at + 5))
      number = number * 85 + (VALUE.get(digit) ?? Number.NaN);
    if (!(number < 2 ** 32)) return undefined;
    bytes.writeUInt32BE(number, (at / 5) * 4);
  }
  return bytes.subarray(0, length);
}

/** Sizes of the file before and after, then pieces that are copied and pieces that are new. */
function deltaApplied(delta: Buffer, base: Buffer): Buffer | undefined {
  let at = 0;
  const size = (): number => {
    let value = 0;
    for (let scale = 1; ; scale *= 128) {
      const byte = delta[at++] ?? 0;
      value += (byte & 127) * scale;
      if (byte < 128) return value;
    }
  };
  if (size() !== base.length) return undefined;
  const wanted = size();
  if (wanted > MAX_FILE_BYTES) return undefined;
  const pieces: Buffer[] = [];
  let length = 0;
  while (at < delta.length && length <= wanted) {
    const code = delta[at++] as number;
    if (code === 0) return undefined;
    const number = (bits: number, first: number): number => {
      let value = 0;
      for (let i = 0; i < bits; i++)
        if (code & (first << i)) value += (delta[at++] ?? 0) * 256 ** i;
      return value;
    };
    let piece: Buffer;
    if (code < 128) {
      piece = delta.subarray(at, at + code);
      at += code;
      if (piece.length !== code) return undefined;
    } else {
      const from = number(4, 1);
      const count = number(3, 16) || 65536;
      piece = base.subarray(from, from + count);
      if (piece.length !== count) return undefined;
    }
    pieces.push(piece);
    length += piece.length;
  }
  return length === wanted ? Buffer.concat(pieces) : undefined;
}
