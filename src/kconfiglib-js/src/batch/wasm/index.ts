import { orderMembers } from './choices';
import { calcAll, invalidateAll, isLogical, prepare, textOf } from './evaluate';
import { byte, int } from './load';
import { CHOICE } from './numbers';
import { readConfig, unknownNames } from './read';
import {
  bind,
  failure,
  hashOrder,
  ordered,
  slot,
  traits,
  tri,
  type,
  user,
  userText,
  write,
} from './state';
import { compareTexts, endOf, startOf, Text, textFrom } from './text';
import { writeConfig } from './write';

/** Where the text that was written begins and ends. */
export function writtenStart(): usize {
  return startOf(result);
}

export function writtenEnd(): usize {
  return endOf(result);
}

let result: Text = 0;

/** The sum of whole words, of which there is an even number, as snapshot/container.ts reckons it. */
export function checksum(start: usize, length: usize): i32 {
  let even: i32 = 0;
  let odd: i32 = 0;
  for (let at = start; at < start + length; at += 8) {
    even = (rotl(even, 5) ^ int(at)) + 1;
    odd = (rotl(odd, 7) ^ int(at + 4)) + 1;
  }
  return even ^ odd;
}

/**
 * Read the `.config` from `start` to `end`, find all values, and write it anew behind the head. `words` are those of
 * batch/bind.ts. Gives 0, or why this cannot be done here.
 */
export function run(words: usize, start: i32, end: i32, head: usize, headEnd: usize): i32 {
  bind(words);
  if (failure !== 0) return failure;
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
  if ((byte(traits + id) & CHOICE) !== 0) return true;
  const given = byte(user + id);
  if (given === 0 || byte(write + id) === 0) return given === 0 && byte(write + id) === 0;
  if (isLogical(byte(type + id))) return given - 1 === byte(tri + id);
  return compareTexts(load<u64>(userText + int(slot + id * 4) * 8), textOf(id)) === 0;
}
