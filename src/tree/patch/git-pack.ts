import { closeSync, constants, fstatSync, openSync, readSync } from 'node:fs';
import { inflateSync } from 'node:zlib';
import { deltaApplied } from './git-delta.ts';

/** Types of objects in a pack (Documentation/gitformat-pack.adoc of git). */
const TYPE = { BLOB: 3, OFS_DELTA: 6, REF_DELTA: 7 } as const;

/** Deltas on deltas; git makes 50 at most, 4095 if told so. */
const DEPTH = 5000;

/** A pack of a git repository with its index, version 2. */
export class GitPack {
  readonly #index: string;
  readonly #limit: number;

  /** `index` is the path of the .idx file; objects larger than `limit` bytes are left alone. */
  constructor(index: string, limit: number) {
    this.#index = index;
    this.#limit = limit;
  }

  /** Ids (40 hex digits) of objects that begin so, with where they are in the pack. */
  find(prefix: string): { id: string; offset: number }[] {
    return withFile(this.#index, (read) => {
      const head = read(0, 8 + 1024);
      if (head.toString('latin1', 0, 4) !== '\xfftOc' || head.readUInt32BE(4) !== 2) return [];
      const first = Number.parseInt(prefix.slice(0, 2), 16);
      const from = first === 0 ? 0 : head.readUInt32BE(8 + (first - 1) * 4);
      const to = head.readUInt32BE(8 + first * 4);
      const total = head.readUInt32BE(8 + 255 * 4);
      const names = read(8 + 1024 + from * 20, (to - from) * 20).toString('hex');
      const found: { id: string; offset: number }[] = [];
      for (let i = 0; i < to - from; i++) {
        const id = names.slice(i * 40, i * 40 + 40);
        if (!id.startsWith(prefix)) continue;
        const offsets = 8 + 1024 + total * 24;
        const short = read(offsets + (from + i) * 4, 4).readUInt32BE();
        const isLong = short >= 2 ** 31;
        const long = (): number =>
          Number(read(offsets + total * 4 + (short - 2 ** 31) * 8, 8).readBigUInt64BE());
        found.push({ id, offset: isLong ? long() : short });
      }
      return found;
    });
  }

  /** The blob at an offset; undefined if it is something else. */
  blob(offset: number): Buffer | undefined {
    return withFile(this.#index.replace(/idx$/, 'pack'), (read) => this.#object(read, offset, 0));
  }

  #object(read: Read, offset: number, depth: number): Buffer | undefined {
    const head = read(offset, 64);
    let at = 0;
    let byte = head[at++] as number;
    const type = (byte >> 4) & 7;
    let size = byte & 15;
    for (let scale = 16; byte & 128; scale *= 128) {
      byte = head[at++] as number;
      size += (byte & 127) * scale;
    }
    if (depth > DEPTH || size > this.#limit) return undefined;
    if (type === TYPE.BLOB) return this.#inflated(read, offset + at, size);
    let base: number;
    if (type === TYPE.OFS_DELTA) {
      byte = head[at++] as number;
      let back = byte & 127;
      while (byte & 128) {
        byte = head[at++] as number;
        back = (back + 1) * 128 + (byte & 127);
      }
      base = offset - back;
    } else if (type === TYPE.REF_DELTA) {
      const id = head.toString('hex', at, at + 20);
      at += 20;
      base = this.find(id)[0]?.offset ?? -1;
    } else return undefined;
    const origin = base < 0 || base === offset ? undefined : this.#object(read, base, depth + 1);
    return origin && deltaApplied(origin, this.#inflated(read, offset + at, size), this.#limit);
  }

  /** So much as zlib may need at most for so many bytes. */
  #inflated(read: Read, at: number, size: number): Buffer {
    const bytes = inflateSync(read(at, size + (size >> 10) + 64), { maxOutputLength: size + 1 });
    if (bytes.length !== size) throw new RangeError('an object of another size');
    return bytes;
  }
}

type Read = (at: number, length: number) => Buffer;

function withFile<T>(path: string, use: (read: Read) => T): T {
  const fd = openSync(path, constants.O_RDONLY | constants.O_NONBLOCK);
  try {
    const stat = fstatSync(fd);
    if (!stat.isFile()) throw new Error('no file');
    const { size } = stat;
    return use((at, length) => {
      const bytes = Buffer.alloc(Math.max(0, Math.min(length, size - at)));
      return bytes.subarray(0, readSync(fd, bytes, 0, bytes.length, at));
    });
  } finally {
    closeSync(fd);
  }
}
