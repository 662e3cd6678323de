/** Random structures for tests. */
import fc from 'fast-check';
import {
  type AggregateType,
  array,
  type CType,
  type IntegerType,
  integer,
  type Member,
  pointer,
  struct,
  union,
  word,
} from './c-layout.ts';

const integers: readonly IntegerType[] = [
  integer('unsigned char', 1),
  integer('short', 2),
  integer('int', 4),
  integer('long long', 8),
];

const scalar: fc.Arbitrary<CType> = fc.constantFrom<CType>(
  ...integers,
  word('unsigned long'),
  pointer('void'),
);
const powerOfTwo = fc.constantFrom(undefined, undefined, undefined, 1, 2, 8, 16, 64);

/** Structures or unions of named members, nested a few deep. Every nested type has a name, so is one field. */
export function aggregates(kind: 'struct' | 'union'): fc.Arbitrary<AggregateType> {
  const { type } = fc.letrec<{ type: CType; aggregate: AggregateType }>((tie) => ({
    type: fc.oneof(
      { depthSize: 'small', withCrossShrink: true },
      scalar,
      fc.tuple(scalar, fc.integer({ min: 1, max: 5 })).map(([of, n]) => array(of, n)),
      tie('aggregate'),
    ),
    aggregate: fc
      .tuple(fc.boolean(), fc.array(member(tie('type')), { maxLength: 5 }), powerOfTwo)
      .map(([isUnion, members, aligned]) =>
        (isUnion ? union : struct)('nested', numbered(members), aligned),
      ),
  }));
  return fc
    .array(member(type), { minLength: 1, maxLength: 8 })
    .map((members) => (kind === 'union' ? union : struct)('generated', numbered(members)));
}

type Unnamed = Omit<Member, 'name'>;

function member(type: fc.Arbitrary<CType>): fc.Arbitrary<Unnamed> {
  return fc
    .tuple(type, powerOfTwo)
    .map(([t, aligned]) => (aligned === undefined ? { type: t } : { type: t, aligned }));
}

const numbered = (members: readonly Unnamed[]): readonly Member[] =>
  members.map((m, i) => ({ name: `m${i}`, ...m }));

/** A type as C text, declared in place wherever it is a structure. */
export function declaration(type: CType, declarator: string): string {
  switch (type.kind) {
    case 'array':
      return declaration(type.of, `${declarator}[${type.length}]`);
    case 'integer':
    case 'word':
      return `${type.name} ${declarator}`;
    default: {
      const attribute = type.aligned === undefined ? '' : ` ${alignedTo(type.aligned)}`;
      return `${type.kind} {${membersText(type)}}${attribute} ${declarator}`;
    }
  }
}

const alignedTo = (n: number): string => `__attribute__((aligned(${n})))`;

function membersText(type: AggregateType): string {
  return type.members
    .map((m) => {
      const attribute = m.aligned === undefined ? '' : ` ${alignedTo(m.aligned)}`;
      return ` ${declaration(m.type, m.name ?? '')}${attribute};`;
    })
    .join('');
}
