import { HitTable } from './hit-table.ts';
import { pieceHits } from './hits.ts';
import { type HitsOfFiles, ROOM } from './hits-of-files.ts';
import { kconfigHits } from './kconfig-hits.ts';
import { type PrefixFinder, plainFinder, SLACK } from './prefix-finder.ts';
import { isBinary } from './what-file.ts';

/** Mentions found by what every Node has. */
export class PlainHits extends HitTable implements HitsOfFiles {
  #finder: PrefixFinder;

  /** With room for files of so many bytes at first. */
  constructor(bytes: number) {
    super();
    this.#finder = finderFor(bytes);
  }

  get bytes(): Buffer {
    return this.#finder.bytes;
  }

  reserve(bytes: number): void {
    if (ROOM + bytes + SLACK > this.bytes.length) this.#finder = finderFor(bytes);
  }

  addFile(from: number, length: number, isKconfig: boolean): void {
    const before = this.length;
    const { bytes } = this;
    // What a file before left there is no part of this one.
    bytes[from + length] = 0;
    if (isKconfig) kconfigHits(bytes.subarray(from), length, this);
    else this.addPiece(from, from + length, 0, true);
    if (this.length > before && isBinary(bytes, from, length)) this.cut(before);
  }

  addPiece(from: number, to: number, base: number, last: boolean): number {
    return pieceHits(this.#finder, from, to, base, last, this);
  }
}

function finderFor(bytes: number): PrefixFinder {
  return plainFinder(Buffer.allocUnsafeSlow(ROOM + bytes + SLACK));
}
