import { choose } from './choices';
import { byte, int } from './load';
import { nameOf } from './names';
import { compareValues, leadingNumber } from './number-text';
import {
  AND,
  CHOICE,
  EQUAL,
  GREATER,
  HEX,
  IN_CHOICE,
  INT,
  LESS,
  LESS_EQUAL,
  MOD,
  NO,
  NOT,
  OR,
  SYMBOL,
  TRANSITIONAL,
  TRISTATE,
  UNEQUAL,
  UNKNOWN,
  YES,
} from './numbers';
import {
  choice,
  defaultCond,
  defaultStart,
  defaultValue,
  dir,
  dirDep,
  expressions,
  fail,
  hashOrder,
  hexZero,
  implied,
  imply,
  kind,
  known,
  left,
  modulesId,
  noText,
  ordered,
  promptCond,
  promptStart,
  rangeCond,
  rangeHigh,
  rangeLow,
  rangeStart,
  rev,
  revDep,
  right,
  size,
  slot,
  text,
  textField,
  traits,
  tri,
  type,
  UNMET,
  user,
  userText,
  valid,
  visible,
  write,
  zero,
} from './state';
import { Text } from './text';

// What eval/evaluator.ts does, for trees of today: line by line, so that values are found in the same order.

let modules: i32 = NO;
let modulesKnown: bool = false;

/** Forget all values. Of an earlier pass of the same run, how visible symbols are and the value of modules stay. */
export function invalidateAll(again: bool): void {
  memory.fill(valid, 0, size);
  memory.fill(known, 0, expressions);
  for (let id: i32 = NO; id <= YES; id++) {
    store<u8>(valid + id, 1);
    store<u8>(tri + id, id as i32);
  }
  store<u8>(known, YES + 1);
  modulesKnown = false;
  if (!again) modules = NO;
}

export function prepare(): void {
  if (modulesKnown) return;
  modulesKnown = true;
  if (modulesId <= YES) return;
  calc(modulesId);
  modules = byte(tri + modulesId);
}

/** Find the values of all symbols. */
export function calcAll(): void {
  prepare();
  for (let i: i32 = 0; i < ordered; i++) calc(int(hashOrder + i * 4));
}

function isBool(id: i32): bool {
  const kindOf = byte(type + id);
  return kindOf === TRISTATE ? modules === NO : isLogical(kindOf);
}

export function isLogical(typeOf: i32): bool {
  return typeOf === TRISTATE || typeOf === 1;
}

export function calc(id: i32): void {
  if (byte(valid + id) !== 0) return;
  store<u8>(valid + id, 1);
  store<u8>(tri + id, NO);
  store<u8>(write + id, 0);
  const typeOf = byte(type + id);
  if (typeOf === UNKNOWN) return;
  visibility(id);
  if (byte(visible + id) !== NO) store<u8>(write + id, 1);
  if (typeOf >= INT) calcText(id, typeOf);
  else {
    store<u8>(textField + id, 1);
    calcTristate(id);
  }
}

/** The value of an expression; none is y. */
export function expr(e: i32): i32 {
  const before = byte(known + e);
  if (before !== 0) return before - 1;
  const kindOf = byte(kind + e);
  const l = int(left + e * 4);
  let value: i32;
  if (kindOf === SYMBOL) {
    calc(l);
    value = byte(tri + l);
  } else if (kindOf === AND || kindOf === OR) {
    const a = expr(l);
    const b = expr(int(right + e * 4));
    value = a < b === (kindOf === AND) ? a : b;
  } else if (kindOf === NOT) value = YES - expr(l);
  else value = compare(kindOf, l, int(right + e * 4)) ? YES : NO;
  store<u8>(known + e, value + 1);
  return value;
}

/** The text of a symbol as things stand; for a symbol that is not defined, its name. */
export function textOf(id: i32): Text {
  const typeOf = byte(type + id);
  if (isLogical(typeOf)) return nameOf(byte(tri + id));
  if (typeOf === UNKNOWN) return nameOf(id);
  return load<u64>(text + int(slot + id * 4) * 8);
}

/** The text a default or range bound takes over; see `copiedText` there. */
function copiedText(id: i32): Text {
  if (!isLogical(byte(type + id)) || id <= YES) return textOf(id);
  return byte(textField + id) === 0 ? noText : nameOf(NO);
}

/** First row of a table whose condition holds, or -1. */
function firstRow(id: i32, start: usize, cond: usize): i32 {
  const end = int(start + id * 4 + 4);
  for (let row = int(start + id * 4); row < end; row++)
    if (expr(int(cond + row * 4)) !== NO) return row;
  return -1;
}

/** The symbol a text default takes its value from, or -1 if the default is no single symbol. */
export function defaultSource(row: i32): i32 {
  const e = int(defaultValue + row * 4);
  return byte(kind + e) === SYMBOL ? int(left + e * 4) : -1;
}

