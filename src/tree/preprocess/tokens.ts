import { lineEnd, quoteEnd } from '../source/strip.ts';

/** A token of the preprocessor. Tokens are shared between configurations and never changed. */
export interface Token {
  readonly kind: 'name' | 'number' | 'text' | 'sign';
  readonly text: string;
  /** Whether white space stands before it. */
  readonly space: boolean;
  /** Line and column from 1; in what macros made, those of the definition. */
  readonly line: number;
  readonly column: number;
  /** Met while its macro was being replaced: never replaced again (C11 6.10.3.4). */
  readonly painted?: boolean;
}

/** A directive, or the tokens up to the next one. */
export interface Item {
  /** `define`, `if`, …; '' for text. */
  readonly directive: string;
  readonly line: number;
  readonly tokens: readonly Token[];
  /** What stands behind the name of the directive, continued lines joined, comments included. */
  readonly rest: string;
  /** Of a conditional: position of the `#elif`, `#else` or `#endif` that ends its branch. */
  next?: number;
}

/** So many words are shared at most: beyond these a tree is hostile, not large. */
const MAX_WORDS = 1 << 18;

/** Words that files are made of, each once. */
const words = new Map<string, string>();

/**
 * A word that every file that has it shares. What is cut out of a text holds on to all of that, so it is copied: a driver's
 * headers have 20 MB.
 */
function shared(word: string): string {
  let one = words.get(word);
  if (one === undefined) {
    if (words.size >= MAX_WORDS) words.clear();
    one = copied(word);
    words.set(one, one);
  }
  return one;
}

function copied(text: string): string {
  return Buffer.from(text).toString();
}

const PART =
  /[ \t\f\v\r]+|\\\r?\n|\n|[A-Za-z_$][\w$]*|\.?\d(?:[eEpP][+-]|[\w.])*|\/\*|\/\/|["']|<<=|>>=|\.\.\.|->|\+\+|--|<<|>>|<=|>=|==|!=|&&|\|\||[-+*/%&|^]=|##|[\s\S]/gy;

/** Cut a file into directives and text. `text` has one unit per byte; every text can be cut. */
export function itemsOfFile(text: string): Item[] {
  const items: { -readonly [K in keyof Item]: Item[K] }[] = [];
  const opened: number[] = [];
  let tokens: Token[] = [];
  let directive: { line: number; from: number } | undefined;
  let line = 1;
  let lineStart = 0;
  let space = false;
  let fresh = true;
  const flush = (end: number): void => {
    if (directive) {
      const name = tokens[0]?.kind === 'name' ? (tokens[0].text as string) : 'null';
      const at = items.length;
      const raw = text.slice(directive.from, end).replace(/\\\r?\n/g, ' ');
      const rest = copied(raw.slice(raw.indexOf(name) + name.length).trim());
      if (/^(?:el|endif)/.test(name)) {
        const open = opened.pop();
        if (open !== undefined) (items[open] as Item).next = at;
      }
      if (/^(?:if|el)/.test(name)) opened.push(at);
      items.push({ directive: name, line: directive.line, tokens: tokens.slice(1), rest });
    } else if (tokens.length > 0) {
      items.push({
        directive: '',
        line: (tokens[0] as Token).line,
        tokens: tokens.slice(),
        rest: '',
      });
    }
    tokens = [];
    directive = undefined;
  };
  const part = new RegExp(PART);
  for (let found = part.exec(text); found; found = part.exec(text)) {
    const [first] = found;
    const { index } = found;
    const code = first.charCodeAt(0);
    if (first === '\n') {
      if (directive) flush(index);
      fresh = true;
      space = true;
      line++;
      lineStart = index + 1;
      continue;
    }
    if (code === 0x5c && first.length > 1) {
      line++;
      lineStart = index + first.length;
      space = true;
      continue;
    }
    if (code <= 0x20) {
      space = true;
      continue;
    }
    if (first === '/*' || first === '//') {
      const close = first === '//' ? lineEnd(text, index) : text.indexOf('*/', index + 2) + 2;
      const end = close < index + 2 ? text.length : close;
      for (
        let at = text.indexOf('\n', index);
        at >= 0 && at < end;
        at = text.indexOf('\n', at + 1)
      ) {
        line++;
        lineStart = at + 1;
      }
      part.lastIndex = end;
      space = true;
      continue;
    }
    if (first === '#' && fresh) {
      flush(index);
      directive = { line, from: index + 1 };
      fresh = false;
      continue;
    }
    fresh = false;
    let word = first;
    if (first === '"' || first === "'") {
      const end = quoteEnd(text, index);
      word = text.slice(index, end);
      part.lastIndex = end;
    }
    tokens.push({
      kind: kindOf(word),
      text: shared(word),
      space,
      line,
      column: index - lineStart + 1,
    });
    space = false;
    // A quoted text may go on behind a backslash at the end of a line.
    if (word.includes('\n')) {
      line += word.split('\n').length - 1;
      lineStart = index + word.lastIndexOf('\n') + 1;
    }
  }
  flush(text.length);
  return items;
}

/** The tokens of a text that has no directives: an option's value, a macro given by its text. */
export function tokensOf(text: string): readonly Token[] {
  return itemsOfFile(text).flatMap(({ tokens }) => tokens);
}

/** What a token is, by its first character. */
export function kindOf(word: string): Token['kind'] {
  const code = word.charCodeAt(0);
  if ((code >= 0x30 && code <= 0x39) || (code === 0x2e && /^\.\d/.test(word))) return 'number';
  if (code === 0x22 || code === 0x27) return 'text';
  const letter = code | 0x20;
  return (letter >= 0x61 && letter <= 0x7a) || code === 0x5f || code === 0x24 ? 'name' : 'sign';
}
