import { BACKSLASH, EQUALS, NEWLINE, QUOTE } from './chars';
import { calc, expr, isLogical, prepare, textOf } from './evaluate';
import { byte, int } from './load';
import { nameOf } from './names';
import { NO, STEP_END, STEP_SYMBOL, STRING, UNKNOWN, YES } from './numbers';
import {
  fail,
  failure,
  free,
  headingCond,
  headingStart,
  headings,
  headingVisibility,
  limit,
  listed,
  MARK,
  NO_ROOM,
  prefix,
  prefixLength,
  setFree,
  size,
  stepArgs,
  steps,
  symbol,
  TRI,
  TYPE,
  WRITE,
} from './state';
import { endOf, lengthOf, startOf, Text, textFrom } from './text';

/** More than what stands in a line beside a name and a text. */
const AROUND = 32;

/** Where the next byte goes. */
let to: usize = 0;

/** Write the `.config` behind what is made so far, as write/dotconfig.ts does. Gives where it stands. */
export function writeConfig(head: Text): Text {
  const start = free;
  to = start;
  if (reserve(lengthOf(head))) putText(head);
  for (let id: i32 = 0; id < size; id++) store<u8>(symbol(id), 0, MARK);
  let gap = false;
  prepare();
  for (let i: i32 = 0; i < listed && failure === 0; i++) {
    const at = int(stepArgs + i * 4);
    const step = byte(steps + i);
    if (step === STEP_SYMBOL) {
      const record = symbol(at);
      if (load<u8>(record, MARK) !== 0) continue;
      calc(at);
      if (load<u8>(record, WRITE) === 0) continue;
      if (gap) putByte(NEWLINE);
      gap = false;
      store<u8>(record, 1, MARK);
      writeSymbol(at);
    } else if (isShown(at)) {
      gap = step === STEP_END;
      writeHeading(at, gap);
    }
  }
  setFree(to);
  return textFrom(start, to);
}

function isShown(row: i32): bool {
  const visible = int(headingVisibility + row * 4);
  if (visible !== 0 && expr(visible) === NO) return false;
  return expr(int(headingCond + row * 4)) !== NO;
}

/** `# end of TEXT`, or the text between two lines of their own, after an empty one. */
function writeHeading(row: i32, end: bool): void {
  const at = headingStart + row * 4;
  const text = textFrom(headings + int(at), headings + int(at + 4));
  if (!reserve(lengthOf(text))) return;
  if (end) {
    putWord(0x6f20646e652023, 7);
    putWord(0x2066, 2);
  } else putWord(0x20230a230a, 5);
  putText(text);
  if (end) putByte(NEWLINE);
  else putWord(0x0a230a, 3);
}

function writeSymbol(id: i32): void {
  const typeOf: i32 = load<u8>(symbol(id), TYPE);
  if (typeOf === UNKNOWN) return;
  const name = nameOf(id);
  if (isLogical(typeOf)) {
    if (!reserve(lengthOf(name))) return;
    const value: i32 = load<u8>(symbol(id), TRI);
    if (value === NO) putWord(0x2023, 2);
    putText(textFrom(prefix, prefix + prefixLength));
    putText(name);
    if (value === NO) {
      putWord(0x20746f6e20736920, 8);
      putWord(0x0a746573, 4);
    } else putWord(value === YES ? 0x0a793d : 0x0a6d3d, 3);
    return;
  }
  const text = textOf(id);
  if (!reserve(lengthOf(name) + 2 * lengthOf(text))) return;
  putText(textFrom(prefix, prefix + prefixLength));
  putText(name);
  putByte(EQUALS);
  if (typeOf === STRING) putQuoted(text);
  else putText(text);
  putByte(NEWLINE);
}

/** Is there room for so many bytes, the prefix and what stands around. */
function reserve(bytes: usize): bool {
  if (limit - to >= bytes + prefixLength + AROUND) return true;
  fail(NO_ROOM);
  return false;
}

function putByte(byte: i32): void {
  store<u8>(to++, byte);
}

/** Up to 8 bytes, given as a number. */
function putWord(bytes: u64, length: usize): void {
  store<u64>(to, bytes);
  to += length;
}

function putText(text: Text): void {
  let at = startOf(text);
  const end = endOf(text);
  let out = to;
  to += end - at;
  // Whole words, as long as what is written beyond the end lies within the room for a line.
  for (; at < end; at += 8, out += 8) store<u64>(out, load<u64>(at));
}

/** A text in double quotes, with quotes and backslashes escaped. */
function putQuoted(text: Text): void {
  putByte(QUOTE);
  for (let at = startOf(text); at < endOf(text); at++) {
    const char = byte(at);
    if (char === QUOTE || char === BACKSLASH) putByte(BACKSLASH);
    putByte(char);
  }
  putByte(QUOTE);
}
