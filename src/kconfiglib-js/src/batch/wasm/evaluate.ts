import { choose } from './choices';
import { byte, int } from './load';
import { nameOf } from './names';
import { compareValues, leadingNumber } from './number-text';
import {
  AND,
  BOOL,
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
  DIR,
  defaultCond,
  defaultStart,
  defaultValue,
  dirDep,
  expressions,
  fail,
  GROUP,
  hashOrder,
  hexZero,
  IMPLY,
  implied,
  kind,
  known,
  left,
  modulesId,
  noText,
  ordered,
  promptCond,
  promptStart,
  REV,
  rangeCond,
  rangeHigh,
  rangeLow,
  rangeStart,
  revDep,
  right,
  size,
  slot,
  symbol,
  TEXT_FIELD,
  TRAITS,
  TRI,
  TYPE,
  text,
  UNMET,
  USER,
  userText,
  VALID,
  VISIBLE,
  WRITE,
  zero,
} from './state';
import { Text } from './text';

// What eval/evaluator.ts does, for trees of today: line by line, so that values are found in the same order.

let modules: i32 = NO;
let modulesKnown: bool = false;

/** Forget all values. Of an earlier pass of the same run, how visible symbols are and the value of modules stay. */
export function invalidateAll(again: bool): void {
  for (let id: i32 = YES + 1; id < size; id++) store<u8>(symbol(id), 0, VALID);
  memory.fill(known, 0, expressions);
  for (let id: i32 = NO; id <= YES; id++) {
    store<u8>(symbol(id), 1, VALID);
    store<u8>(symbol(id), id as i32, TRI);
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
  modules = load<u8>(symbol(modulesId), TRI);
}

/** Find the values of all symbols. */
export function calcAll(): void {
  prepare();
  for (let i: i32 = 0; i < ordered; i++) calc(int(hashOrder + i * 4));
}

export function isLogical(typeOf: i32): bool {
  return typeOf === TRISTATE || typeOf === BOOL;
}

export function calc(id: i32): void {
  const at = symbol(id);
  if (load<u8>(at, VALID) !== 0) return;
  store<u8>(at, 1, VALID);
  store<u8>(at, NO, TRI);
  store<u8>(at, 0, WRITE);
  const typeOf: i32 = load<u8>(at, TYPE);
  if (typeOf === UNKNOWN) return;
  visibility(id);
  if (load<u8>(at, VISIBLE) !== NO) store<u8>(at, 1, WRITE);
  if (typeOf >= INT) calcText(id, typeOf);
  else {
    store<u8>(at, 1, TEXT_FIELD);
    calcTristate(id);
  }
}

/** The value of an expression; none is y. */
export function expr(e: i32): i32 {
  const before = byte(known + e);
  return before !== 0 ? before - 1 : evaluate(e);
}

/** The value of an expression that is not known. */
function evaluate(e: i32): i32 {
  const kindOf = byte(kind + e);
  const l = int(left + (e << 2));
  let value: i32;
  if (kindOf === SYMBOL) {
    const at = symbol(l);
    if (load<u8>(at, VALID) === 0) calc(l);
    value = load<u8>(at, TRI);
  } else if (kindOf === AND || kindOf === OR) {
    const a = expr(l);
    const b = expr(int(right + (e << 2)));
    value = kindOf === AND ? min(a, b) : max(a, b);
  } else if (kindOf === NOT) value = YES - expr(l);
  else value = compare(kindOf, l, int(right + (e << 2))) ? YES : NO;
  store<u8>(known + e, value + 1);
  return value;
}

/** The text of a symbol as things stand; for a symbol that is not defined, its name. */
export function textOf(id: i32): Text {
  const typeOf: i32 = load<u8>(symbol(id), TYPE);
  if (isLogical(typeOf)) return nameOf(load<u8>(symbol(id), TRI));
  if (typeOf === UNKNOWN) return nameOf(id);
  return load<u64>(text + int(slot + id * 4) * 8);
}

/** The text a default or range bound takes over; see `copiedText` there. */
function copiedText(id: i32): Text {
  if (!isLogical(load<u8>(symbol(id), TYPE)) || id <= YES) return textOf(id);
  return load<u8>(symbol(id), TEXT_FIELD) === 0 ? noText : nameOf(NO);
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
  const at = symbol(id);
  const rows = promptStart + (id << 2);
  const end = int(rows + 4);
  let value: i32 = NO;
  for (let row = int(rows); row < end; row++)
    value = max(value, expr(int(promptCond + (row << 2))));
  if (value === MOD && (load<u8>(at, TYPE) !== TRISTATE || modules === NO)) value = YES;
  store<u8>(at, value, VISIBLE);
  if ((load<u8>(at, TRAITS) & (IN_CHOICE | TRANSITIONAL)) !== 0) {
    store<u8>(at, NO, DIR);
    store<u8>(at, NO, REV);
    store<u8>(at, NO, IMPLY);
    return;
  }
  store<u8>(at, rounded(at, expr(int(dirDep + (id << 2)))), DIR);
  const selects = int(revDep + (id << 2));
  store<u8>(at, selects === 0 ? NO : rounded(at, expr(selects)), REV);
  const implies = int(implied + (id << 2));
  store<u8>(at, implies === 0 ? NO : rounded(at, expr(implies)), IMPLY);
}

/** The value as the symbol with this record can have it: without modules m comes to y. */
function rounded(at: usize, value: i32): i32 {
  if (value !== MOD) return value;
  return load<u8>(at, TYPE) === TRISTATE && modules !== NO ? MOD : YES;
}

function calcTristate(id: i32): void {
  const at = symbol(id);
  const group = load<i32>(at, GROUP);
  const marks: i32 = load<u8>(at, TRAITS);
  let value: i32 = NO;
  if (group >= 0) {
    choose(group);
    value = load<u8>(at, TRI);
  } else {
    const given: i32 = load<u8>(at, USER);
    const most: i32 = load<u8>(at, VISIBLE);
    const forced: i32 = load<u8>(at, REV);
    const transitional = (marks & TRANSITIONAL) !== 0;
    if (given !== 0 && (most !== NO || transitional)) {
      value = transitional ? given - 1 : min(given - 1, most);
    } else {
      if (forced !== NO) store<u8>(at, 1, WRITE);
      if ((marks & CHOICE) === 0) value = calcDefault(id);
    }
    if ((load<u8>(at, DIR) as i32) < forced) fail(UNMET);
    value = max(value, forced);
  }
  store<u8>(at, rounded(at, value), TRI);
  if ((marks & (CHOICE | TRANSITIONAL)) !== 0) store<u8>(at, 0, WRITE);
}

/** Value from the first default that applies, raised by imply within the dependencies. */
function calcDefault(id: i32): i32 {
  let value: i32 = NO;
  const row = firstRow(id, defaultStart, defaultCond);
  if (row >= 0) {
    const given = expr(int(defaultValue + row * 4));
    value = min(given, expr(int(defaultCond + row * 4)));
    if (value !== NO) store<u8>(symbol(id), 1, WRITE);
  }
  const raised: i32 = load<u8>(symbol(id), IMPLY);
  if (raised !== NO) {
    store<u8>(symbol(id), 1, WRITE);
    value = min<i32>(max(value, raised), load<u8>(symbol(id), DIR));
  }
  return value;
}

function calcText(id: i32, typeOf: i32): void {
  const place = int(slot + id * 4) * 8;
  const transitional = (load<u8>(symbol(id), TRAITS) & TRANSITIONAL) !== 0;
  let value: Text = typeOf === INT ? zero : typeOf === HEX ? hexZero : 0;
  store<u64>(text + place, value);
  if (load<u8>(symbol(id), USER) !== 0 && (load<u8>(symbol(id), VISIBLE) !== NO || transitional)) {
    value = load<u64>(userText + place);
  } else {
    const row = firstRow(id, defaultStart, defaultCond);
    const source = row < 0 ? -1 : defaultSource(row);
    if (source >= 0) {
      store<u8>(symbol(id), 1, WRITE);
      calc(source);
      value = copiedText(source);
    }
  }
  store<u64>(text + place, value);
  if (typeOf === INT || typeOf === HEX) clamp(id, typeOf, place);
  if (transitional) store<u8>(symbol(id), 0, WRITE);
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
  const typeOf: i32 = load<u8>(symbol(id), TYPE);
  return leadingNumber(textOf(id), typeOf === INT ? 10 : typeOf === HEX ? 16 : base);
}

function compare(kindOf: i32, a: i32, b: i32): bool {
  calc(a);
  calc(b);
  const typeA: i32 = load<u8>(symbol(a), TYPE);
  const typeB: i32 = load<u8>(symbol(b), TYPE);
  const order =
    isLogical(typeA) && isLogical(typeB)
      ? (load<u8>(symbol(a), TRI) as i32) - (load<u8>(symbol(b), TRI) as i32)
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
