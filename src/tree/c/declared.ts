import type { Out, Unit } from '../preprocess/unit.ts';

/** A declaration at file scope, as positions in the tokens of a unit. */
export interface Segment {
  readonly kind: 'function' | 'prototype' | 'variable' | 'typedef' | 'type' | 'other';
  readonly name: string;
  readonly from: number;
  /** Behind its last token. */
  readonly to: number;
  /** Of a function: positions of the braces of its body. */
  readonly body?: readonly [number, number];
}

/** A struct, union or enum with braces: positions of its keyword and of the braces. */
export interface Tagged {
  readonly keyword: 'struct' | 'union' | 'enum';
  readonly from: number;
  readonly open: number;
  readonly close: number;
}

/** Words whose parentheses say nothing of what is declared. */
const ASIDE = new Set([
  '__attribute__',
  '__attribute',
  'asm',
  '__asm__',
  '__asm',
  '_Alignas',
  '__declspec',
]);
const TYPEOF = new Set(['typeof', '__typeof__', '__typeof', 'typeof_unqual', '_Atomic']);
const QUALIFIERS = new Set(['const', 'volatile', 'restrict', '__restrict', '__restrict__']);
const KEYWORDS = new Set(['struct', 'union', 'enum']);

/** What a unit declares at file scope, headers included. */
export class Declared {
  readonly tokens: readonly Out[];
  readonly segments: Segment[] = [];
  /** Definitions rather than prototypes, where there are both. */
  readonly functions = new Map<string, Segment>();
  readonly variables = new Map<string, Segment>();
  readonly typedefs = new Map<string, Segment>();
  /** By `struct x`, `union x`, `enum x`. */
  readonly tags = new Map<string, Tagged>();
  /** Those whose name another had before them. */
  readonly tagsAgain: { readonly key: string; readonly tagged: Tagged }[] = [];
  /** The enum of each enumerator, and its position in there. */
  readonly enumerators = new Map<string, { readonly of: Tagged; readonly at: number }>();
  #closings: Int32Array | undefined;
  /** Where the brackets do not add up. */
  broken: Out | undefined;

  constructor({ tokens }: Pick<Unit, 'tokens'>) {
    this.tokens = tokens;
    this.#split();
  }

  text(at: number): string {
    return this.tokens[at]?.token.text ?? '';
  }

  /** Tokens as a text a parser can read again. */
  source(from: number, to: number): string {
    const parts: string[] = [];
    for (let at = from; at < to; at++) parts.push(this.text(at));
    return parts.join(' ');
  }

  /** Position of the bracket that closes the one at a position; -1 where none does. */
  closing(open: number): number {
    this.#closings ??= closings(this.tokens);
    return this.#closings[open] as number;
  }

