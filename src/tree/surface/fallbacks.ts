import { loadParser, type SyntaxParser } from '../c/parser.ts';
import { and, formulaText } from '../condition/formula.ts';
import { sortByBytes } from '../scan/list-files.ts';
import { type ThreadOptions, Threads } from '../scan/threads.ts';
import { conditionals } from '../source/conditionals.ts';
import type { Declaration } from '../source/declaration.ts';
import type { SourceTree } from '../source/source-tree.ts';
import { type AskedSite, askedSites } from './asked-sites.ts';
import { CallerFile, CURRENT } from './caller-file.ts';
import type { Called } from './calls.ts';
import { constantOf, type Known } from './flow/tried-value.ts';
import { foldedFunctions } from './folded-functions.ts';
import type { FunctionChange } from './function-changes.ts';
import { gainsSomething, isMadeByMacro, isPlainQuestion } from './gains.ts';
import { type FunctionItem, functionsOf } from './items-of-side.ts';
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
 * Callers of one that is always true or counts something notice nothing, nor do those of an int that is 0, by the kernel's
 * convention (Documentation/process/coding-style.rst, 16): one that says yes or no returns a bool.
 */
const SUCCEEDS = /^return (?:true|0|[1-9]\d*);$/;

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
 * that just fails where a lock does is among them if others have another way for when it does. Those in Rust come last:
 * callers of what wraps such a function.
 */
export async function fallbackSites(
  tree: SourceTree,
  stubs: readonly string[],
  options: FallbackOptions = {},
): Promise<FallbackSite[]> {
  const changes = options.functions ?? [];
  const given = new Map(changes.map(({ name, stub }) => [name, stub]));
  const tries = stubs.map((name): [string, Try] => [name, { failed: givenBy(given.get(name)) }]);
  return sitesOf(tree, new Map(tries), options);
}

/** Something that can fail. */
interface Try {
  /** What it gives then. */
  readonly failed: Known;
  /** The file it is private to. */
  readonly file?: string;
  /** Is it given an object first. Default: yes. */
  readonly hasObject?: boolean;
  /** Has it something to gain: it does not only answer a question. Default: yes. */
  readonly gains?: (search: WordSearch) => Promise<boolean>;
}

async function sitesOf(
  tree: SourceTree,
  tries: ReadonlyMap<string, Try>,
  options: FallbackOptions,
): Promise<FallbackSite[]> {
  if (tries.size === 0) return [];
  const names = [...tries.keys()];
  const stubbed = new Set([...names, ...stubsOf(options.functions ?? []).map(({ name }) => name)]);
  const threads = new Threads(options);
  const search = new WordSearch(tree, threads);
  try {
    const parser = await loadParser();
    const own = [...tries.values()].flatMap(({ file }) => file ?? []);
    const shared = names.filter((name) => tries.get(name)?.file === undefined);
    const wanted = new Set([...own, ...(await search.filesWith('c', shared))]);
    const paths = sortByBytes([...wanted]);
    const found = paths.flatMap((path) => sitesIn(tree, path, parser, tries, stubbed));
    const questions = await questionsIn(found, tries, search);
    const inRust = await rustFallbackSites(tree, search, new Set(shared), stubbed);
    const sites = [...found.filter(({ call }) => !questions.has(call)), ...inRust];
    // Where nobody has another way, failing is nothing that wants one.
    const tried = new Set(sites.flatMap((one) => (one.fallback.length > 0 ? one.call : [])));
    return sites.filter(({ call }) => tried.has(call));
  } finally {
    await threads.end();
  }
}

/** Calls that only answer questions. What has a lock in its name is none. */
async function questionsIn(
  sites: readonly FallbackSite[],
  tries: ReadonlyMap<string, Try>,
  search: WordSearch,
): Promise<ReadonlySet<string>> {
  const questions = new Set<string>();
  for (const name of new Set(sites.map(({ call }) => call))) {
    const gains = takesLock(name) ? undefined : tries.get(name)?.gains;
    if (gains && !(await gains(search))) questions.add(name);
  }
  return questions;
}

/** What a stub gives; one that is not known is taken to give nothing. */
function givenBy(stub: string | null | undefined): Known {
  const given = constantOf(/^return ?(.*);$/.exec(stub ?? '')?.[1] ?? '', true);
  return given ?? { is: 'zero', text: 'NULL', tried: true };
}

