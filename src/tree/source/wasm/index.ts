import { FILE } from '../thin-layout';
import { findAreas } from './areas';
import {
  APOSTROPHE,
  BLANK,
  byte,
  CLOSE,
  HASH,
  isBlank,
  NEWLINE,
  OPEN,
  QUOTE,
  SLASH,
  STAR,
} from './chars';
import {
  clearConditionals,
  DEFINE,
  depthBehind,
  directiveEnd,
  directiveKind,
  endsInComment,
} from './directives';
import { commentEnd, isLong, nextOfCode, quoteEnd } from './find';
import {
  begin,
  isFresh,
  isNear,
  keep,
  keepNear,
  out,
  placed,
  putNewline,
  putSpace,
} from './output';

/** What stands before a piece of code. */
const CODE = 0;
const LINE = 1;
const COMMENT = 2;

let end: usize = 0;
let depth: i32 = 0;
let before: i32 = LINE;
/** Has nothing been written since some `#define` but blanks. */
let isDefined: bool = false;

/**
 * Leave out of a C file what tells nothing of its mentions. The result is the length of what is left; -1 where it is not
 * sure. See ../thin-text.ts.
 */
export function thin(length: i32, spots: i32): i32 {
  end = FILE + length;
  begin(spots, findAreas(spots, end));
  clearConditionals();
  depth = 0;
  before = LINE;
  isDefined = false;
  for (let at: usize = FILE; at < end; ) {
    const next = nextOfCode(at, end);
    const char = next < end ? byte(next) : 0;
    // Looked at before anything is written over it.
    const stands = char === HASH ? standsBehind(at, next) : CODE;
    if (next > at) code(at, next);
    if (next === end) break;
    if (stands === COMMENT) return -1;
    at = stands === LINE ? directive(next) : special(char, next);
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

/** Code with nothing in it that has to be told from code. */
function code(begin: usize, to: usize): void {
  let from = begin;
  before = CODE;
  if (depth > 0) {
    keepNear(from, to);
    return;
  }
  if (isFresh() && !isNear(from, to)) while (from < to && byte(from) === NEWLINE) from++;
  for (let at = from; at < to && isDefined; at++) if (byte(at) > BLANK) isDefined = false;
  keep(from, to);
}

/** A byte that may begin something; the result is where that ends, 0 if it is not sure. */
function special(char: i32, at: usize): usize {
  if (char === SLASH) {
    const second = byte(at + 1);
    if (second === SLASH || second === STAR) return comment(at);
    code(at, at + 1);
    return at + 1;
  }
  if (char === QUOTE || char === APOSTROPHE) {
    const to = quoteEnd(at, end);
    // What is not closed in its line ends at the next quote to some.
    if (to === 0 || to === at + 1 || byte(to - 1) !== char) return 0;
    code(at, to);
    return to;
  }
  before = CODE;
  if (char === OPEN || char === CLOSE) {
    keep(at, at + 1);
    isDefined = false;
    if (char === OPEN) depth++;
    else if (depth > 0) depth--;
    return at + 1;
  }
  if (char !== HASH) return 0;
  code(at, at + 1);
  return at + 1;
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
  before = endsInComment ? COMMENT : LINE;
  if (kind !== DEFINE || isNear(hash, to) || (depth === 0 && !isDefined)) {
    if (depth > 0) putNewline(hash);
    keep(hash, to);
    isDefined = kind === DEFINE;
  }
  depth = depthBehind(kind, depth);
  return depth < 0 ? 0 : to;
}
