import { instantiate, newMemory, readBuilt } from '../files/web-assembly.ts';
import { WORD } from '../lex/chars.ts';
import { hashName } from '../lex/name-hash.ts';
import type { SliceableBuffer } from '../lex/source.ts';
import { KEYWORDS, T, type Token } from '../lex/tokens.ts';
import type { TreeColumns } from '../menu/columns.ts';
import { columnsEnd, layoutWords, PLACES, SYMBOLS } from './compiled-layout.ts';
import { takeTree } from './compiled-tree.ts';
import type { Context } from './context.ts';
import { parseAssignment } from './statements.ts';

/** What parse/wasm/index.ts exports. */
interface Exports {
  bind(words: number, letters: number): void;
  addKeyword(start: number, end: number, token: number): void;
  parse(start: number, length: number): void;
  enter(start: number, length: number): void;
  resume(start: number, pos: number, line: number, lineStart: number): void;
  setValue(start: number, end: number, hash: number, ascii: boolean): void;
  count(which: number): number;
}

/** Files that may be open at the same time, and bytes of each. */
const FILES = 16;
const FILE_BYTES = 1 << 18;
/** Who looks at 16 bytes at a time looks beyond the end. */
const SPARE = 16;

/** Bytes for what macros give. */
const VALUES = 1 << 18;

/** Room for words and keywords, which are not many. */
const WORDS = 1 << 12;

/** What the module calls, by the name of the file that declares it. */
const CALLS = 'calls';

/** Which of the counts say where the last statement is; the others are those of parse/compiled-tree.ts. */
const STATEMENT_LINE = 11;
const STATEMENT_COLUMN = 12;

/** Another parser is to read the tree. */
class GivenUp extends Error {}

/**
 * Parses a tree in WebAssembly: V8 interprets JavaScript until it has run for a while, and a run of the command is over by
 * then. It does what the lexer and parse/statements.ts do for a tree of which there is nothing to report, and nothing for
 * any other; macros and assignments are left to them even so. It is good for one tree.
 */
export class CompiledParser {
  readonly #bytes: Buffer;
  readonly #exports: Exports;
  #context!: Context;
  readonly #keepsHelps: boolean;
  #used: number;
  #allocated = 0;
  #valueAt = 0;
  #valueEnd = 0;

  private constructor(code: Uint8Array, keepsHelps: boolean) {
    this.#keepsHelps = keepsHelps;
    this.#used = columnsEnd(keepsHelps);
    const size = this.#used + WORDS + VALUES + FILES * FILE_BYTES + SPARE;
    const memory = newMemory(size);
    this.#bytes = Buffer.from(memory.buffer);
    const calls = {
      source: (start: number, end: number) => this.#source(start, end),
      leave: () => this.#context.lexer.leave(),
      fileNumber: () => this.#context.fileNumber(),
      scan: (pos: number, line: number, lineStart: number, last: Token, before: Token) =>
        this.#scan(pos, line, lineStart, last, before),
      assign: (pos: number, line: number, lineStart: number, before: Token) =>
        this.#assign(pos, line, lineStart, before),
    };
    this.#exports = instantiate<Exports>(code, { env: { memory }, [CALLS]: calls });
  }

  /** A parser, which keeps help texts or not; undefined where there can be none. */
  static open(keepsHelps: boolean): CompiledParser | undefined {
    try {
      const code = readBuilt('parse.wasm', 'parse/compiled-layout.js');
      return code && new CompiledParser(code, keepsHelps);
    } catch {
      // No WebAssembly, or not the address space its memories take.
      return undefined;
    }
  }

