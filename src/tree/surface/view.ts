import { evaluate, type Formula } from '../condition/formula.ts';
import { kconfigMacro } from '../condition/parse-condition.ts';
import { conditionals } from '../source/conditionals.ts';
import { stripComments } from '../source/strip.ts';

/** The value of an option: `y`, `m`, `n`, a number or a text; undefined if it has none. */
export type Values = (symbol: string) => string | undefined;

const COMPARISON = /^(\w+) (==|!=|<|>|<=|>=) (\w+)$/;

/** Is a macro defined that is no option's. */
export type Defined = (name: string) => boolean;

const DEFINED = /^defined\((\w+)\)$/;

const nothing: Defined = () => false;

/** Does a condition hold in a configuration. What Kconfig does not tell (compilers, other macros) counts as not so. */
export function holds(formula: Formula, values: Values, defined: Defined = nothing): boolean {
  return (
    evaluate(formula, values, (text) => {
      const name = DEFINED.exec(text)?.[1];
      return name === undefined ? (freeValue(text, values) ?? false) : defined(name);
    }) ?? false
  );
}

/** The same where what Kconfig does not tell is open: only what options alone refute does not hold. */
export function mayHold(formula: Formula, values: Values): boolean {
  return evaluate(formula, values, (text) => freeValue(text, values)) !== false;
}

/** Comparisons of numbers an option holds, or of the width of a word; undefined for all else. */
function freeValue(text: string, values: Values): boolean | undefined {
  const found = COMPARISON.exec(text);
  if (!found) return undefined;
  const [, a, sign, b] = found as unknown as [string, string, string, string];
  const [left, right] = [numberOf(a, values), numberOf(b, values)];
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

function numberOf(text: string, values: Values): number | undefined {
  // include/asm-generic/bitsperlong.h
  if (text === 'BITS_PER_LONG') return values('64BIT') === 'y' ? 64 : 32;
  const option = text.startsWith('CONFIG_') ? values(text.slice(7)) : text;
  return option !== undefined && /^(?:0[xX][0-9a-fA-F]+|\d+)$/.test(option)
    ? Number(option)
    : undefined;
}

/**
 * A file as the compiler gets it in a configuration, macros of other files not expanded: lines that are not reached are
 * blank, comments are gone, questions after options are answered (IS_ENABLED and its kin become 0 or 1). Same length
 * of lines as the file, so that places stay. `defined` tells of macros of other files; without it there are none.
 */
export function viewOf(
  text: string,
  values: Values,
  defined: Defined = nothing,
): { text: string; problems: number } {
  const { lines, at, problems } = conditionals(text);
  const kept: string[] = [];
  const known = new Map<Formula, boolean>();
  for (let line = 1; line <= lines.count; line++) {
    const formula = at(line);
    let here = known.get(formula);
    if (here === undefined) {
      here = holds(formula, values, defined);
      known.set(formula, here);
    }
    const written = lines.line(line);
    const directive = /^\s*#\s*(?:if|el|endif)/.test(written);
    kept.push(here && !directive ? written : '');
  }
  const code = stripComments(kept.join('\n'));
  return { text: answered(code, values), problems: problems.length };
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
