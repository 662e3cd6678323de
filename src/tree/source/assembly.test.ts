import { expect, it } from 'vitest';
import { assemblyFunctions } from './assembly.ts';

const named = (code: string): string[] =>
  assemblyFunctions(code).map(
    ({ name, start, end }) => `${name}: ${code.slice(start, end).trim()}`,
  );

it('finds functions of assembly between the macros that begin and end them', () => {
  expect(
    named(`
SYM_TYPED_FUNC_START(first)
	b	out
SYM_FUNC_END(first)
ENTRY(second)
	nop
ENDPROC(second)
LEAF(third)
	nop
	END(third)
SYM_FUNC_END(nobody_began)
ENTRY(open)
	nop
SYM_CODE_START_LOCAL( fourth )
	ALTERNATIVE(fourth)
SYM_CODE_END( fourth )
NESTED(fifth, 16, sp)
	nop
	END(fifth)
`),
  ).toEqual([
    'first: SYM_TYPED_FUNC_START(first)\n\tb\tout',
    'second: ENTRY(second)\n\tnop',
    'third: LEAF(third)\n\tnop',
    'fourth: SYM_CODE_START_LOCAL( fourth )\n\tALTERNATIVE(fourth)',
    'fifth: NESTED(fifth, 16, sp)\n\tnop',
  ]);
});

it('between a label and its size, and within macros of the assembler', () => {
  expect(
    named(`
plain:
	nop
	.size	plain, . - plain
	.macro	load, reg, at
	nop
	.endm
1:	nop
`),
  ).toEqual(['plain: plain:\n\tnop', 'load: .macro\tload, reg, at\n\tnop']);
});

it('a hundred thousand of them are found at once', () => {
  const many = Array.from({ length: 100_000 }, (_, i) => `ENTRY(f${i})\n.macro m${i}\n`).join('');
  expect(assemblyFunctions(many)).toEqual([]);
});