  /** A buffer for a file, which must lie where the parser sees it. */
  readonly allocate = (): Uint8Array => {
    if (++this.#allocated > FILES) throw new GivenUp();
    return this.#claim(FILE_BYTES);
  };

  #claim(length: number): Buffer {
    const { buffer } = this.#bytes;
    const bytes = Buffer.from(buffer, this.#used, length);
    this.#used += length;
    return bytes;
  }

  /**
   * Parse the file the lexer is in, and what it includes, into columns that are empty. Throws where somebody else has to.
   */
  parse(context: Context): void {
    const { transitional, dependsIf, choiceBool, superset } = context.features;
    if (superset || context.limits.symbols < SYMBOLS) throw new GivenUp();
    this.#context = context;
    const words = this.#claim(WORDS);
    const dialect = [dependsIf, choiceBool, this.#keepsHelps].map(Number);
    const numbers = Int32Array.of(...layoutWords(), ...dialect);
    const { buffer } = this.#bytes;
    new Int32Array(buffer, words.byteOffset, numbers.length).set(numbers);
    let at = words.byteOffset + numbers.byteLength;
    this.#bytes.set(WORD, PLACES.wordBytes);
    this.#bytes.write('nmy', at, 'latin1');
    this.#exports.bind(words.byteOffset, at);
    at += 3;
    const keyword = (word: string, token: Token): void => {
      this.#bytes.write(word, at, 'latin1');
      this.#exports.addKeyword(at, at + word.length, token);
      at += word.length;
    };
    for (const [word, token] of KEYWORDS) keyword(word, token);
    if (transitional) keyword('transitional', T.TRANSITIONAL);
    const values = this.#claim(VALUES);
    this.#valueAt = values.byteOffset;
    this.#valueEnd = this.#valueAt + values.length;
    const { source } = context.lexer;
    this.#exports.parse(this.#startOf(source.bytes), source.end);
  }

  /** Put what was parsed into the columns. */
  fill(tree: TreeColumns): void {
    const { count } = this.#exports;
    takeTree(tree, this.#bytes as Uint8Array as SliceableBuffer, count);
    const { lexer } = this.#context;
    lexer.statementLine = count(STATEMENT_LINE);
    lexer.statementColumn = count(STATEMENT_COLUMN);
  }

  /** Where a file begins that is open. */
  #startOf(bytes: Uint8Array): number {
    const { source } = this.#context.lexer;
    if (bytes.buffer !== this.#bytes.buffer || (!source.ascii && !source.utf8)) throw new GivenUp();
    return bytes.byteOffset;
  }

  #source(start: number, end: number): void {
    const { lexer, enter } = this.#context;
    const { source, file } = lexer;
    const name = this.#bytes.toString('utf8', start, end);
    enter({ name, at: { file, line: 0, column: 0 }, relative: false, optional: false });
    if (lexer.source === source) throw new GivenUp();
    this.#exports.enter(this.#startOf(lexer.source.bytes), lexer.source.end);
  }

  /** The next token, by the lexer. */
  #scan(pos: number, line: number, lineStart: number, last: Token, before: Token): Token {
    const { lexer } = this.#context;
    const { source } = lexer;
    lexer.resume(pos, line, lineStart, last, before);
    const token = lexer.next();
    if (lexer.source !== source) throw new GivenUp();
    this.#exports.resume(lexer.tokenStart, lexer.pos, lexer.line, lexer.lineStart);
    if (token === T.WORD && lexer.wordEnd >= 0) {
      const start = source.bytes.byteOffset;
      const { wordStart, wordEnd, wordHash } = lexer;
      this.#exports.setValue(start + wordStart, start + wordEnd, wordHash, true);
    } else if (token === T.WORD || token === T.WORD_QUOTE) this.#putValue(token, lexer.value);
    return token;
  }

  #putValue(token: Token, value: string): void {
    const start = this.#valueAt;
    const size = Buffer.byteLength(value);
    const ascii = size === value.length;
    if (start + size > this.#valueEnd || (token === T.WORD && !ascii)) throw new GivenUp();
    this.#bytes.write(value, start);
    this.#valueAt += size;
    this.#exports.setValue(start, start + size, token === T.WORD ? hashName(value) : 0, ascii);
  }

  #assign(pos: number, line: number, lineStart: number, before: Token): void {
    const { lexer } = this.#context;
    const { source } = lexer;
    lexer.resume(pos, line, lineStart, before, before);
    parseAssignment(this.#context);
    if (lexer.source !== source) throw new GivenUp();
    this.#exports.resume(pos, lexer.pos, lexer.line, lexer.lineStart);
  }
}
