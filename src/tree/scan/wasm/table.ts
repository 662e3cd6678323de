import { byte } from '../../wasm/bytes';
import {
  ENDS_COLUMN,
  HEAD,
  KIND_COLUMN,
  NAME_COLUMN,
  NAMES,
  OFFSET_COLUMN,
  POOL,
  ROWS,
  TABLES,
} from '../hit-layout';
import { same } from './bytes';

const PAGE: usize = 1 << 16;

/** What is in use of the memory. */
let top: usize = 0;

/** Mentions and the names they have, as in ../hit-table.ts. */
let rows: i32 = 0;
let rowRoom: i32 = 0;
let nameColumn: usize = 0;
let offsetColumn: usize = 0;
let kindColumn: usize = 0;

let names: i32 = 0;
let nameRoom: i32 = 0;
let ends: usize = 0;
let hashes: usize = 0;
let pool: usize = 0;
let poolLength: usize = 0;
let poolRoom: usize = 0;

/** Number of a name and one more, at the place of its hash or the next free one. */
let slots: usize = 0;
let mask: u32 = 0;

/** Memory nobody has used, which is zero. */
export function allocate(bytes: usize): usize {
  const at = top;
  top = (at + bytes + (PAGE - 1)) & ~(PAGE - 1);
  const missing = ((top / PAGE) as i32) - memory.size();
  if (missing > 0 && memory.grow(missing) < 0) unreachable();
  return at;
}

/** An empty table with room for that many mentions and names. */
export function clear(rowsAtFirst: i32, namesAtFirst: i32): void {
  top = TABLES;
  rows = 0;
  rowRoom = rowsAtFirst;
  nameColumn = allocate((rowRoom as usize) << 2);
  offsetColumn = allocate((rowRoom as usize) << 2);
  kindColumn = allocate(rowRoom);
  names = 0;
  nameRoom = namesAtFirst;
  ends = allocate((nameRoom as usize) << 2);
  hashes = allocate((nameRoom as usize) << 2);
  poolLength = 0;
  poolRoom = (nameRoom as usize) << 4;
  pool = allocate(poolRoom);
  mask = (nameRoom << 1) - 1;
  slots = allocate((nameRoom as usize) << 3);
  tell();
}

function tell(): void {
  put(ROWS, rows);
  put(NAMES, names);
  put(NAME_COLUMN, nameColumn as i32);
  put(OFFSET_COLUMN, offsetColumn as i32);
  put(KIND_COLUMN, kindColumn as i32);
  put(POOL, pool as i32);
  put(ENDS_COLUMN, ends as i32);
}

function put(number: i32, value: i32): void {
  store<i32>(HEAD + (number << 2), value);
}

export function count(): i32 {
  return rows;
}

/** Forget the mentions from a number on. */
export function cut(length: i32): void {
  rows = length;
  put(ROWS, rows);
}

/** Add a mention; its name are the bytes between two places. */
export function add(from: usize, to: usize, offset: i32, kind: i32): void {
  if (rows === rowRoom) growRows();
  const row = rows as usize;
  store<i32>(nameColumn + (row << 2), idOf(from, to));
  store<i32>(offsetColumn + (row << 2), offset);
  store<u8>(kindColumn + row, kind);
  rows++;
  put(ROWS, rows);
}

/** Where a name of so many bytes can be put, to be added as a mention's. */
export function namePlace(length: i32): usize {
  makeRoom(length);
  return pool + poolLength;
}

function idOf(from: usize, to: usize): i32 {
  let hash: u32 = (to - from) as u32;
  for (let at = from; at < to; at++) hash = (hash ^ (byte(at) as u32)) * 0x01000193;
  hash ^= hash >> 15;
  let slot = hash & mask;
  let place = slots + ((slot as usize) << 2);
  for (let id = load<i32>(place) - 1; id >= 0; id = load<i32>(place) - 1) {
    if (load<u32>(hashes + ((id as usize) << 2)) === hash && isName(id, from, to)) return id;
    slot = (slot + 1) & mask;
    place = slots + ((slot as usize) << 2);
  }
  return newName(from, to, hash, place);
}

function isName(id: i32, from: usize, to: usize): bool {
  const start = endOf(id - 1);
  return endOf(id) - start === to - from && same(pool + start, from, to - from);
}

/** Where a name ends in the pool; 0 for the one before the first. */
function endOf(id: i32): usize {
  return id < 0 ? 0 : (load<u32>(ends + ((id as usize) << 2)) as usize);
}

function newName(from: usize, to: usize, hash: u32, place: usize): i32 {
  const length = to - from;
  makeRoom(length);
  memory.copy(pool + poolLength, from, length);
  poolLength += length;
  if (names === nameRoom) growNames();
  const id = names++;
  store<u32>(ends + ((id as usize) << 2), poolLength as u32);
  store<u32>(hashes + ((id as usize) << 2), hash);
  store<i32>(place, names);
  put(NAMES, names);
  if (((names << 1) as u32) > mask) growSlots();
  return id;
}

/** The name to be put there may lie behind those in the pool. */
function makeRoom(length: usize): void {
  if (poolLength + length <= poolRoom) return;
  poolRoom = max(poolRoom << 1, poolLength + length);
  pool = moved(pool, poolLength, poolRoom);
  put(POOL, pool as i32);
}

function moved(from: usize, length: usize, room: usize): usize {
  const to = allocate(room);
  memory.copy(to, from, length);
  return to;
}

function growNames(): void {
  const bytes = (nameRoom as usize) << 2;
  nameRoom <<= 1;
  ends = moved(ends, bytes, bytes << 1);
  hashes = moved(hashes, bytes, bytes << 1);
  put(ENDS_COLUMN, ends as i32);
}

function growSlots(): void {
  mask = (mask << 1) | 1;
  slots = allocate(((mask as usize) + 1) << 2);
  for (let id = 0; id < names; id++) {
    let slot = load<u32>(hashes + ((id as usize) << 2)) & mask;
    while (load<i32>(slots + ((slot as usize) << 2)) !== 0) slot = (slot + 1) & mask;
    store<i32>(slots + ((slot as usize) << 2), id + 1);
  }
}

function growRows(): void {
  const bytes = (rowRoom as usize) << 2;
  nameColumn = moved(nameColumn, bytes, bytes << 1);
  offsetColumn = moved(offsetColumn, bytes, bytes << 1);
  kindColumn = moved(kindColumn, rowRoom, (rowRoom as usize) << 1);
  rowRoom <<= 1;
  tell();
}
