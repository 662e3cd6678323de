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
  choice,
  fail,
  mark,
  NOT_ASCII,
  prefix,
  prefixLength,
  slot,
  take,
  traits,
  type,
  user,
  userText,
  WARNING,
} from './state';
import { endOf, sameBytes, startOf, Text, textFrom } from './text';

const NEWLINE: i32 = 10;
const RETURN: i32 = 13;
const BLANK: i32 = 32;
const QUOTE: i32 = 34;
const HASH: i32 = 35;
const EQUALS: i32 = 61;
const BACKSLASH: i32 = 92;

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
    let stop = at;
    while (stop < end && byte(stop) !== NEWLINE) stop++;
    const next = stop + 1;
    if (stop < end && stop > at && byte(stop - 1) === RETURN) stop--;
    if (stop > at) readLine(at, stop);
    at = next;
  }
}

function isAscii(start: usize, end: usize): bool {
  let all: u64 = 0;
  let at = start;
  for (; at + 8 <= end; at += 8) all |= load<u64>(at);
  for (; at < end; at++) all |= byte(at);
  return (all & 0x8080808080808080) === 0;
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
  if (byte(mark + id) !== 0) fail(WARNING);
  const typeOf = byte(type + id);
  const marks = byte(traits + id);
  if (typeOf === BOOL || typeOf === TRISTATE) {
    const char = unset ? 110 : startOf(value) < endOf(value) ? byte(startOf(value)) : 0;
    if (char !== 121 && char !== 110 && (char !== 109 || typeOf !== TRISTATE)) {
      fail(WARNING);
      return;
    }
    const given = char === 121 ? YES : char === 109 ? MOD : NO;
    if ((marks & CONSTANT) === 0) store<u8>(user + id, (1 + given) as i32);
    store<u8>(mark + id, 1);
  } else if (typeOf !== UNKNOWN && !assignText(id, typeOf, unset, value)) return;
  if ((marks & TRANSITIONAL) !== 0) fail(CARRIES);
  const group = int(choice + id * 4);
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
  store<u8>(user + id, 1);
  store<u64>(userText + int(slot + id * 4) * 8, text);
  store<u8>(mark + id, 1);
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
