import { evaluate, type Formula } from '../condition/formula.ts';
import { kconfigMacro } from '../condition/parse-condition.ts';
import { conditionals } from '../source/conditionals.ts';
import { Lines } from '../source/lines.ts';

/** The value of an option: `y`, `m`, `n`, a number or a text; undefined if it has none. */
export type Values = (symbol: string) => string | undefined;

const COMPARISON = /^(\w+) (==|!=|<|>|<=|>=) (\w+)$/;

/** What a macro stands for that is no option's: undefined where there is none, '' where it is not known. */
export type Macros = (name: string) => string | undefined;

const DEFINED = /^defined\((\w+)\)$/;

const none: Macros = () => undefined;

/** The value of an option as the preprocessor has it: without a macro it is 0. */
export function asNumber(value: string | undefined): string | undefined {
  return value === 'y' ? '1' : value === undefined || /^[nm]?$/.test(value) ? '0' : value;
}

/** Does a condition hold in a configuration. What Kconfig does not tell (compilers, other macros) counts as not so. */
export function holds(formula: Formula, values: Values, macros: Macros = none): boolean {
  return (
    evaluate(formula, values, (text) => {
      const name = DEFINED.exec(text)?.[1];
      return name === undefined
        ? (freeValue(text, values, macros) ?? false)
        : macros(name) !== undefined;
    }) ?? false
  );
}

/** The same where what Kconfig does not tell is open: only what options alone refute does not hold. */
export function mayHold(formula: Formula, values: Values): boolean {
  return evaluate(formula, values, (text) => freeValue(text, values)) !== false;
}

/** Comparisons of numbers an option or a macro holds, or of the width of a word; undefined for all else. */
function freeValue(text: string, values: Values, macros: Macros = none): boolean | undefined {
  const found = COMPARISON.exec(text);
  if (!found) {
    const number = /^[A-Za-z_]\w*$/.test(text) ? numberOf(text, values, macros) : undefined;
    return number === undefined ? undefined : number !== 0;
  }
  const [, a, sign, b] = found as unknown as [string, string, string, string];
  const [left, right] = [numberOf(a, values, macros), numberOf(b, values, macros)];
  if (left === undefined || right === undefined) return undefined;
  switch (sign) {
    case '==':
      return left === right;
    case '!=':
      return left !== right;
    case '<':
      return left < right;
    case '>':
      return left > right;
    case '<=':
      return left <= right;
    default:
      return left >= right;
  }
}

function numberOf(text: string, values: Values, macros: Macros): number | undefined {
  // include/asm-generic/bitsperlong.h
  if (text === 'BITS_PER_LONG') return values('64BIT') === 'y' ? 64 : 32;
  const written = macros(text) || text;
  const option = written.startsWith('CONFIG_') ? asNumber(values(written.slice(7))) : written;
  return option !== undefined && /^(?:0[xX][0-9a-fA-F]+|\d+)$/.test(option)
    ? Number(option)
    : undefined;
}

/**
 * A file as the compiler gets it in a configuration, macros of other files not expanded: lines that are not reached are
 * blank, comments are gone, questions after options are answered (IS_ENABLED and its kin become 0 or 1). Same length
 * of lines as the file, so that places stay. Macros the file has defined by a line are known there; `macros` tells of others,
 * without it there are none.
 */
export function viewOf(
  text: string,
  values: Values,
  macros: Macros = none,
): { text: string; problems: number } {
  const { lines, code, branches, ends, problems } = conditionals(text);
  const own = new OwnMacros(values, macros);
  const clean = new Lines(code, lines);
  const marks = [...branches, ...ends].sort((a, b) => a.line - b.line);
  const open: { readonly outer: boolean; taken: boolean }[] = [];
  const kept: string[] = [];
  let here = true;
  let next = 0;
  for (let line = 1; line <= lines.count; line++) {
    const written = clean.line(line);
    const mark = marks[next];
    if (mark?.line !== line) {
      // What is nested too deeply has directives that open nothing.
      const shown = here && !/^\s*#\s*(?:if|el|endif)/.test(written);
      if (shown && written.includes('#')) own.take(written);
      kept.push(shown ? written : '');
      continue;
    }
    next++;
    kept.push('');
    if (!('keyword' in mark)) {
      here = open.pop()?.outer ?? true;
      continue;
    }
    if (mark.keyword.startsWith('if')) open.push({ outer: here, taken: false });
    const top = open.at(-1);
    if (!top) continue;
    here = top.outer && !top.taken && own.satisfy(mark.asks);
    top.taken ||= here;
    for (; line < mark.lastLine; line++) kept.push('');
  }
  return { text: answered(kept.join('\n'), values), problems: problems.length };
}

const DEFINITION = /^\s*#\s*(define|undef)\s+(\w+)(.*)/;

/** The macros a file has defined and undefined down to a line. */
class OwnMacros {
  readonly #values: Values;
  readonly #others: Macros;
  /** What each stands for; undefined once it was undefined. */
  readonly #known = new Map<string, string | undefined>();

  constructor(values: Values, others: Macros) {
    this.#values = values;
    this.#others = others;
  }

  /** Carry out a line that may define a macro. */
  take(line: string): void {
    const [, directive, name, rest] = DEFINITION.exec(line) ?? [];
    if (name === undefined) return;
    this.#known.set(name, directive === 'define' ? (rest as string).trim() : undefined);
  }

  satisfy(asked: Formula): boolean {
    return typeof asked === 'boolean' ? asked : holds(asked, this.#values, this.#macros);
  }

  readonly #macros: Macros = (name) =>
    this.#known.has(name) ? this.#known.get(name) : this.#others(name);
}

const QUESTION = /\b(IS_ENABLED|IS_BUILTIN|IS_MODULE|IS_REACHABLE)\s*\(\s*CONFIG_(\w+)\s*\)/g;

function answered(text: string, values: Values): string {
  if (!text.includes('CONFIG_')) return text;
  return text
    .replace(QUESTION, (all, macro: string, symbol: string) => {
      const formula = kconfigMacro(macro, symbol);
      return formula === undefined ? all : holds(formula, values) ? '1' : '0';
    })
    .replace(/\bCONFIG_(\w+)\b/g, (all, symbol: string) => {
      const value = values(symbol);
      return value === undefined || /^[nm]?$/.test(value) ? all : value === 'y' ? '1' : value;
    });
}
