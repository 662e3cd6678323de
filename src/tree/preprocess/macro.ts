import { kindOf, type Token, tokensOf } from './tokens.ts';

/** A macro of the preprocessor. */
export interface Macro {
  readonly name: string;
  /** Names of the parameters; undefined for a macro without any parentheses. */
  readonly params: readonly string[] | undefined;
  /** The last parameter takes all that is left. */
  readonly variadic: boolean;
  readonly body: readonly Token[];
  /** Where it was defined; '' for those of the compiler and of the configuration. */
  readonly file: string;
  readonly line: number;
  /** How often it is being replaced right now: then its name is left alone. */
  disabled: number;
}

/** The macro a `#define` defines; undefined if the line has no name. */
export function macroOf(tokens: readonly Token[], file: string, line: number): Macro | undefined {
  const [first, second] = tokens;
  if (first?.kind !== 'name') return undefined;
  const plain = { name: first.text, file, line, disabled: 0 };
  if (second?.text !== '(' || second.space) {
    return { ...plain, params: undefined, variadic: false, body: tokens.slice(1) };
  }
  const params: string[] = [];
  let variadic = false;
  let at = 2;
  for (; at < tokens.length && tokens[at]?.text !== ')'; at++) {
    const token = tokens[at] as Token;
    if (token.text === '...') {
      if (variadic || tokens[at - 1]?.text === ',' || at === 2) params.push('__VA_ARGS__');
      variadic = true;
    } else if (token.kind === 'name') params.push(token.text);
  }
  return { ...plain, params, variadic, body: tokens.slice(at + 1) };
}

/** A macro that stands for a text, as `-D` of a compiler makes it. */
export function plainMacro(name: string, text: string): Macro {
  const params = undefined;
  return { name, params, variadic: false, body: tokensOf(text), file: '', line: 0, disabled: 0 };
}

/**
 * The body of a macro with its arguments in place. `raw` are the arguments as written (for `#` and `##`), `full` gives
 * them with their own macros replaced.
 */
export function substituted(
  macro: Macro,
  raw: readonly (readonly Token[])[],
  full: (index: number) => readonly Token[],
): Token[] {
  return substitute(macro, macro.body, raw, full);
}

function substitute(
  macro: Macro,
  body: readonly Token[],
  raw: readonly (readonly Token[])[],
  full: (index: number) => readonly Token[],
): Token[] {
  const out: Token[] = [];
  const { params } = macro;
  const indexOf = (token: Token | undefined): number =>
    token?.kind === 'name' && params ? params.indexOf(token.text) : -1;
  // Nothing stands left of a `##`: an argument with nothing in it (C11 6.10.3.3 calls it a placemarker).
  let nothing = false;
  for (let at = 0; at < body.length; at++) {
    const token = body[at] as Token;
    if (token.text === '##' && out.length + at > 0 && at + 1 < body.length) {
      const next = body[++at] as Token;
      const index = indexOf(next);
      const right = index >= 0 ? (raw[index] ?? []) : [next];
      // `, ## args` of GNU: the comma goes where nothing is left for the last parameter.
      const rest = macro.variadic && index === (params as readonly string[]).length - 1;
      if (rest && out.at(-1)?.text === ',') {
        if (right.length === 0) out.pop();
        // Beside ## an argument is taken as it is written, here too (replace_args of gcc's libcpp/macro.cc).
        else out.push(...right);
      } else if (right.length > 0) {
        paste(out, right, nothing);
        nothing = false;
      }
      continue;
    }
    if (token.text === '#' && params) {
      const index = indexOf(body[at + 1]);
      if (index >= 0) {
        out.push(stringOf(raw[index] ?? [], token));
        at++;
        continue;
      }
    }
    if (token.text === '__VA_OPT__' && macro.variadic && body[at + 1]?.text === '(') {
      const end = closing(body, at + 1);
      const last = (params as readonly string[]).length - 1;
      if ((raw[last] ?? []).length > 0) {
        out.push(...substitute(macro, body.slice(at + 2, end), raw, full));
      }
      at = end;
      continue;
    }
    const index = indexOf(token);
    if (index < 0) out.push(token);
    else {
      const pasted = body[at + 1]?.text === '##';
      nothing = pasted && (raw[index] ?? []).length === 0;
      const list = pasted ? (raw[index] ?? []) : full(index);
      list.forEach((one, i) => {
        out.push(i === 0 && one.space !== token.space ? { ...one, space: token.space } : one);
      });
    }
  }
  return out;
}

/** A longer token no file has; they can double with each macro. */
const LONGEST = 1 << 14;

function paste(out: Token[], right: readonly Token[], nothingLeft: boolean): void {
  const [first, ...others] = right;
  if (!first) return;
  const left = nothingLeft ? undefined : out.pop();
  if (!left) out.push(first);
  else {
    const text = (left.text + first.text).slice(0, LONGEST);
    const { space, line, column } = left;
    out.push({ kind: kindOf(text), text, space, line, column });
  }
  out.push(...others);
}

/** Tokens as a text in quotes. */
function stringOf(tokens: readonly Token[], at: Token): Token {
  const inner = tokens
    .map(({ kind, text, space }, i) => {
      const shown = kind === 'text' ? text.replace(/[\\"]/g, '\\$&') : text;
      return i > 0 && space ? ` ${shown}` : shown;
    })
    .join('');
  const { space, line, column } = at;
  return { kind: 'text', text: `"${inner.slice(0, LONGEST)}"`, space, line, column };
}

/** Position of the parenthesis that closes the one at a position; the end where none does. */
export function closing(tokens: readonly Token[], open: number): number {
  let depth = 0;
  for (let at = open; at < tokens.length; at++) {
    const { text } = tokens[at] as Token;
    if (text === '(') depth++;
    else if (text === ')' && --depth === 0) return at;
  }
  return tokens.length;
}
