import type { Around, Given } from '../c/code/code.ts';
import { discarded, isRefused, requalified, typeText } from '../c/code/conversion.ts';
import { Cursor, NotUnderstood } from '../c/code/cursor.ts';
import { Code } from '../c/code/statement.ts';
import type { Declared, Segment } from '../c/declared.ts';
import type { CType } from '../c/types.ts';
import type { Facts } from './facts.ts';
import { isName } from './name-uses.ts';

/** A member that the compiler meets. */
export interface MetMember {
  /** Position among the tokens of the unit. */
  readonly at: number;
  readonly field: string;
  /** `struct x`, `union x`, the name of a typedef; undefined where there is none, or the type is not told. */
  readonly of: string | undefined;
  /** Not told where the type is not. */
  readonly there: boolean | undefined;
  /** The type is declared, and nothing of what is in it. */
  readonly incomplete: boolean;
}

/** A struct, union or enum that has to be known whole. */
export interface MetType {
  readonly at: number;
  /** `struct x`. */
  readonly name: string;
  readonly there: boolean;
}

/** A name nobody declared. */
export interface MetUnknown {
  readonly at: number;
  readonly name: string;
  readonly kind: 'type' | 'value';
}

/** A call the compiler refuses: of a member, or of a function by its name. */
export interface MetCall {
  readonly at: number;
  /** Of a member: what it is one of. */
  readonly of: string | undefined;
  readonly name: string;
  /** It is given another number of arguments, not one of another type. */
  readonly counted: boolean;
  /** What of it: `takes 2 arguments`, `gives void`. */
  readonly has: string;
  /** What the file makes of it: `gives 3`. */
  readonly but: string;
}

/** Warnings of gcc about qualifiers, by their names. */
export type QualifierWarning = 'discarded-qualifiers' | 'incompatible-pointer-types';

/** A pointer is put where what it points to may be written, and is not meant to be. */
export interface MetDiscard {
  readonly at: number;
  /** Of a member: what it is one of. */
  readonly of: string | undefined;
  /** Of a function, variable or member it is taken from or put into; where it is none, of the function all this is in. */
  readonly name: string;
  readonly warning: QualifierWarning;
  /** What of it, and what the file makes of it. */
  readonly has: string;
  readonly but: string;
  /** `const is discarded` */
  readonly lost: string;
}

/** What the compiler meets in a file, macros replaced. */
export class Met {
  readonly members: MetMember[] = [];
  readonly types: MetType[] = [];
  readonly unknown: MetUnknown[] = [];
  readonly calls: MetCall[] = [];
  readonly discards: MetDiscard[] = [];
  /** Where declarations begin that were not understood: nothing is told of them. */
  readonly notUnderstood: { readonly at: number; readonly why: string }[] = [];
}

/** Read the declarations of a file as the compiler does. */
export function metIn(declared: Declared, main: string, facts: Facts): Met {
  const met = new Met();
  const values = new Values(declared, facts);
  for (const { name, from, to } of declared.segments) {
    if (declared.tokens[from]?.file !== main) continue;
    try {
      const all = around(declared, facts, values, met, name);
      new Code(new Cursor(declared, from, to), all).external();
    } catch (error) {
      if (!(error instanceof NotUnderstood)) throw error;
      met.notUnderstood.push({ at: from, why: error.message });
    }
  }
  return met;
}

/** The types of functions and variables at file scope, each read when it is first asked for. */
class Values {
  readonly #declared: Declared;
  readonly #around: Around;
  readonly #known = new Map<string, CType | undefined>();

  constructor(declared: Declared, facts: Facts) {
    this.#declared = declared;
    this.#around = around(declared, facts, this, new Met());
  }

  has(name: string): boolean {
    const { functions, variables, enumerators } = this.#declared;
    return functions.has(name) || variables.has(name) || enumerators.has(name);
  }

  of(name: string): CType | undefined {
    if (!this.#known.has(name)) {
      // One whose type names itself is of none that is told.
      this.#known.set(name, undefined);
      this.#known.set(name, this.#find(name));
    }
    return this.#known.get(name);
  }

  #find(name: string): CType | undefined {
    const { functions, variables, enumerators } = this.#declared;
    const segment = functions.get(name) ?? variables.get(name);
    if (segment) return this.#read(segment);
    return enumerators.has(name) ? { is: 'base', name: 'int' } : undefined;
  }

  #read({ name, from, to, body }: Segment): CType | undefined {
    try {
      const cursor = new Cursor(this.#declared, from, body?.[0] ?? to);
      return new Code(cursor, this.#around).typeOf(name);
    } catch (error) {
      if (error instanceof NotUnderstood) return undefined;
      throw error;
    }
  }
}

