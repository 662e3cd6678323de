import { builtModule, type Memory, PAGE } from '../scan/built-module.ts';
import { BEHIND, FILE, LINES, OFFSETS, SPOTS } from './thin-layout.ts';

/** A C file without most of what tells nothing of some places in it. */
export interface ThinText {
  readonly text: string;
  /** Offsets of the places in it, and the lines they have in the file. */
  readonly places: readonly number[];
  readonly lines: readonly number[];
}

interface Exports {
  thin(length: number, places: number): number;
}

/**
 * Makes C files thin before they are looked at for the surroundings of a few places: of a header of millions of bytes a
 * few hundred are left. Gone are comments, macros and what stands within braces, as far as there is none of the places in
 * it or near it; conditionals, braces and what stands at file scope stay. So what the places are in, which
 * conditionals they depend on, and whether they are code is told of what is left as of all of it. A file in which that is
 * not sure (quotes or braces that are not closed, comments before a directive) is left alone.
 */
export class Thinner {
  readonly #memory: Memory;
  readonly #exports: Exports;
  #bytes: Buffer;
  /** Was there memory for what was asked for last. */
  #hasRoom = true;

  private constructor() {
    const { memory, exports } = builtModule<Exports>('thin', FILE);
    this.#memory = memory;
    this.#exports = exports;
    this.#bytes = Buffer.from(memory.buffer);
  }

  /** Undefined where there is no WebAssembly, or what the build makes of it. */
  static open(): Thinner | undefined {
    try {
      return new Thinner();
    } catch {
      return undefined;
    }
  }

  /** Room for a file of so many bytes, in which it must lie to be made thin; what was there before is gone. */
  readonly room = (size: number): Buffer => {
    const missing = FILE + size + BEHIND - this.#bytes.length;
    this.#hasRoom = missing <= 0 || this.#grow(missing);
    return this.#hasRoom ? this.#bytes.subarray(FILE, FILE + size) : Buffer.allocUnsafeSlow(size);
  };

  #grow(bytes: number): boolean {
    try {
      this.#memory.grow(Math.ceil(bytes / PAGE));
    } catch {
      return false;
    }
    this.#bytes = Buffer.from(this.#memory.buffer);
    return true;
  }

  /**
   * The file of so many bytes in the room that was asked for last, with these places, which are sorted. Undefined where it
   * had better be looked at in full; it is to be read again then.
   */
  thin(length: number, places: readonly number[]): ThinText | undefined {
    const count = places.length;
    if (count > SPOTS || !this.#hasRoom) return undefined;
    const offsets = new Int32Array(this.#memory.buffer, OFFSETS, count);
    offsets.set(places);
    const left = this.#exports.thin(length, count);
    if (left < 0) return undefined;
    return {
      text: this.#bytes.toString('latin1', FILE, FILE + left),
      places: Array.from(offsets, (offset) => offset - FILE),
      lines: [...new Int32Array(this.#memory.buffer, LINES, count)],
    };
  }
}
