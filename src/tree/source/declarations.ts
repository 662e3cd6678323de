import {
  aggregateOf,
  type Declaration,
  declaredName,
  functionName,
  type Word,
} from './declaration.ts';
import { lineEnd, stripComments } from './strip.ts';

/** The declarations of a file, and where its braces do not add up. */
export interface FileDeclarations {
  readonly list: readonly Declaration[];
  /** Offset at which nothing could be made of the file any more; undefined if all of it was understood. */
  readonly broken: number | undefined;
}

const TOKEN = /^[ \t]*#|[A-Za-z_]\w*|[0-9][\w.]*|[^\s]/gm;

/** Characters in which most of what is open at some place has ended. */
const AHEAD = 1 << 14;

/** State before an `#if`, to which each of its branches returns. */
interface Saved {
  readonly depth: number;
  readonly parens: number;
  readonly words: number;
}

/**
 * What stands at file scope: functions, types, variables, macros. Braces are counted with conditionals in mind, each
 * branch of one starting from the depth before it, so the text may still have its `#if`s. `text` has one unit per byte.
 * With `until`, those that start at or before this offset are all told, and not all of the others.
 */
export function declarations(text: string, until = text.length): FileDeclarations {
  const near = until + AHEAD;
  const early = near < text.length ? new Scanner(text.slice(0, near)).scan(until) : undefined;
  return early?.isWhole ? early : new Scanner(text).scan(until);
}

class Scanner {
  readonly #text: string;
  readonly #found: Declaration[] = [];
  readonly #saved: Saved[] = [];
  #words: Word[] = [];
  #depth = 0;
  #parens = 0;
  /** What the outermost brace opened; undefined for a block nobody knows. */
  #open: { kind: Declaration['kind']; name: string; at: number } | undefined;
  /** The body of a type or initializer that ended; the declaration goes on to its `;`. */
  #body: { kind: Declaration['kind']; name: string; from: number; to: number } | undefined;
  #broken: number | undefined;

  constructor(text: string) {
    this.#text = stripComments(text, true);
  }

  scan(until: number): FileDeclarations & { isWhole: boolean } {
    const token = new RegExp(TOKEN);
    for (let found = token.exec(this.#text); found; found = token.exec(this.#text)) {
      const { 0: first, index } = found;
      if (index > until && this.#isBetween()) return this.#result(true);
      const end = this.#endOf(first, index);
      token.lastIndex = end;
      this.#token(this.#text.slice(index, end), index);
    }
    if (this.#depth > 0 || this.#parens > 0) this.#broken ??= this.#open?.at ?? this.#text.length;
    return this.#result(false);
  }

  /** `isWhole` where nothing that comes can change what was found. */
  #result(isWhole: boolean): FileDeclarations & { isWhole: boolean } {
    return { list: this.#found, broken: this.#broken, isWhole };
  }

  /** End of a token: of a directive its last line, of a quoted text the quote. */
  #endOf(first: string, index: number): number {
    if (first.endsWith('#') && (first.length > 1 || this.#startsLine(index))) {
      return lineEnd(this.#text, index);
    }
    if (first !== '"' && first !== "'") return index + first.length;
    const close = this.#text.indexOf(first, index + 1);
    return close < 0 ? index + 1 : close + 1;
  }

  /** Has everything ended that has begun. */
  #isBetween(): boolean {
    return this.#depth === 0 && this.#parens === 0 && this.#words.length === 0 && !this.#body;
  }

  #startsLine(index: number): boolean {
    return index === 0 || this.#text[index - 1] === '\n';
  }

  #token(text: string, offset: number): void {
    if (text.length > 1 && /^[ \t]*#/.test(text)) this.#directive(text, offset);
    else if (text === '{') this.#opens(offset);
    else if (text === '}') this.#closes(offset);
    else if (this.#depth > 0) return;
    else if (text === ';' && this.#parens === 0) this.#ends(offset + 1);
    else {
      if (text === '(') this.#parens++;
      if (text === ')') this.#parens = Math.max(0, this.#parens - 1);
      this.#words.push({ text, offset });
    }
  }

  #directive(text: string, offset: number): void {
    const found = /^\s*#\s*(\w+)\s*(\w*)/.exec(text);
    const keyword = found?.[1] ?? '';
    if (keyword === 'define') {
      const [all, , name] = found as unknown as [string, string, string];
      const replaced = offset + all.length;
      const end = offset + text.length;
      this.#found.push({
        kind: 'macro',
        name,
        start: offset,
        bodyStart: replaced,
        bodyEnd: end,
        end,
      });
    } else if (keyword.startsWith('if')) {
      this.#saved.push({
        depth: this.#depth,
        parens: this.#parens,
        words: this.#words.length,
      });
    } else if (keyword.startsWith('el')) {
      const saved = this.#saved.at(-1);
      if (!saved) return;
      this.#depth = saved.depth;
      this.#parens = saved.parens;
      this.#words.length = Math.min(this.#words.length, saved.words);
      if (this.#depth === 0) this.#open = undefined;
    } else if (keyword === 'endif') this.#saved.pop();
  }

  #opens(offset: number): void {
    if (this.#depth++ > 0) return;
    const words = this.#words;
    // Braces within parentheses at file scope are arguments of a macro.
    if (this.#parens > 0) return;
    if (words.some(({ text }) => text === '=')) {
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
      this.#words = [];
    } else this.#body ??= { kind, name, from: at, to: offset };
  }

  #ends(end: number): void {
    const words = this.#words;
    this.#words = [];
    const body = this.#body;
    this.#body = undefined;
    const start = words[0]?.offset;
    if (start === undefined) return;
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

  #push(kind: Declaration['kind'], name: string, from: number, to: number, end: number): void {
    const start = this.#words[0]?.offset ?? from;
    this.#found.push({ kind, name, start, bodyStart: from, bodyEnd: to, end });
  }
}
