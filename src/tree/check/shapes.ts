import { closing, type Macro } from '../preprocess/macro.ts';
import type { Token } from '../preprocess/tokens.ts';
import { isAttribute } from './mask.ts';

type Macros = ReadonlyMap<string, Macro>;

/** What a declaration begins with. */
const BEGIN = /^(?:static|extern|inline|const|__inline|__inline__)$/;

/** What an expression or a declarator ends with, behind which attributes may stand. */
const END = /^(?:[\])]|\w+)$/;
const STATEMENT = /^(?:else|do|return|goto|case|default)$/;

/** What is no such number is a name that a macro pastes together: `10000baseT`. */
const NUMBER = /^(?:0[xX][\da-fA-F]+|0[bB][01]+|\d+\.?\d*(?:[eE][+-]?\d+)?)[uUlLfF]*$/;

/**
 * What calls of macros become where the grammar does not take them for what they are, by the numbers of their tokens;
 * nothing (`''`) is left out. A call outside of functions is a function or a variable, by what follows; arguments that are
 * types become names; a text pasted together is one of its parts.
 */
export function shapesOf(tokens: readonly Token[], macros: Macros): ReadonlyMap<number, string> {
  const shapes = new Map<number, string>();
  const leaveOut = (from: number, to: number): void => {
    for (let at = from; at <= to; at++) shapes.set(at, '');
  };
  let braces = 0;
  let parentheses = 0;
  /** The last token of what was made a declaration, or left out where one may begin. */
  let ended = -1;
  for (let at = 0; at < tokens.length; at++) {
    const { text } = tokens[at] as Token;
    if (text === '{') braces++;
    else if (text === '}') braces--;
    else if (text === '(') parentheses++;
    else if (text === ')') parentheses--;
    const outside = braces === 0 && parentheses === 0;
    const run = outside ? at : textRun(tokens, at, macros);
    if (run > at) {
      const kept = tokens.findIndex((one, i) => i >= at && isText(one));
      leaveOut(at, kept - 1);
      leaveOut(kept + 1, run);
      at = run;
      continue;
    }
    if (/^\d/.test(text) && !NUMBER.test(text)) shapes.set(at, '0');
    if (/^(?:__builtin_)?offsetof$/.test(text) && tokens[at + 1]?.text === '(') {
      for (const [from, to] of memberPath(tokens, at + 1)) leaveOut(from, to);
    }
    const macro = macros.get(text);
    if (macro?.params === undefined || tokens[at + 1]?.text !== '(') continue;
    const close = closing(tokens, at + 1);
    if (close === tokens.length) break;
    const before = tokens[at - 1]?.text ?? ';';
    const begins = /^[;}]$/.test(before) || BEGIN.test(before) || ended === at - 1;
    if (!begins && END.test(before) && !STATEMENT.test(before) && saysNothing(macro, macros)) {
      leaveOut(at, close);
      at = close;
    } else if (outside && begins) {
      const shape = shapeOf(tokens[close + 1]?.text);
      if (shape.length > roomOf(tokens, at, close) && shape !== 'int _;') continue;
      leaveOut(at, close);
      if (shape.length <= roomOf(tokens, at, close)) shapes.set(at, shape);
      ended = close;
      at = close;
    } else if (!outside) {
      for (const [from, to] of typeArguments(tokens, at + 1, close)) leaveOut(from, to);
      for (const [from, to] of otherArguments(tokens, at + 1, close)) {
        leaveOut(from, to);
        shapes.set(from, '0');
        at = Math.max(at, to);
      }
    }
  }
  return shapes;
}

/** What a call outside of functions is, by what follows it. */
function shapeOf(next: string | undefined): string {
  if (next === '{') return 'int _()';
  return next !== undefined && /^[;=,[]$/.test(next) ? 'int _' : 'int _;';
}

/** Places from the begin of a token to the end of another, as far as they are in one line. */
function roomOf(tokens: readonly Token[], from: number, to: number): number {
  const { line, column } = tokens[from] as Token;
  let end = column;
  for (let at = from; at <= to && (tokens[at] as Token).line === line; at++) {
    const token = tokens[at] as Token;
    end = token.column + token.text.length;
  }
  return end - column;
}

/** A macro that is replaced by attributes, or by nothing. */
function saysNothing(macro: Macro, macros: Macros): boolean {
  return macro.body.length === 0 || isAttribute(macro, macros);
}

/** The end of texts, and of macros between them, that are pasted together here; this place where there are none. */
function textRun(tokens: readonly Token[], at: number, macros: Macros): number {
  let last = at - 1;
  let parts = 0;
  let texts = 0;
  for (let next = at; next < tokens.length; next = last + 1) {
    const token = tokens[next] as Token;
    const macro = token.kind === 'name' ? macros.get(token.text) : undefined;
    if (isText(token)) {
      texts++;
      last = next;
    } else if (macro?.params !== undefined && tokens[next + 1]?.text === '(') {
      last = closing(tokens, next + 1);
    } else if (macro && macro.params === undefined) last = next;
    else break;
    parts++;
  }
  return texts > 0 && parts > 1 && last < tokens.length ? last : at;
}

function isText({ kind, text }: Token): boolean {
  return kind === 'text' && text.endsWith('"');
}

/** A range of tokens, both ends included. */
type Range = readonly [from: number, to: number];

/** Arguments between parentheses; those that are empty are none. */
function argumentsIn(tokens: readonly Token[], open: number, close: number): Range[] {
  const found: Range[] = [];
  let depth = 0;
  let from = open + 1;
  for (let at = open; at <= close; at++) {
    const { text } = tokens[at] as Token;
    if (depth === 1 && (text === ',' || at === close)) {
      if (at > from) found.push([from, at - 1]);
      from = at + 1;
    }
    if (/^[([{]$/.test(text)) depth++;
    else if (/^[)\]}]$/.test(text)) depth--;
  }
  return found;
}

/** Of arguments that are types of pointers, what a name alone does not need. */
function typeArguments(tokens: readonly Token[], open: number, close: number): Range[] {
  const text = (at: number): string | undefined => tokens[at]?.text;
  return argumentsIn(tokens, open, close)
    .filter(([, to]) => text(to) === '*')
    .flatMap(([from, to]): Range[] => {
      let name = to;
      while (name > from && text(name) === '*') name--;
      return name > from
        ? [
            [from, name - 1],
            [name + 1, to],
          ]
        : [[name + 1, to]];
    });
}

/** Arguments that are no expressions: `.member = value` for an initializer, `==` for a comparison. */
function otherArguments(tokens: readonly Token[], open: number, close: number): Range[] {
  return argumentsIn(tokens, open, close).filter(
    ([from, to]) => tokens[from]?.text === '.' || (from === to && tokens[from]?.kind === 'sign'),
  );
}

/** What follows the first name of a member of a member: `b[1]` of `offsetof(struct s, a.b[1])`. */
function memberPath(tokens: readonly Token[], open: number): Range[] {
  const close = closing(tokens, open);
  const [, member] = close < tokens.length ? argumentsIn(tokens, open, close) : [];
  return member && member[1] > member[0] ? [[member[0] + 1, member[1]]] : [];
}
