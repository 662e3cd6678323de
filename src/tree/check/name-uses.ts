import type { Unit, Written } from '../preprocess/unit.ts';
import type { Fact } from './facts.ts';
import type { NameUse } from './observe.ts';
import type { Places } from './places.ts';
import type { Uses } from './uses.ts';

const WORDS =
  /^(?:auto|break|case|char|const|continue|default|do|double|else|enum|extern|float|for|goto|if|inline|int|long|register|restrict|return|short|signed|sizeof|static|struct|switch|typedef|union|unsigned|void|volatile|while|_Bool|asm|typeof|__attribute__|__asm__|__typeof__|__func__|defined|__(?:builtin|sync|atomic)_\w+|_Static_assert|_Pragma|_Alignof|__alignof|__alignof__|_Generic|__auto_type)$/;

/** Is this a name a file uses, of C's own words none. */
export function isName(word: string): boolean {
  return /^(?!CONFIG_)[A-Za-z_]\w*$/.test(word) && !WORDS.test(word);
}

/** Names declared with the type of something else, which macros like typeof_member() and `auto` write. */
export function namedByTypeof({ tokens, own }: Unit): Set<string> {
  const found = new Set<string>();
  const text = (at: number): string => tokens[at]?.token.text ?? '';
  for (const at of own) {
    let end = at;
    if (/^(?:typeof|__typeof__|__typeof)$/.test(text(at))) {
      let depth = 0;
      end++;
      do {
        if (text(end) === '(') depth++;
        else if (text(end) === ')') depth--;
      } while (depth > 0 && ++end < tokens.length);
    } else if (text(at) !== '__auto_type') continue;
    while (text(end + 1) === '*') end++;
    if (/^[A-Za-z_]/.test(text(end + 1)) && /^[;=,]$/.test(text(end + 2))) found.add(text(end + 1));
  }
  return found;
}

/**
 * How many arguments calls by name have when macros are replaced, one of which may stand for several; by name and line, in
 * which there may be more of them.
 */
function argumentCounts({ tokens, own }: Unit, main: string): Map<string, number[]> {
  const found = new Map<string, number[]>();
  const open: { key: string; count: number; empty: boolean; depth: number }[] = [];
  let depth = 0;
  for (const at of own) {
    const { token } = tokens[at] as Unit['tokens'][number];
    const top = open.at(-1);
    if (top && top.depth === depth && token.text !== ')') top.empty = false;
    if (/^[({[]$/.test(token.text)) {
      depth++;
      const before = tokens[at - 1];
      if (token.text === '(' && before?.token.kind === 'name' && before.file === main) {
        const key = `${before.token.text}:${before.line}`;
        open.push({ key, count: 1, empty: true, depth });
      }
    } else if (token.text === ',' && top?.depth === depth) top.count++;
    else if (/^[)}\]]$/.test(token.text)) {
      if (top?.depth === depth) {
        open.pop();
        const list = found.get(top.key);
        const count = top.empty ? 0 : top.count;
        if (list) list.push(count);
        else found.set(top.key, [count]);
      }
      depth--;
    }
  }
  return found;
}

/** Where a file uses names of others, by name: as it is written, and as its own macros make it. */
export function nameUses(
  unit: Unit,
  main: string,
  uses: Uses,
  {
    own,
    known,
    places,
  }: { own: ReadonlySet<string>; known: ReadonlyMap<string, Fact>; places: Places },
): Map<string, NameUse[]> {
  const { written } = unit;
  const counts = argumentCounts(unit, main);
  const calls = new Map(uses.calls.map((call) => [`${call.line}:${call.column}`, call]));
  const found = new Map<string, NameUse[]>();
  const add = (name: string, use: NameUse): void => {
    const list = found.get(name);
    if (list) list.push(use);
    else found.set(name, [use]);
  };
  // Words of the compiler's, up to this place.
  let attribute = -1;
  for (const [at, { token, macro }] of written.entries()) {
    const { text, line, column } = token;
    if (text === '__attribute__' || text === '__attribute') {
      attribute = closingOf(written, at + 1);
    }
    if (at <= attribute || token.kind !== 'name' || !isName(text)) continue;
    if (isAside(written, at)) continue;
    const called = written[at + 1]?.token.text === '(';
    const replaced = macro !== undefined && (macro.params === undefined || called);
    if (!replaced && own.has(text)) continue;
    const call = calls.get(`${line}:${column}`);
    const gives = replaced ? [argumentsOf(written, at + 1)] : (counts.get(`${text}:${line}`) ?? []);
    add(text, { line, column, call, gives, dead: call?.dead ?? uses.dead(line, column) });
  }
  for (const at of madeByOwn(unit, main)) {
    const name = unit.tokens[at]?.token.text as string;
    if (own.has(name) || !known.has(name) || places.isWritten(at)) continue;
    const place = places.of(at);
    const dead = uses.dead(place.line, place.column);
    const call = unit.tokens[at + 1]?.token.text === '(' ? { name, ...place, dead } : undefined;
    add(name, { ...place, call, gives: counts.get(`${name}:${place.line}`) ?? [], dead });
  }
  return found;
}

/** Names that the file's own macros stand for, where these are used; members, tags and labels are others. */
function madeByOwn({ tokens, own, macros }: Unit, main: string): number[] {
  return own.filter((at) => {
    const { token, macro } = tokens[at] as Unit['tokens'][number];
    if (macro === undefined || token.kind !== 'name') return false;
    if (macros.get(macro)?.file !== main || !isName(token.text)) return false;
    const before = tokens[at - 1]?.token.text ?? '';
    return !/^(?:\.|->|struct|union|enum|goto)$/.test(before);
  });
}

/** How many arguments stand between the parentheses that open at a place. */
function argumentsOf(written: readonly Written[], open: number): number {
  const close = closingOf(written, open);
  let depth = 0;
  let count = close > open + 1 ? 1 : 0;
  for (let at = open; at < close; at++) {
    const text = written[at]?.token.text;
    if (text === '(') depth++;
    else if (text === ')') depth--;
    else if (text === ',' && depth === 1) count++;
  }
  return count;
}

/** Where the parentheses end that open at a place; the place before where there are none. */
function closingOf(written: readonly Written[], open: number): number {
  let depth = 0;
  for (let at = open; at < written.length; at++) {
    const text = written[at]?.token.text;
    if (text === '(') depth++;
    else if (text === ')') depth--;
    if (depth === 0) return text === ')' ? at : open - 1;
  }
  return open - 1;
}

/** Members, tags and labels have names of their own. */
function isAside(written: readonly Written[], at: number): boolean {
  const before = written[at - 1]?.token.text ?? '';
  if (/^(?:\.|->|struct|union|enum|goto)$/.test(before)) return true;
  const label = written[at + 1]?.token.text === ':' && /^[;{}]$/.test(before);
  return label;
}
