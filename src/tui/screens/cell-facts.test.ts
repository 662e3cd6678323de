import { expect, it } from 'vitest';
import { reasonBeside } from './cell-facts.ts';

it.each([
  ['SMP', 'y', 'SMP is y: set by this cell', 'set by this cell'],
  ['INIT', 'a: "b"', 'INIT is "a: \\"b\\"": its default', 'its default'],
  ['NR_CPUS', '64', 'NR_CPUS_RANGE_END is 64: its default', 'NR_CPUS_RANGE_END is 64: its default'],
  ['BPF', null, 'not defined by this Kconfig', 'not defined by this Kconfig'],
])('leaves out the name and value of %s where they stand beside', (symbol, value, why, shown) => {
  expect(reasonBeside({ symbol, value, why })).toBe(shown);
});
