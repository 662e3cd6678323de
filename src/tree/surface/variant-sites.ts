import type { SyntaxParser } from '../c/parser.ts';
import { and, formulaText } from '../condition/formula.ts';
import { conditionals } from '../source/conditionals.ts';
import { declarations } from '../source/declarations.ts';
import { Lines } from '../source/lines.ts';
import { plainMacros } from './answered.ts';
import { isBuilt } from './built.ts';
import { CallerFile } from './caller-file.ts';
import { type Called, callsOf } from './calls.ts';
import type { FallbackSite } from './fallbacks.ts';
import type { Body } from './function-changes.ts';
import { type FunctionItem, functionsOf } from './items-of-side.ts';
import { takesLock } from './lock-names.ts';
import type { Surface, SurfaceSide } from './surface.ts';
import { viewOf } from './view.ts';

/**
 * Sites where the choice is made by the preprocessor, of the architecture that is compared: a function that on one side
 * calls what only that side has and on the other takes a lock instead; one that takes the lock besides that call, for when
 * it fails; and one that on one side only, or in one of two ways, takes the lock for callers beside it of what only one
 * side has.
 */
export function variantSites(
  parser: SyntaxParser,
  left: SurfaceSide,
  right: SurfaceSide,
  surface: Pick<Surface, 'functions'>,
): FallbackSite[] {
  const only = (side: 'left' | 'right', lacking: readonly Body[]): ReadonlySet<string> =>
    new Set(
      surface.functions
        .filter((one) => one[side] === 'code')
        .filter((one) => lacking.includes(one[side === 'left' ? 'right' : 'left']))
        .map(({ name }) => name),
    );
  const sides = [
    { own: left, other: right, key: 'left', otherKey: 'right' },
    { own: right, other: left, key: 'right', otherKey: 'left' },
  ] as const;
  return sides.flatMap(({ own, other, key, otherKey }) => {
    const has = only(key, ['stub-constant', 'absent']);
    const alone = only(key, ['absent']);
    return surface.functions.flatMap((change): FallbackSite[] => {
      const { name, file } = change;
      if (change[key] === 'absent' || change.differs === 'macro') return [];
      // A file that one side lacks has nothing it could do instead.
      if (!isBuilt(file, own) || !isBuilt(file, other)) return [];
      const here = functionsOf(own, file);
      const there = functionsOf(other, file);
      const calls = calledIn(here.get(name));
      // What this file defines is known by what it does, all else by its name.
      const isFiner = (one: Called): boolean => {
        if (!has.has(one.name) || one.name === name || !takesLock(one.name)) return false;
        if (!here.has(one.name)) return true;
        const within = calledIn(here.get(one.name));
        const locks = within.filter((inner) => takesLock(inner.name));
        return within.length > 0 && (locks.length === 0 || locks.some(({ name: n }) => has.has(n)));
      };
      const whole = (list: readonly Called[], of: Called | undefined, at = here): string[] => {
        const locks = list.filter((one) => takesLock(one.name) && !has.has(one.name));
        const real = locks.filter(
          (one) => !at.has(one.name) || calledIn(at.get(one.name)).some((n) => takesLock(n.name)),
        );
        return [...new Set(real.filter((one) => one.object === of?.object).map((one) => one.name))];
      };
      const used = calls.find(isFiner);
      const known = new Set(calls.map((one) => one.name));
      const locks = whole(calledIn(there.get(name)), used, there);
      if (used && !has.has(name) && locks.some((one) => !known.has(one))) {
        return [siteAt(other, file, name, used.name, locks)];
      }
      const besides = whole(calls, used);
      if (
        used &&
        alone.has(used.name) &&
        besides.length > 0 &&
        !calls.some(({ name: one }) => has.has(one) && !alone.has(one)) &&
        takesOnFailure(parser, here.get(name), used, besides)
      ) {
        return [siteAt(own, file, name, used.name, besides)];
      }
      const beside = [...here.values()].flatMap(calledIn).find(isFiner);
      if (!beside || used || !isUsedWith(here, name, beside.name)) return [];
      const taken = whole(calls, beside);
      if (has.has(name) && taken.length > 0) return [siteAt(own, file, name, beside.name, taken)];
      if (change[otherKey] !== 'code' || taken.length > 0) return [];
      const instead = whole(calledWithin(there, name), beside, there);
      const before = new Set(calledWithin(here, name).map((one) => one.name));
      return instead.some((one) => !before.has(one))
        ? [siteAt(other, file, name, beside.name, instead)]
        : [];
    });
  });
}

/** Does a function take one of some locks because a call in it failed. */
function takesOnFailure(
  parser: SyntaxParser,
  item: FunctionItem | undefined,
  call: Called,
  locks: readonly string[],
): boolean {
  const file = new CallerFile(`${item?.signature}\n${item?.body}\n`, parser, new Set());
  const [one] = file.functions;
  return one !== undefined && file.locksOnFailure(one, call).some((lock) => locks.includes(lock));
}

/** Is there a function of a file that calls two others, in itself or in those it calls. */
function isUsedWith(here: ReadonlyMap<string, FunctionItem>, a: string, b: string): boolean {
  return [...here.keys()].some((name) => {
    if (name === a) return false;
    const reached = new Set([name]);
    for (const at of reached) for (const one of calledIn(here.get(at))) reached.add(one.name);
    return reached.has(a) && reached.has(b);
  });
}

/** Calls of a function, and of those of its file that it calls. */
function calledWithin(here: ReadonlyMap<string, FunctionItem>, name: string): Called[] {
  const calls = calledIn(here.get(name));
  return [...calls, ...calls.flatMap((one) => calledIn(here.get(one.name)))];
}

function calledIn(item: FunctionItem | undefined): Called[] {
  const body = item?.body ?? '';
  return callsOf(body, { bodyStart: 0, bodyEnd: body.length });
}

/** The place of a function as a side has it. */
function siteAt(
  { tree, values }: SurfaceSide,
  file: string,
  name: string,
  call: string,
  fallback: readonly string[],
): FallbackSite {
  const text = tree.text(file) ?? '';
  const { at } = conditionals(text, tree.defines);
  const shown = viewOf(text, values, plainMacros(tree.defines)).text;
  const found = declarations(shown).list.find(
    (one) => one.kind === 'function' && one.name === name,
  );
  const line = found ? new Lines(shown).lineAt(shown.indexOf(name, found.start)) : 1;
  return {
    function: name,
    file,
    line,
    call,
    fallback,
    condition: formulaText(and(tree.kbuild.conditionOf(file), at(line))),
  };
}
