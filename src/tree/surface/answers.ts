import { evaluate, type Formula } from '../condition/formula.ts';
import { type Macros, NO_MACROS, numberOf, type Values } from './condition-number.ts';

const DEFINED = /^defined\((\w+)\)$/;

/** Does a condition hold in a configuration; undefined where it rests on something that is not known. */
export function answerTo(formula: Formula, values: Values, macros: Macros): boolean | undefined {
  return evaluate(formula, values, (text) => freeAnswer(text, values, macros));
}

/** Does a condition hold in a configuration. What Kconfig does not tell (compilers, other macros) counts as not so. */
export function holds(formula: Formula, values: Values, macros: Macros = NO_MACROS): boolean {
  const taken = (text: string): boolean => freeAnswer(text, values, macros) ?? false;
  return evaluate(formula, values, taken) ?? false;
}

function freeAnswer(text: string, values: Values, macros: Macros): boolean | undefined {
  // Kconfig is asked for the build that others begin with, U-Boot itself and not its SPL.
  if (text.startsWith('building ')) return false;
  const name = DEFINED.exec(text)?.[1];
  return name === undefined ? freeValue(text, values, macros) : macros.isDefined(name);
}

/** Does a condition hang on a macro of which it is not known whether it is defined. */
export function isUndecided(formula: Formula, values: Values, macros: Macros): boolean {
  const { isDefined, mayBeDefined } = macros;
  if (!mayBeDefined) return false;
  let open = false;
  const answer = evaluate(formula, values, (text) => {
    const name = DEFINED.exec(text)?.[1];
    if (name === undefined) return freeAnswer(text, values, macros) ?? false;
    if (isDefined(name)) return true;
    if (!mayBeDefined(name)) return false;
    open = true;
    return undefined;
  });
  return open && answer === undefined;
}

/** Does a condition hold where what Kconfig does not tell is open: only what options alone refute does not hold. */
export function mayHold(formula: Formula, values: Values): boolean {
  const open = (text: string): boolean | undefined =>
    DEFINED.test(text) ? undefined : freeValue(text, values, NO_MACROS);
  return evaluate(formula, values, open) !== false;
}

/** Expressions of numbers an option or a macro holds, or of the width of a word; undefined for all else. */
function freeValue(text: string, values: Values, macros: Macros): boolean | undefined {
  const number = numberOf(text, values, macros);
  return number === undefined ? undefined : number !== 0n;
}
