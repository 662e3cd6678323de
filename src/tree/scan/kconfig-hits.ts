import {
  CONFIG,
  EXPRESSION,
  OF_FIRST as FIRST,
  HELP,
  OF_NAME as NAME,
  PROMPT,
  OF_WORD as WORD,
} from './hit-layout.ts';
import { HIT } from './hits.ts';
import type { HitsOfFiles } from './hits-of-files.ts';

/** A statement by its first word. */
interface Statement {
  readonly word: string;
  /** One of hit-layout.ts. */
  readonly kind: number;
  /** A second word that must follow. */
  readonly second?: string;
}

export const STATEMENTS_OF_KCONFIG: readonly Statement[] = [
  { word: 'config', kind: CONFIG },
  { word: 'menuconfig', kind: CONFIG },
  { word: 'help', kind: HELP },
  { word: '---help---', kind: HELP },
  // Their expressions mention options.
  { word: 'if', kind: EXPRESSION },
  { word: 'depends', kind: EXPRESSION, second: 'on' },
  { word: 'visible', kind: EXPRESSION, second: 'if' },
  { word: 'select', kind: EXPRESSION },
  { word: 'imply', kind: EXPRESSION },
  { word: 'default', kind: EXPRESSION },
  { word: 'def_bool', kind: EXPRESSION },
  { word: 'def_tristate', kind: EXPRESSION },
  { word: 'range', kind: EXPRESSION },
  // They begin with a text of which only a trailing `if` matters.
  { word: 'bool', kind: PROMPT },
  { word: 'tristate', kind: PROMPT },
  { word: 'int', kind: PROMPT },
  { word: 'hex', kind: PROMPT },
  { word: 'string', kind: PROMPT },
  { word: 'prompt', kind: PROMPT },
];

/** By length and first letter: no text is made to look one up. */
const BY_SHAPE: Statement[][] = [];
for (const one of STATEMENTS_OF_KCONFIG) {
  const shape = shapeOf(one.word.length, one.word.charCodeAt(0));
  BY_SHAPE[shape] = [...(BY_SHAPE[shape] ?? []), one];
}

function shapeOf(length: number, first: number): number {
  return (Math.min(length, 15) << 7) | (first & 0x7f);
}

/** What a line of one of them begins with, or one that defines an option or begins a help text. */
const STARTS = new Uint8Array(256);
for (const char of 'mcidvsrbthp-') STARTS[char.charCodeAt(0)] = 1;

/** Bytes of the first word of a line, of names of options, and of words in expressions. */
const CLASS = new Uint8Array(256);
for (let c = 0; c < 128; c++) {
  const char = String.fromCharCode(c);
  if (/\w/.test(char)) CLASS[c] = FIRST | NAME | WORD;
  else if (char === '-') CLASS[c] = FIRST | WORD;
  else if (/[./]/.test(char)) CLASS[c] = WORD;
}

/** What a byte may be part of in Kconfig files, by bits of hit-layout.ts. */
export function kconfigClassOf(char: number): number {
  return CLASS[char] as number;
}

const TAB = 9;
const NEWLINE = 10;
const RETURN = 13;
const BLANK = 32;
const QUOTE = 0x22;
const HASH = 0x23;
const DOLLAR = 0x24;
const APOSTROPHE = 0x27;
const OPEN = 0x28;
const CLOSE = 0x29;
const BACKSLASH = 0x5c;

/**
 * Options a Kconfig file defines and those its expressions mention. Help texts, prompts, quoted texts, macro calls and
 * comments are left out; continued lines are read as one. Enough for an index; the engine reads the same file in full.
 */
export function kconfigHits(bytes: Buffer, length: number, hits: Pick<HitsOfFiles, 'add'>): void {
  // Columns by which lines belong to a help text; 0 where it is still to be seen whether there is one.
  let help: number | undefined;
  for (let at = 0; at < length; ) {
    let word = at;
    let columns = 0;
    for (; word < length; word++) {
      const char = bytes[word];
      // Tabs to multiples of eight, as the kernel's lexer counts them.
      if (char === TAB) columns = (columns & ~7) + 8;
      else if (char === BLANK) columns++;
      else break;
    }
    let end = lineEnd(bytes, word, length);
    at = end + 1;
    if (word === end || (word === end - 1 && bytes[word] === RETURN)) continue;
    if (help !== undefined) {
      // A help text may be empty: what follows it then stands further left.
      if (help === 0 && columns > 0) help = columns;
      if (help > 0 && columns >= help) continue;
      help = undefined;
    }
    while (bytes[end - 1] === BACKSLASH && at < length) {
      end = lineEnd(bytes, at, length);
      at = end + 1;
    }
    if (STARTS[bytes[word] as number] === 1 && statement(bytes, word, end, hits)) help = 0;
  }
}

/** Add what a statement mentions. True where a help text begins. */
function statement(
  bytes: Buffer,
  word: number,
  end: number,
  hits: Pick<HitsOfFiles, 'add'>,
): boolean {
  const after = behindWord(bytes, word, end, FIRST);
  const found = statementOf(bytes, word, after);
  if (!found) return false;
  if (found.kind === HELP) return isBlank(bytes, after, end);
  if (found.kind === CONFIG) defines(bytes, after, end, hits);
  else if (found.kind === PROMPT) mentions(bytes, after, end, true, hits);
  else {
    const from = found.second === undefined ? after : behind(bytes, after, end, found.second);
    if (from >= 0) mentions(bytes, from, end, false, hits);
  }
  return false;
}

