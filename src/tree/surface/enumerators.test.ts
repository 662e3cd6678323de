import { expect, it } from 'vitest';
import { itemsOf } from './items.ts';

const enumerators = (text: string, files: Record<string, string> = {}): string[] => {
  const { enumerators: found } = itemsOf(text, { included: (name) => files[name] });
  return [...found].map(([name, of]) => `${of} ${name}`);
};

it('takes no arguments of calls within a value for enumerators', () => {
  const text = 'enum e { A = MAKE(1, b), B __attribute__((deprecated)) = { 1 }, C, };';
  expect(enumerators(text)).toEqual(['e A', 'e B', 'e C']);
});

it('expands what macros of the file list', () => {
  const text = `#define ZONES(x) x##_DMA, x##_NORMAL
#define LIST E(ONE, 1) \\
	E(TWO, 2)
#define E(name, value) name##_E = value,
enum list { LIST LAST, ZONES(PGALLOC), OTHER };
#undef E
#define E(name, value) [value] = #name,
`;
  const expected = ['ONE_E', 'TWO_E', 'LAST', 'PGALLOC_DMA', 'PGALLOC_NORMAL', 'OTHER'];
  expect(enumerators(text)).toEqual(expected.map((name) => `list ${name}`));
});

it('expands what macros within the braces list', () => {
  const text = `#define TYPES SOCK(INET, inet) SOCK(UNIX, unix)
enum {
#define SOCK(name, str) name,
TYPES
#undef SOCK
MAX_SOCK,
FIRST,
#define FIRST FIRST
};
enum { SOCK, };
`;
  expect(enumerators(text)).toEqual([' INET', ' UNIX', ' MAX_SOCK', ' FIRST', ' SOCK']);
});

it('reads lists that are included', () => {
  const text = `#define SUBSYS(x) x ## _id,
enum subsys {
#include <linux/subsys.h>
	COUNT
};
#undef SUBSYS
enum other {
#include "missing.h"
	ONLY
};
`;
  const files = { 'linux/subsys.h': '/* a list */\nSUBSYS(cpu)\n#if 0\nSUBSYS(io)\n#endif\n' };
  expect(enumerators(text, files)).toEqual(['subsys cpu_id', 'subsys COUNT', 'other ONLY']);
  expect(enumerators(text)).toEqual(['subsys COUNT', 'other ONLY']);
});

it('takes what is called and defined nowhere for no enumerator', () => {
  expect(enumerators('enum e { A, FOR_ALL(X), B };')).toEqual(['e A', 'e B']);
});

it('stops at macros that grow without end', () => {
  const twice = Array.from({ length: 60 }, (_, i) => `#define A${i + 1} A${i} A${i}\n`).join('');
  const text = `#define A0 x,\n${twice}enum e { A60 };\nenum f { B };\n`;
  expect(enumerators(text).at(-1)).toBe('f B');
});
