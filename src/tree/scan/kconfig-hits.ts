import type { HitTable } from './hit-table.ts';
import { HIT } from './hits.ts';

/** Statements whose expressions mention options, by their first word; some take a second. */
const EXPRESSIONS = new Map<string, string>([
  ['if', ''],
  ['depends', 'on'],
  ['visible', 'if'],
  ['select', ''],
  ['imply', ''],
  ['default', ''],
  ['def_bool', ''],
  ['def_tristate', ''],
  ['range', ''],
]);

/** Statements that begin with a text of which only a trailing `if` matters. */
const PROMPTS = new Set(['bool', 'tristate', 'int', 'hex', 'string', 'prompt']);

/** What a line of one of them begins with, or one that defines an option or begins a help text. */
const STARTS = new Uint8Array(1 << 16);
for (const char of 'mcidvsrbthp-') STARTS[char.charCodeAt(0)] = 1;

/** Bytes of the first word of a line: letters, digits, _ and -. */
const WORD = new Uint8Array(1 << 16);
for (let c = 0; c < 128; c++) if (/[\w-]/.test(String.fromCharCode(c))) WORD[c] = 1;

/** Bytes of the name of an option. */
const OPTION = new Uint8Array(1 << 16);
for (let c = 0; c < 128; c++) if (/\w/.test(String.fromCharCode(c))) OPTION[c] = 1;

const TAB = 9;
const BLANK = 32;
const RETURN = 13;
const NEWLINE = 10;
const BACKSLASH = 0x5c;

const NAME = /"(?:\\.|[^"\\])*"|'(?:\\.|[^'\\])*'|#.*|[A-Za-z0-9_.\-/]+/g;

/**
 * Options a Kconfig file defines and those its expressions mention. Help texts, prompts, quoted texts, macro calls and
 * comments are left out; continued lines are read as one. Enough for an index; the engine reads the same file in full.
 */
export function kconfigHits(bytes: Buffer, length: number, hits: HitTable): void {
  const text = bytes.toString('latin1', 0, length);
  // Columns by which lines belong to a help text; 0 where it is still to be seen whether there is one.
  let help: number | undefined;
  for (let at = 0; at < text.length; ) {
    const start = at;
    let end = lineEnd(text, at);
    at = end + 1;
    let word = start;
    let columns = 0;
    for (; word < end; word++) {
      const char = text.charCodeAt(word);
      // Tabs to multiples of eight, as the kernel's lexer counts them.
      if (char === TAB) columns = (columns & ~7) + 8;
      else if (char === BLANK) columns++;
      else break;
    }
    if (word === end || (word === end - 1 && text.charCodeAt(word) === RETURN)) continue;
    if (help !== undefined) {
      // A help text may be empty: what follows it then stands further left.
      if (help === 0 && columns > 0) help = columns;
      if (help > 0 && columns >= help) continue;
      help = undefined;
    }
    while (text.charCodeAt(end - 1) === BACKSLASH && at < text.length) {
      end = lineEnd(text, at);
      at = end + 1;
    }
    if (STARTS[text.charCodeAt(word)] !== 1) continue;
    let after = word;
    while (after < end && WORD[text.charCodeAt(after)] === 1) after++;
    const first = text.slice(word, after);
    if (first === 'config' || first === 'menuconfig') defines(bytes, text, after, end, hits);
    else if (first === 'help' || first === '---help---') {
      if (isBlank(text, after, end)) help = 0;
    } else if (PROMPTS.has(first)) mentions(bytes, text, after, end, true, hits);
    else {
      const second = EXPRESSIONS.get(first);
      const from = second === undefined ? -1 : behind(text, after, second);
      if (from >= 0) mentions(bytes, text, from, end, false, hits);
    }
  }
}

/** `config NAME`, and nothing more but a comment. */
function defines(bytes: Buffer, text: string, after: number, end: number, hits: HitTable): void {
  const from = skipBlanks(text, after);
  let to = from;
  while (to < end && OPTION[text.charCodeAt(to)] === 1) to++;
  if (from === after || to === from || !isBlank(text, to, end)) return;
  hits.add(bytes, from, to, from, HIT.DEFINES);
}

/** Where a second word ends that stands behind a first; -1 if it does not. */
function behind(text: string, after: number, second: string): number {
  if (second === '') return after;
  const from = skipBlanks(text, after);
  const to = from + second.length;
  const stands = from > after && text.startsWith(second, from) && WORD[text.charCodeAt(to)] !== 1;
  return stands ? to : -1;
}

/** Also the end of a line that is continued. */
function skipBlanks(text: string, from: number): number {
  for (let at = from; ; at++) {
    const char = text.charCodeAt(at);
    if (char === BACKSLASH && text.charCodeAt(at + 1) === NEWLINE) at++;
    else if (char !== TAB && char !== BLANK) return at;
  }
}

/** Is there nothing up to the end of a line but blanks and a comment. */
function isBlank(text: string, from: number, end: number): boolean {
  const at = skipBlanks(text, from);
  return at >= end || text[at] === '#' || /^\s*$/.test(text.slice(at, end));
}

function mentions(
  bytes: Buffer,
  text: string,
  from: number,
  end: number,
  prompt: boolean,
  hits: HitTable,
): void {
  const line = text.slice(from, end);
  if (prompt && !line.includes('if')) return;
  let counts = !prompt;
  // Of the same length, so that places are those of the file.
  const rest = withoutCalls(line.replaceAll('\\\n', '  '));
  for (const { 0: word, index } of rest.matchAll(NAME)) {
    if (word === 'if') counts = true;
    else if (counts && isOption(word)) {
      const start = from + index;
      hits.add(bytes, start, start + word.length, start, HIT.KCONFIG);
    }
  }
}

/** Calls of macros blanked, `$(…)` within each other included. */
function withoutCalls(text: string): string {
  if (!text.includes('$(')) return text;
  let out = '';
  for (let at = 0; at < text.length; ) {
    if (!text.startsWith('$(', at)) {
      out += text[at++];
      continue;
    }
    const start = at;
    let depth = 0;
    do {
      if (text[at] === '(') depth++;
      if (text[at] === ')') depth--;
      at++;
    } while (at < text.length && (depth > 0 || at === start + 1));
    out += ' '.repeat(at - start);
  }
  return out;
}

/** Not a number, not a constant, not `if`; quoted texts and comments are none by their first character. */
function isOption(word: string): boolean {
  return /^\w*[A-Za-z_]\w*$/.test(word) && !/^(?:0[xX][0-9a-fA-F]+|[ymn]|if|on)$/.test(word);
}

function lineEnd(text: string, at: number): number {
  const end = text.indexOf('\n', at);
  return end < 0 ? text.length : end;
}
