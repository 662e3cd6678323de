import { isAscii, isUtf8 } from 'node:buffer';

/** What stands for a byte over 127 of a text that is not UTF-8: an unpaired low surrogate, which no UTF-8 gives. */
const BYTE = 0xdc00;
const BYTES = /([\udc80-\udcff])/u;

/**
 * The characters of bytes: of UTF-8 if they are that, else each byte over 127 is U+DC00 and its number, as in Python's
 * "surrogateescape" (PEP 383). `conf` copies bytes and knows no characters: {@link bytesOf} gives back the same.
 */
export function textOf(bytes: Uint8Array): string {
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length);
  if (isAscii(bytes)) return buffer.toString('latin1');
  return isUtf8(bytes) ? buffer.toString() : escaped(buffer.toString('latin1'));
}

/** The bytes of characters: UTF-8, and the bytes that {@link textOf} or {@link escaped} had to hide. */
export function bytesOf(text: string): Uint8Array {
  if (!BYTES.test(text)) return Buffer.from(text);
  // Every other part is what the expression has in parentheses.
  const parts = text.split(BYTES);
  return Buffer.concat(
    parts.map((part, i) => Buffer.from(i % 2 === 0 ? part : [part.charCodeAt(0) - BYTE])),
  );
}

/** Characters that are bytes, those over 127 in hiding. */
export function escaped(latin1: string): string {
  return latin1.replace(/[\x80-\xff]/g, (byte) => String.fromCharCode(BYTE + byte.charCodeAt(0)));
}
