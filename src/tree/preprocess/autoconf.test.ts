import { expect, it } from 'vitest';
import { autoconfOf, conventionMacros } from './autoconf.ts';

it('has what is on, and what is forced', () => {
  const config = 'CONFIG_A=y\nCONFIG_B=m\n# CONFIG_C is not set\nCONFIG_D="d"\nCONFIG_E=0x10\n';
  expect(autoconfOf(config)).toBe(
    '#define CONFIG_A 1\n#define CONFIG_B_MODULE 1\n#define CONFIG_D "d"\n#define CONFIG_E 0x10\n',
  );
  expect(autoconfOf(config, new Map([['A', 'n']]))).not.toContain('CONFIG_A ');
});

it('has what a project makes of options beside that, of those that are off, too', () => {
  const affix = (before: string, after: string, called: boolean, always: boolean) => ({
    before,
    after,
    called,
    always,
  });
  const conventions = {
    macros: [],
    phases: [],
    affixes: [
      affix('ENABLE_', '', false, true),
      affix('IF_NOT_', '', true, true),
      affix('IF_', '', true, true),
      affix('__', '__', false, false),
    ],
    bare: false,
    prefixes: [],
    embedded: {},
  };
  const values = new Map([
    ['A', 'y'],
    ['B', 'n'],
    ['SIZE', '64'],
  ]);
  expect(conventionMacros(conventions, values).split('\n')).toEqual([
    '#define ENABLE_A 1',
    '#define ENABLE_B 0',
    '#define ENABLE_SIZE 64',
    '#define IF_NOT_A(...)',
    '#define IF_NOT_B(...) __VA_ARGS__',
    '#define IF_NOT_SIZE(...)',
    '#define IF_A(...) __VA_ARGS__',
    '#define IF_B(...)',
    '#define IF_SIZE(...) __VA_ARGS__',
    '#define __A__ 1',
    '#define __SIZE__ 64',
    '',
  ]);
});
