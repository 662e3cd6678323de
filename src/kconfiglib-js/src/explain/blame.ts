import type { Span } from '../diagnostics/diagnostic.ts';
import type { Evaluator } from '../eval/evaluator.ts';
import { symbolsOf } from '../expr/query.ts';
import { E, type Expr, YES } from '../expr/store.ts';
import type { Sym } from '../menu/model.ts';
import { spanOf } from '../menu/views.ts';

/** One reason in a chain. `because` says in turn why this is so. */
export interface WhyStep {
  kind: 'operand' | 'prompt' | 'default' | 'select' | 'imply' | 'choice' | 'range' | 'user';
  text: string;
  /** The symbol the reason is about, and its value. */
  symbol?: string;
  value?: string;
  /** The operand as written in the condition. */
  operand?: string;
  /** Of a select or imply: the condition it is under, as written and with all that surrounds it. */
  condition?: string;
  span?: Span;
  because: WhyStep[];
}

/** An operand that keeps a condition from holding. */
export interface Blame {
  expr: Expr;
  symbols: number[];
}

/**
 * The operands that keep an expression below `wanted`: of a conjunction those that are too low, of a disjunction all,
 * for none would do. Equal operands are named once.
 */
export function blame(
  evaluator: Evaluator,
  e: Expr,
  wanted = YES as number,
  into: Map<Expr, Blame> = new Map(),
): Blame[] {
  const { store } = evaluator.program;
  if (e !== 0 && evaluator.expr(e) < wanted) {
    const kind = store.kind[e];
    if (kind === E.AND || kind === E.OR) {
      blame(evaluator, store.left[e] as number, wanted, into);
      blame(evaluator, store.right[e] as number, wanted, into);
    } else if (!into.has(e)) {
      into.set(e, { expr: e, symbols: [...symbolsOf(store, e)].filter((id) => id > YES) });
    }
  }
  return [...into.values()];
}

/** Is every blamed operand one that must be lifted, or would any one of them do. */
export function needsAll(evaluator: Evaluator, e: Expr, wanted = YES as number): boolean {
  const { store } = evaluator.program;
  if (e === 0 || evaluator.expr(e) >= wanted) return true;
  if (store.kind[e] === E.OR) return false;
  if (store.kind[e] !== E.AND) return true;
  return (
    needsAll(evaluator, store.left[e] as number, wanted) &&
    needsAll(evaluator, store.right[e] as number, wanted)
  );
}

/** The place where a symbol is first defined. */
export function homeOf(sym: Sym): Span | undefined {
  return sym.nodes[0] && spanOf(sym.nodes[0]);
}

/** What sentences call a choice. */
export function choiceTitle({ nodes }: Sym): string {
  return `the choice "${nodes[0]?.prompt?.text}"`;
}

/** ` (file:line)`. */
export function at(span: Span | undefined): string {
  return span ? ` (${span.file}:${span.line})` : '';
}

/** Reasons named in a sentence; all are in `because`. */
export const NAMED = 4;

/** The symbols of the first few steps, each with its place. */
export function named(steps: readonly WhyStep[]): string {
  return list(steps.slice(0, NAMED).map((step) => `${step.symbol}${at(step.span)}`));
}

/** `a, b and c`. */
export function list(parts: readonly string[]): string {
  return parts.length < 2 ? parts.join('') : `${parts.slice(0, -1).join(', ')} and ${parts.at(-1)}`;
}