/** @param within  the name of the function, or of the variable, that is read */
function around(declared: Declared, facts: Facts, values: Values, met: Met, within = ''): Around {
  const plain = (type: CType): CType => facts.types.plain(type);
  const keyOf = (type: CType): string | undefined => {
    const own = plain(type);
    return own.is === 'tag' ? own.key : undefined;
  };
  const refused = (at: number, has: string, but: string, counted = false): void => {
    const member = met.members.findLast((one) => one.at === at);
    const name = member?.field ?? declared.text(at);
    met.calls.push({ at, of: member?.of, name, has, but, counted });
  };
  const isWhole = (key: string): boolean => declared.tags.has(key);
  const takesText = (i: number, wanted: CType): string =>
    `takes as argument ${i + 1} ${typeText(wanted)}`;
  /** What is at a position: a member of a type, a function or variable, and whether others declare it. */
  const named = (
    at: number | undefined,
  ): (Pick<MetDiscard, 'at' | 'of' | 'name'> & { readonly isOthers: boolean }) | undefined => {
    if (at === undefined) return undefined;
    const member = met.members.findLast((one) => one.at === at);
    const name = member?.field ?? declared.text(at);
    if (!member && !declared.functions.has(name) && !declared.variables.has(name)) return undefined;
    if (member && member.of === undefined) return undefined;
    return { at, of: member?.of, name, isOthers: !facts.owns(member?.of ?? name) };
  };
  /** Between what is given, and what takes it: it is told of the one that is of others, if either is. */
  const discards = (
    wanted: CType,
    { type: gives, name: from, at }: Given & { readonly type: CType },
    takes: string,
    to: number | undefined,
  ): void => {
    const lost = discarded(wanted, gives, plain);
    const other = lost === undefined ? requalified(wanted, gives, plain) : undefined;
    if (lost === undefined && other === undefined) return;
    const how =
      other === undefined
        ? ({ warning: 'discarded-qualifiers', lost: `${lost} is discarded` } as const)
        : ({
            warning: 'incompatible-pointer-types',
            lost: `what these pointers lead to is not both ${other}`,
          } as const);
    const [taker, giver] = [named(to), named(from)];
    const [given, want] = [`gives ${typeText(gives)}`, `wants ${typeText(wanted)}`];
    if (taker && (taker.isOthers || !giver?.isOthers)) {
      met.discards.push({ ...taker, ...how, has: takes, but: given });
    } else if (giver) met.discards.push({ ...giver, ...how, has: given, but: want });
    else if (within !== '') {
      const own = { at, of: undefined, name: within };
      met.discards.push({ ...own, ...how, has: `puts ${typeText(gives)}`, but: want });
    }
  };
  return {
    isTypedef: (name) => declared.typedefs.has(name),
    isValue: (name) => values.has(name),
    value: (name) => values.of(name),
    plain,
    fields: (of) => facts.fields(of),
    member(at, of, field) {
      const key = of && keyOf(of);
      const incomplete = key !== undefined && !isWhole(key);
      const type = of && !incomplete ? facts.member(of, field) : undefined;
      const known = incomplete ? false : type === undefined ? undefined : type !== null;
      const name = of && facts.keyOf(of);
      if (at >= 0) met.members.push({ at, field, of: name, there: known, incomplete });
      return type ?? undefined;
    },
    whole(at, type) {
      let own = plain(type);
      while (own.is === 'array') own = plain(own.of);
      if (own.is === 'tag') met.types.push({ at, name: own.key, there: isWhole(own.key) });
    },
    unknownType: (at, name) => met.unknown.push({ at, name, kind: 'type' }),
    unknownValue: (at, name) => {
      if (isName(name)) met.unknown.push({ at, name, kind: 'value' });
    },
    called(at, { count, variadic, types }, given) {
      if (variadic ? given.length < count : given.length !== count) {
        const n = `${count} argument${count === 1 ? '' : 's'}`;
        refused(at, `takes ${variadic ? 'at least ' : ''}${n}`, `gives ${given.length}`, true);
        return;
      }
      for (const [i, wanted] of types.entries()) {
        const one = given[i];
        if (!wanted || !one?.type || !isRefused(wanted, one.type, plain)) continue;
        refused(at, takesText(i, wanted), `gives ${typeText(one.type)}`);
        return;
      }
      for (const [i, wanted] of types.entries()) {
        const one = given[i];
        const { type } = one ?? {};
        if (wanted && one && type) discards(wanted, { ...one, type }, takesText(i, wanted), at);
      }
    },
    given(value, wanted, to) {
      const { type, name, called } = value;
      if (!type) return;
      if (called && name !== undefined && isRefused(wanted, type, plain)) {
        refused(name, `gives ${typeText(type)}`, `wants ${typeText(wanted)}`);
        return;
      }
      discards(wanted, { ...value, type }, `is ${typeText(wanted)}`, to);
    },
  };
}
