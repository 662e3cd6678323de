import type { Declared, Segment } from '../c/declared.ts';
import { fits, shapeText } from '../c/prototype.ts';
import type { Prototypes } from '../c/prototypes.ts';

/** A name that the file declares otherwise than a header has done, which compilers refuse. */
export interface Conflict {
  readonly kind: 'function' | 'type';
  readonly name: string;
  /** Position among the tokens of the unit. */
  readonly at: number;
  readonly reason: string;
}

/** What a file defines that headers define, or declare with another type. */
export function conflictsOf(declared: Declared, main: string, prototypes: Prototypes): Conflict[] {
  const isOwn = (at: number): boolean => declared.tokens[at]?.file === main;
  const own = new Map<string, Segment>();
  for (const segment of declared.segments) {
    const isFunction = segment.kind === 'function' || segment.kind === 'prototype';
    if (isFunction && isOwn(segment.from) && !own.has(segment.name)) own.set(segment.name, segment);
    // A definition tells more than what was declared before it.
    else if (segment.kind === 'function' && isOwn(segment.from)) own.set(segment.name, segment);
  }
  const found: Conflict[] = [];
  const told = new Set<string>();
  for (const other of declared.segments) {
    const mine = own.get(other.name);
    if (!mine || isOwn(other.from) || told.has(other.name)) continue;
    if (other.kind !== 'function' && other.kind !== 'prototype') continue;
    const reason = between(mine, other, declared, prototypes);
    if (reason === undefined) continue;
    told.add(other.name);
    found.push({ kind: 'function', name: other.name, at: nameAt(declared, mine), reason });
  }
  for (const { key, tagged } of declared.tagsAgain) {
    const first = declared.tags.get(key);
    if (!first || !isOwn(tagged.from) || isOwn(first.from)) continue;
    const reason = `${placeOf(declared, first.from)} defines it already`;
    found.push({ kind: 'type', name: key, at: tagged.from, reason });
  }
  return found;
}

function between(
  mine: Segment,
  other: Segment,
  declared: Declared,
  prototypes: Prototypes,
): string | undefined {
  const place = placeOf(declared, nameAt(declared, other));
  const isStatic = (one: Segment): boolean => wordsOf(declared, one).includes('static');
  if (mine.kind === 'function' && other.kind === 'function') {
    // `extern inline` of GNU C defines nothing another may not define.
    return isStatic(other) ? `${place} defines it already` : undefined;
  }
  const [wanted, has] = [prototypes.of(other), prototypes.of(mine)];
  if (wanted && has && !fits(wanted, has)) {
    return `${place} declares it as ${shapeText(wanted)}, here it is ${shapeText(has)}`;
  }
  const linked = other.kind === 'prototype' && !isStatic(other);
  return linked && isStatic(mine) ? `${place} declares it, not as static` : undefined;
}

/** What stands before the name. */
function wordsOf(declared: Declared, segment: Segment): string[] {
  const words: string[] = [];
  for (let at = segment.from; at < nameAt(declared, segment); at++) words.push(declared.text(at));
  return words;
}

function nameAt(declared: Declared, { name, from, to }: Segment): number {
  for (let at = from; at < to; at++) if (declared.text(at) === name) return at;
  return from;
}

function placeOf(declared: Declared, at: number): string {
  const { file, line } = declared.tokens[at] as Declared['tokens'][number];
  return `${file}:${line}`;
}
