import { orderMembers } from './choices';
import { calcAll, invalidateAll, isLogical, prepare, textOf } from './evaluate';
import { findHashOrder } from './hash-order';
import { int } from './load';
import { findLoop } from './loops';
import { CHOICE } from './numbers';
import { readConfig, unknownNames } from './read';
import {
  bind,
  failure,
  hashOrder,
  ordered,
  slot,
  symbol,
  TRAITS,
  TRI,
  TYPE,
  USER,
  userText,
  WRITE,
} from './state';
import { compareTexts, endOf, startOf, Text, textFrom } from './text';
import { writeConfig } from './write';

/** Can a value of a program depend on itself: 1 or 0, or -1 where there is no room to find out. */
export function hasLoop(words: usize): i32 {
  bind(words);
  const found = findLoop();
  return failure !== 0 ? -1 : found ? 1 : 0;
}

/** Where the text that was written begins and ends. */
export function writtenStart(): usize {
  return startOf(result);
}

export function writtenEnd(): usize {
  return endOf(result);
}

let result: Text = 0;

/**
 * The sum that snapshot/container.ts reckons, of a number of bytes that is a multiple of 8. The rows of a block do not wait
 * for each other.
 */
export function checksum(start: usize, length: usize): i32 {
  let a: v128 = i32x4.splat(0);
  let b: v128 = a;
  let c: v128 = a;
  let d: v128 = a;
  const end = start + length;
  let at = start;
  for (; at + 64 <= end; at += 64) {
    a = mixed(a, v128.load(at));
    b = mixed(b, v128.load(at, 16));
    c = mixed(c, v128.load(at, 32));
    d = mixed(d, v128.load(at, 48));
  }
  for (; at < end; at += 8) a = mixed(a, v128.load64_zero(at));
  return folded(folded(folded(folded(0, a), b), c), d);
}

function mixed(sums: v128, words: v128): v128 {
  const turned = v128.or(i32x4.shl(sums, 5), i32x4.shr_u(sums, 27));
  return i32x4.add(v128.xor(turned, words), i32x4.splat(1));
}

function folded(sum: i32, row: v128): i32 {
  let all = sum;
  all = (rotl(all, 5) ^ i32x4.extract_lane(row, 0)) + 1;
  all = (rotl(all, 5) ^ i32x4.extract_lane(row, 1)) + 1;
  all = (rotl(all, 5) ^ i32x4.extract_lane(row, 2)) + 1;
  return (rotl(all, 5) ^ i32x4.extract_lane(row, 3)) + 1;
}

/**
 * Read the `.config` from `start` to `end`, find all values, and write it anew behind the head. `words` are those of
 * batch/bind.ts. Gives 0, or why this cannot be done here.
 */
export function run(words: usize, start: i32, end: i32, head: usize, headEnd: usize): i32 {
  bind(words);
  if (failure !== 0) return failure;
  if (hashOrder === 0) findHashOrder();
  orderMembers();
  readConfig(start, end);
  if (failure !== 0) return failure;
  invalidateAll(false);
  calcAll();
  let changed = unknownNames;
  for (let i: i32 = 0; i < ordered && !changed; i++) changed = !isAsRead(int(hashOrder + i * 4));
  if (!changed) {
    // What `conf` does before it writes: values that were found while a file was read may be others in a second pass.
    invalidateAll(true);
    prepare();
  }
  result = writeConfig(textFrom(head, headEnd));
  return failure;
}

/** Is the value of a symbol the one that was read, or none where none is to be written. */
function isAsRead(id: i32): bool {
  const at = symbol(id);
  if ((load<u8>(at, TRAITS) & CHOICE) !== 0) return true;
  const given: i32 = load<u8>(at, USER);
  const writes = load<u8>(at, WRITE) !== 0;
  if (given === 0 || !writes) return given === 0 && !writes;
  if (isLogical(load<u8>(at, TYPE))) return given - 1 === (load<u8>(at, TRI) as i32);
  return compareTexts(load<u64>(userText + int(slot + id * 4) * 8), textOf(id)) === 0;
}
