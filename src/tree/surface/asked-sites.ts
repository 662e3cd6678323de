import type { SyntaxParser } from '../c/parser.ts';
import { and, formulaText, not } from '../condition/formula.ts';
import { conditionals } from '../source/conditionals.ts';
import type { Declaration } from '../source/declaration.ts';
import { Lines } from '../source/lines.ts';
import { stripComments } from '../source/strip.ts';
import { plainMacros, questionsIn } from './answered.ts';
import { holds } from './answers.ts';
import { CallerFile } from './caller-file.ts';
import type { Called } from './calls.ts';
import type { FallbackSite } from './fallbacks.ts';
import { ASKS } from './folded-functions.ts';
import { functionsOf } from './items-of-side.ts';
import { takesLock } from './lock-names.ts';
import type { Surface, SurfaceSide } from './surface.ts';
import { viewOf } from './view.ts';

/** A site with the side that tries. */
export interface AskedSite extends FallbackSite {
  readonly side: SurfaceSide;
}

/**
 * Sites where a function asks for the option itself: `if (IS_ENABLED(CONFIG_X) && try(mm)) return; read_lock(mm);`, and one
 * that takes a finer lock where it has the option and else the whole. On both sides it is compiled, so that which calls are
 * reached decides.
 */
export function askedSites(
  parser: SyntaxParser,
  left: SurfaceSide,
  right: SurfaceSide,
  { functions }: Pick<Surface, 'functions'>,
): AskedSite[] {
  return functions.flatMap(({ name, file, left: l, right: r, differs }): AskedSite[] => {
    if (l !== 'code' || r !== 'code' || differs === 'macro') return [];
    const asks = [left, right].every((side) =>
      ASKS.test(functionsOf(side, file).get(name)?.body ?? ''),
    );
    if (!asks) return [];
    const [onLeft, onRight] = [left, right].map((side) => reachedOn(parser, side, file, name));
    if (!onLeft || !onRight) return [];
    return [
      ...sitesOn(onLeft, onRight).map((one) => ({ ...one, side: left })),
      ...sitesOn(onRight, onLeft).map((one) => ({ ...one, side: right })),
    ].map((one) => ({ ...one, function: name, file }));
  });
}

/** A function on a side. */
interface Reached {
  readonly file: CallerFile;
  readonly one: Declaration;
  readonly path: string;
  readonly side: SurfaceSide;
  readonly lines: Lines;
  readonly calls: readonly Called[];
}

function reachedOn(
  parser: SyntaxParser,
  side: SurfaceSide,
  path: string,
  name: string,
): Reached | undefined {
  const { tree, values } = side;
  const shown = viewOf(tree.text(path) ?? '', values, plainMacros(tree.defines)).text;
  const file = new CallerFile(shown, parser, new Set());
  const one = file.functions.find((other) => other.name === name);
  return one && { file, one, path, side, lines: new Lines(shown), calls: file.reached(one) };
}

/** Sites by what only one side reaches. */
function sitesOn(own: Reached, other: Reached): Omit<FallbackSite, 'function' | 'file'>[] {
  const { file, one, calls } = own;
  const there = new Set(other.calls.map(({ name }) => name));
  const tried = calls.filter(({ name }) => !there.has(name));
  return tried.flatMap((call) => {
    const { name, object } = call;
    const instead = other.file.locksBy(other.calls, other.one, object);
    if (instead.length === 0) return [];
    const known = new Set(file.locksBy(calls, one, object));
    const failing = file.locksOnFailure(one, call);
    const { line, condition, isOn } = placeOf(call, own, other);
    const isLock = isOn && takesLock(name);
    // Of two locks the one by the option is the finer, but spin_lock_irqsave() and spin_lock() are one.
    const fallback = instead.filter(
      (lock) => failing.includes(lock) || (isLock && !known.has(lock) && !name.startsWith(lock)),
    );
    return fallback.length > 0 ? [{ line, call: name, fallback, condition }] : [];
  });
}

/**
 * Line and condition of a call: that of the line, and what is asked before it and has another answer on the other side; and is
 * the answer here that an option is on.
 */
function placeOf(
  { offset }: Called,
  { one, path, side: { tree, values }, lines }: Reached,
  other: Reached,
): Pick<FallbackSite, 'line' | 'condition'> & { readonly isOn: boolean } {
  const text = tree.text(path) ?? '';
  const line = lines.lineAt(offset);
  const before = stripComments(text)
    .split('\n')
    .slice(lines.lineAt(one.bodyStart) - 1, line)
    .join('\n');
  const asked = questionsIn(before).flatMap((question) => {
    const answer = holds(question, values);
    if (answer === holds(question, other.side.values)) return [];
    return [{ answer, formula: answer ? question : not(question) }];
  });
  const compiled = [tree.kbuild.conditionOf(path), conditionals(text, tree.defines).at(line)];
  const condition = formulaText(and(...compiled, ...asked.map(({ formula }) => formula)));
  return { line, condition, isOn: asked.some(({ answer }) => answer) };
}
