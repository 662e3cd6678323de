/**
 * Laying C structures out as the System V ABIs of x86 do: each member at the next offset its alignment allows, the
 * whole rounded up to the strictest alignment in it. Bit-fields are left out; no structure here has one.
 */

/** What differs between the ABIs as far as layout goes. */
export interface Abi {
  readonly name: string;
  /** Bytes of a pointer and of `long`. */
  readonly word: 4 | 8;
  /** Alignment of an 8-byte integer inside a structure. */
  readonly align8: 4 | 8;
}

/** System V ABI, AMD64 supplement (LP64). */
export const X86_64: Abi = { name: 'x86_64', word: 8, align8: 8 };

/** System V ABI, Intel386 supplement: 8-byte integers are aligned to 4 in structures. */
export const I386: Abi = { name: 'i386', word: 4, align8: 4 };

/** An integer of a fixed width. */
export interface IntegerType {
  readonly kind: 'integer';
  readonly name: string;
  readonly bytes: 1 | 2 | 4 | 8;
}

/** A pointer or a `long`: one machine word. */
export interface WordType {
  readonly kind: 'word';
  readonly name: string;
}

export interface ArrayType {
  readonly kind: 'array';
  readonly of: CType;
  /** 0 is a flexible array member. */
  readonly length: number;
}

export interface AggregateType {
  readonly kind: 'struct' | 'union';
  /** How C spells it. Without a name it was declared in place, and its members count as the outer one's. */
  readonly name?: string;
  readonly members: readonly Member[];
  /** `__attribute__((aligned))` on the type: raises the alignment, and so the size. */
  readonly aligned?: number;
}

export type CType = IntegerType | WordType | ArrayType | AggregateType;

export interface Member {
  /** Absent for an anonymous struct or union. */
  readonly name?: string;
  readonly type: CType;
  /** `__attribute__((aligned))` on the member: raises its alignment, not its size. */
  readonly aligned?: number;
}

/** A member as laid out. Its name is a path as in `offsetof`: `shared.rb`. */
export interface LayoutField {
  readonly name: string;
  readonly type: string;
  readonly offset: number;
  readonly size: number;
}

export interface Layout {
  readonly size: number;
  readonly align: number;
  readonly fields: readonly LayoutField[];
}

export const integer = (name: string, bytes: 1 | 2 | 4 | 8): IntegerType => ({
  kind: 'integer',
  name,
  bytes,
});
export const word = (name: string): WordType => ({ kind: 'word', name });
/** A pointer to what is named. */
export const pointer = (to: string): WordType => word(`${to} *`);
export const array = (of: CType, length: number): ArrayType => ({ kind: 'array', of, length });
export const struct = (
  name: string | undefined,
  members: readonly Member[],
  aligned?: number,
): AggregateType => aggregate('struct', name, members, aligned);
export const union = (
  name: string | undefined,
  members: readonly Member[],
  aligned?: number,
): AggregateType => aggregate('union', name, members, aligned);

function aggregate(
  kind: 'struct' | 'union',
  name: string | undefined,
  members: readonly Member[],
  aligned: number | undefined,
): AggregateType {
  return {
    kind,
    members,
    ...(name === undefined ? {} : { name }),
    ...(aligned === undefined ? {} : { aligned }),
  };
}

/** A member. */
export const field = (name: string, type: CType, aligned?: number): Member => ({
  name,
  type,
  ...(aligned === undefined ? {} : { aligned }),
});
/** An anonymous struct or union member: its own members are the outer structure's. */
export const anonymous = (type: AggregateType): Member => ({ type });

/** The members when the condition holds, none otherwise: `#ifdef` around members. */
export function when(
  condition: boolean,
  members: readonly Member[] | (() => readonly Member[]),
): readonly Member[] {
  if (!condition) return [];
  return typeof members === 'function' ? members() : members;
}

/** The next multiple of `align`. */
export const roundUp = (n: number, align: number): number => Math.ceil(n / align) * align;

/** How C spells a type. */
export function spelling(type: CType): string {
  switch (type.kind) {
    case 'integer':
    case 'word':
      return type.name;
    case 'array':
      return `${spelling(type.of)}[${type.length || ''}]`;
    default:
      return type.name ?? type.kind;
  }
}

/** `sizeof` and the alignment inside a structure. */
export function measure(type: CType, abi: Abi): { size: number; align: number } {
  switch (type.kind) {
    case 'integer':
      return { size: type.bytes, align: type.bytes === 8 ? abi.align8 : type.bytes };
    case 'word':
      return { size: abi.word, align: abi.word };
    case 'array': {
      const of = measure(type.of, abi);
      return { size: of.size * type.length, align: of.align };
    }
    default: {
      const { size, align } = place(type, abi);
      return { size, align };
    }
  }
}

interface Placed {
  readonly size: number;
  readonly align: number;
  readonly at: readonly { member: Member; offset: number; size: number }[];
}

function place(type: AggregateType, abi: Abi): Placed {
  const at: { member: Member; offset: number; size: number }[] = [];
  // GNU C allows an empty structure and gives it size 0, alignment 1.
  let align = type.aligned ?? 1;
  let end = 0;
  for (const member of type.members) {
    const own = measure(member.type, abi);
    const memberAlign = Math.max(own.align, member.aligned ?? 1);
    const offset = type.kind === 'union' ? 0 : roundUp(end, memberAlign);
    at.push({ member, offset, size: own.size });
    end = Math.max(end, offset + own.size);
    align = Math.max(align, memberAlign);
  }
  return { size: roundUp(end, align), align, at };
}

/**
 * Lays a structure out. Members of an anonymous struct or union appear under their own names; those of a structure
 * declared in place under a path. A union's members share their offset.
 */
export function layout(members: readonly Member[], abi: Abi): Layout {
  return layoutOf(struct(undefined, members), abi);
}

/** As {@link layout}, for a type that already exists. */
export function layoutOf(type: AggregateType, abi: Abi): Layout {
  const { size, align } = place(type, abi);
  return { size, align, fields: fieldsOf(type, abi, '', 0) };
}

function fieldsOf(type: AggregateType, abi: Abi, prefix: string, base: number): LayoutField[] {
  return place(type, abi).at.flatMap(({ member, offset, size }) => {
    const inner = member.type;
    if (inner.kind === 'struct' || inner.kind === 'union') {
      if (member.name === undefined) return fieldsOf(inner, abi, prefix, base + offset);
      if (inner.name === undefined) {
        return fieldsOf(inner, abi, `${prefix}${member.name}.`, base + offset);
      }
    }
    if (member.name === undefined) throw new TypeError('only a struct or union can be anonymous');
    return [{ name: prefix + member.name, type: spelling(inner), offset: base + offset, size }];
  });
}
