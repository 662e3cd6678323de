import { FILE, KEPT_FROM, KEPT_TO, OFFSETS } from '../thin-layout';
import { BLANK, byte, NEWLINE } from './chars';

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
  return area < areas && (load<i32>(KEPT_FROM + (area << 2)) as usize) < to;
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
