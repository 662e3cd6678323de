import { conventionFormula, phasedOption } from '../condition/convention-formula.ts';
import type { Formula } from '../condition/formula.ts';
import { type Defines, kconfigMacro } from '../condition/parse-condition.ts';
import { holds } from './answers.ts';
import { type Macros, NO_MACROS, type Values } from './condition-number.ts';

const QUESTION = /\b(IS_ENABLED|IS_BUILTIN|IS_MODULE|IS_REACHABLE)\s*\(\s*CONFIG_(\w+)\s*\)/g;

/**
 * Code without comments in which questions after options are answered: IS_ENABLED and its kin become 0 or 1, options their
 * values, and what else a project makes of options' names what it stands for.
 */
export function answered(text: string, values: Values, defines?: Defines): string {
  const own = defines?.conventions ? answeredByConvention(text, values, defines) : text;
  if (!own.includes('CONFIG_')) return own;
  return own
    .replace(QUESTION, (all, macro: string, symbol: string) => {
      const formula = kconfigMacro(macro, symbol);
      return formula === undefined ? all : holds(formula, values) ? '1' : '0';
    })
    .replace(/\bCONFIG_(\w+)\b/g, (all, symbol: string) => {
      const value = values(symbol);
      return value === undefined || /^[nm]?$/.test(value) ? all : value === 'y' ? '1' : value;
    });
}

const WORD = /"(?:\\.|[^"\\\n])*"|'(?:\\.|[^'\\\n])*'|[A-Za-z_]\w*|[()]/g;

/** What code asks by IS_ENABLED and its kin, in order. */
export function questionsIn(text: string): Formula[] {
  return [...text.matchAll(QUESTION)].flatMap(
    ([, macro, symbol]) => kconfigMacro(macro as string, symbol as string) ?? [],
  );
}

/** Names made of options' and macros that are given options, `ENABLE_X`, `IF_X(…)` and `CONFIG_IS_ENABLED(X)`. */
function answeredByConvention(text: string, values: Values, defines: Defines): string {
  const { conventions } = defines;
  if (!conventions) return text;
  const out: string[] = [];
  /** Parentheses that are open; those of a call whose arguments are given or left out have its answer. */
  const open: { readonly given: boolean | undefined; readonly at: number }[] = [];
  let done = 0;
  let calls: boolean | undefined;
  const put = (to: number): void => {
    out.push(text.slice(done, to));
    done = to;
  };
  for (const { 0: word, index } of text.matchAll(WORD)) {
    if (word === '(') {
      if (calls !== undefined) done = index + 1;
      open.push({ given: calls, at: out.length });
      calls = undefined;
    } else if (word === ')') {
      const { given, at } = open.pop() ?? {};
      if (given === undefined) continue;
      put(index);
      done = index + 1;
      // Lines stay where they are.
      if (!given)
        out.push(
          out
            .splice(at ?? out.length)
            .join('')
            .replace(/[^\n]+/g, ''),
        );
    } else if (/^\w/.test(word) && index >= done) {
      const rest = text.slice(index + word.length, index + word.length + 80);
      const args = /^\s*(\(\s*\w*)/.exec(rest)?.[1];
      if (conventions.macros.includes(word)) {
        const whole = /^\s*\(\s*(?:CONFIG_)?(\w+)\s*\)/.exec(rest);
        const symbol = whole?.[1];
        if (symbol === undefined || !phasedOption(symbol, defines)) continue;
        put(index);
        out.push(valueText(values(symbol)));
        done = index + word.length + (whole?.[0].length ?? 0);
        continue;
      }
      const formula = meaningOf(word, args, defines);
      if (formula === undefined) continue;
      put(index);
      if (formula.called) calls = holds(formula.holds, values);
      else {
        out.push(holds(formula.holds, values) ? '1' : '0');
        done = index + word.length;
      }
    }
  }
  put(text.length);
  return out.join('');
}

/** An option that is off is 0. */
function valueText(value: string | undefined): string {
  if (value === undefined || /^n?$/.test(value)) return '0';
  return /^[ym]$/.test(value) ? '1' : value;
}

function meaningOf(
  name: string,
  args: string | undefined,
  defines: Defines,
): { readonly holds: Formula; readonly called: boolean } | undefined {
  const called = args === undefined ? undefined : conventionFormula(name, args, defines);
  if (called !== undefined) return { holds: called, called: true };
  const plain = conventionFormula(name, undefined, defines);
  return plain === undefined ? undefined : { holds: plain, called: false };
}

/** The macros a file of a project meets of which no more is known than its conventions. */
export function plainMacros(defines: Defines): Macros {
  return defines.conventions ? { ...NO_MACROS, defines } : NO_MACROS;
}