/** Find visibility, and the values of dependencies, selects and implies. */
export function visibility(id: i32): void {
  const end = int(promptStart + id * 4 + 4);
  let value: i32 = NO;
  for (let row = int(promptStart + id * 4); row < end; row++)
    value = max(value, expr(int(promptCond + row * 4)));
  if (value === MOD && (byte(type + id) !== TRISTATE || modules === NO)) value = YES;
  store<u8>(visible + id, value);
  if ((byte(traits + id) & IN_CHOICE) !== 0) {
    store<u8>(dir + id, NO);
    store<u8>(rev + id, NO);
    store<u8>(imply + id, NO);
    return;
  }
  store<u8>(dir + id, rounded(id, expr(int(dirDep + id * 4))));
  const selects = int(revDep + id * 4);
  store<u8>(rev + id, selects === 0 ? NO : rounded(id, expr(selects)));
  const implies = int(implied + id * 4);
  store<u8>(imply + id, implies === 0 ? NO : rounded(id, expr(implies)));
}

/** The value as the symbol can have it: without modules m comes to y. */
function rounded(id: i32, value: i32): i32 {
  return value === MOD && isBool(id) ? YES : value;
}

function calcTristate(id: i32): void {
  const group = int(choice + id * 4);
  const marks = byte(traits + id);
  let value: i32 = NO;
  if (group >= 0) {
    choose(group);
    value = byte(tri + id);
  } else {
    const given = byte(user + id);
    const transitional = (marks & TRANSITIONAL) !== 0;
    const most = byte(visible + id);
    if (given !== 0 && (most !== NO || transitional)) {
      value = transitional ? given - 1 : min<i32>(given - 1, most);
    } else {
      if (byte(rev + id) !== NO) store<u8>(write + id, 1);
      if ((marks & CHOICE) === 0) value = calcDefault(id);
    }
    if (byte(dir + id) < byte(rev + id)) fail(UNMET);
    value = max(value, byte(rev + id));
  }
  store<u8>(tri + id, rounded(id, value));
  if ((marks & (CHOICE | TRANSITIONAL)) !== 0) store<u8>(write + id, 0);
}

/** Value from the first default that applies, raised by imply within the dependencies. */
function calcDefault(id: i32): i32 {
  let value: i32 = NO;
  const row = firstRow(id, defaultStart, defaultCond);
  if (row >= 0) {
    const given = expr(int(defaultValue + row * 4));
    value = min(given, expr(int(defaultCond + row * 4)));
    if (value !== NO) store<u8>(write + id, 1);
  }
  const raised = byte(imply + id);
  if (raised !== NO) {
    store<u8>(write + id, 1);
    value = min(max(value, raised), byte(dir + id));
  }
  return value;
}

function calcText(id: i32, typeOf: i32): void {
  const place = int(slot + id * 4) * 8;
  const transitional = (byte(traits + id) & TRANSITIONAL) !== 0;
  let value: Text = typeOf === INT ? zero : typeOf === HEX ? hexZero : 0;
  store<u64>(text + place, value);
  if (byte(user + id) !== 0 && (byte(visible + id) !== NO || transitional)) {
    value = load<u64>(userText + place);
  } else {
    const row = firstRow(id, defaultStart, defaultCond);
    const source = row < 0 ? -1 : defaultSource(row);
    if (source >= 0) {
      store<u8>(write + id, 1);
      calc(source);
      value = copiedText(source);
    }
  }
  store<u64>(text + place, value);
  if (typeOf === INT || typeOf === HEX) clamp(id, typeOf, place);
  if (transitional) store<u8>(write + id, 0);
}

/** Hold a number within its range; the text of the bound is taken over as it is. */
function clamp(id: i32, typeOf: i32, place: i32): void {
  const row = firstRow(id, rangeStart, rangeCond);
  if (row < 0) return;
  const base: i32 = typeOf === INT ? 10 : 16;
  const value = leadingNumber(load<u64>(text + place), base);
  let bound = int(rangeLow + row * 4);
  if (value >= rangeBound(bound, base)) {
    bound = int(rangeHigh + row * 4);
    if (value <= rangeBound(bound, base)) return;
  }
  store<u64>(text + place, copiedText(bound));
}

/** The number a range bound stands for: its own type decides the base, that of the ranged symbol if it has none. */
function rangeBound(id: i32, base: i32): i64 {
  calc(id);
  const typeOf = byte(type + id);
  return leadingNumber(textOf(id), typeOf === INT ? 10 : typeOf === HEX ? 16 : base);
}

function compare(kindOf: i32, a: i32, b: i32): bool {
  calc(a);
  calc(b);
  const typeA = byte(type + a);
  const typeB = byte(type + b);
  const order =
    isLogical(typeA) && isLogical(typeB)
      ? byte(tri + a) - byte(tri + b)
      : compareValues(typeA, textOf(a), typeB, textOf(b));
  switch (kindOf) {
    case EQUAL:
      return order === 0;
    case UNEQUAL:
      return order !== 0;
    case LESS:
      return order < 0;
    case LESS_EQUAL:
      return order <= 0;
    case GREATER:
      return order > 0;
    default:
      return order >= 0;
  }
}
