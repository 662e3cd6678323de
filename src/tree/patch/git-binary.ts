import { inflateSync } from 'node:zlib';
import { MAX_FILE_BYTES } from '../scan/read-file.ts';
import { deltaApplied } from './git-delta.ts';

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
 * git's apply.c (apply_binary_fragment).
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
  const made =
    change.kind === 'literal'
      ? bytes
      : deltaApplied(Buffer.from(ours, 'latin1'), bytes, MAX_FILE_BYTES);
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
