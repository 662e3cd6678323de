import type { Unit } from '../preprocess/unit.ts';

/** What a value stands behind, and what behind a value; a declaration puts a type before a name. */
const BEFORE = new Set(
  '( , = + - / % | || & && ^ < > <= >= == != << >> ? : [ ! ~ += -= |= &= return case'.split(' '),
);
const BEHIND = new Set('; , ) ] + - * / % | || & && ^ < > <= >= == != << >> ? : }'.split(' '));

/** Groups in parentheses whose names are none of C. */
const OTHER_NAMES =
  /^(?:__attribute__|__attribute|asm|__asm__|__asm|__builtin_offsetof|_Pragma|__label__)$/;

/**
 * Names that a file uses as values and only so, with nothing in sight that could declare them: what headers do not know is an error of the
 * compiler then. One that stands anywhere where a name may be declared, be it by a macro, is not among them.
 */
export function valuesOnly({ tokens }: Unit, main: string): ReadonlySet<string> {
  const values = new Set<string>();
  const others = new Set<string>();
  let outside = 0;
  /** What is open: a comma is one between values within parentheses and brackets only. */
  const open: string[] = [];
  for (let at = 0; at < tokens.length; at++) {
    const { token, file } = tokens[at] as Unit['tokens'][number];
    const { text } = token;
    if (outside > 0) {
      if (text === '(') outside++;
      else if (text === ')' && --outside === 1) outside = 0;
      continue;
    }
    if (token.kind !== 'name') {
      if (/^[([{]$/.test(text)) open.push(text);
      else if (/^[)\]}]$/.test(text)) open.pop();
      continue;
    }
    if (OTHER_NAMES.test(text)) {
      let next = at + 1;
      // Words between asm and its parentheses: volatile, goto, inline.
      while (tokens[next]?.token.kind === 'name') next++;
      if (tokens[next]?.token.text === '(') {
        at = next;
        outside = 2;
      }
      continue;
    }
    if (file !== main) {
      others.add(text);
      continue;
    }
    const before = tokens[at - 1]?.token.text ?? '';
    // A member, or a tag, is another name.
    if (/^(?:\.|->|struct|union|enum)$/.test(before)) continue;
    const behind = tokens[at + 1]?.token.text ?? '';
    const between = before !== ',' || open.at(-1) === '(' || open.at(-1) === '[';
    if (between && BEFORE.has(before) && BEHIND.has(behind)) values.add(text);
    else others.add(text);
  }
  return new Set([...values].filter((name) => !others.has(name)));
}
