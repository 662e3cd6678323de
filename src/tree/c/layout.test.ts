import { expect, it } from 'vitest';
import type { DataModel } from '../preprocess/compiler.ts';
import { preprocess } from '../preprocess/preprocessor.ts';
import { itemsOfFile } from '../preprocess/tokens.ts';
import { Unsized } from './constant.ts';
import { Declared } from './declared.ts';
import { Layouts } from './layout.ts';
import { loadParser } from './parser.ts';
import { Types } from './records.ts';

const X86_64: DataModel = { long: 8, wide: 8, bigEndian: false };
const I386: DataModel = { long: 4, wide: 4, bigEndian: false };

async function layoutsOf(text: string, model: DataModel): Promise<Layouts> {
  const files = { items: () => itemsOfFile(text), resolve: () => undefined };
  const parser = await loadParser();
  return new Layouts(new Types(new Declared(preprocess('a.c', files, [])), parser), model, parser);
}

/** Size and alignment, then each member with its offset; `.bit` of a bit field. */
function shown(layouts: Layouts, key: string): string {
  const layout = layouts.of(key);
  if (layout instanceof Unsized) return layout.message;
  const members = layout.members.map(
    ({ name, offset, bit }) => `${name}@${bit === undefined ? offset : `.${bit}`}`,
  );
  return [`${layout.size}/${layout.align}`, ...members].join(' ');
}

// What gcc 12 prints for the same declarations with -m64 and -m32.
it('lays out as gcc does', async () => {
  const text = `typedef unsigned long long u64;
typedef u64 u64_4 __attribute__((aligned(4)));
enum small { A, B = 5, C }; enum big { D = 1ULL << 40 };
struct a { char c; long l; u64 w; u64_4 v; };
struct b { int x:3, y:30; int :0; char z; unsigned :5; };
struct c { char c; int i; } __attribute__((packed));
struct d { char a; struct { int x; union { char y; u64 z; }; }; int *p[C + 1]; int (*f)(int, char); };
struct e { char c; } __attribute__((aligned(64)));
struct f { char c; char d __attribute__((aligned(1 << 4))); enum small s; enum big g; };
struct g { int n; char rest[]; };
struct h { }; struct i { struct h h; char c; __typeof__(int) t; _Bool b; };
union u { char c[5]; short s; };
struct j { char c[sizeof(struct a) > 20 ? 3 : 7]; char d[__builtin_offsetof(struct f, d) / 2]; };`;
  const wide = await layoutsOf(text, X86_64);
  const narrow = await layoutsOf(text, I386);
  const both = (key: string): string[] => [shown(wide, key), shown(narrow, key)];
  expect(both('struct a')).toEqual(['32/8 c@0 l@8 w@16 v@24', '24/4 c@0 l@4 w@8 v@16']);
  expect(both('struct b')).toEqual(['12/4 x@.0 y@.32 z@8', '12/4 x@.0 y@.32 z@8']);
  expect(shown(wide, 'struct c')).toBe('5/1 c@0 i@1');
  expect(both('struct d')).toEqual([
    '88/8 a@0 x@8 y@16 z@16 p@24 f@80',
    '48/4 a@0 x@4 y@8 z@8 p@16 f@44',
  ]);
  expect(shown(wide, 'struct e')).toBe('64/64 c@0');
  expect(shown(wide, 'struct f')).toBe('32/16 c@0 d@16 s@20 g@24');
  expect(shown(wide, 'struct g')).toBe('4/4 n@0 rest@4');
  expect(shown(wide, 'struct i')).toBe('12/4 h@0 c@0 t@4 b@8');
  expect(shown(wide, 'union u')).toBe('6/2 c@0 s@0');
  expect(both('struct j')).toEqual(['11/1 c@0 d@3', '11/1 c@0 d@3']);
});

it('says why something has no size', async () => {
  const layouts = await layoutsOf(
    'struct a { struct none x; }; struct b { int n[unknown]; }; struct c { struct c inner; }; struct d;',
    X86_64,
  );
  expect(shown(layouts, 'struct a')).toBe('struct none is not defined');
  expect(shown(layouts, 'struct b')).toBe('not a constant: unknown');
  expect(shown(layouts, 'struct c')).toBe('types hold each other without end');
  expect(shown(layouts, 'struct d')).toBe('struct d is not defined');
});
