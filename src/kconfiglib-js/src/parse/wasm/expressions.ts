import { byte, int } from '../../batch/wasm/load';
import * as E from '../../batch/wasm/numbers';
import { expect, peek, shift, valueAscii, valueEnd, valueHash, valueStart } from './lexer';
import { constant, lookup } from './names';
import {
  AND,
  CLOSE_PAREN,
  EQUAL,
  GREATER_EQUAL,
  IF,
  NOT,
  OPEN_PAREN,
  OR,
  WORD,
  WORD_QUOTE,
} from './numbers';
import {
  exprKind,
  exprLeft,
  exprMask,
  exprRight,
  exprRoom,
  exprTable,
  giveUp,
  symbolExpr,
} from './state';

export let exprCount: i32 = 1;

export function clearExpressions(): void {
  exprCount = 1;
}

/** The expression with this shape: found, or made (expr/store.ts). */
export function make(kind: i32, left: i32, right: i32): i32 {
  let hash: u32 =
    ((left as u32) * 0x9e3779b1) ^ (((right + kind * 0x3d4d51cb) as u32) * 0x85ebca77);
  hash ^= hash >> 15;
  let slot = exprTable + ((hash & exprMask) << 2);
  for (let e = int(slot); e !== 0; e = int(slot)) {
    const at = e << 2;
    if (int(exprLeft + at) === left && int(exprRight + at) === right && byte(exprKind + e) === kind)
      return e;
    slot = exprTable + ((++hash & exprMask) << 2);
  }
  const made = exprCount++;
  if (made >= exprRoom) giveUp();
  store<u8>(exprKind + made, kind);
  store<i32>(exprLeft + (made << 2), left);
  store<i32>(exprRight + (made << 2), right);
  store<i32>(slot, made);
  return made;
}

/** The expression that is just a symbol. */
export function symbolOf(id: i32): i32 {
  const place = symbolExpr + (id << 2);
  let e = int(place);
  if (e === 0) {
    e = make(E.SYMBOL, id, 0);
    store<i32>(place, e);
  }
  return e;
}

export function and(a: i32, b: i32): i32 {
  return a === 0 ? b : b === 0 ? a : make(E.AND, a, b);
}

export function or(a: i32, b: i32): i32 {
  return a === 0 ? b : b === 0 ? a : make(E.OR, a, b);
}

/** `compareWith` of expr/transform.ts for the constant n. */
export function comparedWithNo(e: i32, kind: i32): i32 {
  if (e === 0) {
    const no = symbolOf(E.NO);
    return kind === E.UNEQUAL ? make(E.NOT, no, 0) : no;
  }
  const type: i32 = load<u8>(exprKind + e);
  const first = int(exprLeft + (e << 2));
  if (type === E.AND || type === E.OR) {
    const left = comparedWithNo(first, E.EQUAL);
    const right = comparedWithNo(int(exprRight + (e << 2)), E.EQUAL);
    const joined = make(type === E.AND ? E.OR : E.AND, left, right);
    return kind === E.UNEQUAL ? make(E.NOT, joined, 0) : joined;
  }
  if (type === E.NOT) return comparedWithNo(first, kind === E.EQUAL ? E.UNEQUAL : E.EQUAL);
  if (type >= E.EQUAL && type < E.SYMBOL) return kind === E.EQUAL ? make(E.NOT, e, 0) : e;
  return make(kind, first, E.NO);
}

export function parseExpr(): i32 {
  let left = parseAnd();
  while (peek() === OR) {
    shift();
    left = make(E.OR, left, parseAnd());
  }
  return left;
}

/** `if expr`, or nothing. */
export function parseIf(): i32 {
  if (peek() !== IF) return 0;
  shift();
  return parseExpr();
}

/** A bare or quoted symbol: its id. */
export function parseSymbol(): i32 {
  if (peek() !== WORD_QUOTE) return parseName();
  shift();
  if (!valueAscii) giveUp();
  return constant(valueStart, valueEnd);
}

/** A name: the id of the symbol. */
export function parseName(): i32 {
  expect(WORD);
  return lookup(valueStart, valueEnd, valueHash);
}

function parseAnd(): i32 {
  let left = parseUnary();
  while (peek() === AND) {
    shift();
    left = make(E.AND, left, parseUnary());
  }
  return left;
}

function parseUnary(): i32 {
  const token = peek();
  if (token === NOT) {
    shift();
    return make(E.NOT, parseUnary(), 0);
  }
  if (token === OPEN_PAREN) {
    shift();
    const inner = parseExpr();
    expect(CLOSE_PAREN);
    return inner;
  }
  const left = parseSymbol();
  const comparison = peek();
  if (comparison < EQUAL || comparison > GREATER_EQUAL) return symbolOf(left);
  shift();
  return make(comparison - EQUAL + E.EQUAL, left, parseSymbol());
}
