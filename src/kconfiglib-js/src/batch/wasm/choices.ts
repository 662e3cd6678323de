import { defaultSource, expr, visibility } from './evaluate';
import { int } from './load';
import { NO, YES } from './numbers';
import {
  choiceIds,
  choices,
  defaultCond,
  defaultStart,
  entries,
  entryStart,
  memberStart,
  members,
  orderEnd,
  orderStart,
  symbol,
  TRI,
  take,
  USER,
  VALID,
  VISIBLE,
  WRITE,
} from './state';

/** Put the members of all choices in the order of their definition. */
export function orderMembers(): void {
  for (let group: i32 = 0; group < choices; group++) {
    const start = int(memberStart + group * 4);
    const count = int(memberStart + group * 4 + 4) - start;
    const below = int(entryStart + group * 4 + 4) - int(entryStart + group * 4);
    // A symbol below the choice that is no member of it comes to the others when it is set.
    const at = take((count + below + 1) * 4);
    if (at === 0) return;
    memory.copy(at, members + start * 4, count * 4);
    store<u32>(orderStart + group * 4, at);
    store<u32>(orderEnd + group * 4, at + count * 4);
  }
}

/** Put one of the symbols of a choice before all others. */
export function putFirst(group: i32, id: i32): void {
  const start = int(orderStart + group * 4);
  const end = int(orderEnd + group * 4);
  let to = end;
  for (let at = end; at > start; ) {
    at -= 4;
    const other = int(at);
    if (other === id) continue;
    store<u32>(to, other);
    to -= 4;
  }
  // Everything else lies one further up now, or more where the symbol was there before.
  const kept = end - to;
  store<u32>(start, id);
  if (to !== start) memory.copy(start + 4, to + 4, kept);
  store<u32>(orderEnd + group * 4, start + 4 + kept);
}

/** Find the chosen member of a choice, as eval/choice.ts does. */
export function choose(group: i32): void {
  const start = int(orderStart + group * 4);
  const end = int(orderEnd + group * 4);
  let chosen: i32 = -1;
  for (let at = start; at < end; at += 4) {
    const id = int(at);
    visibility(id);
    if (load<u8>(symbol(id), VISIBLE) !== NO && load<u8>(symbol(id), USER) === YES + 1) {
      chosen = id;
      break;
    }
  }
  if (chosen < 0) {
    chosen = choiceDefault(group);
    if (chosen >= 0 && load<u8>(symbol(chosen), USER) === NO + 1) chosen = -1;
  }
  const first = entries + int(entryStart + group * 4) * 4;
  const last = entries + int(entryStart + group * 4 + 4) * 4;
  for (let at = first; chosen < 0 && at < last; at += 4) {
    const id = int(at);
    if (load<u8>(symbol(id), VISIBLE) !== NO && load<u8>(symbol(id), USER) === 0) chosen = id;
  }
  for (let at = end; chosen < 0 && at > start; ) {
    at -= 4;
    if (load<u8>(symbol(int(at)), VISIBLE) !== NO) chosen = int(at);
  }
  for (let at = first; at < last; at += 4) {
    const id = int(at);
    if (load<u8>(symbol(id), VISIBLE) === NO) continue;
    store<u8>(symbol(id), (id as i32) === chosen ? YES : NO, TRI);
    store<u8>(symbol(id), 1, VALID);
    store<u8>(symbol(id), 1, WRITE);
  }
}

/** The first default that applies and is visible, else the first visible member, else -1. */
function choiceDefault(group: i32): i32 {
  const id = int(choiceIds + group * 4);
  const end = int(defaultStart + id * 4 + 4);
  for (let row = int(defaultStart + id * 4); row < end; row++) {
    if (expr(int(defaultCond + row * 4)) === NO) continue;
    const source = defaultSource(row);
    if (source >= 0 && load<u8>(symbol(source), VISIBLE) !== NO) return source;
  }
  const last = entries + int(entryStart + group * 4 + 4) * 4;
  for (let at = entries + int(entryStart + group * 4) * 4; at < last; at += 4)
    if (load<u8>(symbol(int(at)), VISIBLE) !== NO) return int(at);
  return -1;
}
