import { isAscii, isUtf8 } from 'node:buffer';
import { escaped } from '../files/byte-text.ts';

/** A buffer, by what `toString` calls in the end: tens of thousands of short texts are worth the short cut. */
export interface SliceableBuffer extends Uint8Array {
  latin1Slice(start: number, end: number): string;
  utf8Slice(start: number, end: number): string;
}

/**
 * The bytes of a file being read, from 0 to `end`; behind them lies at least one zero, so that whoever looks for the end
 * of a word need not look for the end of the file.
 */
export class Source {
  readonly bytes: SliceableBuffer;
  readonly end: number;
  /** Has characters of several bytes; else every byte is one. */
  readonly utf8: boolean;
  /** Has nothing but ASCII. */
  readonly ascii: boolean;

  /** `bytes` are a buffer of Node; that is not said, so that types can be had without those of Node. */
  constructor(bytes: Uint8Array, end: number) {
    const read = new Uint8Array(bytes.buffer, bytes.byteOffset, end);
    this.bytes = bytes as SliceableBuffer;
    this.end = end;
    this.ascii = isAscii(read);
    this.utf8 = !this.ascii && isUtf8(read);
  }

  /** A text as if it had been read from a file. */
  static of(text: string): Source {
    const length = Buffer.byteLength(text);
    const bytes = Buffer.alloc(length + 1);
    bytes.write(text);
    return new Source(bytes, length);
  }

  /** The characters from `start` to `end`; of a file that is not UTF-8 every byte is one, see {@link escaped}. */
  text(start: number, end: number): string {
    if (this.utf8) return this.bytes.utf8Slice(start, end);
    const bytes = this.bytes.latin1Slice(start, end);
    return this.ascii ? bytes : escaped(bytes);
  }

  /** How many characters these bytes are. */
  characters(start: number, end: number): number {
    return this.utf8 ? this.text(start, end).length : end - start;
  }

  /** The place `count` characters behind `start`. */
  behind(start: number, text: string, count: number): number {
    return start + (this.utf8 ? Buffer.byteLength(text.slice(0, count)) : count);
  }

  /** The place of the next newline from `start` on, or the end. */
  lineEnd(start: number): number {
    const { bytes, end } = this;
    let at = start;
    while (at < end && bytes[at] !== 10) at++;
    return at;
  }
}
