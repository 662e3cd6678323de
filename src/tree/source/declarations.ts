import {
  aggregateOf,
  type Declaration,
  declaredName,
  firstOfFunction,
  functionName,
  type Word,
} from './declaration.ts';
import { lineEnd, stripComments } from './strip.ts';

/** The declarations of a file, and where its braces do not add up. */
export interface FileDeclarations {
  readonly list: readonly Declaration[];
  /** Offset at which nothing could be made of the file any more; undefined if all of it was understood. */
  readonly broken: number | undefined;
  /** How many braces are open at once at most. */
  readonly deepest: number;
}

/** What matters within braces. */
const INSIDE = /[{}"'#]/g;

/** Characters in which most of what is open at some place has ended. */
export const AHEAD = 1 << 14;

/** State before an `#if`, to which each of its branches returns. */
interface Saved {
  readonly depth: number;
  readonly parens: number;
  readonly words: number;
}

/**
 * What stands at file scope: functions, types, variables, macros. Braces are counted with conditionals in mind, each
 * branch of one starting from the depth before it, so the text may still have its `#if`s. `text` has one unit per byte.
 */
export function declarations(text: string): FileDeclarations {
  return new Scanner(stripComments(text, true)).scan(text.length);
}

/**
 * The declarations that hold one of these places, which are sorted. `head` is the beginning of the text without comments and texts; where
 * it ends too early to tell, the whole text is looked at.
 */
export function declarationsAt(
  text: string,
  head: string,
  places: readonly number[],
): readonly Declaration[] {
  const last = places.at(-1) ?? 0;
  const early = new Scanner(head, places).scan(last);
  if (early.isWhole || head.length === text.length) return early.list;
  return new Scanner(stripComments(text, true), places).scan(last).list;
}

class Scanner {
  readonly #text: string;
  readonly #found: Declaration[] = [];
  readonly #saved: Saved[] = [];
  /** Where each token at file scope since the last declaration starts and ends: texts are made of few of them. */
  #starts: number[] = [];
  #ends: number[] = [];
  #depth = 0;
  #deepest = 0;
  #parens = 0;
  /** What the outermost brace opened; undefined for a block nobody knows. */
  #open: { kind: Declaration['kind']; name: string; at: number } | undefined;
  /** The body of a type or initializer that ended; the declaration goes on to its `;`. */
  #body: { kind: Declaration['kind']; name: string; from: number; to: number } | undefined;
  #broken: number | undefined;

  readonly #places: readonly number[] | undefined;
  /** How many of the places lie before what was looked at last. */
  #passed = 0;

  /** `text` is without comments and texts. With places, macros that hold none of them are left out. */
  constructor(text: string, places?: readonly number[]) {
    this.#text = text;
    this.#places = places;
  }

  scan(until: number): FileDeclarations & { isWhole: boolean } {
    const text = this.#text;
    for (let at = 0; at < text.length; ) {
      if (this.#depth > 0) {
        INSIDE.lastIndex = at;
        if (!INSIDE.test(text)) break;
        at = INSIDE.lastIndex - 1;
      }
      const char = text.charCodeAt(at);
      if (isSpace(char)) {
        at++;
        continue;
      }
      const start = char === HASH ? this.#directiveStart(at) : -1;
      const index = start < 0 ? at : start;
      if (index > until && this.#isBetween()) return this.#result(true);
      if (start >= 0) {
        const end = lineEnd(text, at);
        this.#directive(start, end);
        at = end;
      } else {
        const end = this.#endOf(char, at);
        if (this.#depth === 0 || char === OPEN || char === CLOSE) this.#token(char, at, end);
        at = end;
      }
    }
    if (this.#depth > 0 || this.#parens > 0) this.#broken ??= this.#open?.at ?? this.#text.length;
    return this.#result(false);
  }

  /** `isWhole` where nothing that comes can change what was found. */
  #result(isWhole: boolean): FileDeclarations & { isWhole: boolean } {
    return { list: this.#found, broken: this.#broken, deepest: this.#deepest, isWhole };
  }

  /** End of a token: of a quoted text the quote. */
  #endOf(first: number, at: number): number {
    const text = this.#text;
    if (first === QUOTE || first === APOSTROPHE) {
      const close = text.indexOf(String.fromCharCode(first), at + 1);
      return close < 0 ? at + 1 : close + 1;
    }
    let end = at + 1;
    if (!isWordChar(first)) return end;
    const number = isDigit(first);
    for (; ; end++) {
      const char = text.charCodeAt(end);
      if (!isWordChar(char) && !(number && char === DOT)) return end;
    }
  }

  /** Has everything ended that has begun. */
  #isBetween(): boolean {
    return this.#depth === 0 && this.#parens === 0 && this.#starts.length === 0 && !this.#body;
  }

  /** Where a line starts in which there is nothing before this place; -1 if there is something. */
  #directiveStart(hash: number): number {
    let at = hash;
    let before = this.#text.charCodeAt(at - 1);
    while (before === 0x20 || before === 0x09) before = this.#text.charCodeAt(--at - 1);
    return at === 0 || before === 0x0a ? at : -1;
  }

  #token(char: number, offset: number, end: number): void {
    if (char === OPEN) this.#opens(offset);
    else if (char === CLOSE) this.#closes(offset);
    else if (char === SEMICOLON && this.#parens === 0) this.#declares(offset + 1);
    else {
      if (char === LEFT) this.#parens++;
      if (char === RIGHT) this.#parens = Math.max(0, this.#parens - 1);
      this.#starts.push(offset);
      this.#ends.push(end);
    }
  }

  #words(): Word[] {
    return this.#starts.map((offset, at) => ({
      text: this.#text.slice(offset, this.#ends[at]),
      offset,
    }));
  }

  /** Forget the tokens from a number on. */
  #cut(length: number): void {
    if (length >= this.#starts.length) return;
    this.#starts.length = length;
    this.#ends.length = length;
  }

  #directive(offset: number, end: number): void {
    if (this.#isDefine(offset) && !this.#isWanted(offset, end)) return;
    const found = /^\s*#\s*(\w+)\s*(\w*)/.exec(this.#text.slice(offset, end));
    const keyword = found?.[1] ?? '';
    if (keyword === 'define') {
      const [all, , name] = found as unknown as [string, string, string];
      this.#found.push({
        kind: 'macro',
        name,
        start: offset,
        bodyStart: offset + all.length,
        bodyEnd: end,
        end,
      });
    } else if (keyword.startsWith('if')) {
      this.#saved.push({
        depth: this.#depth,
        parens: this.#parens,
        words: this.#starts.length,
      });
    } else if (keyword.startsWith('el')) {
      const saved = this.#saved.at(-1);
      if (!saved) return;
      this.#depth = saved.depth;
      this.#parens = saved.parens;
      this.#cut(saved.words);
      if (this.#depth === 0) this.#open = undefined;
    } else if (keyword === 'endif') this.#saved.pop();
  }

  /** Does somebody ask after a declaration: does it hold a place, if there are places. */
  #isWanted(start: number, end: number): boolean {
    const places = this.#places;
    if (!places) return true;
    // Places within a declaration that is still open are before those of what it holds.
    let at = this.#passed;
    while (at > 0 && (places[at - 1] as number) >= start) at--;
    while ((places[at] as number) < start) at++;
    this.#passed = at;
    return (places[at] as number) < end;
  }

  /** Most directives of large headers. */
  #isDefine(offset: number): boolean {
    return this.#text.startsWith('#define', offset) && isSpace(this.#text.charCodeAt(offset + 7));
  }

  #opens(offset: number): void {
    if (this.#depth++ >= this.#deepest) this.#deepest = this.#depth;
    if (this.#depth > 1) return;
    // Braces within parentheses at file scope are arguments of a macro.
    if (this.#parens > 0) return;
    const words = this.#words();
    if (isInitializer(words)) {
      this.#open = { ...declaredName(words), at: offset };
      return;
    }
    const aggregate = aggregateOf(words);
    const name = aggregate ? undefined : functionName(words);
    if (aggregate) this.#open = { ...aggregate, at: offset };
    else if (name !== undefined) this.#open = { kind: 'function', name, at: offset };
    else this.#open = { kind: 'other', name: '', at: offset };
  }

  #closes(offset: number): void {
    if (this.#depth === 0) {
      this.#broken ??= offset;
      return;
    }
    if (--this.#depth > 0 || !this.#open) return;
    const { kind, name, at } = this.#open;
    this.#open = undefined;
    if (kind === 'function' || kind === 'other') {
      this.#push(kind, name, at, offset, offset + 1);
      this.#cut(0);
    } else this.#body ??= { kind, name, from: at, to: offset };
  }

  #declares(end: number): void {
    const body = this.#body;
    this.#body = undefined;
    const start = this.#starts[0];
    if (start === undefined) return;
    const words = this.#isWanted(start, end) ? this.#words() : undefined;
    this.#cut(0);
    if (!words) return;
    if (body) {
      const typedef =
        words[0]?.text === 'typedef' && body.name === '' ? words.at(-1)?.text : undefined;
      this.#found.push({
        kind: body.kind,
        name: typedef ?? body.name,
        start,
        bodyStart: body.from,
        bodyEnd: body.to,
        end,
      });
      return;
    }
    const { kind, name } = declaredName(words);
    this.#found.push({ kind, name, start, bodyStart: end, bodyEnd: end, end });
  }

  /** Where what ends now begins. */
  #startOf(kind: Declaration['kind']): number | undefined {
    const first = this.#starts[0];
    if (kind !== 'function' || first === undefined) return first;
    // Few begin with an opening parenthesis as their second token.
    if (this.#text.charCodeAt(this.#starts[1] ?? first) !== LEFT) return first;
    const at = firstOfFunction(this.#words(), (left, right) =>
      this.#text.slice(left.offset, right.offset),
    );
    return this.#starts[at];
  }

  #push(kind: Declaration['kind'], name: string, from: number, to: number, end: number): void {
    const start = this.#startOf(kind) ?? from;
    if (!this.#isWanted(start, end)) return;
    this.#found.push({ kind, name, start, bodyStart: from, bodyEnd: to, end });
  }
}

/** Is there an equals sign that is none of an argument's. */
function isInitializer(words: readonly Word[]): boolean {
  let depth = 0;
  return words.some(({ text }) => {
    if (text === '(') depth++;
    else if (text === ')') depth--;
    return depth === 0 && text === '=';
  });
}

const HASH = 0x23;
const QUOTE = 0x22;
const APOSTROPHE = 0x27;
const DOT = 0x2e;
const SEMICOLON = 0x3b;
const LEFT = 0x28;
const RIGHT = 0x29;
const OPEN = 0x7b;
const CLOSE = 0x7d;

/** Of the characters a byte stands for, those an expression takes for white space. */
function isSpace(char: number): boolean {
  return char === 0x20 || (char >= 0x09 && char <= 0x0d) || char === 0xa0;
}

function isDigit(char: number): boolean {
  return char >= 0x30 && char <= 0x39;
}

function isWordChar(char: number): boolean {
  const letter = char | 0x20;
  return (letter >= 0x61 && letter <= 0x7a) || char === 0x5f || isDigit(char);
}
