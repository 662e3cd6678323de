import {
  APOSTROPHE,
  BLANK,
  byte,
  CLOSE,
  HASH,
  LEFT,
  NEWLINE,
  OPEN,
  QUOTE,
  RIGHT,
  SEMICOLON,
  SLASH,
  STAR,
} from '../../wasm/bytes';
import { FILE } from '../thin-layout';
import { findAreas } from './areas';
import { isBlank } from './chars';
import { clearConditionals, DEFINE, depthBehind, directiveEnd, directiveKind } from './directives';
import { commentEnd, isLong, nextOfCode, nextOfScope, quoteEnd } from './find';
import {
  begin,
  endsInHead,
  isFresh,
  isMarked,
  isNear,
  keep,
  keepNear,
  out,
  placed,
  putNewline,
  putSpace,
  setMark,
  takeBack,
} from './output';

/** What stands before a piece of code. */
const CODE = 0;
const LINE = 1;
const COMMENT = 2;

/** So many parentheses are told apart. */
const MOST = 1 << 15;

let end: usize = 0;
/** Braces that are open, and parentheses outside of braces. */
let depth: i32 = 0;
let parens: i32 = 0;
let before: i32 = LINE;
/** Has anything been written behind the last directive but macros that are left out. */
let isSaid: bool = false;
/** Had it where the declaration began, at the mark of what is written. */
let wasSaid: bool = false;
/** Is what is open a function; and may there be one: not behind other braces or conditionals in a declaration. */
let inFunction: bool = false;
let mayBeFunction: bool = true;

/**
 * Leave out of a C file what tells nothing of its mentions. The result is the length of what is left; -1 where it is not
 * sure. See ../thin-text.ts.
 */
export function thin(length: i32, spots: i32): i32 {
  end = FILE + length;
  begin(spots, findAreas(spots, end));
  clearConditionals();
  depth = parens = 0;
  before = LINE;
  isSaid = false;
  between();
  for (let at: usize = FILE; at < end; ) {
    const next = depth === 0 ? nextOfScope(at, end) : nextOfCode(at, end);
    const char = next < end ? byte(next) : 0;
    // Looked at before anything is written over it.
    const stands = char === HASH ? standsBehind(at, next) : CODE;
    if (next > at) code(at, next);
    if (next === end) break;
    // No directive, but one where what is before it in its line goes.
    if (char === HASH && stands !== LINE) return -1;
    at = char === HASH ? directive(next) : special(char, next);
    if (at === 0) return -1;
  }
  return depth === 0 && placed === spots ? ((out - FILE) as i32) : -1;
}

/** What stands before a place in its line, blanks aside. */
function standsBehind(from: usize, place: usize): i32 {
  for (let at = place; at > from; at--) {
    const char = byte(at - 1);
    if (char === NEWLINE) return LINE;
    if (!isBlank(char)) return CODE;
  }
  return before;
}

/** A declaration has ended, and no other has begun. */
function between(): void {
  setMark();
  wasSaid = isSaid;
  inFunction = false;
  mayBeFunction = true;
}

/** The same where nothing need be left of it. */
function ends(): void {
  if (wasSaid) takeBack();
  between();
}

/** Code with nothing in it that has to be told from code. */
function code(begin: usize, to: usize): void {
  let from = begin;
  before = CODE;
  if (depth > 0) {
    keepNear(from, to);
    return;
  }
  if (isFresh() && !isNear(from, to)) while (from < to && byte(from) === NEWLINE) from++;
  for (let at = from; at < to && !isSaid; at++) if (byte(at) > BLANK) isSaid = true;
  keep(from, to);
}

/** A byte that may begin something; the result is where that ends, 0 if it is not sure. */
function special(char: i32, at: usize): usize {
  if (char === SLASH) {
    const second = byte(at + 1);
    if (second === SLASH || second === STAR) return comment(at);
  } else if (char === QUOTE || char === APOSTROPHE) {
    const to = quoteEnd(at, end);
    // What is not closed in its line ends at the next quote to some.
    if (to === 0 || to === at + 1 || byte(to - 1) !== char) return 0;
    code(at, to);
    return to;
  } else if (char === OPEN || char === CLOSE) {
    brace(char, at);
    return at + 1;
  } else if (char === LEFT) {
    if (++parens === MOST) return 0;
  } else if (char === RIGHT) parens = max(0, parens - 1);
  else if (char !== SEMICOLON) return 0;
  code(at, at + 1);
  if (char === SEMICOLON && parens === 0) ends();
  return at + 1;
}

function brace(char: i32, at: usize): void {
  if (char === OPEN && depth === 0) {
    inFunction = mayBeFunction && parens === 0 && endsInHead();
    mayBeFunction = false;
  }
  before = CODE;
  keep(at, at + 1);
  isSaid = true;
  if (char === OPEN) depth++;
  else if (depth > 0 && --depth === 0 && inFunction) ends();
}

function comment(at: usize): usize {
  const to = commentEnd(at, end);
  if (to === 0) return 0;
  // With its newline, if that is what ends it.
  if (isNear(at, to)) keep(at, byte(at + 1) === SLASH ? min(to + 1, end) : to);
  else if (depth === 0) putSpace(isLong);
  before = COMMENT;
  return to;
}

function directive(hash: usize): usize {
  const kind = directiveKind(hash);
  const to = directiveEnd(hash, end);
  if (kind < 0 || to === 0) return 0;
  before = LINE;
  const isWanted = isNear(hash, to);
  if (kind === DEFINE && !isWanted && (depth > 0 || isSaid)) return to;
  const isBetween = depth === 0 && parens === 0 && isMarked();
  if (depth > 0) putNewline(hash);
  keep(hash, to);
  isSaid = kind === DEFINE;
  const behind = depthBehind(kind, (depth << 15) | parens);
  if (behind < 0) return 0;
  depth = behind >> 15;
  parens = behind & (MOST - 1);
  if (isBetween && depth === 0 && parens === 0) between();
  else {
    // It stays, and with it what it is in.
    wasSaid = false;
    inFunction = mayBeFunction = false;
  }
  return to;
}
