import type { Statement } from 'kconfiglib-js';

/**
 * A presence condition: what must be true of a configuration (and of macros Kconfig says nothing of, `free`) for a line
 * to reach the compiler. Built by the functions here it is simplified a little and has one shape per content.
 */
export type Formula = Statement;

/** An option is y, m, or on (either). */
export function option(symbol: string, is: 'y' | 'm' | 'on' = 'y'): Formula {
  return { symbol, is };
}

/** Something Kconfig says nothing of, by its text: `defined(__ASSEMBLY__)`. */
export function free(text: string): Formula {
  return { free: text };
}

export function not(a: Formula): Formula {
  if (typeof a === 'boolean') return !a;
  if ('not' in a) return a.not;
  return { not: a };
}

export function and(...parts: readonly Formula[]): Formula {
  return chain(parts, false);
}

export function or(...parts: readonly Formula[]): Formula {
  return chain(parts, true);
}

/** Flattened, without repetitions and without what the others imply at once. */
function chain(parts: readonly Formula[], absorbing: boolean): Formula {
  const only = onlyOf(parts, absorbing);
  if (only !== undefined) return only;
  const kept = new Map<string, Formula>();
  const add = (part: Formula): boolean => {
    if (part === absorbing) return false;
    if (part === !absorbing) return true;
    if (typeof part === 'object' && (absorbing ? 'or' in part : 'and' in part)) {
      const inner = 'or' in part ? part.or : 'and' in part ? part.and : [];
      return inner.every(add);
    }
    if (kept.has(keyOfNot(part))) return false;
    kept.set(keyOf(part), part);
    return true;
  };
  if (!parts.every(add)) return absorbing;
  const list = absorbed([...kept.values()], kept, absorbing);
  if (list.length === 0) return !absorbing;
  if (list.length === 1) return list[0] as Formula;
  return absorbing ? { or: list } : { and: list };
}

/** The one part there is beside what changes nothing, which has its shape; undefined if there are more. */
function onlyOf(parts: readonly Formula[], absorbing: boolean): Formula | undefined {
  let only: Formula | undefined;
  for (const part of parts) {
    if (part === absorbing) return absorbing;
    if (part === !absorbing) continue;
    if (only !== undefined) return undefined;
    only = part;
  }
  return only ?? !absorbing;
}

/** `A && (A || B)` is A, `A && (!A || B)` is `A && B`; the same the other way round. */
function absorbed(
  list: readonly Formula[],
  kept: ReadonlyMap<string, Formula>,
  absorbing: boolean,
): readonly Formula[] {
  let changed = false;
  const out: Formula[] = [];
  for (const part of list) {
    const inner = innerOf(part, absorbing);
    if (inner === undefined) {
      out.push(part);
      continue;
    }
    if (inner.some((one) => kept.has(keyOf(one)))) {
      changed = true;
      continue;
    }
    const left = inner.filter((one) => !kept.has(keyOfNot(one)));
    if (left.length === inner.length) out.push(part);
    else {
      changed = true;
      out.push(absorbing ? and(...left) : or(...left));
    }
  }
  if (!changed) return list;
  const again = chain(out, absorbing);
  if (typeof again === 'boolean') return again === absorbing ? [absorbing] : [];
  if (absorbing ? 'or' in again : 'and' in again) {
    return 'or' in again ? again.or : 'and' in again ? again.and : [again];
  }
  return [again];
}

function innerOf(part: Formula, absorbing: boolean): readonly Formula[] | undefined {
  if (typeof part === 'boolean') return undefined;
  if (absorbing) return 'and' in part ? part.and : undefined;
  return 'or' in part ? part.or : undefined;
}

const keys = new WeakMap<object, string>();

/** Equal for formulas of equal shape. */
export function keyOf(a: Formula): string {
  if (typeof a === 'boolean') return a ? '1' : '0';
  let key = keys.get(a);
  if (key === undefined) {
    if ('not' in a) key = `!${keyOf(a.not)}`;
    else if ('and' in a) key = `(&${a.and.map(keyOf).join(' ')})`;
    else if ('or' in a) key = `(|${a.or.map(keyOf).join(' ')})`;
    else if ('free' in a) key = JSON.stringify(a.free);
    else key = `${a.symbol}=${a.is}`;
    keys.set(a, key);
  }
  return key;
}

/** The same as `keyOf(not(a))`, for most of which no formula need be made. */
function keyOfNot(a: Formula): string {
  return typeof a === 'boolean' || 'not' in a ? keyOf(not(a)) : `!${keyOf(a)}`;
}

/** The value under a configuration; `undefined` where it rests on something free that `free` does not tell. */
export function evaluate(
  a: Formula,
  value: (symbol: string) => string | undefined,
  freeValue: (text: string) => boolean | undefined = () => undefined,
): boolean | undefined {
  if (typeof a === 'boolean') return a;
  if ('not' in a) {
    const inner = evaluate(a.not, value, freeValue);
    return inner === undefined ? undefined : !inner;
  }
  if ('and' in a || 'or' in a) {
    const absorbing = 'or' in a;
    let result: boolean | undefined = !absorbing;
    for (const part of absorbing ? a.or : a.and) {
      const one = evaluate(part, value, freeValue);
      if (one === absorbing) return absorbing;
      if (one === undefined) result = undefined;
    }
    return result;
  }
  if ('free' in a) return freeValue(a.free);
  const now = value(a.symbol) ?? 'n';
  if (a.is === 'm') return now === 'm';
  return a.is === 'on' ? now !== 'n' && now !== '' : now !== 'n' && now !== 'm' && now !== '';
}

/** Every option a formula mentions. */
export function symbolsOf(a: Formula, into: Set<string> = new Set()): Set<string> {
  if (typeof a === 'boolean' || 'free' in a) return into;
  if ('not' in a) return symbolsOf(a.not, into);
  if ('symbol' in a) return into.add(a.symbol);
  for (const part of 'and' in a ? a.and : a.or) symbolsOf(part, into);
  return into;
}

/** Everything free a formula mentions. */
export function freeOf(a: Formula, into: Set<string> = new Set()): Set<string> {
  if (typeof a === 'boolean' || 'symbol' in a) return into;
  if ('not' in a) return freeOf(a.not, into);
  if ('free' in a) return into.add(a.free);
  for (const part of 'and' in a ? a.and : a.or) freeOf(part, into);
  return into;
}

/** As a person writes it: `PER_VMA_LOCK && !(A=m || defined(B))`. An option alone means y; `A!=n` means y or m. */
export function formulaText(a: Formula): string {
  if (typeof a === 'boolean') return a ? 'always' : 'never';
  if ('symbol' in a) {
    return a.is === 'y' ? a.symbol : a.is === 'm' ? `${a.symbol}=m` : `${a.symbol}!=n`;
  }
  if ('free' in a) return a.free;
  if ('not' in a) {
    const { not: inner } = a;
    if (typeof inner === 'object' && 'symbol' in inner && inner.is === 'on') {
      return `${inner.symbol}=n`;
    }
    const text = formulaText(inner);
    return /^[\w.]+$|^\w+\([^()]*\)$/.test(text) ? `!${text}` : `!(${text})`;
  }
  const [parts, sign] = 'and' in a ? [a.and, ' && '] : [a.or, ' || '];
  return parts
    .map((part) => {
      const text = formulaText(part);
      const nested = typeof part === 'object' && ('and' in part || 'or' in part);
      return nested || / (&&|\|\||\?) /.test(bare(part)) ? `(${text})` : text;
    })
    .join(sign);
}

function bare(part: Formula): string {
  return typeof part === 'object' && 'free' in part ? part.free : '';
}
