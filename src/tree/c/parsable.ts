import type { Declared } from './declared.ts';

/** Stands for the name of a bit field that has none. */
export const UNNAMED = '__unnamed';

const BASE = /^(?:unsigned|signed|__signed__|int|long|short|char|_Bool|const|volatile)$/;

/**
 * Declarations as a text the grammar can read: extensions of GNU C it does not know are put into shapes it knows.
 * Attributes side by side become one, bit fields without a name get one, empty declarations go.
 */
export function parsable(declared: Declared, from: number, to: number): string {
  const out: string[] = [];
  /** Words since the last declaration ended. */
  let words: string[] = [];
  /** What stands before them has told the type. */
  let typed = false;
  let brackets = 0;
  let attribute = -1;
  for (let at = from; at < to; at++) {
    const text = declared.text(at);
    if (text === '__extension__') continue;
    if ((text === '__attribute__' || text === '__attribute') && declared.text(at + 1) === '(') {
      const close = declared.closing(at + 1);
      if (close < 0) return out.join(' ');
      const inner = declared.source(at + 3, close - 1);
      if (inner === '') {
        // Nothing is said.
      } else if (attribute >= 0) out[attribute] = `${out[attribute]?.slice(0, -3)} , ${inner} ))`;
      else attribute = out.push(`__attribute__ (( ${inner} ))`) - 1;
      at = close;
      continue;
    }
    if (/^_?[Ss]tatic_assert$/.test(text) && declared.text(at + 1) === '(') {
      at = declared.closing(at + 1);
      if (at < 0) return out.join(' ');
      continue;
    }
    if (/^__signed(?:__)?$/.test(text)) out.push('signed');
    else if (text === '__builtin_offsetof') out.push('offsetof');
    else if (text === ':' && brackets === 0 && isBare(words, typed)) out.push(UNNAMED, text);
    else if (text === ';' && (out.at(-1) === ';' || out.at(-1) === '{')) continue;
    else out.push(text);
    attribute = -1;
    if (/^[([]$/.test(text)) brackets++;
    else if (/^[)\]]$/.test(text)) brackets--;
    if (/^[;{},]$/.test(text)) {
      words = [];
      typed = text === ',' || text === '}';
    } else words.push(text);
  }
  return out.join(' ');
}

/** Do these words before a colon name no bit field: none where the type is told, only a type otherwise. */
function isBare(words: readonly string[], typed: boolean): boolean {
  if (typed) return words.length === 0;
  return words.length < 2 || words.every((word) => BASE.test(word));
}
