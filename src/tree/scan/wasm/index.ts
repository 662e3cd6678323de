import { FIRST_ROOM, FIRST_ROOM_BYTES } from '../hit-layout';
import { kconfigFile } from './kconfig';
import { piece } from './source';
import { add, allocate, clear, count, cut, namePlace } from './table';

export { clear, cut, namePlace };

/** Bytes of a file among which a NUL tells that it is no text (../what-file.ts). */
const TOLD_BY = 8000;

/** What files are read into. */
let room: usize = FIRST_ROOM;
let roomBytes: usize = FIRST_ROOM_BYTES;

/** Where a room of so many bytes begins, be it the one there is; what was in that is gone then. */
export function roomFor(bytes: i32): usize {
  if ((bytes as usize) > roomBytes) {
    roomBytes = bytes as usize;
    room = allocate(roomBytes);
  }
  return room;
}

/** The mentions in a piece of a file between two places of the room, as `piece` has them. */
export function addPiece(from: i32, to: i32, base: i32, last: i32): i32 {
  return (piece(room + from, room + to, base, last !== 0) - room) as i32;
}

/** The same of a whole file, by its kind; what is no text has none. */
export function addFile(from: i32, length: i32, isKconfig: i32): void {
  const begin = room + from;
  const end = begin + length;
  const before = count();
  // What a file before left there is no part of this one.
  store<u8>(end, 0);
  if (isKconfig !== 0) kconfigFile(begin, end);
  else piece(begin, end, 0, true);
  if (count() > before && isBinary(begin, end)) cut(before);
}

function isBinary(begin: usize, end: usize): bool {
  const to = min(end, begin + TOLD_BY);
  for (let at = begin; at < to; at++) if (load<u8>(at) === 0) return true;
  return false;
}

/** A mention whose name was put to its place. */
export function addNamed(length: i32, offset: i32, kind: i32): void {
  const from = namePlace(length);
  add(from, from + length, offset, kind);
}
