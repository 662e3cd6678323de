import type { CType } from '../types.ts';
import { decayed } from './declaration.ts';
import { ZERO } from './numbers.ts';

/**
 * Does a compiler of the kernel refuse a value of one type where another is wanted: a struct for a pointer, a pointer to
 * something else (`-Werror=incompatible-pointer-types` of the top Makefile), a number for a pointer, nothing at all for something. Numbers become each
 * other, whether they are signed and `const` are not looked at, and what is not told is taken for meant.
 */
export function isRefused(wanted: CType, given: CType, plain: (type: CType) => CType): boolean {
  const to = decayed(plain(wanted)) as CType;
  const from = decayed(plain(given)) as CType;
  if (isVoid(from)) return !isVoid(to) && to.is !== 'unknown';
  if (isRecord(from) || isRecord(to))
    return isRecord(from) && isRecord(to) ? differ(from, to) : isSure(from, to);
  if (to.is === 'pointer' && from.is === 'base') return given !== ZERO && isWhole(from.name);
  if (to.is !== 'pointer' || from.is !== 'pointer') return false;
  return targetsDiffer(plain(to.to), plain(from.to), plain);
}

function targetsDiffer(to: CType, from: CType, plain: (type: CType) => CType): boolean {
  if (isVoid(to) || isVoid(from)) return false;
  if (to.is === 'pointer' && from.is === 'pointer') {
    return targetsDiffer(plain(to.to), plain(from.to), plain);
  }
  return differ(to, from);
}

/**
 * What of the type a pointer points to is lost where one of another type is wanted (6.5.16.1 of the standard: what is
 * pointed to has all the qualifiers there that it has here), `const` for one; undefined if nothing is, for sure.
 */
export function discarded(
  wanted: CType,
  given: CType,
  plain: (type: CType) => CType,
): string | undefined {
  const to = decayed(plain(wanted)) as CType;
  const from = decayed(plain(given)) as CType;
  if (to.is !== 'pointer' || from.is !== 'pointer') return undefined;
  const [kept, had] = [plain(to.to), plain(from.to)];
  if ([kept, had].some(({ is }) => /^(?:typedef|unknown|function|array)$/.test(is)))
    return undefined;
  const lost = [
    ...(had.const && !kept.const ? ['const'] : []),
    ...(had.volatile && !kept.volatile ? ['volatile'] : []),
  ];
  return lost.length === 0 ? undefined : lost.join(' ');
}

/**
 * Which qualifiers of what pointers to pointers lead to are others than wanted, in either direction: such pointers are not
 * compatible, whatever is lost (6.7.6.1 and 6.7.3 of the standard: qualifiers of the pointers pointed to have to be the
 * same). Undefined if none are, for sure.
 */
export function requalified(
  wanted: CType,
  given: CType,
  plain: (type: CType) => CType,
): string | undefined {
  let to = decayed(plain(wanted)) as CType;
  let from = decayed(plain(given)) as CType;
  const other = new Set<string>();
  // Of what the outermost pointers point to it is another question what is lost.
  for (let depth = 0; to.is === 'pointer' && from.is === 'pointer'; depth++) {
    [to, from] = [plain(to.to), plain(from.to)];
    if (depth === 0) continue;
    if (to.const !== from.const) other.add('const');
    if (to.volatile !== from.volatile) other.add('volatile');
  }
  const isSure = [to, from].every(({ is }) => is === 'base' || is === 'tag');
  return isSure && other.size > 0 ? [...other].join(' ') : undefined;
}

/** Are these types not the same, for sure. */
function differ(a: CType, b: CType): boolean {
  if (isRecord(a) && isRecord(b)) return a.key !== b.key;
  if (isRecord(a) || isRecord(b)) return isSure(a, b);
  if (a.is === 'base' && b.is === 'base') {
    const [one, other] = [widthOf(a.name), widthOf(b.name)];
    return one !== undefined && other !== undefined && one !== other;
  }
  return false;
}

/** One of the two is a struct or union with a name: is the other something else. */
function isSure(a: CType, b: CType): boolean {
  return [a, b].every((one) => isRecord(one) || one.is === 'base' || one.is === 'pointer');
}

function isRecord(type: CType): type is Extract<CType, { is: 'tag' }> {
  return type.is === 'tag' && !type.key.startsWith('enum ');
}

function isVoid(type: CType): boolean {
  return type.is === 'base' && type.name === 'void';
}

/** Is a type one of whole numbers. */
function isWhole(name: string): boolean {
  return widthOf(name) !== undefined;
}

/** The word that tells how wide a number is; undefined for words that are not known. */
function widthOf(name: string): string | undefined {
  const words = name.split(' ').filter((word) => !/^(?:un)?signed$|^__signed(?:__)?$/.test(word));
  const wide = words.filter((word) => word !== 'int');
  const text = wide.length === 0 ? 'int' : wide.join(' ');
  return /^(?:int|char|short|long|long long)$/.test(text) ? text : undefined;
}

/** A type in the words of C; undefined where these are long. */
export function typeText(type: CType): string {
  const words = [...(type.const ? ['const'] : []), ...(type.volatile ? ['volatile'] : [])];
  const bare = bareText(type);
  if (words.length === 0) return bare;
  return type.is === 'pointer' ? `${bare}${words.join(' ')}` : `${words.join(' ')} ${bare}`;
}

function bareText(type: CType): string {
  switch (type.is) {
    case 'base':
    case 'typedef':
      return type.name;
    case 'tag':
      return type.key;
    case 'pointer': {
      const to = typeText(type.to);
      return to.endsWith('*') ? `${to}*` : `${to} *`;
    }
    case 'array':
      return `${typeText(type.of)}[]`;
    case 'record':
      return type.record.keyword;
    case 'enum':
      return 'enum';
    case 'function':
      return `${typeText(type.gives)}()`;
    case 'unknown':
      return '?';
  }
}
