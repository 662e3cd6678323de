import { expect, it } from 'vitest';
import { generatedFiles } from '../c/bounds.ts';
import { loadParser } from '../c/parser.ts';
import { unitOf } from '../preprocess/configuration.ts';
import { KernelFiles } from '../preprocess/kernel-files.ts';
import { treeOf } from '../testing/references.test-util.ts';
import { masked } from './mask.ts';
import { shapesOf } from './shapes.ts';
import { better, type Uses, usesOf } from './uses.ts';

const MACROS = `#define __always_inline inline __attribute__((__always_inline__))
#define DEFINE_EACH(type, name) __attribute__((section("x"))) type name
#define CALL2(name, t1, a1, t2, a2) long name(t1 a1, t2 a2)
#define MODULE_NAME(x) static const char name_[] = x;
#define init_call(f) int (*init_)(void) = f;
#define __holds(x)
#define __sized(x)
#define LEVEL "1"
#define TEXT(x) #x
#define PUT(as, to, from) as to = (as)(from)
#define LIMIT(kind, ...) .kind = { __VA_ARGS__ }
#define SPEED(x) SPEED_##x
#define TEST(a, cmp, b) ((a) cmp (b))
#define offsetof(type, member) __builtin_offsetof(type, member)
`;

const parser = await loadParser();

/** How a file is read: plainly, and with the shapes its macros are given. */
async function reading(text: string): Promise<{ plain: Uses; shaped: Uses; mask: string }> {
  const whole = MACROS + text;
  const tree = await treeOf({ Kconfig: 'config A\n\tbool "a"\n', 'a.c': whole });
  const files = new KernelFiles(tree);
  const configuration = { arch: '', values: () => undefined, autoconf: '' };
  const generated = generatedFiles(files, configuration, parser);
  const unit = unitOf(files, 'a.c', configuration, generated);
  const types = { variable: () => undefined, result: () => undefined, member: () => undefined };
  const read = (mask: string): Uses =>
    parser.with(mask, (root) => usesOf(root, types, () => undefined));
  const mask = masked(whole, unit, shapesOf);
  return { plain: read(masked(whole, unit)), shaped: read(mask), mask };
}

it.each([
  [
    'variables that a macro declares',
    'static DEFINE_EACH(struct s, one) = { 1 };\nDEFINE_EACH(long, two);\n',
  ],
  [
    'functions that one begins',
    'static CALL2(f, struct s *, s, int, n)\n{\n\treturn g(s, n);\n}\n',
  ],
  ['what needs no semicolon', 'MODULE_NAME("a")\ninit_call(f)\nstatic void k(void) { h(); }\n'],
  [
    'what stands behind parameters',
    'void f(struct s *s)\n\t__holds(&s->lock)\n\t__holds(&s->other)\n{\n\tg();\n}\n',
  ],
  ['what stands behind members', 'struct s { int size; char name[] __sized(size); };\n'],
  [
    'texts and macros side by side',
    'void f(void)\n{\n\tg(LEVEL TEXT(a) "b" TEXT(c)\n\t  "d", LEVEL LEVEL "e");\n}\n',
  ],
  [
    'types as arguments',
    'void f(void)\n{\n\tPUT(const struct s *, p, g());\n\tPUT(void **, q, h());\n}\n',
  ],
  ['operators as arguments', 'int f(int a) { return TEST(a, ==, g(a)); }\n'],
  ['initializers as arguments', 'struct s s = { LIMIT(a, .low = { 1, 2 }, .high = 3) };\n'],
  ['pasted numbers', 'int x = SPEED(10baseT_Full) + 0x1fUL + 10;\n'],
  ['members of members', 'int f(void) { return offsetof(struct s, a.b[1].c) + g(); }\n'],
])('reads %s', async (_, text) => {
  const { plain, shaped } = await reading(text);
  expect(plain.unread).not.toEqual([]);
  expect(shaped.unread).toEqual([]);
  const calls = better(plain, shaped).calls.map(({ name }) => name);
  for (const [name] of text.matchAll(/\b[gh](?=\()/g)) expect(calls).toContain(name);
});

it('leaves lines and columns as they are', async () => {
  const text = 'static DEFINE_EACH(struct s, one);\nint f(void) { return g(LEVEL "a", 3); }\n';
  const { mask } = await reading(text);
  const whole = MACROS + text;
  expect(mask.split('\n').map(({ length }) => length)).toEqual(
    whole.split('\n').map(({ length }) => length),
  );
  for (const word of ['f(', 'g(', '3);'])
    expect(mask.lastIndexOf(word)).toBe(whole.lastIndexOf(word));
});

it('keeps the first reading where the second is no better', () => {
  const uses = (unread: number): Uses => ({
    calls: [],
    fields: [],
    dead: () => false,
    locals: new Set(),
    unread: Array.from({ length: unread }, (_, i) => ({ line: i + 1, text: '' })),
  });
  const [first, same, less] = [uses(2), uses(2), uses(1)];
  expect(better(first, same)).toBe(first);
  expect(better(first, less).unread).toHaveLength(1);
});
