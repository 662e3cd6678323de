import { printExpr } from '../expr/print.ts';
import { operands } from '../expr/query.ts';
import { E, type Expr, MOD, YES } from '../expr/store.ts';
import { TYPE } from '../menu/model.ts';
import type { Evaluator } from './evaluator.ts';
import { NO_TEXT } from './text-value.ts';

/** An expression with the value of each symbol behind it: `A [=y] && B [=n]`. */
export function withValues(
  evaluator: Evaluator,
  e: Expr,
  show = (id: number): string => evaluator.textOf(id),
): string {
  const { program } = evaluator;
  return printExpr(program.store, e, (id) => {
    if (program.isChoice(id)) return '<choice>';
    const name = program.names.nameOf(id);
    return program.type[id] === TYPE.UNKNOWN ? name : `${name} [=${show(id)}]`;
  });
}

/** The text of a symbol as `conf` prints it: `(null)` for a number or string that was not looked at yet. */
export function printedText(evaluator: Evaluator, id: number): string {
  const text = evaluator.textOf(id);
  const known = evaluator.valid[id] !== 0 || evaluator.knownBefore?.[id] === 1;
  return text === '' && !known ? NO_TEXT : text;
}

/** An expression with the value of each symbol, as `conf` prints it. */
export function printedValues(evaluator: Evaluator, e: Expr): string {
  return withValues(evaluator, e, (id) => printedText(evaluator, id));
}

/** The warning `conf` prints for a symbol selected against its dependencies. */
export function unmetText(evaluator: Evaluator, id: number): string {
  const { names, dirDep, revDep } = evaluator.program;
  let out = `\nWARNING: unmet direct dependencies detected for ${names.nameOf(id)}\n`;
  out += `  Depends on [${evaluator.dir[id] === MOD ? 'm' : 'n'}]: ${printedValues(evaluator, dirDep[id] as Expr)}\n`;
  out += reverseText(evaluator, revDep[id] as Expr, YES, '  Selected by [y]:\n');
  return out + reverseText(evaluator, revDep[id] as Expr, MOD, '  Selected by [m]:\n');
}

/** The operands of a chain of || that have this value, one on a line, below a title. */
export function reverseText(evaluator: Evaluator, e: Expr, value: number, title: string): string {
  const terms = operands(evaluator.program.store, e, E.OR).filter(
    (term) => evaluator.expr(term) === value,
  );
  return terms.length === 0
    ? ''
    : title + terms.map((term) => `  - ${printedValues(evaluator, term)}\n`).join('');
}
