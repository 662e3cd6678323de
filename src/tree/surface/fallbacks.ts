import { and, formulaText } from '../condition/formula.ts';
import { languageOf } from '../refs/language.ts';
import { sortByBytes } from '../scan/list-files.ts';
import { type ThreadOptions, Threads } from '../scan/threads.ts';
import { conditionals } from '../source/conditionals.ts';
import type { Declaration } from '../source/declaration.ts';
import { declarations } from '../source/declarations.ts';
import type { SourceTree } from '../source/source-tree.ts';
import { stripComments } from '../source/strip.ts';
import type { Surface } from './surface.ts';

/** A function that tries a call which is a stub in some configuration, and has another way for when it fails. */
export interface FallbackSite {
  readonly function: string;
  readonly file: string;
  /** Line of the call. */
  readonly line: number;
  readonly call: string;
  /** The locks of the same object it takes elsewhere, in the order of the function. */
  readonly fallback: readonly string[];
  /** What it takes for the call to be compiled. */
  readonly condition: string;
}

/** Calls that take a lock, by their names; not those that give it back or only look at it. */
const TAKES = /(?:^|_)(?:try)?lock(?:_|$)/;
const LOOKS =
  /unlock|assert|locked|release|_init$|_free$|_alloc$|_end$|_drop|_downgrade|stats|lockdep|deadlock|trace/;

const CALL = /([A-Za-z_]\w*)\s*\(/g;

/** Functions that are real on one side and on the other return one thing and do nothing: callers see them fail. */
export function failingStubs({ functions }: Pick<Surface, 'functions'>): string[] {
  return functions
    .filter(({ left, right }) => left !== right && [left, right].includes('code'))
    .filter(({ left, right }) => [left, right].includes('stub-constant'))
    .map(({ name }) => name);
}

/**
 * Fallback sites of all architectures: functions that call one of these names, and take a lock of the same object (the
 * same first argument) by another call. Which locks those are is not known beforehand.
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
    if (one.kind !== 'function') return [];
    const calls = callsOf(code, one);
    return calls
      .filter(({ name }) => stubs.has(name) && name !== one.name)
      .flatMap(({ name, object, offset }) => {
        const fallback = calls.filter(
          (other) =>
            other.object === object &&
            !stubs.has(other.name) &&
            TAKES.test(other.name) &&
            !LOOKS.test(other.name),
        );
        if (fallback.length === 0) return [];
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
  { bodyStart, bodyEnd }: Declaration,
): { name: string; object: string; offset: number }[] {
  const body = code.slice(bodyStart, bodyEnd);
  return [...body.matchAll(CALL)].flatMap(({ 0: all, 1: name, index }) => {
    const object = /^\s*&?\s*[\w.>-]*?(\w+)\s*[,)]/.exec(body.slice(index + all.length))?.[1];
    return object === undefined
      ? []
      : [{ name: name as string, object, offset: bodyStart + index }];
  });
}
