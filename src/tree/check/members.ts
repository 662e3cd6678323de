import type { Declared } from '../c/declared.ts';
import type { Unit } from '../preprocess/unit.ts';
import type { Facts } from './facts.ts';
import type { Met, MetMember } from './met.ts';
import type { Place } from './observe.ts';
import type { Places } from './places.ts';
import type { FieldUse } from './uses.ts';

/** A use of a member, and whether its type has it. */
export interface MemberUse extends Place {
  /** `struct x.member`, or `.member` of what could not be told. */
  readonly name: string;
  readonly there: boolean;
  /** Why the compiler refuses it. */
  readonly reason: string | undefined;
}

const NO_MEMBER = 'there is no such member';

/** What a file shows of members: as it is written, and as the compiler meets them. */
export interface Shown {
  readonly uses: readonly FieldUse[];
  readonly met: Met;
  readonly places: Places;
}

/**
 * The members a file uses. What the compiler meets decides; of what was not understood, and of names that macros stand
 * for, the file as it is written tells.
 */
export function memberUses(unit: Unit, { uses, met, places }: Shown, facts: Facts): MemberUse[] {
  const found = new Map<string, MemberUse>();
  const add = (use: MemberUse): void => {
    const key = `${use.line}:${use.column} ${use.name}`;
    if (found.get(key)?.there !== false) found.set(key, use);
  };
  const told = new Set<string>();
  for (const member of met.members) {
    if (member.there === undefined) continue;
    const written = places.isWritten(member.at);
    const place = places.of(member.at);
    if (written) told.add(`${place.line}:${place.column}`);
    // What macros of headers do with what they have is theirs.
    else if (member.there) continue;
    const use = metUse(member, place, facts);
    if (use) add(use);
  }
  for (const { at, of, name, has, but } of met.calls) {
    const place = places.of(at);
    const reason = `${has}, line ${place.line} ${but}`;
    if (of !== undefined) add({ ...place, name: `${of}.${name}`, there: true, reason });
  }
  const left = uses.filter(({ line, column }) => !told.has(`${line}:${column}`));
  for (const use of writtenUses(unit, left, facts)) add(use);
  return [...found.values()].sort((a, b) => a.line - b.line || a.column - b.column);
}

function metUse(
  { of, field, there, incomplete }: MetMember,
  place: Place,
  facts: Facts,
): MemberUse | undefined {
  if (there) {
    if (of === undefined || facts.owns(of)) return undefined;
    return { ...place, name: `${of}.${field}`, there, reason: undefined };
  }
  const reason = incomplete ? `nothing defines ${of}` : NO_MEMBER;
  return { ...place, name: `${of ?? ''}.${field}`, there: false, reason };
}

/** What stands before the members that are left when macros are replaced, with them: `vma->vm_mm`; `->vm_mm`. */
function waysLeft({ tokens, own }: Unit): ReadonlySet<string> {
  const found = new Set<string>();
  for (const at of own) {
    const sign = tokens[at - 1]?.token.text;
    if (sign !== '.' && sign !== '->') continue;
    const way = `${sign}${tokens[at]?.token.text}`;
    found.add(way).add(`${tokens[at - 2]?.token.text}${way}`);
  }
  return found;
}

function writtenUses(unit: Unit, uses: readonly FieldUse[], facts: Facts): MemberUse[] {
  const { macros, written } = unit;
  const left = waysLeft(unit);
  const places = new Map(written.map(({ token }, at) => [`${token.line}:${token.column}`, at]));
  /** Did a macro throw it away that it was handed to. */
  const isGone = ({ field, line, column }: FieldUse): boolean => {
    const at = places.get(`${line}:${column}`);
    const sign = at === undefined ? undefined : written[at - 1]?.token.text;
    if (at === undefined || (sign !== '.' && sign !== '->')) return false;
    const before = written[at - 2];
    const plain = before?.token.kind === 'name' && before.macro === undefined;
    return !left.has(`${plain ? before.token.text : ''}${sign}${field}`);
  };
  let all: Set<string> | undefined;
  return uses.flatMap((use): MemberUse[] => {
    const { field, line, column, of } = use;
    const known = macros.get(field);
    const macro = known?.params === undefined ? known : undefined;
    if (!macro && isGone(use)) return [];
    const meant = firstMember(macros, field);
    const type = of && facts.member(of, meant);
    const key = of && facts.keyOf(of);
    if (type === undefined || key === undefined) {
      all ??= memberNames(facts.declared);
      const there = all.has(meant);
      return [{ name: `.${field}`, line, column, there, reason: there ? undefined : NO_MEMBER }];
    }
    if (facts.owns(key)) return [];
    const reason = type === null ? NO_MEMBER : undefined;
    return [{ name: `${key}.${field}`, line, column, there: type !== null, reason }];
  });
}

/** The member a name stands for, the first of several: `u` for `ds_data`, which is `ds_now`, which is `u.rx.data`. */
function firstMember(macros: Unit['macros'], field: string): string {
  const seen = new Set([field]);
  for (const name of seen) {
    const macro = macros.get(name);
    const first = macro?.params === undefined ? macro?.body[0]?.text : undefined;
    if (first === undefined) return name;
    if (seen.has(first)) return first;
    seen.add(first);
  }
  return field;
}

/** Every name within the braces of a struct or union, wherever it is declared. */
function memberNames(declared: Declared): Set<string> {
  const found = new Set<string>();
  for (let at = 0; at < declared.tokens.length; at++) {
    if (!/^(?:struct|union)$/.test(declared.text(at))) continue;
    let open = at + 1;
    while (open < at + BEFORE_BRACE && !/^[{;*]$/.test(declared.text(open))) open++;
    if (declared.text(open) !== '{') continue;
    const close = declared.closing(open);
    for (at = open; at < close; at++) {
      const { kind, text } = declared.tokens[at]?.token ?? {};
      if (kind === 'name' && text !== undefined) found.add(text);
    }
  }
  return found;
}

/** A tag and attributes stand between the word and the brace. */
const BEFORE_BRACE = 12;
