import { describe, expect, it } from 'vitest';
import { expandPattern, isPattern } from './wildcard.ts';

const dirs: Record<string, string[]> = {
  '': ['b', 'a', '.h', 'K.x', 'K.y', 'K1', 'a]b'],
  a: ['Kconfig', 'k2'],
  b: ['Kconfig'],
  'base/sub': ['x', 'y'],
  '/abs': ['z'],
};
const expand = (pattern: string, base = ''): string[] =>
  expandPattern(pattern, base, (dir) => dirs[dir]);

describe('patterns', () => {
  it.each([
    ['*', ['K.x', 'K.y', 'K1', 'a', 'a]b', 'b']],
    [
      '*/Kconfig',
      ['K.x/Kconfig', 'K.y/Kconfig', 'K1/Kconfig', 'a/Kconfig', 'a]b/Kconfig', 'b/Kconfig'],
    ],
    ['*/k*', ['a/k2']],
    ['K?', ['K1']],
    ['K.[xz]', ['K.x']],
    ['K.[!x]', ['K.y']],
    ['[a-b]', ['a', 'b']],
    ['.*', ['.h']],
    ['a[]]b', ['a]b']],
    ['K[', []],
    ['**/k*', ['a/k2']],
    ['/abs/*', ['/abs/z']],
  ])('%s', (pattern, names) => {
    expect(expand(pattern)).toEqual(names);
  });

  it('start from a directory', () => {
    expect(expand('sub/*', 'base')).toEqual(['sub/x', 'sub/y']);
    expect([isPattern('a/b'), isPattern('a/?')]).toEqual([false, true]);
  });

  it('take no time to fail', () => {
    const name = 'a'.repeat(250);
    expect(expandPattern(`${'*a'.repeat(60)}b`, '', () => [name])).toEqual([]);
  });
});
