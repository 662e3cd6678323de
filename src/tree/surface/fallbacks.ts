import { and, formulaText } from '../condition/formula.ts';
import { type ThreadOptions, Threads } from '../scan/threads.ts';
import { conditionals } from '../source/conditionals.ts';
import type { Declaration } from '../source/declaration.ts';
import { declarations } from '../source/declarations.ts';
import { Lines } from '../source/lines.ts';
import type { SourceTree } from '../source/source-tree.ts';
import { stripComments } from '../source/strip.ts';
import { plainMacros } from './answered.ts';
import { isBuilt } from './built.ts';
import type { Body, FunctionChange } from './function-changes.ts';
import { type FunctionItem, itemsOf } from './items.ts';
import { takesLock } from './lock-names.ts';
import { rustFallbackSites } from './rust-fallbacks.ts';
import type { Surface, SurfaceSide } from './surface.ts';
import { viewOf } from './view.ts';
import { WordSearch } from './word-search.ts';

/** A function that tries a call which is a stub in some configuration, and has another way for when it fails. */
export interface FallbackSite {
  readonly function: string;
  readonly file: string;
  /** Line of the call. */
  readonly line: number;
  readonly call: string;
  /** The locks of the same object it takes elsewhere, in the order of the function; empty where it just fails. */
  readonly fallback: readonly string[];
  /** The caller in the same file that takes them, where the function itself takes none. */
  readonly by?: string;
  /** What it takes for the call to be compiled. */
  readonly condition: string;
}

