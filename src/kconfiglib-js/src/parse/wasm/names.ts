import { byte, int } from '../../batch/wasm/load';
import { MARK_CHOICE, MARK_CONSTANT } from './numbers';
import {
  constantBytes,
  constantLimit,
  constantMask,
  constantTable,
  giveUp,
  keywordMask,
  keywordTable,
  nameBytes,
  nameEnd,
  nameLimit,
  nameMask,
  nameRows,
  nameStart,
  nameTable,
  symbolMarks,
  symbolRoom,
} from './state';

/** The first symbols: n, m and y. */
export const LETTERS = 3;

/** Bytes of a row of names: hash, begin and end, as lex/name-table.ts has them. */
const ROW = 12;

export let symbolCount: i32 = 0;
export let nameLength: i32 = 0;
export let nameCount: i32 = 0;
export let constantLength: i32 = 0;
let constants: i32 = 0;

export function clearNames(): void {
  symbolCount = 0;
  nameCount = 0;
  nameLength = 0;
  constantLength = 0;
  constants = 0;
}

/** The hash of lex/name-hash.ts. */
export function hashOf(start: usize, end: usize): u32 {
  let hash: u32 = 0;
  for (let at = start; at < end; at++) hash = rotl(hash, 7) ^ byte(at);
  return hash;
}

function same(a: usize, b: usize, length: usize): bool {
  let i: usize = 0;
  for (; i + 8 <= length; i += 8) if (load<u64>(a + i) !== load<u64>(b + i)) return false;
  for (; i < length; i++) if (load<u8>(a + i) !== load<u8>(b + i)) return false;
  return true;
}

function addSymbol(mark: i32, start: i32, end: i32): i32 {
  const id = symbolCount++;
  if (id >= symbolRoom) giveUp();
  store<u8>(symbolMarks + id, mark);
  store<i32>(nameStart + (id << 2), start);
  store<i32>(nameEnd + (id << 2), end);
  return id;
}

/** Make the nameless symbol of a choice. */
export function addChoice(): i32 {
  return addSymbol(MARK_CHOICE, 0, 0);
}

/** Find or make the symbol of this name. */
export function lookup(start: usize, end: usize, hash: u32): i32 {
  const length = (end - start) as i32;
  let slot = hash ^ (hash >> 15);
  let place = nameTable + ((slot & nameMask) << 2);
  for (let id = int(place) - 1; id >= 0; id = int(place) - 1) {
    const row = nameRows + id * ROW;
    const at = int(row + 4);
    if (
      load<u32>(row) === hash &&
      int(row + 8) - at === length &&
      same(nameBytes + at, start, length)
    )
      return id;
    place = nameTable + ((++slot & nameMask) << 2);
  }
  const id = addName(start, length, hash, 0);
  store<i32>(place, id + 1);
  return id;
}

function addName(start: usize, length: i32, hash: u32, mark: i32): i32 {
  const at = nameLength;
  if (at + length > nameLimit) giveUp();
  memory.copy(nameBytes + at, start, length);
  nameLength += length;
  const id = addSymbol(mark, at, nameLength);
  nameCount++;
  const row = nameRows + id * ROW;
  store<u32>(row, hash);
  store<i32>(row + 4, at);
  store<i32>(row + 8, nameLength);
  return id;
}

/** Find or make the constant with this text. */
export function constant(start: usize, end: usize): i32 {
  const length = (end - start) as i32;
  const slot = constantSlot(start, length);
  const found = int(slot);
  if (found !== 0) return found - 1;
  const at = constantLength;
  if (at + length > constantLimit || ++constants * 2 > constantMask) giveUp();
  memory.copy(constantBytes + at, start, length);
  constantLength += length;
  const id = addSymbol(MARK_CONSTANT, at, constantLength);
  store<i32>(slot, id + 1);
  return id;
}

/** The slot of a constant, be it there or not. */
function constantSlot(start: usize, length: i32): usize {
  const hash = hashOf(start, start + length);
  let slot = hash ^ (hash >> 15);
  let place = constantTable + ((slot & constantMask) << 2);
  for (let id = int(place) - 1; id >= 0; id = int(place) - 1) {
    const at = int(nameStart + (id << 2));
    if (int(nameEnd + (id << 2)) - at === length && same(bytesOf(id) + at, start, length)) break;
    place = constantTable + ((++slot & constantMask) << 2);
  }
  return place;
}

/** Where the text of a constant is counted from: n, m and y are names, too. */
function bytesOf(id: i32): usize {
  return id < LETTERS ? nameBytes : constantBytes;
}

/** Make a symbol that is the constant of this name and that of the name itself: y, m and n. */
export function addLetter(start: usize): i32 {
  const hash = hashOf(start, start + 1);
  const id = addName(start, 1, hash, MARK_CONSTANT);
  store<i32>(constantSlot(start, 1), id + 1);
  constants++;
  let slot = hash ^ (hash >> 15);
  while (int(nameTable + ((slot & nameMask) << 2)) !== 0) slot++;
  store<i32>(nameTable + ((slot & nameMask) << 2), id + 1);
  return id;
}

/** Bytes of a slot of the keywords: where the word begins, where it ends, and its token. */
const KEYWORD = 12;

/** Make a word, which stays where it stands, a keyword. */
export function addKeyword(start: usize, end: usize, token: i32): void {
  let slot = keywordSlot(hashOf(start, end));
  while (int(slot) !== 0) slot = nextKeyword(slot);
  store<i32>(slot, start as i32);
  store<i32>(slot + 4, end as i32);
  store<i32>(slot + 8, token);
}

/** The token of a word with this hash, or -1. */
export function keyword(start: usize, end: usize, hash: u32): i32 {
  for (let slot = keywordSlot(hash); int(slot) !== 0; slot = nextKeyword(slot)) {
    const at = int(slot);
    if (((int(slot + 4) - at) as usize) === end - start && same(at, start, end - start))
      return int(slot + 8);
  }
  return -1;
}

function keywordSlot(hash: u32): usize {
  return keywordTable + ((hash ^ (hash >> 15)) & keywordMask) * KEYWORD;
}

function nextKeyword(slot: usize): usize {
  const next = slot + KEYWORD;
  return next > keywordTable + keywordMask * KEYWORD ? keywordTable : next;
}
