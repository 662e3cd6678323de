import { and, type Formula, not } from '../condition/formula.ts';
import { type Defines, definedMacro, parseCondition } from '../condition/parse-condition.ts';
import { Lines } from './lines.ts';
import { lineEnd, stripComments } from './strip.ts';

/** A directive of the preprocessor that opens a branch. */
export interface Branch {
  /** Line of the directive, from 1, and the last line it is continued on. */
  readonly line: number;
  readonly lastLine: number;
  readonly keyword: 'if' | 'ifdef' | 'ifndef' | 'elif' | 'elifdef' | 'elifndef' | 'else';
  /** What the directive itself asks: nothing for `#else` and the guard of a header. */
  readonly asks: Formula;
  /** What it takes for the preprocessor to look at the directive. */
  readonly reached: Formula;
  /** What it takes for the lines below it. */
  readonly taken: Formula;
}

/** The conditionals of a file. */
export interface Conditionals {
  readonly lines: Lines;
  /** The text with comments blanked. */
  readonly code: string;
  readonly branches: readonly Branch[];
  /** Line of each `#endif`, with the branches it ends. */
  readonly ends: readonly { readonly line: number; readonly branches: readonly Branch[] }[];
  /** Formula under which a line reaches the compiler. */
  readonly at: (line: number) => Formula;
  /** What does not add up: `#endif` without `#if` and the reverse. */
  readonly problems: readonly { readonly line: number; readonly message: string }[];
}

const DIRECTIVE =
  /^[ \t\f\v]*#[ \t]*(ifdef|ifndef|if|elifdef|elifndef|elif|else|endif)(?![A-Za-z0-9_])(.*)$/;

const NEWLINE = 0x0a;
const RETURN = 0x0d;
const BACKSLASH = 0x5c;
const [LETTER_I, LETTER_E] = [0x69, 0x65];

/**
 * Lines that may be the first one of a conditional: those of `#include` and its like, too, and of what goes on in the next
 * line. In large headers most directives are others, and most lines none, so no text is made to find out.
 */
function candidates({ text, starts }: Lines): number[] {
  const found: number[] = [];
  let line = 1;
  for (let hash = text.indexOf('#'); hash >= 0; hash = text.indexOf('#', hash + 1)) {
    let at = hash + 1;
    let char = text.charCodeAt(at);
    while (char === 0x20 || char === 0x09) char = text.charCodeAt(++at);
    if (char === BACKSLASH) char = text.charCodeAt(++at);
    if (char === RETURN) char = text.charCodeAt(++at);
    const may = char === LETTER_I || char === LETTER_E || char === NEWLINE || at >= text.length;
    if (!may) continue;
    at = hash - 1;
    for (char = text.charCodeAt(at); isBlank(char); ) char = text.charCodeAt(--at);
    if (at >= 0 && char !== NEWLINE) continue;
    // Most are near the one before.
    while (line < starts.length && (starts[line] as number) <= hash) line++;
    found.push(line);
  }
  return found;
}

/** Tabs, vertical ones, form feeds and blanks. */
function isBlank(char: number): boolean {
  return char === 0x20 || char === 0x09 || char === 0x0b || char === 0x0c;
}

interface Open {
  readonly outer: Formula;
  /** None of the branches so far. */
  others: Formula;
  current: Formula;
  readonly branches: Branch[];
}

/**
 * Deeper nesting is a joke or an attack; it is reported and not followed. Twice what every compiler must take (C11, 5.2.4.1): as many lines
 * as deep would else be told with conditions as long.
 */
const MAX_DEPTH = 128;

/** So many branches of one conditional exclude each other; a table made by a program is no reason to say it of more. */
const MAX_BRANCHES = 200;

/** Read the conditionals of a C file, header guards left out of the conditions. `text` has one unit per byte. */
export function conditionals(text: string, defines?: Defines): Conditionals {
  const lines = new Lines(text);
  const code = stripComments(text);
  const clean = new Lines(code, lines);
  const guard = headerGuard(clean);
  return read(lines, clean, guard?.closed === true ? guard.line : undefined, defines);
}

/**
 * The conditionals of the beginning of a C file, given without comments and texts, as far as they matter for what comes
 * before its end. Of the rest it is only seen whether a header guard ends there.
 */