const CALL = /([A-Za-z_]\w*)\s*\(/g;

/** `guard(mmap_read_lock)(mm)` and `scoped_guard(mmap_read_lock, mm)` call what they name (include/linux/cleanup.h). */
const GUARD = /\b(?:guard\s*\(\s*(\w+)\s*\)\s*\(|scoped_(?:cond_)?guard\s*\(\s*(\w+)\s*,)/g;

/** Functions that are real on one side and on the other return one thing and do nothing: callers see them fail. */
export function failingStubs({ functions }: Pick<Surface, 'functions'>): string[] {
  return stubsOf(functions)
    .filter(({ left, right }) => [left, right].includes('stub-constant'))
    .filter(({ stub }) => !SUCCEEDS.test(stub ?? ''))
    .map(({ name }) => name);
}

/**
 * Callers of one that is always true notice nothing, nor do those of an int that is 0, by the kernel's convention
 * (Documentation/process/coding-style.rst, 16): one that says yes or no returns a bool.
 */
const SUCCEEDS = /^return (?:true|0);$/;

function stubsOf(functions: Surface['functions']): Surface['functions'] {
  return functions.filter(
    ({ left, right }) =>
      left !== right && [left, right].includes('code') && ![left, right].includes('absent'),
  );
}

/** How callers are looked at. */
export interface FallbackOptions extends ThreadOptions {
  /** Functions that differ: what is a stub in some configuration is no lock to fall back to. */
  readonly functions?: Surface['functions'];
}

/**
 * Fallback sites of all architectures: functions that call one of these names, and the locks of the same object (the
 * same first argument) they take by another call behind that: what is locked before is no other way. Which locks those are is not known beforehand. One that takes none may
 * be called by one that does, in the same file. If not, it fails where the name is a stub, and is among them. Those in
 * Rust come last: callers of what wraps such a function.
 */
export async function fallbackSites(
  tree: SourceTree,
  stubs: readonly string[],
  options: FallbackOptions = {},
): Promise<FallbackSite[]> {
  if (stubs.length === 0) return [];
  const stubbed = new Set([...stubs, ...stubsOf(options.functions ?? []).map(({ name }) => name)]);
  const threads = new Threads(options);
  const search = new WordSearch(tree, threads);
  try {
    const wanted = await search.filesWith('c', stubs);
    const sites = wanted.flatMap((path) => sitesIn(tree, path, new Set(stubs), stubbed));
    return [...sites, ...(await rustFallbackSites(tree, search, new Set(stubs), stubbed))];
  } finally {
    await threads.end();
  }
}

function sitesIn(
  tree: SourceTree,
  file: string,
  failing: ReadonlySet<string>,
  stubbed: ReadonlySet<string>,
): FallbackSite[] {
  const text = tree.text(file);
  if (text === undefined) return [];
  const code = stripComments(text, true);
  const parsed = conditionals(text, tree.defines);
  const built = tree.kbuild.conditionOf(file);
  const functions = declarations(text).list.filter((one) => one.kind === 'function');
  const callsIn = new Map(functions.map((one) => [one, callsOf(code, one)]));
  const locksOf = (one: Declaration, object: string, behind: number): string[] => {
    const locks = (callsIn.get(one) ?? []).filter(
      (other) =>
        other.offset > behind &&
        other.object === object &&
        !stubbed.has(other.name) &&
        takesLock(other.name),
    );
    return [...new Set(locks.map(({ name }) => name))];
  };
  const callerThatLocks = (
    name: string,
    object: string,
  ): { readonly name: string; readonly locks: readonly string[] } | undefined => {
    const call = new RegExp(`\\b${name}\\s*\\(`);
    for (const one of functions) {
      const at = code.slice(one.bodyStart, one.bodyEnd).search(call);
      const locks = at < 0 ? [] : locksOf(one, object, one.bodyStart + at);
      if (locks.length > 0) return { name: one.name, locks };
    }
    return undefined;
  };
  return functions.flatMap((one) => {
    if (failing.has(one.name)) return [];
    const tried = (callsIn.get(one) ?? []).filter(({ name }) => failing.has(name));
    return tried.map(({ name, object, offset }): FallbackSite => {
      const line = parsed.lines.lineAt(offset);
      const own = locksOf(one, object, offset);
      const by = own.length > 0 ? undefined : callerThatLocks(one.name, object);
      return {
        function: one.name,
        file,
        line,
        call: name,
        fallback: by?.locks ?? own,
        ...(by && { by: by.name }),
        condition: formulaText(and(built, parsed.at(line))),
      };
    });
  });
}

/** Calls within a function, with the last name of their first argument: `alloc->mm` and `mm` may be one object. */
function callsOf(
  code: string,
  { bodyStart, bodyEnd }: Pick<Declaration, 'bodyStart' | 'bodyEnd'>,
): { name: string; object: string; offset: number }[] {
  const body = code.slice(bodyStart, bodyEnd);
  const called = [...body.matchAll(CALL), ...(body.includes('guard') ? body.matchAll(GUARD) : [])];
  return called.flatMap(({ 0: all, 1: name, 2: scoped, index }) => {
    const object = /^\s*&?\s*[\w.>-]*?(\w+)\s*[,)]/.exec(body.slice(index + all.length))?.[1];
    return object === undefined
      ? []
      : [{ name: (name ?? scoped) as string, object, offset: bodyStart + index }];
  });
}

/**
 * All fallback sites by which two sides differ: those of callers in all architectures, and those where the preprocessor
 * chooses, of the one that is compared. A call of what itself is such a site is no try of anything.
 */
export async function surfaceFallbacks(
  left: SurfaceSide,
  right: SurfaceSide,
  surface: Pick<Surface, 'functions'>,
  options: ThreadOptions = {},
): Promise<FallbackSite[]> {
  const { functions } = surface;
  const variants = variantSites(left, right, surface);
  const ways = new Set(variants.map((one) => one.function));
  const tried = failingStubs({
    functions: functions.filter((one) => !isQuestion(one, one.left === 'code' ? left : right)),
  });
  const sites = await fallbackSites(left.tree, tried, { ...options, functions });
  return [
    ...sites.filter(({ call, fallback }) => fallback.length > 0 || !ways.has(call)),
    ...variants,
  ];
}

/** Does a function only say something of what it is given: it calls nothing, and sets nothing. */
function isQuestion({ name, file }: FunctionChange, side: SurfaceSide): boolean {
  const body = functionsOf(side, file).get(name)?.body;
  if (body === undefined) return false;
  const called = [...body.matchAll(CALL)].map(([, one]) => one as string);
  if (called.some((one) => !READS.test(one))) return false;
  return /^\{return\b/.test(body) && !/[^=!<>]=(?!=)|<<=|>>=|\+\+|--/.test(body);
}

/** What looks like a call and takes nothing (include/linux/compiler.h, include/asm-generic/rwonce.h). */
const READS = /^(?:return|sizeof|READ_ONCE|(?:un)?likely|data_race)$/;

/**
 * Sites where the choice is made by the preprocessor, of the architecture that is compared: a function that on one side
 * calls what only that side has and on the other takes a lock instead; one that takes the lock besides that call, for when
 * it fails; and one that on one side only, or in one of two ways, takes the lock for callers beside it of what only one
 * side has.
 */
export function variantSites(
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
        !calls.some(({ name: one }) => has.has(one) && !alone.has(one))
      ) {
        return [siteAt(own, file, name, used.name, besides)];
      }
      const beside = [...here.values()].flatMap(calledIn).find(isFiner);
      if (!beside || used) return [];
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

/** Calls of a function, and of those of its file that it calls. */
function calledWithin(here: ReadonlyMap<string, FunctionItem>, name: string): Called[] {
  const calls = calledIn(here.get(name));
  return [...calls, ...calls.flatMap((one) => calledIn(here.get(one.name)))];
}

/** A call with the last name of its first argument. */
interface Called {
  readonly name: string;
  readonly object: string;
}

function functionsOf(
  { tree, values }: SurfaceSide,
  file: string,
): ReadonlyMap<string, FunctionItem> {
  const text = tree.text(file);
  const macros = plainMacros(tree.defines);
  return itemsOf(text === undefined ? '' : viewOf(text, values, macros).text).functions;
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
