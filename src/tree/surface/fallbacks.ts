import { loadParser, type SyntaxParser } from '../c/parser.ts';
import { and, formulaText } from '../condition/formula.ts';
import { type ThreadOptions, Threads } from '../scan/threads.ts';
import { conditionals } from '../source/conditionals.ts';
import type { Declaration } from '../source/declaration.ts';
import { declarations } from '../source/declarations.ts';
import type { SourceTree } from '../source/source-tree.ts';
import { stripComments } from '../source/strip.ts';
import { CALL, type Called, callsOf } from './calls.ts';
import { type FailingBranch, failingBranch } from './flow/failing-branch.ts';
import { constantOf, type Known } from './flow/tried-value.ts';
import type { FunctionChange } from './function-changes.ts';
import { functionsOf } from './items-of-side.ts';
import { takesLock } from './lock-names.ts';
import { rustFallbackSites } from './rust-fallbacks.ts';
import type { Surface, SurfaceSide } from './surface.ts';
import { variantSites } from './variant-sites.ts';
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
 * Fallback sites of all architectures: functions that call one of these names, look at what it gives, and where it failed
 * take locks of the same object (the same first argument) which they do not take whatever comes of it. Which locks those
 * are is not known beforehand. A function that takes none may hand the failure on to one that does, in the same file. One
 * that just fails where a lock does is among them. Those in Rust come last: callers of what wraps such a function.
 */
export async function fallbackSites(
  tree: SourceTree,
  stubs: readonly string[],
  options: FallbackOptions = {},
): Promise<FallbackSite[]> {
  if (stubs.length === 0) return [];
  const changes = options.functions ?? [];
  const stubbed = new Set([...stubs, ...stubsOf(changes).map(({ name }) => name)]);
  const given = new Map(changes.map(({ name, stub }) => [name, stub]));
  const failing = new Map(stubs.map((name) => [name, failureOf(given.get(name))]));
  const threads = new Threads(options);
  const search = new WordSearch(tree, threads);
  try {
    const parser = await loadParser();
    const wanted = await search.filesWith('c', stubs);
    const sites = wanted.flatMap((path) => sitesIn(tree, path, parser, failing, stubbed));
    return [...sites, ...(await rustFallbackSites(tree, search, new Set(stubs), stubbed))];
  } finally {
    await threads.end();
  }
}

/** What a stub gives; one that is not known is taken to give nothing. */
function failureOf(stub: string | null | undefined): Known {
  const given = constantOf(/^return ?(.*);$/.exec(stub ?? '')?.[1] ?? '', true);
  return given ?? { is: 'zero', text: 'NULL', tried: true };
}

function sitesIn(
  tree: SourceTree,
  file: string,
  parser: SyntaxParser,
  failing: ReadonlyMap<string, Known>,
  stubbed: ReadonlySet<string>,
): FallbackSite[] {
  const text = tree.text(file);
  if (text === undefined) return [];
  const code = stripComments(text, true);
  const functions = declarations(text).list.filter((one) => one.kind === 'function');
  const callsIn = new Map(functions.map((one) => [one, callsOf(code, one)]));
  const locksOf = (one: Declaration, object: string): Called[] =>
    (callsIn.get(one) ?? []).filter(
      (other) => other.object === object && !stubbed.has(other.name) && takesLock(other.name),
    );
  const branchOf = (one: Declaration, call: string, failed: Known): Branch | undefined => {
    const head = 'void f(void) ';
    const body = code.slice(one.bodyStart, one.bodyEnd + 1);
    const branch = failingBranch(parser, head + body, call, failed);
    const at = one.bodyStart - head.length;
    return (
      branch && {
        gives: branch.gives,
        has: ({ offset }) =>
          branch.spans.some(([from, to]) => from <= offset - at && offset - at < to),
      }
    );
  };
  const locksWithin = (one: Declaration, object: string, branch: Branch | undefined): string[] => [
    ...new Set(
      locksOf(one, object)
        .filter((lock) => branch?.has(lock))
        .map(({ name }) => name),
    ),
  ];
  const callerThatLocks = (
    name: string,
    object: string,
    failed: Known,
  ): { readonly name: string; readonly locks: readonly string[] } | undefined => {
    const call = new RegExp(`\\b${name}\\s*\\(`);
    for (const one of functions) {
      if (one.name === name || locksOf(one, object).length === 0) continue;
      if (!call.test(code.slice(one.bodyStart, one.bodyEnd))) continue;
      const locks = locksWithin(one, object, branchOf(one, name, failed));
      if (locks.length > 0) return { name: one.name, locks };
    }
    return undefined;
  };
  let parsed: ReturnType<typeof conditionals> | undefined;
  return functions.flatMap((one) => {
    if (failing.has(one.name)) return [];
    const tried = (callsIn.get(one) ?? []).filter(({ name }) => failing.has(name));
    return tried.flatMap(({ name, object, offset }): FallbackSite[] => {
      const branch = branchOf(one, name, failing.get(name) as Known);
      if (!branch) return [];
      const own = locksWithin(one, object, branch);
      const by =
        own.length > 0 || !branch.gives
          ? undefined
          : callerThatLocks(one.name, object, { ...branch.gives, tried: true });
      const fallback = by?.locks ?? own;
      if (fallback.length === 0 && !takesLock(name)) return [];
      parsed ??= conditionals(text, tree.defines);
      const line = parsed.lines.lineAt(offset);
      return [
        {
          function: one.name,
          file,
          line,
          call: name,
          fallback,
          ...(by && { by: by.name }),
          condition: formulaText(and(tree.kbuild.conditionOf(file), parsed.at(line))),
        },
      ];
    });
  });
}

/** What a function does where a call in it failed. */
interface Branch extends Pick<FailingBranch, 'gives'> {
  readonly has: (call: Called) => boolean;
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
