import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { aggregates } from './arbitrary.test-util.ts';
import {
  type AggregateType,
  anonymous,
  array,
  type CType,
  field,
  I386,
  integer,
  layout,
  layoutOf,
  type Member,
  measure,
  pointer,
  struct,
  union,
  X86_64,
} from './c-layout.ts';

const LONG_LONG = integer('long long', 8);
const CHAR = integer('char', 1);

describe('layout', () => {
  it('aligns 8-byte integers to 4 in i386 structures', () => {
    const members = [field('a', CHAR), field('b', LONG_LONG), field('c', CHAR)];
    expect(layout(members, X86_64)).toMatchObject({ size: 24, align: 8 });
    expect(layout(members, I386)).toMatchObject({ size: 16, align: 4 });
  });

  it('gives an empty structure no size, and does not move what follows', () => {
    const empty = struct('struct empty', []);
    const { size, fields } = layout(
      [field('a', CHAR), field('e', empty), field('b', CHAR)],
      X86_64,
    );
    expect(size).toBe(2);
    expect(fields[1]).toEqual({ name: 'e', type: 'struct empty', offset: 1, size: 0 });
  });

  it('raises the size with an attribute on the type, only the offset with one on the member', () => {
    const line = struct(undefined, [field('a', CHAR)], 64);
    expect(layout([anonymous(line), field('b', CHAR)], X86_64).fields.at(-1)?.offset).toBe(64);
    const aligned = layout([field('a', CHAR), field('b', CHAR, 64), field('c', CHAR)], X86_64);
    expect(aligned.fields.map((f) => f.offset)).toEqual([0, 64, 65]);
    expect(aligned).toMatchObject({ size: 128, align: 64 });
  });

  it('names members of structures declared in place by their path', () => {
    const inner = struct(undefined, [field('rb', pointer('void')), field('last', CHAR)]);
    const { fields } = layout([field('a', CHAR), field('shared', inner)], X86_64);
    expect(fields.map((f) => [f.name, f.offset])).toEqual([
      ['a', 0],
      ['shared.rb', 8],
      ['shared.last', 16],
    ]);
  });

  it('spells types as C does', () => {
    const { fields } = layout(
      [field('p', pointer('struct file')), field('v', array(CHAR, 3)), field('f', array(CHAR, 0))],
      X86_64,
    );
    expect(fields.map((f) => f.type)).toEqual(['struct file *', 'char[3]', 'char[]']);
  });

  it('refuses an anonymous member that is not a structure', () => {
    expect(() => layout([{ type: CHAR }], X86_64)).toThrow(TypeError);
  });
});

describe.each([X86_64, I386])('layout of any structure on $name', (abi) => {
  const direct = (members: readonly Member[], kind: 'struct' | 'union') => {
    // Only named members of named types, so that every member is one field.
    const make = kind === 'struct' ? struct : union;
    return layoutOf(make(undefined, members), abi);
  };
  const alignOf = (type: CType, aligned = 1) => Math.max(measure(type, abi).align, aligned);

  it('keeps the order, aligns every field, overlaps none, and pads the end', () => {
    fc.assert(
      fc.property(aggregates('struct'), (type: AggregateType) => {
        const { size, align, fields } = direct(type.members, 'struct');
        expect(fields.map((f) => f.name)).toEqual(type.members.map((m) => m.name));
        let end = 0;
        fields.forEach((f, i) => {
          const member = type.members[i]!;
          const own = alignOf(member.type, member.aligned);
          expect(f.offset % own).toBe(0);
          expect(f.offset).toBeGreaterThanOrEqual(end);
          // No more padding than the alignment asks for.
          expect(f.offset - end).toBeLessThan(own);
          expect(align % own).toBe(0);
          end = f.offset + f.size;
        });
        expect(size % align).toBe(0);
        expect(size).toBeGreaterThanOrEqual(end);
        expect(size - end).toBeLessThan(align);
      }),
    );
  });

  it('puts all of a union at 0 and makes it as large as the largest', () => {
    fc.assert(
      fc.property(aggregates('union'), (type: AggregateType) => {
        const { size, align, fields } = direct(type.members, 'union');
        for (const f of fields) expect(f.offset).toBe(0);
        const largest = Math.max(0, ...fields.map((f) => f.size));
        expect(size).toBe(Math.ceil(largest / align) * align);
      }),
    );
  });

  it('lays an anonymous structure out as a named one', () => {
    fc.assert(
      fc.property(aggregates('struct'), (inner: AggregateType) => {
        const { name: _, ...unnamed } = inner;
        const before = field('before', CHAR);
        const flat = layout([before, { type: unnamed }], abi);
        const named = layout([before, field('inner', inner)], abi);
        const base = named.fields[1]!.offset;
        const own = layoutOf(unnamed, abi);
        expect(flat.size).toBe(named.size);
        expect(flat.fields.slice(1)).toEqual(
          own.fields.map((f) => ({ ...f, offset: f.offset + base })),
        );
      }),
    );
  });
});
