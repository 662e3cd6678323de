import type { Macro } from '../preprocess/macro.ts';
import { closing } from '../preprocess/macro.ts';
import type { Token } from '../preprocess/tokens.ts';
import type { Unit } from '../preprocess/unit.ts';
import { Lines } from '../source/lines.ts';

/** How far macros are followed that stand for each other. */
const DEPTH = 6;

/**
 * What a configuration has of a file, in the places it stands in: no comments, no directives, no lines that are left
 * out, macros not replaced but put into a shape C has. Loops made by macros become `while`, attributes go.
 */
export function masked(
  text: string,
  { written, macros }: Pick<Unit, 'written' | 'macros'>,
  shapesOf: (
    tokens: readonly Token[],
    macros: Unit['macros'],
  ) => ReadonlyMap<number, string> = () => new Map(),
): string {
  const lines = new Lines(text);
  const out = text.replace(/[^\n]/g, ' ').split('');
  const tokens = written.map(({ token }) => token);
  const put = ({ line, column }: Token, word: string): void => {
    const from = (lines.starts[line - 1] as number) + column - 1;
    for (let i = 0; i < word.length; i++) if (word[i] !== '\n') out[from + i] = word[i] as string;
  };
  const shapes = shapesOf(tokens, macros);
  for (let at = 0; at < tokens.length; at++) {
    const token = tokens[at] as Token;
    const made = shapes.get(at);
    if (made !== undefined) {
      put(token, made);
      continue;
    }
    const macro = token.kind === 'name' ? macros.get(token.text) : undefined;
    const call = macro?.params !== undefined && tokens[at + 1]?.text === '(';
    // `case 1 ... 5:` of GNU C is one label to who reads calls.
    if (token.text === '...' && isRange(tokens, at)) {
      while (tokens[at + 1] && tokens[at + 1]?.text !== ':') at++;
      continue;
    }
    if (macro && isSpecifier(macro, macros)) {
      if (call) at = closing(tokens, at + 1);
      continue;
    }
    if (macro && call) {
      const shape = loopOf(macro, macros);
      put(token, shape && shape.length <= token.text.length ? shape : token.text);
    } else if (isTypeArgument(tokens, at, macros)) continue;
    else put(token, token.text);
  }
  return out.join('');
}

/** Does a macro stand for attributes only, or for nothing at all without being called. */
export function isAttribute(macro: Macro, macros: ReadonlyMap<string, Macro>): boolean {
  return isMadeOf(macro, macros, () => false);
}

/** Words of a declaration that say nothing of what is used. */
const SPECIFIER = /^(?:static|extern|inline|__inline|__inline__|__extension__|_Noreturn)$/;

/** Does it stand for attributes and for such words. */
function isSpecifier(macro: Macro, macros: ReadonlyMap<string, Macro>): boolean {
  return isMadeOf(macro, macros, (word) => SPECIFIER.test(word));
}

function isMadeOf(
  macro: Macro,
  macros: ReadonlyMap<string, Macro>,
  isWord: (text: string) => boolean,
  depth = 0,
): boolean {
  const { body, params } = macro;
  // A call that stands for nothing may be a stub; within another macro it is none.
  if (body.length === 0) return params === undefined || depth > 0;
  for (let at = 0; at < body.length; at++) {
    const { text } = body[at] as Token;
    if (isWord(text)) continue;
    if (text === '__attribute__' && body[at + 1]?.text === '(') at = closing(body, at + 1);
    else {
      const inner = depth < DEPTH ? macros.get(text) : undefined;
      if (!inner || inner === macro || !isMadeOf(inner, macros, isWord, depth + 1)) return false;
      if (inner.params && body[at + 1]?.text === '(') at = closing(body, at + 1);
    }
  }
  return true;
}

/** The keyword a call of this macro stands for, where a statement follows it. */
function loopOf(macro: Macro, macros: ReadonlyMap<string, Macro>): string | undefined {
  let now: Macro | undefined = macro;
  for (let i = 0; i < DEPTH && now; i++) {
    const first: string = now.body[0]?.text ?? '';
    if (first === 'for' || first === 'while')
      return now.body.at(-1)?.text === ')' ? 'while' : undefined;
    if (first === 'if')
      return now.body.at(-1)?.text === ')' || now.body.at(-1)?.text === 'else' ? 'if' : undefined;
    now = macros.get(first);
  }
  return undefined;
}

/** Words of which a type can have several. */
const PRIMITIVE = /^(?:const|unsigned|signed|long|short|int|char)$/;

/** `struct` of `container_of(p, struct x, m)`, `unsigned` of `min_t(unsigned int, a, b)`: a type where C wants an expression. */
function isTypeArgument(
  tokens: readonly Token[],
  at: number,
  macros: ReadonlyMap<string, Macro>,
): boolean {
  const { text: word } = tokens[at] as Token;
  const next = tokens[at + 1]?.text ?? '';
  if (!/^(?:struct|union|enum)$/.test(word) && !(PRIMITIVE.test(word) && PRIMITIVE.test(next))) {
    return false;
  }
  const before = tokens[at - 1]?.text ?? '';
  if (before !== '(' && before !== ',' && !PRIMITIVE.test(before)) return false;
  let depth = 0;
  for (let i = at - 1; i > 0; i--) {
    const { text } = tokens[i] as Token;
    if (text === ')') depth++;
    else if (text === '(' && depth-- === 0) {
      const name = tokens[i - 1] as Token;
      return name.kind === 'name' && macros.get(name.text)?.params !== undefined;
    } else if (/^[;{}]$/.test(text)) return false;
  }
  return false;
}

/** Do these dots stand in the label of a `case`. */
function isRange(tokens: readonly Token[], at: number): boolean {
  for (let i = at - 1; i >= 0; i--) {
    const { text } = tokens[i] as Token;
    if (text === 'case') return true;
    if (/^[;{}:]$/.test(text)) return false;
  }
  return false;
}
