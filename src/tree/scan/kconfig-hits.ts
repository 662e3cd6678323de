import { type FileHits, HIT } from './hits.ts';

/** Statements whose expressions mention options. */
const STATEMENT =
  /^[ \t]*(?:(menuconfig|config)[ \t]+([A-Za-z0-9_]+)[ \t]*(?:#.*)?|(if|depends[ \t]+on|visible[ \t]+if|select|imply|default|def_bool|def_tristate|range|bool|tristate|int|hex|string|prompt)(?![A-Za-z0-9_])(.*)|(help|---help---)[ \t]*(?:#.*)?)$/;

/** What such a line begins with. */
const STARTS = new Uint8Array(1 << 16);
for (const char of 'mcidvsrbthp-') STARTS[char.charCodeAt(0)] = 1;

const TAB = 9;
const BLANK = 32;
const RETURN = 13;

const NAME = /"(?:\\.|[^"\\])*"|'(?:\\.|[^'\\])*'|#.*|[A-Za-z0-9_.\-/]+/g;

/** Statements that begin with a text of which only a trailing `if` matters. */
const PROMPTS = /^(?:bool|tristate|int|hex|string|prompt)$/;

/**
 * Options a Kconfig file defines and those its expressions mention. Help texts, prompts, quoted texts, macro calls and
 * comments are left out; continued lines are read as one. Enough for an index; the engine reads the same file in full.
 */
export function kconfigHits(bytes: Buffer, length: number): FileHits | undefined {
  const text = bytes.toString('latin1', 0, length);
  const hits: FileHits = { names: [], offsets: [], kinds: [] };
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
    while (text.charCodeAt(end - 1) === 0x5c && at < text.length) {
      end = lineEnd(text, at);
      at = end + 1;
    }
    if (STARTS[text.charCodeAt(word)] !== 1) continue;
    const line = text.slice(start, end).replaceAll('\\\n', '  ');
    const found = STATEMENT.exec(line.replace(/\s+$/, ''));
    if (!found) continue;
    const [, define, name, statement, rest] = found;
    if (define !== undefined && name !== undefined) {
      hits.names.push(name);
      hits.offsets.push(start + line.indexOf(name, line.indexOf(define) + define.length));
      hits.kinds.push(HIT.DEFINES);
    } else if (statement !== undefined && rest !== undefined) {
      // Offsets count from the end, for the line was trimmed there only.
      mentions(rest, start + found[0].length - rest.length, PROMPTS.test(statement), hits);
    } else help = 0;
  }
  return hits.names.length > 0 ? hits : undefined;
}

function mentions(rest: string, offset: number, prompt: boolean, hits: FileHits): void {
  let counts = !prompt;
  for (const { 0: word, index } of withoutCalls(rest).matchAll(NAME)) {
    if (word === 'if') counts = true;
    else if (counts && isOption(word)) {
      hits.names.push(word);
      hits.offsets.push(offset + index);
      hits.kinds.push(HIT.KCONFIG);
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
