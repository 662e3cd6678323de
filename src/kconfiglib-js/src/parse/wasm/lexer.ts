import { byte } from '../../batch/wasm/load';
import { leave, scan as scanInJavaScript } from './calls';
import { keyword } from './names';
import {
  AND,
  CLOSE_PAREN,
  EOF,
  EOL,
  EQUAL,
  GREATER,
  GREATER_EQUAL,
  HELPTEXT,
  LESS,
  LESS_EQUAL,
  NOT,
  OPEN_PAREN,
  OR,
  UNEQUAL,
  WORD,
  WORD_QUOTE,
} from './numbers';
import { frameRoom, frames, giveUp, wordBytes } from './state';

/** The file being read: where its bytes begin and end, and its number if it has one by now. */
export let base: usize = 0;
let end: usize = 0;
export let file: i32 = -1;
export let pos: usize = 0;
export let line: i32 = 1;
let lineStart: usize = 0;
let depth: i32 = 0;

export let statementLine: i32 = 1;
export let statementColumn: i32 = 1;

/** The value of the last word or string: where it stands, its hash if it is a word, and whether it is ASCII. */
export let valueStart: usize = 0;
export let valueEnd: usize = 0;
export let valueHash: u32 = 0;
export let valueAscii: bool = true;

/** The help text read last. */
export let helpStart: usize = 0;
export let helpEnd: usize = 0;
export let helpBlank: bool = false;

let tokenStart: usize = 0;
let token: i32 = -1;
let previous: i32 = EOL;
/** The token before the one that was read last. */
export let beforePrevious: i32 = EOL;
let helpNext: bool = false;

const FRAME = 24;

export function setFile(number: i32): void {
  file = number;
}

/** Where in its file the line begins that the lexer has reached. */
export function lineOffset(): i32 {
  return (lineStart - base) as i32;
}

/** Where in its file the token begins that was read last. */
export function tokenOffset(): i32 {
  return (tokenStart - base) as i32;
}

/** Does something stand in the file being read, and not in what macros gave. */
export function isInFile(at: usize): bool {
  return at >= base && at < end;
}

/** Begin with the top file. */
export function open(start: usize, length: usize): void {
  depth = 0;
  token = -1;
  previous = beforePrevious = EOL;
  helpNext = false;
  statementLine = 1;
  statementColumn = 1;
  begin(start, length);
}

function begin(start: usize, length: usize): void {
  base = pos = lineStart = start;
  end = start + length;
  line = 1;
  file = -1;
}

/** Go on with another file, and at its end here again. */
export function enter(start: usize, length: usize): void {
  if (depth === frameRoom) giveUp();
  const at = frames + depth++ * FRAME;
  store<usize>(at, base);
  store<usize>(at, end, 4);
  store<usize>(at, pos, 8);
  store<i32>(at, line, 12);
  store<usize>(at, lineStart, 16);
  store<i32>(at, file, 20);
  begin(start, length);
}

/** The file is at its end: go on behind where it was entered. False if it is the top file. */
function resumeIncluder(): bool {
  if (depth === 0) return false;
  leave();
  const at = frames + --depth * FRAME;
  base = load<usize>(at);
  end = load<usize>(at, 4);
  pos = load<usize>(at, 8);
  line = load<i32>(at, 12);
  lineStart = load<usize>(at, 16);
  file = load<i32>(at, 20);
  return true;
}

/** Go on from another place of the file, after what was read there in JavaScript. */
export function resume(start: i32, at: i32, atLine: i32, atLineStart: i32): void {
  tokenStart = base + start;
  pos = base + at;
  line = atLine;
  lineStart = base + atLineStart;
}

export function setValue(start: usize, to: usize, hash: u32, ascii: bool): void {
  valueStart = start;
  valueEnd = to;
  valueHash = hash;
  valueAscii = ascii;
}

/** The parser has read `help` and its end of line: what follows is text. */
export function startHelp(): void {
  helpNext = true;
}

/** What was read in JavaScript was a whole statement. */
export function skipStatement(): void {
  token = -1;
  previous = EOL;
}

/** The next token, not yet accepted. */
export function peek(): i32 {
  if (token === -1) token = next();
  return token;
}

/** Accept the next token. */
export function shift(): i32 {
  const accepted = token === -1 ? next() : token;
  token = -1;
  return accepted;
}

/** Accept the next token, which must be of this kind. */
export function expect(kind: i32): void {
  if (token === -1) token = next();
  if (token !== kind) giveUp();
  token = -1;
}

function next(): i32 {
  const starts = previous === EOL || previous === HELPTEXT;
  let found = scan();
  while (found === EOL && starts) found = scan();
  if (starts) {
    statementLine = line;
    statementColumn = ((tokenStart - lineStart) as i32) + 1;
  }
  beforePrevious = previous;
  previous = found;
  return found;
}

/** Is a byte one of those that names and keywords are made of. */
function isWordByte(code: i32): bool {
  return load<u8>(wordBytes + code) !== 0;
}

/** The place of the next newline from `at` on, or the end. */
function lineEnd(at: usize): usize {
  const newline = i8x16.splat(10);
  const stop = end;
  for (let p = at; p < stop; p += 16) {
    const found = i8x16.bitmask(i8x16.eq(v128.load(p), newline));
    if (found !== 0) return min(p + ctz(found), stop);
  }
  return stop;
}

