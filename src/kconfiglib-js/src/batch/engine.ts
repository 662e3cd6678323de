import type { Program } from '../eval/program.ts';
import { instantiate, newMemory, readBuilt } from '../files/web-assembly.ts';
import { type BatchProgram, PREFIX, WORDS, wordsOf } from './bind.ts';

/** What batch/wasm/index.ts exports. */
interface Exports {
  run(words: number, start: number, end: number, head: number, headEnd: number): number;
  hasLoop(words: number): number;
  writtenStart(): number;
  writtenEnd(): number;
  checksum(start: number, length: number): number;
}

/** Why a configuration cannot be resolved here; see batch/wasm/state.ts. */
export const FAILURE = ['', 'not-ascii', 'warning', 'transitional', 'unmet', 'no-room'] as const;

/** A configuration that was read, resolved and written; or why that is left to others. */
export type Outcome = { text: Uint8Array } | { failure: (typeof FAILURE)[number] };

/** What is to be done with a program. */
export interface Job {
  /** The `.config`. */
  input: Uint8Array;
  /** What names begin with: letters, digits and underscores. */
  prefix: string;
  /** What stands above everything in the file that is written. */
  head: string;
}

/**
 * Reads, resolves and writes a configuration in WebAssembly. V8 interprets JavaScript until it has run for a while, and a
 * run of the command is over by then; WebAssembly is compiled at once. It does what read/dotconfig.ts, eval/evaluator.ts
 * and write/dotconfig.ts do, as long as there is nothing to say about it.
 */
export class BatchEngine {
  readonly #memory: { readonly buffer: ArrayBuffer };
  readonly #exports: Exports;
  /** Bytes below are in use. */
  #used = WORDS * 4;
  /** The program that lies in the memory, and where. */
  #bound: { program: Program; words: Int32Array; end: number } | undefined;

  private constructor(code: Uint8Array, bytes: number) {
    this.#memory = newMemory(bytes);
    this.#exports = instantiate<Exports>(code, { env: { memory: this.#memory } });
  }

  /** An engine with that many bytes, which cost nothing as long as they are not written. Undefined where there can be none. */
  static open(bytes: number): BatchEngine | undefined {
    try {
      const code = readBuilt('batch.wasm', 'batch/bind.js');
      return code && new BatchEngine(code, bytes);
    } catch {
      // No WebAssembly, or not the address space its memories take.
      return undefined;
    }
  }

  /** Room for bytes that stay until the engine is cleared. Throws a RangeError where there is none. */
  claim(length: number): Uint8Array {
    const at = (this.#used + 7) & ~7;
    const bytes = new Uint8Array(this.#memory.buffer, at, length);
    this.#used = at + length;
    return bytes;
  }

  /** Forget all that was claimed. */
  clear(): void {
    this.#used = WORDS * 4;
    this.#bound = undefined;
  }

  /** The sum of claimed bytes that snapshot/container.ts reckons. */
  readonly checksum = (bytes: Uint8Array): number =>
    this.#exports.checksum(bytes.byteOffset, bytes.length);

  /** Where a column lies in the memory; one that is elsewhere is copied. */
  readonly #place = (column: Uint8Array | Int32Array): number => {
    if (column.buffer === this.#memory.buffer) return column.byteOffset;
    const bytes = this.claim(column.byteLength);
    bytes.set(new Uint8Array(column.buffer, column.byteOffset, column.byteLength));
    return bytes.byteOffset;
  };

  /** Does a program lie in the memory. */
  holds(program: Program): boolean {
    return this.#bound?.program === program;
  }

  /** Put a program into the memory, if it is not there. Returns the words about it. */
  #bind(tree: BatchProgram): Int32Array {
    if (!this.#bound || !this.holds(tree.program)) {
      const words = wordsOf(tree, this.#place);
      this.#bound = { program: tree.program, words, end: this.#used };
    }
    // What was put there for an earlier job is not needed any more.
    this.#used = this.#bound.end;
    return this.#bound.words;
  }

  /** Write the words about a program to where they are read, with what is in use by now. */
  #putWords(words: Int32Array): void {
    const { buffer } = this.#memory;
    words[0] = this.#used;
    words[1] = buffer.byteLength;
    new Int32Array(buffer, 0, WORDS).set(words);
  }

  /** Can a value of a program depend on itself (eval/loops.ts). Undefined where there is no room to find out. */
  hasLoop(program: Program): boolean | undefined {
    this.#putWords(this.#bind({ program }));
    const found = this.#exports.hasLoop(0);
    return found < 0 ? undefined : found === 1;
  }

  /** Do a job. Columns of the program may lie in claimed bytes, and are not changed. */
  run(tree: BatchProgram, { input, prefix, head }: Job): Outcome {
    const words = this.#bind(tree);
    const start = this.#place(input);
    const prefixBytes = Buffer.from(prefix);
    const headBytes = Buffer.from(head);
    const headAt = this.#place(headBytes);
    words[PREFIX] = this.#place(prefixBytes);
    words[PREFIX + 1] = prefixBytes.length;
    this.#putWords(words);
    const { buffer } = this.#memory;
    const end = start + input.length;
    const code = this.#exports.run(0, start, end, headAt, headAt + headBytes.length);
    if (code !== 0) return { failure: FAILURE[code] as (typeof FAILURE)[number] };
    const from = this.#exports.writtenStart();
    return { text: new Uint8Array(buffer, from, this.#exports.writtenEnd() - from) };
  }
}
