import { isAssembly } from '../refs/language.ts';
import { stripComments } from '../source/strip.ts';
import { plainMacros } from './answered.ts';
import { CALL } from './calls.ts';
import { type Items, itemsOf } from './items.ts';
import { takesLock } from './lock-names.ts';
import type { SurfaceSide } from './surface.ts';
import { viewOf } from './view.ts';
import type { WordSearch } from './word-search.ts';

/** What stands before parentheses in C and GNU C and calls nothing. */
const LANGUAGE =
  /^(?:return|if|else|do|while|for|switch|case|sizeof|_?_?typeof(?:__|_unqual)?|_?_?[aA]lignof(?:__)?|_Generic|_Static_assert|__attribute__|(?:un)?signed|const|volatile|void|u?int|long|short|char|__builtin_(?:expect|constant_p|choose_expr|types_compatible_p|offsetof))$/;

/** A variable that is declared with a value. */
const DECLARED = /(?<!\breturn)(?<=[\w)*])[ *]+\w+ ?=(?!=)/g;

/** Something is given another value. */
const SETS = /[^=!<>]=(?!=)|<<=|>>=|\+\+|--/;

/** Calls within calls that are followed. */
const ROUNDS = 8;

/** What a name that looks like a call stands for. */
interface Meant {
  readonly code: string;
  readonly parameters: readonly string[];
}

/**
 * Has a function anything to gain, or does it only answer a question: what calls nothing and sets nothing, in itself and in the
 * macros and functions of its file and of headers it uses. What is defined nowhere there may do anything.
 */
export async function gainsSomething(
  side: SurfaceSide,
  file: string,
  name: string,
  search: WordSearch,
): Promise<boolean> {
  const own = itemsIn(side, file);
  const here = meantBy(own, name);
  const first = here ? [here] : await inHeaders(side, [name], search);
  if (!first) return true;
  const seen = new Set([name]);
  let open: readonly Meant[] = first;
  for (let round = 0; open.length > 0; round++) {
    if (round === ROUNDS) return true;
    if (open.some(setsSomething)) return true;
    const called = new Set(open.flatMap(callsIn).filter((one) => !seen.has(one)));
    if ([...called].some(takesLock)) return true;
    for (const one of called) seen.add(one);
    const known = [...called].flatMap((one) => meantBy(own, one) ?? []);
    const missing = [...called].filter((one) => meantBy(own, one) === undefined);
    const there = await inHeaders(side, missing, search);
    if (there === undefined) return true;
    open = [...known, ...there];
  }
  return false;
}

/** Is a function of a file made by a macro: as it is written it neither has it nor declares it. */
export function isMadeByMacro(side: SurfaceSide, file: string, name: string): boolean {
  if (isAssembly(file)) return false;
  const { functions, prototypes } = itemsIn(side, file);
  return !functions.has(name) && !prototypes.has(name);
}

/** Does a body only answer a question, by what it says itself: it calls nothing and sets nothing. */
export function isPlainQuestion(body: string): boolean {
  const meant = meaning(body);
  return callsIn(meant).length === 0 && !setsSomething(meant);
}

function setsSomething({ code }: Meant): boolean {
  return SETS.test(code.replace(DECLARED, ' '));
}

function callsIn({ code, parameters }: Meant): string[] {
  return [...code.matchAll(CALL)]
    .map(([, called]) => called as string)
    .filter((called) => !LANGUAGE.test(called) && !parameters.includes(called));
}

/** What names stand for in headers for all; undefined if one is not there. */
async function inHeaders(
  side: SurfaceSide,
  names: readonly string[],
  search: WordSearch,
): Promise<Meant[] | undefined> {
  if (names.length === 0) return [];
  const headers = await search.filesWith('c', names, isForAll);
  const found = new Map<string, Meant>();
  const defines = new RegExp(
    `^[ \\t]*#[ \\t]*define[ \\t]+(?:${names.join('|')})\\(|\\b(?:${names.join('|')})\\s*\\([^;{}]*\\)[^;{}()]*\\{`,
    'm',
  );
  for (const path of headers) {
    if (!defines.test(side.tree.text(path) ?? '')) continue;
    const items = itemsIn(side, path);
    for (const name of names) {
      const meant = found.has(name) ? undefined : meantBy(items, name);
      if (meant) found.set(name, meant);
    }
  }
  return names.every((name) => found.has(name)) ? [...found.values()] : undefined;
}

function isForAll(path: string): boolean {
  return /^include\/.*\.h$/.test(path);
}

function itemsIn({ tree, values }: SurfaceSide, file: string): Items {
  return itemsOf(viewOf(tree.text(file) ?? '', values, plainMacros(tree.defines)).text);
}

const MACRO = /^\s*#\s*define\s+\w+(?:\(([^)]*)\))?(.*)$/s;

function meantBy({ functions, macros }: Items, name: string): Meant | undefined {
  const body = functions.get(name)?.body;
  if (body !== undefined) return meaning(body);
  const [, parameters, code] = MACRO.exec(macros.get(name)?.raw ?? '') ?? [];
  if (code === undefined) return undefined;
  return meaning(
    code,
    parameters?.split(',').map((one) => one.trim()),
  );
}

function meaning(code: string, parameters: readonly string[] = []): Meant {
  return { code: stripComments(code, true), parameters };
}
