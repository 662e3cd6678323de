import { BACKSLASH, BLANK, EQUALS, HASH, NEWLINE, QUOTE, RETURN } from './chars';
import { putFirst } from './choices';
import { byte, int } from './load';
import { idAt } from './names';
import { isDecimal, isHex } from './number-text';
import {
  BOOL,
  CONSTANT,
  INT,
  MOD,
  NO,
  STRING,
  TRANSITIONAL,
  TRISTATE,
  UNKNOWN,
  YES,
} from './numbers';
import {
  CARRIES,
  fail,
  GROUP,
  MARK,
  NOT_ASCII,
  prefix,
  prefixLength,
  slot,
  symbol,
  TRAITS,
  TYPE,
  take,
  USER,
  userText,
  WARNING,
} from './state';
import { endOf, sameBytes, startOf, Text, textFrom } from './text';

/** What stands behind the name of a symbol that is n: " is not set", as two numbers that overlap. */
const UNSET_FRONT: u64 = 0x20746f6e20736920;
const UNSET_BACK: u64 = 0x74657320746f6e20;
const UNSET_LENGTH = 11;

/** Did the file name a symbol the tree does not have. */
export let unknownNames: bool = false;

/** Read a `.config` as read/dotconfig.ts does. Where it would have something to say, this fails. */
export function readConfig(start: usize, end: usize): void {
  unknownNames = false;
  if (!isAscii(start, end)) {
    fail(NOT_ASCII);
    return;
  }
  for (let at = start; at < end; ) {
    let stop = lineEnd(at, end);
    const next = stop + 1;
    if (stop < end && stop > at && byte(stop - 1) === RETURN) stop--;
    if (stop > at) readLine(at, stop);
    at = next;
  }
}

/** Where the next newline is, or the end. */
function lineEnd(start: usize, end: usize): usize {
  const newlines = i8x16.splat(NEWLINE as i8);
  for (let at = start; at < end; at += 16) {
    const found = i8x16.bitmask(i8x16.eq(v128.load(at), newlines));
    if (found !== 0) return min(at + ctz(found), end);
  }
  return end;
}

function isAscii(start: usize, end: usize): bool {
  let all: v128 = i32x4.splat(0);
  let at = start;
  for (; at + 16 <= end; at += 16) all = v128.or(all, v128.load(at));
  let rest: i32 = i8x16.bitmask(all);
  for (; at < end; at++) rest |= byte(at) & 128;
  return rest === 0;
}

function readLine(start: usize, end: usize): void {
  const unset = byte(start) === HASH;
  const before = start + (unset ? 2 : 0);
  const name = before + prefixLength;
  const begins = name <= end && sameBytes(before, prefix as u32, prefixLength);
  if (unset && (!begins || byte(start + 1) !== BLANK)) return;
  const mark = unset ? BLANK : EQUALS;
  let hash: u32 = 0;
  let stop = name;
  for (; begins && stop < end; stop++) {
    const char = byte(stop);
    if (char === mark) break;
    hash = rotl(hash, 7) ^ char;
  }
  if (unset) {
    if (end - stop !== UNSET_LENGTH) return;
    if (load<u64>(stop) !== UNSET_FRONT || load<u64>(stop + 3) !== UNSET_BACK) return;
  } else if (!begins || stop >= end) {
    fail(WARNING);
    return;
  }
  const id = idAt(name, stop, hash);
  if (id < 0) unknownNames = true;
  else assign(id, unset, textFrom(stop + 1, end));
}

/** Give a symbol the value of its line. */
function assign(id: i32, unset: bool, value: Text): void {
  // The last line would hold, but two are to be warned of.
  if (load<u8>(symbol(id), MARK) !== 0) fail(WARNING);
  const typeOf: i32 = load<u8>(symbol(id), TYPE);
  const marks: i32 = load<u8>(symbol(id), TRAITS);
  if (typeOf === BOOL || typeOf === TRISTATE) {
    const char = unset ? 110 : startOf(value) < endOf(value) ? byte(startOf(value)) : 0;
    if (char !== 121 && char !== 110 && (char !== 109 || typeOf !== TRISTATE)) {
      fail(WARNING);
      return;
    }
    const given = char === 121 ? YES : char === 109 ? MOD : NO;
    if ((marks & CONSTANT) === 0) store<u8>(symbol(id), (1 + given) as i32, USER);
    store<u8>(symbol(id), 1, MARK);
  } else if (typeOf !== UNKNOWN && !assignText(id, typeOf, unset, value)) return;
  if ((marks & TRANSITIONAL) !== 0) fail(CARRIES);
  const group = load<i32>(symbol(id), GROUP);
  if (group >= 0) putFirst(group, id);
}

/** Say whether the symbol has a value now. */
function assignText(id: i32, typeOf: i32, unset: bool, value: Text): bool {
  let text = value;
  if (typeOf === STRING) {
    if (unset || startOf(value) === endOf(value) || byte(startOf(value)) !== QUOTE) return false;
    text = unquoted(value);
  } else if (unset || !(typeOf === INT ? isDecimal(value) : isHex(value))) {
    fail(WARNING);
    return false;
  }
  store<u8>(symbol(id), 1, USER);
  store<u64>(userText + int(slot + id * 4) * 8, text);
  store<u8>(symbol(id), 1, MARK);
  return true;
}

/** The text between the quotes. */
function unquoted(value: Text): Text {
  const start = startOf(value) + 1;
  const end = endOf(value);
  let at = start;
  while (at < end && byte(at) !== QUOTE && byte(at) !== BACKSLASH) at++;
  if (at < end && byte(at) === QUOTE) return textFrom(start, at);
  const copy = take(end - start);
  if (copy === 0) return value;
  let to = copy;
  for (at = start; at < end; at++) {
    if (byte(at) === QUOTE) return textFrom(copy, to);
    if (byte(at) === BACKSLASH && ++at === end) break;
    store<u8>(to++, byte(at));
  }
  fail(WARNING);
  return value;
}