export function conditionalsOfHead(text: string, head: string, defines?: Defines): Conditionals {
  const lines = new Lines(head);
  const guard = guardOfHead(text, lines);
  const found = read(lines, lines, guard, defines);
  const quoted = found.branches.some(({ line, lastLine }) =>
    /["']/.test(head.slice(lines.starts[line - 1], lines.starts[lastLine])),
  );
  if (!quoted) return found;
  // Conditions are told with their texts.
  const written = text.slice(0, head.length);
  return read(lines, new Lines(stripComments(written), lines), guard, defines);
}

function guardOfHead(text: string, head: Lines): number | undefined {
  const guard = headerGuard(head);
  if (!guard) return undefined;
  if (guard.closed && head.text.length === text.length) return guard.line;
  if (closesAtEnd(text, head.text.length, guard.depth)) return guard.line;
  const whole = headerGuard(new Lines(stripComments(text)));
  return whole?.closed ? whole.line : undefined;
}

function read(
  lines: Lines,
  clean: Lines,
  guard: number | undefined,
  defines: Defines | undefined,
): Conditionals {
  const code = clean.text;
  const branches: Branch[] = [];
  const ends: { line: number; branches: readonly Branch[] }[] = [];
  const problems: { line: number; message: string }[] = [];
  // Where a condition starts to hold; lines before the first have none.
  const from: number[] = [];
  const formulas: Formula[] = [];
  const stack: Open[] = [];
  const hold = (line: number, formula: Formula): void => {
    from.push(line);
    formulas.push(formula);
  };
  let ignored = 0;
  let next = 1;
  for (const line of candidates(clean)) {
    if (line < next) continue;
    const whole = joined(clean, line, clean.line(line));
    const found = DIRECTIVE.exec(whole.text);
    if (!found) continue;
    const keyword = found[1] as Branch['keyword'] | 'endif';
    const rest = (found[2] as string).trim();
    const { lastLine } = whole;
    if (keyword.startsWith('if')) {
      if (stack.length >= MAX_DEPTH) {
        if (ignored++ === 0) problems.push({ line, message: 'nested too deeply' });
        continue;
      }
      const outer = stack.at(-1)?.current ?? true;
      const own = line === guard ? true : conditionOf(keyword, rest, defines);
      const taken = and(outer, own);
      stack.push({ outer, others: not(own), current: taken, branches: [] });
      const opens = keyword as Branch['keyword'];
      open({ line, lastLine, keyword: opens, asks: own, reached: outer, taken });
    } else if (ignored > 0 && keyword === 'endif') {
      ignored--;
      continue;
    } else if (ignored > 0) continue;
    else if (keyword === 'endif') {
      const ended = stack.pop();
      if (!ended) problems.push({ line, message: '#endif without #if' });
      else {
        ends.push({ line, branches: ended.branches });
        hold(line, ended.outer);
      }
    } else {
      const top = stack.at(-1);
      if (!top) {
        problems.push({ line, message: `#${keyword} without #if` });
        continue;
      }
      hold(line, top.outer);
      const own = keyword === 'else' ? true : conditionOf(keyword, rest, defines);
      const reached = and(top.outer, top.others);
      top.current = and(reached, own);
      if (top.branches.length < MAX_BRANCHES) top.others = and(top.others, not(own));
      else top.others = true;
      if (top.branches.length === MAX_BRANCHES) {
        problems.push({ line, message: 'more branches than are told apart' });
      }
      const opens = keyword as Branch['keyword'];
      open({ line, lastLine, keyword: opens, asks: own, reached, taken: top.current });
    }
    hold(lastLine + 1, stack.at(-1)?.current ?? true);
    next = lastLine + 1;
  }
  for (const { branches: left } of stack) {
    problems.push({ line: left[0]?.line ?? 1, message: 'never ended' });
  }
  return {
    lines,
    code,
    branches,
    ends,
    problems,
    at: (line) => formulas[lastAt(from, line)] ?? true,
  };

  function open(branch: Branch): void {
    branches.push(branch);
    stack.at(-1)?.branches.push(branch);
  }
}

function conditionOf(keyword: string, rest: string, defines?: Defines): Formula {
  if (/^(?:el)?if$/.test(keyword)) return parseCondition(rest, defines);
  const name = /^\w+/.exec(rest)?.[0] ?? '';
  const defined = definedMacro(name, defines);
  return keyword.endsWith('ndef') ? not(defined) : defined;
}

/** A line with those it is continued on. */
function joined(lines: Lines, line: number, first: string): { text: string; lastLine: number } {
  if (!first.endsWith('\\')) return { text: first, lastLine: line };
  const parts: string[] = [];
  let last = line;
  let part = first;
  while (part.endsWith('\\') && last < lines.count) {
    parts.push(part.slice(0, -1));
    part = lines.line(++last);
  }
  parts.push(part);
  return { text: parts.join(' '), lastLine: last };
}

/** A header guard as far as a text goes. */
interface Guard {
  /** Line of its `#ifndef`. */
  readonly line: number;
  /** How many conditionals are open at the end. */
  readonly depth: number;
  readonly closed: boolean;
}

/**
 * The header guard of a file: the `#ifndef` that is its first directive, followed by the `#define` of the same macro, and
 * ended by the last directive. Undefined if there is none, whatever may come.
 */
function headerGuard(lines: Lines): Guard | undefined {
  const first = nextWritten(lines, 1);
  const opens = directiveIn(lines, first);
  const name = /^(\w+)|^!\s*defined\s*\(?\s*(\w+)\s*\)?$/.exec(opens?.[2]?.trim() ?? '');
  const word = opens?.[1] === 'ifndef' ? name?.[1] : opens?.[1] === 'if' ? name?.[2] : '';
  if (!word || word.startsWith('CONFIG_')) return undefined;
  const second = nextWritten(lines, first + 1);
  const defines = directiveIn(lines, second);
  if (defines?.[1] !== 'define' || /^\w+/.exec(defines[2] ?? '')?.[0] !== word) return undefined;
  let depth = 1;
  for (const line of candidates(lines)) {
    if (line <= second) continue;
    const keyword = directiveIn(lines, line)?.[1];
    if (keyword?.startsWith('if')) depth++;
    else if (keyword?.startsWith('el') && depth === 1) return undefined;
    else if (keyword === 'endif' && --depth === 0) {
      const more = nextWritten(lines, line + 1) <= lines.count;
      return more ? undefined : { line: first, depth, closed: true };
    }
  }
  return { line: first, depth, closed: false };
}

/** The next line with anything in it, from one on; one more than there are lines if there is none. */
function nextWritten(lines: Lines, from: number): number {
  let line = from;
  while (line <= lines.count && lines.line(line).trim() === '') line++;
  return line;
}

function directiveIn(lines: Lines, line: number): RegExpExecArray | null {
  return /^\s*#\s*(\w+)\s*(.*)$/.exec(lines.line(line));
}

/**
 * Is the rest of a text such that the one conditional open before it ends with its last directive. Undefined where that
 * takes a closer look: where there are other conditionals, or comments around them.
 */
function closesAtEnd(text: string, from: number, depth: number): true | undefined {
  if (depth !== 1) return undefined;
  // Millions of other directives are passed over without a look at each.
  const found = BEGINNINGS.map((one) => text.indexOf(one, from)).filter((at) => at >= 0);
  for (let hash = Math.min(...found); hash < text.length; hash = nextHash(text, hash)) {
    DIRECTIVE_WORD.lastIndex = hash;
    const word = DIRECTIVE_WORD.exec(text)?.[1];
    if (word === undefined) continue;
    if (word !== 'endif' || text.lastIndexOf('/*', hash) > text.lastIndexOf('*/', hash)) {
      return undefined;
    }
    const rest = stripComments(text.slice(lineEnd(text, hash)));
    return rest.trim() === '' ? true : undefined;
  }
  return undefined;
}

function nextHash(text: string, hash: number): number {
  const next = text.indexOf('#', hash + 1);
  return next < 0 ? text.length : next;
}

/** How directives of conditionals begin. */
const BEGINNINGS = ['#i', '#e', '# ', '#\t'];

const DIRECTIVE_WORD = /#[ \t]*(if\w*|el\w*|endif)/y;

function lastAt(from: readonly number[], line: number): number {
  let low = -1;
  let high = from.length - 1;
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if ((from[middle] as number) <= line) low = middle;
    else high = middle - 1;
  }
  return low;
}