  #split(): void {
    const { length } = this.tokens;
    let words: number[] = [];
    let from = 0;
    for (let at = 0; at < length; at++) {
      const text = this.text(at);
      const next = this.text(at + 1);
      if (text === '__extension__') continue;
      if (words.length === 0) from = at;
      if ((ASIDE.has(text) || TYPEOF.has(text)) && next === '(') {
        if (TYPEOF.has(text)) words.push(at);
        at = this.closing(at + 1);
      } else if (text === '(' || text === '[') {
        const close = this.closing(at);
        words.push(at, close);
        at = close;
      } else if (text === '{') {
        const close = this.closing(at);
        if (close >= 0 && this.#isFunction(words)) {
          this.#add({
            kind: 'function',
            name: this.#functionName(words),
            from,
            to: close + 1,
            body: [at, close],
          });
          words = [];
        } else words.push(at, close);
        at = close;
      } else if (text === ';') {
        this.#declaration(words, from, at + 1);
        words = [];
      } else words.push(at);
      if (at < 0) {
        this.broken = this.tokens[from];
        return;
      }
    }
    if (words.length > 0) this.broken = this.tokens[from];
  }

  #isFunction(words: readonly number[]): boolean {
    return (
      this.text(words.at(-1) ?? -1) === ')' &&
      !words.some((at) => this.text(at) === '=') &&
      this.text(words[0] as number) !== 'typedef'
    );
  }

  /** The name before the first parentheses; behind the star in `void (*f(int))(void)`. */
  #functionName(words: readonly number[]): string {
    const open = words.findIndex((at, i) => i > 0 && this.text(at) === '(');
    const at = words[open - 1];
    if (at === undefined) return '';
    const name = this.text(at);
    const inner = words[open] as number;
    if (this.tokens[at]?.token.kind === 'name' && this.text(inner + 1) !== '*') return name;
    for (let i = inner + 1; i < (words[open + 1] as number); i++) {
      if (this.tokens[i]?.token.kind === 'name' && !/^(?:const|volatile)$/.test(this.text(i)))
        return this.text(i);
    }
    return name;
  }

  #declaration(words: readonly number[], from: number, to: number): void {
    const first = words[0];
    if (first === undefined) return;
    const texts = words.map((at) => this.text(at));
    this.#tagsIn(from, to);
    if (texts[0] === '_Static_assert' || texts[0] === 'static_assert') return;
    if (texts[0] === 'typedef') {
      for (const name of this.#variables(words)) this.#add({ kind: 'typedef', name, from, to });
      return;
    }
    const equals = texts.indexOf('=');
    const paren = texts.indexOf('(');
    const before = paren > 0 ? this.tokens[words[paren - 1] as number] : undefined;
    const named = before?.token.kind === 'name' && !TYPEOF.has(before.token.text);
    const pointer = paren >= 0 && this.text((words[paren] as number) + 1) === '*';
    if (paren > 1 && named && !pointer && (equals < 0 || equals > paren) && equals < 0) {
      this.#add({ kind: 'prototype', name: this.#functionName(words), from, to });
    } else if (
      KEYWORDS.has(texts.find((text) => !/^(?:static|const|extern)$/.test(text)) ?? '') &&
      /^\}$/.test(texts.at(-1) as string) &&
      equals < 0
    ) {
      this.#add({ kind: 'type', name: '', from, to });
    } else if (texts.length === 2 && KEYWORDS.has(texts[0] as string)) {
      this.#add({ kind: 'type', name: '', from, to });
    } else {
      for (const name of this.#variables(words)) this.#add({ kind: 'variable', name, from, to });
    }
  }

  /** The last name outside of brackets, or that behind the star of a pointer in parentheses. */
  #declaratorName(words: readonly number[]): string {
    for (const at of words) {
      if (this.text(at) !== '(') continue;
      const close = this.closing(at);
      for (let i = at + 1; i < close && /^[*(]$|^(?:const|volatile)$/.test(this.text(i)); i++) {
        const next = this.text(i + 1);
        const isName = this.tokens[i + 1]?.token.kind === 'name' && !QUALIFIERS.has(next);
        if (isName && this.text(i) !== '(') return next;
      }
      // `int (name)(void)`.
      if (close === at + 2 && this.text(close + 1) === '(') return this.text(at + 1);
      break;
    }
    const names = words.filter((at) => this.tokens[at]?.token.kind === 'name');
    const paren = words.findIndex((at) => this.text(at) === '(');
    const own =
      paren > 0 && !TYPEOF.has(this.text(words[paren - 1] as number))
        ? words[paren - 1]
        : names.at(-1);
    return own === undefined ? '' : this.text(own);
  }

  #variables(words: readonly number[]): string[] {
    const names: string[] = [];
    let part: number[] = [];
    let skipping = false;
    for (const at of [...words, -1]) {
      const text = at < 0 ? ',' : this.text(at);
      if (text === ',') {
        const name = this.#declaratorName(part);
        if (name !== '') names.push(name);
        part = [];
        skipping = false;
      } else if (text === '=' || text === ':') skipping = true;
      else if (!skipping) part.push(at);
    }
    return names;
  }

  #add(segment: Segment): void {
    const { kind, name } = segment;
    this.segments.push(segment);
    if (kind === 'function') {
      this.#tagsIn(segment.from, segment.body?.[0] ?? segment.from);
      this.functions.set(name, segment);
    } else if (kind === 'prototype' && !this.functions.has(name)) this.functions.set(name, segment);
    else if (kind === 'typedef') this.typedefs.set(name, segment);
    else if (kind === 'variable') this.variables.set(name, segment);
  }

  #tagsIn(from: number, to: number): void {
    for (let at = from; at < to; at++) {
      const keyword = this.text(at);
      if (!KEYWORDS.has(keyword)) continue;
      let open = at + 1;
      let name = '';
      for (; open < to; open++) {
        if (ASIDE.has(this.text(open)) && this.text(open + 1) === '(')
          open = this.closing(open + 1);
        else if (name === '' && this.tokens[open]?.token.kind === 'name') name = this.text(open);
        else break;
        if (open < 0) return;
      }
      if (this.text(open) !== '{') continue;
      const close = this.closing(open);
      const tagged = { keyword: keyword as Tagged['keyword'], from: at, open, close };
      const key = `${keyword} ${name}`;
      if (name !== '' && this.tags.has(key)) this.tagsAgain.push({ key, tagged });
      else if (name !== '') this.tags.set(key, tagged);
      if (keyword === 'enum') this.#enumerators(tagged);
    }
  }

  #enumerators(of: Tagged): void {
    let fresh = true;
    for (let at = of.open + 1; at < of.close; at++) {
      const text = this.text(at);
      if (text === ',') fresh = true;
      else if (text === '(' || text === '[' || text === '{') at = this.closing(at);
      else if (fresh) {
        this.enumerators.set(text, { of, at });
        fresh = false;
      }
    }
  }
}

/** For each bracket that opens the position of the one that closes it, -1 where none does; of what kind does not matter. */
function closings(tokens: readonly Out[]): Int32Array {
  const found = new Int32Array(tokens.length).fill(-1);
  const open: number[] = [];
  for (let at = 0; at < tokens.length; at++) {
    const { text } = (tokens[at] as Out).token;
    if (text.length !== 1) continue;
    if (text === '(' || text === '{' || text === '[') open.push(at);
    else if (text === ')' || text === '}' || text === ']') {
      const start = open.pop();
      if (start !== undefined) found[start] = at;
    }
  }
  return found;
}