function statementOf(bytes: Buffer, from: number, to: number): Statement | undefined {
  const alike = BY_SHAPE[shapeOf(to - from, bytes[from] as number)];
  if (!alike) return undefined;
  for (const one of alike) if (isWord(bytes, from, to, one.word)) return one;
  return undefined;
}

/** `config NAME`, and nothing more but a comment. */
function defines(bytes: Buffer, after: number, end: number, hits: Pick<HitsOfFiles, 'add'>): void {
  const from = skipBlanks(bytes, after, end);
  const to = behindWord(bytes, from, end, NAME);
  if (from === after || to === from || !isBlank(bytes, to, end)) return;
  hits.add(bytes, from, to, from, HIT.DEFINES);
}

/** Where a second word ends that stands behind a first; -1 if it does not. */
function behind(bytes: Buffer, after: number, end: number, second: string): number {
  const from = skipBlanks(bytes, after, end);
  const to = behindWord(bytes, from, end, FIRST);
  return from > after && isWord(bytes, from, to, second) ? to : -1;
}

function behindWord(bytes: Buffer, from: number, end: number, kind: number): number {
  let at = from;
  while (at < end && ((CLASS[bytes[at] as number] as number) & kind) !== 0) at++;
  return at;
}

/** Also the end of a line that is continued. */
function skipBlanks(bytes: Buffer, from: number, end: number): number {
  let at = from;
  for (; at < end; at++) {
    const char = bytes[at];
    if (char === BACKSLASH && bytes[at + 1] === NEWLINE) at++;
    else if (char !== TAB && char !== BLANK && char !== RETURN) break;
  }
  return at;
}

/** Is there nothing up to the end of a line but blanks and a comment. */
function isBlank(bytes: Buffer, from: number, end: number): boolean {
  const at = skipBlanks(bytes, from, end);
  return at >= end || bytes[at] === HASH;
}

/** Add the options an expression mentions; of a text and what follows it those behind `if`. */
function mentions(
  bytes: Buffer,
  from: number,
  end: number,
  prompt: boolean,
  hits: Pick<HitsOfFiles, 'add'>,
): void {
  let counts = !prompt;
  for (let at = from; at < end; ) {
    const char = bytes[at] as number;
    if (char === HASH) return;
    if (char === QUOTE || char === APOSTROPHE) at = behindText(bytes, at, end);
    else if (char === DOLLAR && bytes[at + 1] === OPEN) at = behindCall(bytes, at, end);
    else if (((CLASS[char] as number) & WORD) === 0) at++;
    else {
      const to = behindWord(bytes, at, end, WORD);
      if (isWord(bytes, at, to, 'if')) counts = true;
      else if (counts && isOption(bytes, at, to)) hits.add(bytes, at, to, at, HIT.KCONFIG);
      at = to;
    }
  }
}

/** End of a quoted text; of a quote that is never closed it is the next byte. */
function behindText(bytes: Buffer, from: number, end: number): number {
  const quote = bytes[from];
  for (let at = from + 1; at < end; ) {
    const char = bytes[at];
    if (char === quote) return at + 1;
    if (char === DOLLAR && bytes[at + 1] === OPEN) at = behindCall(bytes, at, end);
    else at += char === BACKSLASH ? 2 : 1;
  }
  return from + 1;
}

/** End of a call of a macro, `$(…)` within each other included. */
function behindCall(bytes: Buffer, from: number, end: number): number {
  let depth = 0;
  for (let at = from + 1; at < end; at++) {
    if (bytes[at] === OPEN) depth++;
    else if (bytes[at] === CLOSE && --depth === 0) return at + 1;
  }
  return end;
}

/** Not a number, not a constant, and of the bytes of a name alone. */
function isOption(bytes: Buffer, from: number, to: number): boolean {
  let letters = 0;
  for (let at = from; at < to; at++) {
    const char = bytes[at] as number;
    if (((CLASS[char] as number) & NAME) === 0) return false;
    if (char > NINE) letters++;
  }
  if (letters === 0) return false;
  if (to - from === 1) return !isLetter(bytes[from] as number);
  if (bytes[from] === ZERO && (bytes[from + 1] as number) % 32 === X) {
    return !/^0[xX][0-9a-fA-F]+$/.test(text(bytes, from, to));
  }
  return !isWord(bytes, from, to, 'on');
}

/** A constant of one letter. */
function isLetter(char: number): boolean {
  return char === LETTER_Y || char === LETTER_M || char === LETTER_N;
}

const [LETTER_M, LETTER_N, LETTER_Y] = [0x6d, 0x6e, 0x79];
const ZERO = 0x30;
const NINE = 0x39;
/** Of `X` and `x`, without what makes it one or the other. */
const X = 0x18;

/** Are these the bytes of a word. */
function isWord(bytes: Buffer, from: number, to: number, word: string): boolean {
  if (to - from !== word.length) return false;
  for (let at = from; at < to; at++) if (bytes[at] !== word.charCodeAt(at - from)) return false;
  return true;
}

function lineEnd(bytes: Buffer, from: number, length: number): number {
  let at = from;
  while (at < length && bytes[at] !== NEWLINE) at++;
  return at;
}

function text(bytes: Buffer, from: number, to: number): string {
  return bytes.toString('latin1', from, to);
}