function sitesIn(
  tree: SourceTree,
  path: string,
  parser: SyntaxParser,
  tries: ReadonlyMap<string, Try>,
  stubbed: ReadonlySet<string>,
): FallbackSite[] {
  const text = tree.text(path);
  if (text === undefined) return [];
  const file = new CallerFile(text, parser, stubbed);
  let parsed: ReturnType<typeof conditionals> | undefined;
  return file.functions.flatMap((one) => {
    if (tries.has(one.name)) return [];
    // Calls of one name fail together.
    const ways = new Map<string, ReturnType<typeof otherWayOf>>();
    return file.calls(one).flatMap((call): FallbackSite[] => {
      const { name, object, offset } = call;
      const tried = tries.get(name);
      if (!tried || (tried.file ?? path) !== path) return [];
      const key = `${name} ${object}`;
      if (!ways.has(key)) ways.set(key, otherWayOf(file, one, call, tried));
      const found = ways.get(key);
      if (!found) return [];
      parsed ??= conditionals(text, tree.defines);
      const line = parsed.lines.lineAt(offset);
      return [
        {
          function: one.name,
          file: path,
          line,
          call: name,
          ...found,
          condition: formulaText(and(tree.kbuild.conditionOf(path), parsed.at(line))),
        },
      ];
    });
  });
}

/** The other way of a function for where a call failed, or that of a caller it hands the failure on to. */
function otherWayOf(
  file: CallerFile,
  one: Declaration,
  { name, object }: Called,
  { failed, hasObject }: Try,
): Pick<FallbackSite, 'fallback' | 'by'> | undefined {
  const of = (hasObject ?? true) ? object : CURRENT;
  const isLock = takesLock(name);
  const callers = file.callersThatLock(one, of);
  // Most calls need not be looked at any closer.
  if (!isLock && callers.length === 0 && !file.canLock(one, of)) return undefined;
  const way = file.otherWay(one, name, failed, of);
  if (!way) return undefined;
  if (way.locks.length > 0) return { fallback: way.locks };
  const handed = way.gives && { ...way.gives, tried: true };
  for (const by of handed ? callers : []) {
    const fallback = file.otherWay(by, one.name, handed as Known, of)?.locks ?? [];
    if (fallback.length > 0) return { fallback, by: by.name };
  }
  // What takes a lock of something else has found another way.
  return isLock && !way.locksOther ? { fallback: [] } : undefined;
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
  const parser = await loadParser();
  const variants = variantSites(parser, left, right, surface);
  const ways = new Set(variants.map((one) => one.function));
  const tries = new Map<string, Try>();
  const add = (change: FunctionChange, side: SurfaceSide, failed: Known): void => {
    const { name, file } = change;
    const item = functionsOf(side, file).get(name);
    // Need not be looked for. Macros make such as ask for flags of pages.
    const isQuestion = item ? isPlainQuestion(item.body) : isMadeByMacro(side, file, name);
    if (isQuestion && !takesLock(name)) return;
    tries.set(name, {
      failed,
      ...(change.private && { file }),
      hasObject: isGivenObject(item),
      gains: (search) => gainsSomething(side, file, name, search),
    });
  };
  const names = new Set(failingStubs(surface));
  for (const one of functions) {
    if (names.has(one.name)) add(one, one.left === 'code' ? left : right, givenBy(one.stub));
  }
  const folded = foldedFunctions(parser, left, right, surface);
  for (const { change, side, gives } of folded) add(change, side, gives);
  const sites = await sitesOf(left.tree, tries, { ...options, functions });
  return [
    ...sites.filter(({ call, fallback }) => fallback.length > 0 || !ways.has(call)),
    ...(await withoutQuestions(askedSites(parser, left, right, surface), left.tree, options)),
    ...variants,
  ];
}

/** Sites whose call has something to gain. */
async function withoutQuestions(
  sites: readonly AskedSite[],
  tree: SourceTree,
  options: ThreadOptions,
): Promise<FallbackSite[]> {
  const threads = new Threads(options);
  const search = new WordSearch(tree, threads);
  const found: FallbackSite[] = [];
  try {
    for (const { side, ...one } of sites) {
      const { call, file } = one;
      if (takesLock(call) || (await gainsSomething(side, file, call, search))) found.push(one);
    }
  } finally {
    await threads.end();
  }
  return found;
}

/** Is a function given a pointer first; one that is not known is. */
function isGivenObject(item: FunctionItem | undefined): boolean {
  const first = item && /\((?:[^,()]|\([^()]*\))*/.exec(item.signature)?.[0];
  return first === undefined || /\*|\b\w+_t\b/.test(first);
}
