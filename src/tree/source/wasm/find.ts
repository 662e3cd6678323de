import { BACKSLASH, byte, NEWLINE, RETURN, SLASH, STAR } from '../../wasm/bytes';

/** Which of 16 bytes are of a class: a table for their low halves and one for their high ones have a bit in common. */
function among(bytes: v128, low: v128, high: v128): i32 {
  const ofLow = i8x16.swizzle(low, v128.and(bytes, i8x16.splat(0x0f)));
  const ofHigh = i8x16.swizzle(high, i8x16.shr_u(bytes, 4));
  return i8x16.bitmask(i8x16.ne(v128.and(ofLow, ofHigh), i8x16.splat(0)));
}

/** The next byte of such a class; `end` if there is none. */
function nextAmong(from: usize, end: usize, low: v128, high: v128): usize {
  for (let at = from; at < end; at += 16) {
    const found = among(v128.load(at), low, high);
    if (found !== 0) return min(end, at + ctz(found));
  }
  return end;
}

/** The next `"`, `#`, `'`, `/`, `{`, `}`, vertical tab or form feed; `end` if there is none. */
export function nextOfCode(from: usize, end: usize): usize {
  const low = i8x16(0, 0, 2, 2, 0, 0, 0, 2, 0, 0, 0, 5, 1, 4, 0, 2);
  const high = i8x16(1, 0, 2, 0, 0, 0, 0, 4, 0, 0, 0, 0, 0, 0, 0, 0);
  return nextAmong(from, end, low, high);
}

/** The same, and `(`, `)` and `;`. */
export function nextOfScope(from: usize, end: usize): usize {
  const low = i8x16(0, 0, 2, 2, 0, 0, 0, 2, 2, 2, 0, 13, 1, 4, 0, 2);
  const high = i8x16(1, 0, 2, 8, 0, 0, 0, 4, 0, 0, 0, 0, 0, 0, 0, 0);
  return nextAmong(from, end, low, high);
}

/** The next `"`, `'`, `/`, backslash, newline, vertical tab or form feed; `end` if there is none. */
export function nextOfDirective(from: usize, end: usize): usize {
  const low = i8x16(0, 0, 2, 0, 0, 0, 0, 2, 0, 0, 1, 1, 5, 0, 0, 2);
  const high = i8x16(1, 0, 2, 0, 0, 4, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0);
  return nextAmong(from, end, low, high);
}

/** Does the text found last go on in another line. */
export let isLong: bool = false;

/** End of the comment that begins with a slash and one of these; 0 if it has none. */
export function commentEnd(from: usize, end: usize): usize {
  isLong = false;
  if (byte(from + 1) === SLASH) return lineCommentEnd(from, end);
  for (let at = from + 2; at + 1 < end; at++) {
    const char = byte(at);
    if (char === STAR && byte(at + 1) === SLASH) return at + 2;
    if (char === NEWLINE) isLong = true;
  }
  return 0;
}

function lineCommentEnd(from: usize, end: usize): usize {
  for (let at = from + 2; at < end; at++) {
    if (byte(at) !== NEWLINE) continue;
    if (!isContinued(at)) return at;
    isLong = true;
  }
  return end;
}

/** Does a line go on behind its newline. */
export function isContinued(newline: usize): bool {
  const before = byte(newline - 1) === RETURN ? newline - 2 : newline - 1;
  return byte(before) === BACKSLASH;
}

/** End of a quoted text: behind its quote, or at the end of the line; 0 if that is not all of it. */
export function quoteEnd(from: usize, end: usize): usize {
  const quote = byte(from);
  for (let at = from + 1; at < end; at++) {
    const char = byte(at);
    if (char === quote) return at + 1;
    if (char === NEWLINE) return at;
    if (char === BACKSLASH && byte(++at) === NEWLINE) return 0;
  }
  return 0;
}

/** Newlines between two places. */
export function newlines(from: usize, to: usize): i32 {
  const newline = i8x16.splat(NEWLINE as i8);
  let count: i32 = 0;
  let at = from;
  for (; at + 16 <= to; at += 16) {
    count += popcnt(i8x16.bitmask(i8x16.eq(v128.load(at), newline)));
  }
  const rest = (1 << ((to - at) as i32)) - 1;
  return count + popcnt(i8x16.bitmask(i8x16.eq(v128.load(at), newline)) & rest);
}
