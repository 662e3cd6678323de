import {
  APOSTROPHE,
  BACKSLASH,
  byte,
  HASH,
  NEWLINE,
  QUOTE,
  RETURN,
  SLASH,
  STAR,
} from '../../wasm/bytes';
import { DEPTHS, FILE, MAX_DEPTH } from '../thin-layout';
import { isBlank, isWord } from './chars';
import { commentEnd, isContinued, isLong, nextOfDirective, quoteEnd } from './find';

/** Kinds of directives, as far as they differ here; -1 where that is not sure. */
export const OTHER = 0;
export const DEFINE = 1;
export const IF = 2;
export const ELSE = 3;
export const ENDIF = 4;

/** What kind of directive stands behind a hash sign. */
export function directiveKind(hash: usize): i32 {
  let at = hash + 1;
  while (isBlank(byte(at))) at++;
  const first = byte(at);
  const second = byte(at + 1);
  if (first === SLASH || first === BACKSLASH) return -1;
  // `if` and `el`
  if (first === 105 && second === 102) return IF;
  if (first === 101 && second === 108) return ELSE;
  // `endif`, and `define` with something behind it
  if (load<u32>(at) === 0x69646e65 && byte(at + 4) === 102)
    return isWord(byte(at + 5)) ? OTHER : ENDIF;
  const isDefine = load<u32>(at) === 0x69666564 && load<u16>(at + 4) === 0x656e;
  return isDefine && isBlank(byte(at + 6)) ? DEFINE : OTHER;
}

/** Where the line behind a directive begins; 0 where that is not sure. */
export function directiveEnd(hash: usize, end: usize): usize {
  // A comment of several lines ends it to some: behind another, and where lines are continued before it or with a carriage return.
  let isSure = !isContinuing(hash);
  let at = nextOfDirective(hash + 1, end);
  for (; at < end; at = nextOfDirective(at, end)) {
    const char = byte(at);
    if (char === NEWLINE) return at + 1;
    if (char === BACKSLASH) {
      let next = at + 1;
      if (byte(next) === RETURN) {
        isSure = false;
        next++;
      }
      at++;
      if (byte(next) !== NEWLINE) continue;
      at = next + 1;
      while (isBlank(byte(at))) at++;
      // To some it is another directive.
      if (byte(at) === HASH) return 0;
    } else if (char === QUOTE || char === APOSTROPHE) {
      at = quoteEnd(at, end);
      if (at === 0) return 0;
    } else if (char === SLASH) {
      const isLine = byte(at + 1) === SLASH;
      if (!isLine && byte(at + 1) !== STAR) {
        at++;
        continue;
      }
      const begin = at;
      at = commentEnd(at, end);
      if (at === 0) return 0;
      if (isLine) return min(at + 1, end);
      if (isLong) {
        if (!isSure || hasEmptyLine(begin, at)) return 0;
        isSure = false;
      }
    } else return 0;
  }
  return at;
}

/** Does the line of a directive continue the one before. */
function isContinuing(hash: usize): bool {
  const begin: usize = FILE;
  let at = hash;
  while (at > begin && byte(at - 1) !== NEWLINE) at--;
  return at > begin + 1 && isContinued(at - 1);
}

/** Is there a line with nothing in it, not even a blank. */
function hasEmptyLine(from: usize, to: usize): bool {
  for (let at = from; at + 1 < to; at++)
    if (byte(at) === NEWLINE && byte(at + 1) === NEWLINE) return true;
  return false;
}

let open: i32 = 0;

export function clearConditionals(): void {
  open = 0;
}

/** How many braces and parentheses are open behind a directive, as one number; -1 where that is not sure. */
export function depthBehind(kind: i32, depth: i32): i32 {
  if (kind === IF) {
    if (open === MAX_DEPTH) return -1;
    store<i32>(DEPTHS + (open++ << 2), depth);
  } else if (kind === ELSE && open > 0) return load<i32>(DEPTHS + ((open - 1) << 2));
  else if (kind === ENDIF && open > 0) open--;
  return depth;
}
