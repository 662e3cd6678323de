import type { SyntaxParser } from '../c/parser.ts';
import { alwaysGiven } from './flow/failing-branch.ts';
import type { Known } from './flow/tried-value.ts';
import type { FunctionChange } from './function-changes.ts';
import { type FunctionItem, functionsOf } from './items-of-side.ts';
import type { Surface, SurfaceSide } from './surface.ts';

/** A function that fails on one side because it asks for an option itself, and has its code on both. */
export interface FoldedFunction {
  readonly change: FunctionChange;
  /** Where it can do more. */
  readonly side: SurfaceSide;
  readonly gives: Known;
}

/** A test of what `IS_ENABLED` is on a side (include/linux/kconfig.h). */
export const ASKS = /\bif ?\((?:[^;{}]*[!(&|])?[01][)&|]/;

/** Functions that give back one thing on one side, `if (!IS_ENABLED(CONFIG_X)) return 0;`, by which callers see them fail. */
export function foldedFunctions(
  parser: SyntaxParser,
  left: SurfaceSide,
  right: SurfaceSide,
  { functions }: Pick<Surface, 'functions'>,
): FoldedFunction[] {
  return functions.flatMap((change): FoldedFunction[] => {
    const { name, file } = change;
    if (change.left !== 'code' || change.right !== 'code' || change.differs === 'macro') return [];
    const items = [left, right].map((side) => functionsOf(side, file).get(name));
    if (!items.every((one) => one && ASKS.test(one.body))) return [];
    const [onLeft, onRight] = items.map((one) => alwaysGiven(parser, `void f(void) ${one?.body}`));
    if ((onLeft === undefined) === (onRight === undefined)) return [];
    const gives = (onLeft ?? onRight) as Known;
    const item = items[0] as FunctionItem;
    if (!isFailure(gives, item.signature)) return [];
    return [{ change, side: onLeft ? right : left, gives: { ...gives, tried: true } }];
  });
}

/** An int that is 0 has succeeded, a number of things, a pointer and a bool have not (coding-style.rst, 16). */
function isFailure({ is }: Known, signature: string): boolean {
  if (is !== 'zero') return is !== 'other';
  const type = signature.slice(0, signature.indexOf('('));
  return /\*|\b(?:bool|unsigned|size_t|u?int\d+_t|u\d+)\b/.test(type);
}
