import { MINUS, NINE, PLUS, ZERO } from './chars';
import { byte } from './load';
import { BOOL, HEX, INT, STRING, TRISTATE } from './numbers';
import { compareTexts, endOf, lengthOf, startOf, Text } from './text';

/** What the last `scan` read: a number without its sign, too large if it has more than 64 bits; how long it was. */
let magnitude: u64 = 0;
let negative: bool = false;
let tooLarge: bool = false;
let length: usize = 0;

/** The value of a digit in any base; 255 for what is none. */
function digit(char: i32): i32 {
  if (char >= ZERO && char <= NINE) return char - ZERO;
  const lower = char | 32;
  return lower >= 97 && lower <= 102 ? lower - 87 : 255;
}

function isBlank(char: i32): bool {
  return char === 32 || (char >= 9 && char <= 13);
}

/** Read an optional sign and digits of `base` (0: decided by a 0x or 0 prefix), after blanks. */
function scan(text: Text, base: i32): void {
  const start = startOf(text);
  const end = endOf(text);
  let at = start;
  magnitude = 0;
  negative = false;
  tooLarge = false;
  length = 0;
  while (at < end && isBlank(byte(at))) at++;
  if (at < end && (byte(at) === MINUS || byte(at) === PLUS)) {
    negative = byte(at) === MINUS;
    at++;
  }
  let radix = base;
  const zero = at < end && byte(at) === ZERO;
  const marked = zero && at + 2 < end && (byte(at + 1) | 32) === 120;
  if (base !== 10 && marked && digit(byte(at + 2)) < 16) {
    radix = 16;
    at += 2;
  } else if (base === 0) radix = zero ? 8 : 10;
  const first = at;
  while (at < end) {
    const value = digit(byte(at));
    if (value >= radix) break;
    if (magnitude > (u64.MAX_VALUE - (value as u64)) / (radix as u64)) tooLarge = true;
    magnitude = magnitude * (radix as u64) + (value as u64);
    at++;
  }
  if (at > first) length = at - start;
}

const MOST: u64 = i64.MAX_VALUE as u64;

/** The number at the front of a text, 0 if there is none, held within 64 bits: C's strtoll. */
export function leadingNumber(text: Text, base: i32): i64 {
  scan(text, base);
  if (negative) return tooLarge || magnitude > MOST ? i64.MIN_VALUE : -(magnitude as i64);
  return tooLarge || magnitude > MOST ? i64.MAX_VALUE : (magnitude as i64);
}

/** The second operand of a comparison: its number, whether it has one, and whether it has no sign. */
let value: u64 = 0;
let isNumber: bool = false;
let isUnsigned: bool = false;

/** Read the text of a symbol of this type for a comparison. */
function readOperand(type: i32, text: Text): void {
  isUnsigned = type === HEX;
  isNumber = true;
  if (type === BOOL || type === TRISTATE) {
    const char = lengthOf(text) === 1 ? byte(startOf(text)) : 0;
    value = (char === 110 ? 0 : char === 109 ? 1 : char === 121 ? 2 : -1) as u64;
    return;
  }
  scan(text, type === INT ? 10 : type === HEX ? 16 : 0);
  const most = negative ? MOST + 1 : MOST;
  if (length === 0 || length !== lengthOf(text) || tooLarge || (!isUnsigned && magnitude > most))
    isNumber = false;
  value = negative ? -magnitude : magnitude;
}

/** Order the values of two symbols, given their types and texts: below, equal or above zero. */
export function compareValues(typeA: i32, a: Text, typeB: i32, b: Text): i32 {
  if (typeA === STRING && typeB === STRING) return compareTexts(a, b);
  readOperand(typeA, a);
  if (!isNumber) return compareTexts(a, b);
  const valueA = value;
  const unsigned = isUnsigned;
  readOperand(typeB, b);
  if (!isNumber) return compareTexts(a, b);
  if (valueA === value) return 0;
  if (unsigned || isUnsigned) return valueA < value ? -1 : 1;
  return (valueA as i64) < (value as i64) ? -1 : 1;
}

/** Is a text a number as an int may have it: no sign but a minus, no zeros in front. */
export function isDecimal(text: Text): bool {
  const end = endOf(text);
  let at = startOf(text);
  if (at < end && byte(at) === MINUS) at++;
  if (at === end || (byte(at) === ZERO && at + 1 !== end)) return false;
  for (; at < end; at++) if (byte(at) < ZERO || byte(at) > NINE) return false;
  return true;
}

/** Is a text a number as a hex may have it, with 0x or without. */
export function isHex(text: Text): bool {
  const end = endOf(text);
  let at = startOf(text);
  if (at + 1 < end && byte(at) === ZERO && (byte(at + 1) | 32) === 120) at += 2;
  if (at === end) return false;
  for (; at < end; at++) if (digit(byte(at)) > 15) return false;
  return true;
}
