import { and, formulaText } from '../condition/formula.ts';
import { languageOf } from '../refs/language.ts';
import { sortByBytes } from '../scan/list-files.ts';
import { type ThreadOptions, Threads } from '../scan/threads.ts';
import { conditionals } from '../source/conditionals.ts';
import type { Declaration } from '../source/declaration.ts';
import { declarations } from '../source/declarations.ts';
import { Lines } from '../source/lines.ts';
import type { SourceTree } from '../source/source-tree.ts';
import { stripComments } from '../source/strip.ts';
import { type FunctionItem, itemsOf } from './items.ts';
import type { Surface, SurfaceSide } from './surface.ts';
import { viewOf } from './view.ts';

/** A function that tries a call which is a stub in some configuration, and has another way for when it fails. */
export interface FallbackSite {
  readonly function: string;
  readonly file: string;
  /** Line of the call. */
  readonly line: number;
  readonly call: string;
  /** The locks of the same object it takes elsewhere, in the order of the function; empty where it just fails. */
  readonly fallback: readonly string[];
  /** What it takes for the call to be compiled. */
  readonly condition: string;
}

/** Calls that take a lock, by their names; not those that give it back or only look at it. */
const TAKES = /(?:^|_)(?:try)?lock(?:_|$)/;
const LOOKS =
  /unlock|assert|locked|release|_init$|_free$|_alloc$|_end$|_drop|_downgrade|stats|lockdep|deadlock|trace/;

function takesLock(name: string): boolean {
  return TAKES.test(name) && !LOOKS.test(name);
}

const CALL = /([A-Za-z_]\w*)\s*\(/g;

/** Functions that are real on one side and on the other return one thing and do nothing: callers see them fail. */
export function failingStubs({ functions }: Pick<Surface, 'functions'>): string[] {
  return (
    functions
      .filter(({ left, right }) => left !== right && [left, right].includes('code'))
      .filter(({ left, right }) => [left, right].includes('stub-constant'))
      // Callers of one that is always true notice nothing.
      .filter(({ stub }) => stub !== 'return true;')
      .map(({ name }) => name)
  );
}

/**
 * Fallback sites of all architectures: functions that call one of these names, and the locks of the same object (the
 * same first argument) they take by another call. Which locks those are is not known beforehand. Callers that take none
 * fail where the name is a stub, and are among them.
 */
export async function fallbackSites(
  tree: SourceTree,
  stubs: readonly string[],
  options: ThreadOptions = {},
): Promise<FallbackSite[]> {
  const files = tree.index.files.filter(
    (path) => languageOf(path) === 'c' && !/^(?:tools|Documentation|scripts|samples)\//.test(path),
  );
  if (stubs.length === 0) return [];
  const plain = files.filter((path) => !tree.overlay.has(path));
  const threads = new Threads(options);
  try {
    const parts = await threads.words(tree.root, plain, stubs);
    const found = parts.flatMap((part) => part.found.map(([at]) => plain[at] as string));
    const wanted = [...found, ...files.filter((path) => tree.overlay.get(path) !== undefined)];
    return sortByBytes(wanted).flatMap((path) => sitesIn(tree, path, new Set(stubs)));
  } finally {
    await threads.end();
  }
}

function sitesIn(tree: SourceTree, file: string, stubs: ReadonlySet<string>): FallbackSite[] {
  const text = tree.text(file);
  if (text === undefined) return [];
  const code = stripComments(text, true);
  const parsed = conditionals(text, tree.defines);
  const built = tree.kbuild.conditionOf(file);
  return declarations(text).list.flatMap((one) => {
    if (one.kind !== 'function' || stubs.has(one.name)) return [];
    const calls = callsOf(code, one);
    return calls
      .filter(({ name }) => stubs.has(name))
      .flatMap(({ name, object, offset }) => {
        const fallback = calls.filter(
          (other) => other.object === object && !stubs.has(other.name) && takesLock(other.name),
        );
        const line = parsed.lines.lineAt(offset);
        return [
          {
            function: one.name,
            file,
            line,
            call: name,
            fallback: [...new Set(fallback.map((other) => other.name))],
            condition: formulaText(and(built, parsed.at(line))),
          },
        ];
      });
  });
}

/** Calls within a function, with the last name of their first argument: `alloc->mm` and `mm` may be one object. */
function callsOf(
  code: string,
  { bodyStart, bodyEnd }: Pick<Declaration, 'bodyStart' | 'bodyEnd'>,
): { name: string; object: string; offset: number }[] {
  const body = code.slice(bodyStart, bodyEnd);
  return [...body.matchAll(CALL)].flatMap(({ 0: all, 1: name, index }) => {
    const object = /^\s*&?\s*[\w.>-]*?(\w+)\s*[,)]/.exec(body.slice(index + all.length))?.[1];
    return object === undefined
      ? []
      : [{ name: name as string, object, offset: bodyStart + index }];
  });
}

/**
 * Sites where the choice is made by the preprocessor, of the architecture that is compared: a function that on one side
 * calls what only that side has and on the other takes a lock instead; and a function only one side has, or makes
 * anything of, that takes the lock for callers beside it of what only that side has.
 */
export function variantSites(
  left: SurfaceSide,
  right: SurfaceSide,
  surface: Pick<Surface, 'functions'>,
): FallbackSite[] {
  const without = (state: string): boolean => state === 'stub-constant' || state === 'absent';
  const only = (side: 'left' | 'right'): ReadonlySet<string> =>
    new Set(
      surface.functions
        .filter((one) => one[side] === 'code' && without(one[side === 'left' ? 'right' : 'left']))
        .map(({ name }) => name),
    );
  const sides = [
    { has: only('left'), own: left, other: right, key: 'left' },
    { has: only('right'), own: right, other: left, key: 'right' },
  ] as const;
  return sides.flatMap(({ has, own, other, key }) =>
    surface.functions.flatMap((change): FallbackSite[] => {
      const { name, file } = change;
      if (change[key] === 'absent' || change.differs === 'macro') return [];
      const here = functionsOf(own, file);
      const calls = calledIn(here.get(name));
      const finer = (list: readonly Called[]): Called | undefined =>
        list.find((one) => has.has(one.name) && takesLock(one.name) && one.name !== name);
      const whole = (list: readonly Called[], of: Called | undefined): string[] =>
        list
          .filter((one) => takesLock(one.name) && !has.has(one.name) && one.object === of?.object)
          .map((one) => one.name);
      const used = finer(calls);
      const known = new Set(calls.map((one) => one.name));
      const locks = whole(calledIn(functionsOf(other, file).get(name)), used);
      if (used && !has.has(name) && locks.some((one) => !known.has(one))) {
        return [siteAt(other, file, name, used.name, locks)];
      }
      const beside = finer([...here.values()].flatMap(calledIn));
      const taken = whole(calls, beside);
      return beside && !used && has.has(name) && taken.length > 0
        ? [siteAt(own, file, name, beside.name, taken)]
        : [];
    }),
  );
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
  return itemsOf(text === undefined ? '' : viewOf(text, values).text).functions;
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
  const shown = viewOf(text, values).text;
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
