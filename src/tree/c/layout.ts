import type { DataModel } from '../preprocess/compiler.ts';
import { constantOf, type Meaning, Unsized } from './constant.ts';
import type { Tagged } from './declared.ts';
import type { SyntaxParser } from './parser.ts';
import type { Types } from './records.ts';
import {
  type Attributes,
  attributesIn,
  type CType,
  type Member,
  type RecordType,
} from './types.ts';

/** A member where it lies. Members of structs and unions without a name count as those of the outer one. */
export interface Placed {
  readonly name: string;
  /** Bytes from the start of the outermost type. */
  readonly offset: number;
  /** Bytes; of a bit field those of its type. */
  readonly size: number;
  /** Of a bit field: its first bit, from the start, and how many it has. */
  readonly bit?: number;
  readonly bits?: number;
}

/** How a struct or union lies in memory. */
export interface Layout {
  readonly size: number;
  readonly align: number;
  readonly members: readonly Placed[];
  /** The build shuffles its members (`__randomize_layout`): offsets hold without that only. */
  readonly randomized: boolean;
}

interface Extent {
  readonly size: number;
  readonly align: number;
}

/** Alignment `__attribute__((aligned))` means where it names none, on x86 and most others (GCC, BIGGEST_ALIGNMENT). */
const BIGGEST = 16;

/** How deep types may hold each other. */
const DEPTH = 100;

/**
 * Layouts by the rules GCC follows on ELF targets: members at the next multiple of their alignment, bit fields within
 * units of their type, `packed` and `aligned` as attributes say. What cannot be told ends in `Unsized` with the reason.
 */
export class Layouts {
  readonly #types: Types;
  readonly #model: DataModel;
  readonly #parser: SyntaxParser;
  readonly #known = new Map<string, Layout | Unsized>();
  readonly #records = new Map<RecordType, Layout>();
  readonly #enums = new Map<Tagged, ReadonlyMap<string, bigint>>();
  readonly #meaning: Meaning;
  #depth = 0;

