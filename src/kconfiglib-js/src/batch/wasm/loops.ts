import { byte, int } from './load';
import { CHOICE, EQUAL, NOT, SYMBOL, YES } from './numbers';
import {
  choiceIds,
  choices,
  defaultCond,
  defaultStart,
  defaultValue,
  dirDep,
  entries,
  entryStart,
  expressions,
  fail,
  failure,
  free,
  GROUP,
  implied,
  kind,
  left,
  limit,
  NO_ROOM,
  promptCond,
  promptStart,
  rangeCond,
  rangeStart,
  revDep,
  right,
  size,
  symbol,
  TRAITS,
  take,
} from './state';

// What eval/loops.ts does, in the same order.

const GREY = 1;
const BLACK = 2;

let colour: usize = 0;
/** Nodes that are to be looked at, from the end of what is taken up to here. */
let top: usize = 0;

/** Can a value depend on itself. */
export function findLoop(): bool {
  colour = take((expressions + size) as usize);
  if (failure !== 0) return false;
  store<u8>(colour, BLACK);
  for (let id: i32 = 0; id <= YES; id++) store<u8>(colour + expressions + id, BLACK);
  for (let id: i32 = YES + 1; id < size; id++) {
    top = (free + 7) & ~7;
    push(expressions + id);
    if (follow(top - 4)) return true;
  }
  return false;
}

function follow(bottom: usize): bool {
  while (top > bottom) {
    top -= 4;
    const v = int(top);
    if (v < 0) {
      store<u8>(colour + ~v, BLACK);
      continue;
    }
    const known = byte(colour + v);
    if (known === BLACK) continue;
    if (known === GREY) return true;
    store<u8>(colour + v, GREY);
    push(~v);
    if (v >= expressions) {
      follows(v - expressions);
      continue;
    }
    const kindOf = byte(kind + v);
    const l = int(left + (v << 2));
    if (kindOf >= EQUAL) {
      use(l);
      if (kindOf !== SYMBOL) use(int(right + (v << 2)));
    } else {
      if (kindOf !== NOT) pushExpression(int(right + (v << 2)));
      pushExpression(l);
    }
  }
  return false;
}

function push(v: i32): void {
  if (limit - top < 4) {
    fail(NO_ROOM);
    return;
  }
  store<i32>(top, v);
  top += 4;
}

function pushExpression(e: i32): void {
  if (byte(colour + e) !== BLACK) push(e);
}

/** A symbol stands in an expression. A member of a choice stands for the choice. */
function use(id: i32): void {
  const group = load<i32>(symbol(id), GROUP);
  const v = expressions + (group < 0 ? id : int(choiceIds + (group << 2)));
  if (byte(colour + v) !== BLACK) push(v);
}

function follows(id: i32): void {
  if (load<i32>(symbol(id), GROUP) >= 0) {
    use(id);
    return;
  }
  pushOwn(id);
  if (((load<u8>(symbol(id), TRAITS) as i32) & CHOICE) === 0) return;
  for (let group: i32 = 0; group < choices; group++) {
    if (int(choiceIds + (group << 2)) !== id) continue;
    const end = int(entryStart + (group << 2) + 4);
    for (let i = int(entryStart + (group << 2)); i < end; i++) pushOwn(int(entries + (i << 2)));
  }
}

function pushOwn(id: i32): void {
  const place = id << 2;
  pushExpression(int(dirDep + place));
  pushExpression(int(revDep + place));
  pushExpression(int(implied + place));
  pushRows(promptStart + place, promptCond);
  pushRows(defaultStart + place, defaultCond);
  pushRows(rangeStart + place, rangeCond);
  if (((load<u8>(symbol(id), TRAITS) as i32) & CHOICE) === 0)
    pushRows(defaultStart + place, defaultValue);
}

function pushRows(start: usize, column: usize): void {
  const end = int(start + 4);
  for (let row = int(start); row < end; row++) pushExpression(int(column + (row << 2)));
}
