import { describe, expect, it } from 'vitest';
import { parseCellId } from './cell-id.ts';
import { readOptionSet } from './option-set.ts';
import { parseSetting } from './setting.ts';

describe('settings', () => {
  it('take names with and without CONFIG_, and quoted text', () => {
    expect(parseSetting('SMP=n', '--set')).toEqual({ name: 'SMP', value: 'n' });
    expect(parseSetting('CONFIG_X="a \\"b\\""', '--set')).toEqual({ name: 'X', value: 'a "b"' });
    expect(parseSetting('X=', '--set')).toEqual({ name: 'X', value: '' });
  });

  it.each(['SMP', '=y', 'A B=y', ''])('refuse %j', (text) => {
    expect(() => parseSetting(text, '--set')).toThrow(
      `error: --set: "${text}" is not of the form NAME=value`,
    );
  });
});

describe('names of cells', () => {
  it('are an edition and settings', () => {
    expect(parseCellId('v7.0')).toEqual({ edition: 'v7.0', settings: [] });
    expect(parseCellId('v7.0:')).toEqual({ edition: 'v7.0', settings: [] });
    expect(parseCellId('v7.0:64BIT=y,CMD="a,b",SMP=n')).toEqual({
      edition: 'v7.0',
      settings: [
        { name: '64BIT', value: 'y' },
        { name: 'CMD', value: 'a,b' },
        { name: 'SMP', value: 'n' },
      ],
    });
  });

  it('name no option twice', () => {
    expect(() => parseCellId('v7.0:SMP=n,SMP=y')).toThrow('v7.0:SMP=n,SMP=y: SMP is given twice');
  });
});

describe('a bare option set', () => {
  it('is what a .config says, the last line for an option counting', () => {
    const text = '# comment\nCONFIG_A=y\r\n# CONFIG_B is not set\nCONFIG_C="x=y"\nCONFIG_A=m\n';
    expect(readOptionSet(text, 'c')).toEqual([
      { symbol: 'A', value: 'm', why: 'set at c:5' },
      { symbol: 'B', value: 'n', why: 'not set at c:3' },
      { symbol: 'C', value: '"x=y"', why: 'set at c:4' },
    ]);
  });
});