function scan(): i32 {
  if (helpNext) return scanHelp();
  for (;;) {
    if (pos >= end) {
      tokenStart = pos;
      // Its last line has no end.
      if (previous !== EOL && previous !== HELPTEXT) giveUp();
      if (!resumeIncluder()) return EOF;
      tokenStart = pos;
      continue;
    }
    let code = byte(pos);
    if (code === 32 || code === 9) {
      // Behind the end is a zero.
      let at = pos;
      do code = byte(++at);
      while (code === 32 || code === 9);
      pos = at;
      continue;
    }
    if (code === 35) {
      pos = lineEnd(pos);
      continue;
    }
    tokenStart = pos;
    if (code === 10) {
      pos++;
      line++;
      lineStart = pos;
      return EOL;
    }
    if (isWordByte(code)) return scanWord(code);
    if (code === 36) return scanMacro();
    if (code === 34 || code === 39) return scanString(code);
    if (code === 92 && pos + 1 < end && byte(pos + 1) === 10) {
      pos += 2;
      line++;
      lineStart = pos;
      continue;
    }
    return operator(code, pos + 1 < end ? byte(pos + 1) : 0);
  }
}

/** A token that begins at `tokenStart`, with macros or escapes in it. */
function scanMacro(): i32 {
  return scanInJavaScript(tokenOffset(), line, lineOffset(), previous, beforePrevious);
}

function scanWord(first: i32): i32 {
  const classes = wordBytes;
  const start = pos;
  let hash: u32 = first;
  let at = start + 1;
  let code = byte(at);
  for (; load<u8>(classes + code) !== 0; code = byte(++at)) hash = rotl(hash, 7) ^ code;
  if (code === 36) return scanMacro();
  pos = at;
  if (first >= 97 || first === 45) {
    const found = keyword(start, at, hash);
    if (found >= 0) return found;
  }
  setValue(start, at, hash, true);
  return WORD;
}

function scanString(quote: i32): i32 {
  const start = pos + 1;
  const quotes = i8x16.splat(quote as i8);
  const backslashes = i8x16.splat(92);
  const dollars = i8x16.splat(36);
  const newlines = i8x16.splat(10);
  let all: v128 = i8x16.splat(0);
  const stop = end;
  for (let p = start; p < stop; p += 16) {
    const bytes = v128.load(p);
    const special = v128.or(
      v128.or(i8x16.eq(bytes, quotes), i8x16.eq(bytes, backslashes)),
      v128.or(i8x16.eq(bytes, dollars), i8x16.eq(bytes, newlines)),
    );
    const found = i8x16.bitmask(special);
    if (found === 0) {
      all = v128.or(all, bytes);
      continue;
    }
    const before = ctz(found);
    const at = p + before;
    if (at >= stop) break;
    const code = byte(at);
    if (code === 92 || code === 36) return scanMacro();
    if (code === 10) break;
    const wide = i8x16.bitmask(all) | (i8x16.bitmask(bytes) & ((1 << before) - 1));
    setValue(start, at, 0, wide === 0);
    pos = at + 1;
    return WORD_QUOTE;
  }
  giveUp();
  return EOF;
}

function operator(code: i32, follow: i32): i32 {
  let found: i32 = -1;
  let size: i32 = 1;
  if (code === 38 && follow === 38) {
    found = AND;
    size = 2;
  } else if (code === 124 && follow === 124) {
    found = OR;
    size = 2;
  } else if (code === 33) {
    found = follow === 61 ? UNEQUAL : NOT;
    if (follow === 61) size = 2;
  } else if (code === 61) found = EQUAL;
  else if (code === 40) found = OPEN_PAREN;
  else if (code === 41) found = CLOSE_PAREN;
  else if (code === 60) {
    found = follow === 61 ? LESS_EQUAL : LESS;
    if (follow === 61) size = 2;
  } else if (code === 62) {
    found = follow === 61 ? GREATER_EQUAL : GREATER;
    if (follow === 61) size = 2;
  }
  if (found < 0) giveUp();
  pos += size;
  return found;
}

/** The end of a help text, as `HelpScan` of lex/help-text.ts finds it. */
function scanHelp(): i32 {
  helpNext = false;
  helpStart = tokenStart = pos;
  const stop = end;
  let lines = line;
  let indent: i32 = 0;
  let at = pos;
  helpBlank = true;
  while (at < stop) {
    let p = at;
    let column: i32 = 0;
    let code = byte(p);
    while (code === 32 || code === 9) {
      column = code === 9 ? (column & ~7) + 8 : column + 1;
      code = byte(++p);
    }
    if (p >= stop) break;
    if (code !== 10) {
      if (column > 0 && column < indent) return helpEnds(at, p, at, lines);
      if (indent === 0) indent = column;
      const ends = lineEnd(p);
      if (helpBlank) helpBlank = isSpaceUntil(p, ends);
      p = ends;
      if (p >= stop) break;
      at = p;
    }
    lines++;
    const follow = byte(p + 1);
    if (p + 1 < stop && follow !== 10 && follow !== 32 && follow !== 9)
      return helpEnds(at, p + 1, p + 1, lines);
    at = p + 1;
  }
  let start = stop;
  while (start > base && byte(start - 1) !== 10) start--;
  return helpEnds(stop, stop, start, lines);
}

function isSpaceUntil(from: usize, to: usize): bool {
  let p = from;
  while (p < to && (byte(p) === 32 || (byte(p) >= 9 && byte(p) <= 13))) p++;
  return p === to;
}

function helpEnds(at: usize, goOn: usize, atLineStart: usize, atLine: i32): i32 {
  line = atLine;
  helpEnd = at;
  pos = goOn;
  lineStart = atLineStart;
  return HELPTEXT;
}