  constructor(types: Types, model: DataModel, parser: SyntaxParser) {
    this.#types = types;
    this.#model = model;
    this.#parser = parser;
    this.#meaning = {
      enumerator: (name) => this.enumerator(name),
      size: (type) => this.extent(type).size,
      align: (type) => this.#preferred(type),
      offset: (type, member) => this.#offset(type, member),
    };
  }

  /** What `__alignof__` gives: on i386 the 8 bytes a wide number has by itself, not the 4 it has as a member. */
  #preferred(type: CType): number {
    const { size, align } = this.extent(type);
    const alone = this.#types.plain(type).is === 'base' && this.#model.wide === 4;
    return alone ? Math.max(size, align) : align;
  }

  /** The layout of `struct x` or `union x`; the reason where there is none. */
  of(key: string): Layout | Unsized {
    let known = this.#known.get(key);
    if (!known) {
      known = attempt(() => this.#named(key));
      this.#known.set(key, known);
    }
    return known;
  }

  /** The value of an expression the compiler knows; throws `Unsized`. */
  constant(text: string): bigint {
    return constantOf(text, this.#parser, this.#meaning);
  }

  /** Size and alignment of a type, both in bytes; throws `Unsized`. */
  extent(type: CType): Extent {
    if (++this.#depth > DEPTH) throw new Unsized('types hold each other without end');
    try {
      return this.#extent(type);
    } finally {
      this.#depth--;
    }
  }

  #extent(type: CType): Extent {
    switch (type.is) {
      case 'base':
        return this.#base(type.name);
      case 'pointer':
        return { size: this.#model.long, align: this.#model.long };
      case 'function':
        return { size: 1, align: 1 };
      case 'array': {
        const { size, align } = this.extent(type.of);
        const count = type.count === undefined ? 0n : this.constant(type.count);
        if (count < 0n || count > 1n << 40n) throw new Unsized(`an array of ${count}`);
        return { size: size * Number(count), align };
      }
      case 'record':
        return this.#record(type.record);
      case 'enum':
        return { size: type.attributes.packed ? 1 : 4, align: type.attributes.packed ? 1 : 4 };
      case 'tag':
        return type.key.startsWith('enum ') ? this.#enum(type.key) : this.#named(type.key);
      case 'typedef':
        return this.#typedef(type.name);
      case 'unknown':
        return this.#unknown(type.text);
    }
  }

  /** Words of C (ISO C11 6.2.5), with the widths of the data model. */
  #base(name: string): Extent {
    const words = name.split(' ');
    const { long, wide } = this.#model;
    const longs = words.filter((word) => word === 'long').length;
    if (words.includes('void') || words.includes('char') || words.includes('_Bool'))
      return { size: 1, align: 1 };
    if (words.includes('short')) return { size: 2, align: 2 };
    if (words.includes('__int128')) return { size: 16, align: 16 };
    if (words.includes('float')) return { size: 4, align: 4 };
    if (words.includes('double') || longs === 2) return { size: 8, align: wide };
    if (longs === 1) return { size: long, align: long };
    if (words.every((word) => /^(?:int|unsigned|signed)$/.test(word))) return { size: 4, align: 4 };
    throw new Unsized(`unknown type ${name}`);
  }

  #typedef(name: string): Extent {
    const found = this.#types.typedef(name);
    if (!found) {
      if (/^__builtin_va_list$/.test(name)) return this.#vaList();
      throw new Unsized(`unknown type ${name}`);
    }
    const { type, attributes } = found;
    const mode = /mode\s*\(\s*_*(\w+?)_*\s*\)/.exec(attributes.strange ?? '')?.[1];
    if (mode !== undefined) return this.#mode(mode);
    if (attributes.strange !== undefined) throw new Unsized(`${name} has ${attributes.strange}`);
    const { size, align } = this.extent(type);
    // A typedef may be aligned to less than its type is.
    const own = this.#aligned(attributes);
    return { size, align: own > 0 ? own : align };
  }

  /** Machine modes (GCC manual, "Common Type Attributes"). */
  #mode(mode: string): Extent {
    const { long, wide } = this.#model;
    const sizes: Readonly<Record<string, number>> = {
      QI: 1,
      HI: 2,
      SI: 4,
      DI: 8,
      TI: 16,
      word: long,
      pointer: long,
    };
    const size = sizes[mode];
    if (size === undefined) throw new Unsized(`mode ${mode}`);
    return { size, align: size === 8 ? wide : size };
  }

  #vaList(): Extent {
    // System V ABI of x86-64: an array of one struct; elsewhere mostly a pointer.
    return { size: this.#model.long === 8 ? 24 : 4, align: this.#model.long };
  }

  #unknown(text: string): Extent {
    const inner = /^_*typeof(?:_unqual)?_*\s*\(([\s\S]*)\)$/.exec(text.trim())?.[1];
    const type = inner === undefined ? undefined : this.#types.parse(inner);
    if (!type) throw new Unsized(`the type ${text}`);
    return this.extent(type);
  }

  #enum(key: string): Extent {
    const tagged = this.#types.declared.tags.get(key);
    if (!tagged) throw new Unsized(`${key} is not defined`);
    const values = [...this.#valuesOf(tagged).values()];
    const wide = values.some((value) => value > 0xffffffffn || value < -(1n << 31n));
    const { text } = this.#around(tagged);
    if (attributesIn(text).packed) {
      const most = values.reduce((a, b) => (b > a ? b : a), 0n);
      const size = most > 0xffffn ? 4 : most > 0xffn ? 2 : 1;
      return { size, align: size };
    }
    return wide ? { size: 8, align: this.#model.wide } : { size: 4, align: 4 };
  }

  #around({ close }: Tagged): { text: string } {
    const { declared } = this.#types;
    const end = declared.text(close + 1) === '__attribute__' ? declared.closing(close + 2) : close;
    return { text: declared.source(close + 1, end + 1) };
  }

  /** The value of a name of an enum; undefined if there is none, or it cannot be told. */
  enumerator(name: string): bigint | undefined {
    const found = this.#types.declared.enumerators.get(name);
    return found && this.#valuesOf(found.of).get(name);
  }

  #valuesOf(tagged: Tagged): ReadonlyMap<string, bigint> {
    const known = this.#enums.get(tagged);
    if (known) return known;
    const values = new Map<string, bigint>();
    // Known at once: values refer to those before them.
    this.#enums.set(tagged, values);
    const { declared } = this.#types;
    let next: bigint | undefined = 0n;
    for (let at = tagged.open + 1; at < tagged.close; at++) {
      const name = declared.text(at);
      let end = at + 1;
      for (; end < tagged.close && declared.text(end) !== ','; end++) {
        if (/^[([{]$/.test(declared.text(end))) end = declared.closing(end);
      }
      const equals = declared.text(at + 1) === '=';
      if (equals) {
        const text = declared.source(at + 2, end);
        next = /^\w+$/.test(text) ? (values.get(text) ?? this.#tried(text)) : this.#tried(text);
      }
      if (next !== undefined) {
        values.set(name, next);
        next++;
      }
      at = end;
    }
    return values;
  }

  #tried(text: string): bigint | undefined {
    const value = attempt(() => this.constant(text));
    return value instanceof Unsized ? undefined : value;
  }

  #named(key: string): Layout {
    const record = this.#types.record(key);
    if (!record) throw new Unsized(`${key} is not defined`);
    return this.#record(record);
  }

  #record(record: RecordType): Layout {
    const known = this.#records.get(record);
    if (known) return known;
    if (record.errors.length > 0) throw new Unsized(`not parsed: ${record.errors[0]}`);
    const layout = record.keyword === 'union' ? this.#union(record) : this.#struct(record);
    this.#records.set(record, layout);
    return layout;
  }

  /** The largest of `aligned(…)`; 0 without any. */
  #aligned({ aligned }: Attributes): number {
    return aligned.reduce(
      (most, text) => Math.max(most, text === '' ? BIGGEST : Number(this.constant(text))),
      0,
    );
  }

  #member(member: Member, packed: boolean): Extent {
    if (member.attributes.strange !== undefined)
      throw new Unsized(`${member.name} has ${member.attributes.strange}`);
    const { size, align } = this.extent(member.type);
    const own = packed || member.attributes.packed ? 1 : align;
    return { size, align: Math.max(own, this.#aligned(member.attributes)) };
  }

  #struct({ members, attributes }: RecordType): Layout {
    const packed = attributes.packed;
    const placed: Placed[] = [];
    let bit = 0;
    let align = 1;
    let randomized = attributes.randomized;
    for (const member of members) {
      const extent = this.#member(member, packed);
      if (member.bits !== undefined) {
        const bits = Number(this.constant(member.bits));
        const tight = packed || member.attributes.packed;
        const unit = extent.size * 8;
        const natural = this.extent(member.type).align * 8;
        if (bits === 0) bit = up(bit, natural);
        else {
          if (!tight && (bit % unit) + bits > unit) bit = up(bit, natural);
          if (member.name !== undefined) {
            placed.push({
              name: member.name,
              offset: Math.floor(bit / unit) * extent.size,
              size: extent.size,
              bit,
              bits,
            });
          }
          bit += bits;
        }
        // Padding does not align the struct (GCC, PCC_BITFIELD_TYPE_MATTERS).
        if (member.name !== undefined) align = Math.max(align, extent.align);
        continue;
      }
      const offset = up(Math.ceil(bit / 8), extent.align);
      align = Math.max(align, extent.align);
      randomized ||= this.#place(member, offset, extent.size, placed);
      bit = (offset + extent.size) * 8;
    }
    align = Math.max(align, this.#aligned(attributes));
    return { size: up(Math.ceil(bit / 8), align), align, members: placed, randomized };
  }

  #union({ members, attributes }: RecordType): Layout {
    const placed: Placed[] = [];
    let size = 0;
    let align = 1;
    let randomized = attributes.randomized;
    for (const member of members) {
      const extent = this.#member(member, attributes.packed);
      if (member.bits !== undefined) {
        const bits = Number(this.constant(member.bits));
        if (member.name !== undefined) {
          placed.push({ name: member.name, offset: 0, size: extent.size, bit: 0, bits });
          align = Math.max(align, extent.align);
        }
        size = Math.max(size, Math.ceil(bits / 8));
        continue;
      }
      randomized ||= this.#place(member, 0, extent.size, placed);
      size = Math.max(size, extent.size);
      align = Math.max(align, extent.align);
    }
    align = Math.max(align, this.#aligned(attributes));
    return { size: up(size, align), align, members: placed, randomized };
  }

  /** Put a member, or the members of one without a name; says whether those are shuffled. */
  #place(member: Member, offset: number, size: number, into: Placed[]): boolean {
    if (member.name !== undefined) into.push({ name: member.name, offset, size });
    else {
      const type = this.#types.plain(member.type);
      const inner =
        type.is === 'record'
          ? this.#record(type.record)
          : type.is === 'tag'
            ? this.#named(type.key)
            : undefined;
      for (const one of inner?.members ?? []) {
        into.push({
          ...one,
          offset: one.offset + offset,
          ...(one.bit !== undefined && { bit: one.bit + offset * 8 }),
        });
      }
      return inner?.randomized ?? false;
    }
    return false;
  }

  #offset(of: CType, path: string): number {
    const [first, ...rest] = path.split('.');
    const type = this.#types.plain(of);
    const record =
      type.is === 'tag'
        ? this.#types.record(type.key)
        : type.is === 'record'
          ? type.record
          : undefined;
    const found = record && this.#record(record).members.find(({ name }) => name === first);
    if (!found || rest.length > 0) throw new Unsized(`the offset of ${path}`);
    return found.offset;
  }
}

/** What a computation gives, or why it cannot. */
export function attempt<T>(compute: () => T): T | Unsized {
  try {
    return compute();
  } catch (error) {
    if (error instanceof Unsized) return error;
    throw error;
  }
}

function up(value: number, align: number): number {
  return Math.ceil(value / align) * align;
}
