import { expect, it } from 'vitest';
import { compilerMacros, dataModelOf } from './compiler.ts';

const options =
  (set: Readonly<Record<string, string>>) =>
  (name: string): string =>
    set[name] ?? '';

it('makes code for 64 bits where an option says so, and of its own accord for riscv', () => {
  expect(dataModelOf('x86', options({})).long).toBe(4);
  expect(dataModelOf('x86', options({ '64BIT': 'y' })).long).toBe(8);
  expect(dataModelOf('riscv', options({})).long).toBe(8);
  expect(dataModelOf('riscv', () => undefined).long).toBe(8);
  expect(dataModelOf('riscv', options({ '64BIT': 'n' })).long).toBe(4);
});

it('tells the width of riscv, and the orders of atomic accesses', () => {
  const macros = new Map(
    compilerMacros('riscv', options({})).map(({ name, body }) => [name, body[0]?.text]),
  );
  expect(macros.get('__riscv_xlen')).toBe('64');
  expect(macros.get('__ATOMIC_SEQ_CST')).toBe('5');
  expect(compilerMacros('x86', options({})).some(({ name }) => name === '__riscv_xlen')).toBe(
    false,
  );
});
