import { and, type Formula, not } from '../condition/formula.ts';
import { type Defines, definedMacro, parseCondition } from '../condition/parse-condition.ts';
import { Lines } from './lines.ts';
import { stripComments } from './strip.ts';

/** A directive of the preprocessor that opens a branch. */
export interface Branch {
  /** Line of the directive, from 1, and the last line it is continued on. */
  readonly line: number;
  readonly lastLine: number;
  readonly keyword: 'if' | 'ifdef' | 'ifndef' | 'elif' | 'elifdef' | 'elifndef' | 'else';
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

const HASH = 0x23;
const NEWLINE = 0x0a;
const RETURN = 0x0d;
const BACKSLASH = 0x5c;
const [LETTER_I, LETTER_E] = [0x69, 0x65];

/**
 * May a line be the first one of a conditional: of `#include` and its like, too, and of what goes on in the next line.
 * In large headers most directives are others, so no text is made to find out.
 */
function mayBegin({ text, starts }: Lines, line: number): boolean {
  let at = starts[line - 1] as number;
  let char = text.charCodeAt(at);
  // Tabs, vertical ones, form feeds and blanks.
  while (char === 0x20 || char === 0x09 || char === 0x0b || char === 0x0c) {
    char = text.charCodeAt(++at);
  }
  if (char !== HASH) return false;
  do char = text.charCodeAt(++at);
  while (char === 0x20 || char === 0x09);
  if (char === LETTER_I || char === LETTER_E) return true;
  if (char === BACKSLASH) char = text.charCodeAt(++at);
  if (char === RETURN) char = text.charCodeAt(++at);
  return char === NEWLINE || at >= text.length;
}

interface Open {
  readonly outer: Formula;
  /** None of the branches so far. */
  others: Formula;
  current: Formula;
  readonly branches: Branch[];
}

/** Deeper nesting is a joke or an attack; it is reported and not followed. */
const MAX_DEPTH = 1000;

/** Read the conditionals of a C file, header guards left out of the conditions. `text` has one unit per byte. */
export function conditionals(text: string, defines?: Defines): Conditionals {
  const lines = new Lines(text);
  const code = stripComments(text);
  const clean = new Lines(code, lines);
  const branches: Branch[] = [];
  const ends: { line: number; branches: readonly Branch[] }[] = [];
  const problems: { line: number; message: string }[] = [];
  // Where a condition starts to hold; lines before the first have none.
  const from: number[] = [];
  const formulas: Formula[] = [];
  const stack: Open[] = [];
  const guard = headerGuard(clean);
  const hold = (line: number, formula: Formula): void => {
    from.push(line);
    formulas.push(formula);
  };
  let ignored = 0;
  for (let line = 1; line <= clean.count; line++) {
    if (!mayBegin(clean, line)) continue;
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
      open({ line, lastLine, keyword: keyword as Branch['keyword'], reached: outer, taken });
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
      top.others = and(top.others, not(own));
      open({ line, lastLine, keyword: keyword as Branch['keyword'], reached, taken: top.current });
    }
    hold(lastLine + 1, stack.at(-1)?.current ?? true);
    line = lastLine;
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

/**
 * Line of the `#ifndef` of a header guard: the first directive of the file, followed by the `#define` of the same
 * macro, and ended by the last directive.
 */
function headerGuard(lines: Lines): number | undefined {
  let guard: { line: number; name: string } | undefined;
  let second = false;
  let depth = 0;
  let closed = false;
  for (let line = 1; line <= lines.count; line++) {
    if (second && !closed && !mayBegin(lines, line)) continue;
    const text = lines.line(line);
    if (text.trim() === '') continue;
    const directive = /^\s*#\s*(\w+)\s*(.*)$/.exec(text);
    if (closed) return undefined;
    if (!guard) {
      const name = /^(\w+)|^!\s*defined\s*\(?\s*(\w+)\s*\)?$/.exec(directive?.[2]?.trim() ?? '');
      const word =
        directive?.[1] === 'ifndef' ? name?.[1] : directive?.[1] === 'if' ? name?.[2] : '';
      if (!word || word.startsWith('CONFIG_')) return undefined;
      guard = { line, name: word };
      depth = 1;
      continue;
    }
    if (!second) {
      if (directive?.[1] !== 'define' || /^\w+/.exec(directive[2] ?? '')?.[0] !== guard.name) {
        return undefined;
      }
      second = true;
      continue;
    }
    if (directive?.[1]?.startsWith('if')) depth++;
    else if (directive?.[1]?.startsWith('el') && depth === 1) return undefined;
    else if (directive?.[1] === 'endif' && --depth === 0) closed = true;
  }
  return closed ? guard?.line : undefined;
}

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
