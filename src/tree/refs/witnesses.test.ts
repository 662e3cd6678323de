import { parse, Satisfier } from 'kconfiglib-js';
import { expect, it } from 'vitest';
import { and, free, not, option } from '../condition/formula.ts';
import { Witnesses } from './witnesses.ts';

const kconfig = parse('Kconfig', {
  readFile: () =>
    'config ONE\n\tbool "one"\nconfig TWO\n\tbool "two"\n\tdepends on !ONE\nconfig BOTH\n\tdef_bool ONE && TWO\n',
});
const [one, two, both] = ['ONE', 'TWO', 'BOTH'].map((name) => option(name));

it('shows what holds in a configuration it has, whatever else is', () => {
  const witnesses = new Witnesses();
  for (const mode of ['allyesconfig', 'allnoconfig'] as const) witnesses.seed(kconfig, mode);
  expect(witnesses.show(one!)).toBe(true);
  expect(witnesses.show(and(not(one!), not(two!)))).toBe(true);
  expect(witnesses.show(and(one!, free('defined(x)'), not(free('y'))))).toBe(true);
  expect(witnesses.show(and(free('x'), two!))).toBe(false);
  expect(witnesses.show(both!)).toBe(false);
});

it('learns what a solver found', () => {
  const witnesses = new Witnesses();
  witnesses.seed(kconfig, 'allyesconfig');
  const satisfier = new Satisfier(kconfig);
  expect(satisfier.satisfiable(two!)).toBe('yes');
  expect(satisfier.satisfiable(both!)).toBe('no');
  witnesses.add(satisfier.witness!);
  expect(witnesses.show(and(two!, not(one!)))).toBe(true);
});
