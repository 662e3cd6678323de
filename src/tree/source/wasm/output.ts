import { APOSTROPHE, BLANK, byte, EQUALS, LEFT, NEWLINE, QUOTE, RIGHT } from '../../wasm/bytes';
import { FILE, KEPT_FROM, KEPT_TO, OFFSETS } from '../thin-layout';
import { isWord } from './chars';

/** Where the next byte that is left goes: what is left lies in the same memory, before what is still to be read. */
export let out: usize = FILE;
/** Mentions that have found their places. */
export let placed: i32 = 0;

let spots: i32 = 0;
let areas: i32 = 0;
let area: i32 = 0;
/** Everything before is written, or gone. */
let written: usize = FILE;

/** Begin a file with so many mentions, around which so many areas are kept. */
export function begin(spotCount: i32, areaCount: i32): void {
  out = written = FILE;
  spots = spotCount;
  areas = areaCount;
  placed = area = 0;
  setMark();
}

/** Is what was written last a newline, or nothing. */
export function isFresh(): bool {
  return out === FILE || byte(out - 1) === NEWLINE;
}

export function put(char: i32): void {
  store<u8>(out++, char);
}

/** What stands at a place begins a line, blanks aside; if what is before it is gone, so is the newline. */
export function putNewline(place: usize): void {
  if (written < place && !isFresh()) put(NEWLINE);
}

/** Something stood here that is only white space to a compiler, with or without a newline in it. */
export function putSpace(isLong: bool): void {
  if (isFresh()) return;
  put(BLANK);
  if (isLong) put(NEWLINE);
}

/** Write what lies between two places, unless it is written. */
export function keep(begin: usize, to: usize): void {
  const from = max(begin, written);
  if (from >= to) return;
  isNear(from, to);
  for (; placed < spots; placed++) {
    const spot = load<i32>(OFFSETS + (placed << 2)) as usize;
    if (spot >= to || spot < from) break;
    store<i32>(OFFSETS + (placed << 2), (out + spot - from) as i32);
  }
  if (to - from > 32) {
    memory.copy(out, from, to - from);
    out += to - from;
  } else for (let at = from; at < to; at++) store<u8>(out++, byte(at));
  written = to;
}

/** Is a mention near what lies between two places, or in it; asked of one piece after the other. */
export function isNear(from: usize, to: usize): bool {
  while (area < areas && (load<i32>(KEPT_TO + (area << 2)) as usize) <= from) area++;
  const is = area < areas && (load<i32>(KEPT_FROM + (area << 2)) as usize) < to;
  if (is) wasNear = true;
  return is;
}

/** Has a mention been near since this was cleared. */
let wasNear: bool = false;
let mark: usize = FILE;

/** What is written from here on may be taken back. */
export function setMark(): void {
  mark = out;
  wasNear = false;
}

/** Has anything been written since but blanks. */
export function isMarked(): bool {
  for (let at = out; at > mark; at--) if (byte(at - 1) > BLANK) return false;
  return true;
}

/** Take back what was written since, unless a mention is near it. */
export function takeBack(): void {
  if (!wasNear) out = mark;
}

/**
 * Does what was written since end in the head of a function as ../declarations.ts knows them: in parentheses behind a
 * name that is no attribute's, with no initializer before.
 */
export function endsInHead(): bool {
  // There may be a comment in it then.
  if (wasNear) return false;
  let at = out;
  while (at > mark && byte(at - 1) <= BLANK) at--;
  if (at === mark || byte(at - 1) !== RIGHT) return false;
  let open: i32 = 0;
  let name: usize = 0;
  for (; at > mark; at--) {
    const char = byte(at - 1);
    if (char === EQUALS || char === QUOTE || char === APOSTROPHE) return false;
    if (char === RIGHT) open++;
    else if (char === LEFT && --open === 0 && name === 0) name = at - 1;
  }
  while (name > mark && byte(name - 1) <= BLANK) name--;
  const to = name;
  while (name > mark && isWord(byte(name - 1))) name--;
  // Attributes begin with an underscore, but for `typeof` and `DECLARE_FLEX_ARRAY`.
  const first = byte(name) | 32;
  return open === 0 && to > name && first >= 97 && first <= 122 && first !== 116 && first !== 100;
}

/** Write of this what is near mentions, in lines of its own. */
export function keepNear(begin: usize, to: usize): void {
  for (let from = begin; isNear(from, to); ) {
    const first = load<i32>(KEPT_FROM + (area << 2)) as usize;
    const last = load<i32>(KEPT_TO + (area << 2)) as usize;
    if (first >= from) putNewline(first);
    keep(max(first, from), min(last, to));
    if (last >= to) return;
    from = last;
  }
}
