import {
  APOSTROPHE,
  BACKSLASH,
  BLANK,
  byte,
  DOLLAR,
  HASH,
  LEFT,
  NEWLINE,
  NINE,
  QUOTE,
  RETURN,
  RIGHT,
  TAB,
  ZERO,
} from '../../wasm/bytes';
import {
  CONFIG,
  DEFINED,
  FIRST_WORD,
  HELP,
  IN_KCONFIG,
  OF_FIRST,
  OF_NAME,
  OF_WORD,
  PROMPT,
  SECOND_LENGTH,
  SECOND_WORD,
  SHAPES,
  STATEMENT_BYTES,
  STATEMENT_KIND,
  STATEMENTS,
} from '../hit-layout';
import { behind, classOf, nextOf, same } from './bytes';
import { add } from './table';

const M = 0x6d;
const N = 0x6e;
const Y = 0x79;
const F = 0x66;
const I = 0x69;
const O = 0x6f;
const X = 0x78;

/** Begin of the file. */
let begin: usize = 0;

/** See `kconfigHits` in ../kconfig-hits.ts, which does the same. */
export function kconfigFile(from: usize, end: usize): void {
  begin = from;
  // Columns by which lines belong to a help text; 0 where it is still to be seen whether there is one, -1 where there is none.
  let help = -1;
  for (let at = from; at < end; ) {
    let word = at;
    let columns = 0;
    for (; word < end; word++) {
      const char = byte(word);
      if (char === TAB) columns = (columns & ~7) + 8;
      else if (char === BLANK) columns++;
      else break;
    }
    let stop = nextOf(NEWLINE, word, end);
    at = stop + 1;
    if (word === stop || (word === stop - 1 && byte(word) === RETURN)) continue;
    if (help >= 0) {
      if (help === 0 && columns > 0) help = columns;
      if (help > 0 && columns >= help) continue;
      help = -1;
    }
    while (byte(stop - 1) === BACKSLASH && at < end) {
      stop = nextOf(NEWLINE, at, end);
      at = stop + 1;
    }
    if (statement(word, stop)) help = 0;
  }
}

/** Add what a statement mentions. True where a help text begins. */
function statement(word: usize, end: usize): bool {
  const after = behind(word, end, OF_FIRST);
  const found = statementOf(word, after);
  if (found === 0) return false;
  const kind = byte(found + STATEMENT_KIND);
  if (kind === HELP) return isEmpty(after, end);
  if (kind === CONFIG) defines(after, end);
  else if (kind === PROMPT) mentions(after, end, true);
  else {
    const from = byte(found + SECOND_LENGTH) === 0 ? after : behindSecond(found, after, end);
    if (from !== 0) mentions(from, end, false);
  }
  return false;
}

/** The statement a word begins; 0 if there is none. */
function statementOf(from: usize, to: usize): usize {
  const length = (to - from) as i32;
  if (length === 0 || length > 15) return 0;
  const shape = (length << 5) | (byte(from) & 31);
  const number = byte((SHAPES + shape) as usize);
  if (number === 0) return 0;
  let one = (STATEMENTS + (number - 1) * STATEMENT_BYTES) as usize;
  for (; byte(one) === length; one += STATEMENT_BYTES) {
    if (same(one + FIRST_WORD, from, length)) return one;
  }
  return 0;
}

/** `config NAME`, and nothing more but a comment. */
function defines(after: usize, end: usize): void {
  const from = skipBlanks(after, end);
  const to = behind(from, end, OF_NAME);
  if (from === after || to === from || !isEmpty(to, end)) return;
  add(from, to, (from - begin) as i32, DEFINED);
}

/** Where the second word of a statement ends behind the first; 0 if it is not there. */
function behindSecond(one: usize, after: usize, end: usize): usize {
  const from = skipBlanks(after, end);
  const to = behind(from, end, OF_FIRST);
  const length = to - from;
  if (from === after || (length as i32) !== byte(one + SECOND_LENGTH)) return 0;
  return same(one + SECOND_WORD, from, length) ? to : 0;
}

/** Also the end of a line that is continued. */
function skipBlanks(from: usize, end: usize): usize {
  let at = from;
  for (; at < end; at++) {
    const char = byte(at);
    if (char === BACKSLASH && byte(at + 1) === NEWLINE) at++;
    else if (char !== TAB && char !== BLANK && char !== RETURN) break;
  }
  return at;
}

/** Is there nothing up to the end of a line but blanks and a comment. */
function isEmpty(from: usize, end: usize): bool {
  const at = skipBlanks(from, end);
  return at >= end || byte(at) === HASH;
}

/** Add the options an expression mentions; of a text and what follows it those behind `if`. */
function mentions(from: usize, end: usize, prompt: bool): void {
  let counts = !prompt;
  for (let at = from; at < end; ) {
    const char = byte(at);
    if (char === HASH) return;
    if (char === QUOTE || char === APOSTROPHE) at = behindText(at, end);
    else if (char === DOLLAR && byte(at + 1) === LEFT) at = behindCall(at, end);
    else if ((classOf(char) & OF_WORD) === 0) at++;
    else {
      const to = behind(at, end, OF_WORD);
      if (isPair(at, to, I, F)) counts = true;
      else if (counts && isOption(at, to)) add(at, to, (at - begin) as i32, IN_KCONFIG);
      at = to;
    }
  }
}

/** End of a quoted text; of a quote that is never closed it is the next byte. */
function behindText(from: usize, end: usize): usize {
  const quote = byte(from);
  for (let at = from + 1; at < end; ) {
    const char = byte(at);
    if (char === quote) return at + 1;
    if (char === DOLLAR && byte(at + 1) === LEFT) at = behindCall(at, end);
    else at += char === BACKSLASH ? 2 : 1;
  }
  return from + 1;
}

/** End of a call of a macro, `$(…)` within each other included. */
function behindCall(from: usize, end: usize): usize {
  let depth = 0;
  for (let at = from + 1; at < end; at++) {
    const char = byte(at);
    if (char === LEFT) depth++;
    else if (char === RIGHT && --depth === 0) return at + 1;
  }
  return end;
}

/** Not a number, not a constant, and of the bytes of a name alone. */
function isOption(from: usize, to: usize): bool {
  let letters = 0;
  for (let at = from; at < to; at++) {
    const char = byte(at);
    if ((classOf(char) & OF_NAME) === 0) return false;
    if (char > NINE) letters++;
  }
  if (letters === 0) return false;
  const first = byte(from);
  if (to - from === 1) return first !== Y && first !== M && first !== N;
  if (first === ZERO && (byte(from + 1) | 32) === X) return !isHex(from + 2, to);
  return !isPair(from, to, O, N);
}

function isHex(from: usize, to: usize): bool {
  for (let at = from; at < to; at++) {
    const char = byte(at);
    const letter = char | 32;
    if ((char < ZERO || char > NINE) && (letter < 0x61 || letter > F)) return false;
  }
  return to > from;
}

/** Are these the bytes of a word of two. */
function isPair(from: usize, to: usize, first: i32, second: i32): bool {
  return to - from === 2 && byte(from) === first && byte(from + 1) === second;
}
