import { describe, expect, it } from 'vitest';
import { diffconfig } from './diffconfig.ts';

const file = (name: string, ...lines: string[]) => ({
  name,
  text: lines.map((line) => `${line}\n`).join(''),
});

const LEFT = file(
  'a',
  '# Automatically generated file; DO NOT EDIT.',
  'CONFIG_SMP=y',
  'CONFIG_NR_CPUS=64',
  '# CONFIG_NET is not set',
  'CONFIG_LOCALVERSION="-a"',
  'CONFIG_GONE=m',
  'CONFIG_SAME=0x10',
);
const RIGHT = file(
  'b',
  '# CONFIG_SMP is not set',
  'CONFIG_NET=y',
  'CONFIG_LOCALVERSION="-a = b"',
  'CONFIG_SAME=0x10',
  'CONFIG_ADDED=y',
  '# CONFIG_OFF is not set',
  'CONFIG_EMPTY=',
);

describe('diffconfig', () => {
  it('lists what is gone, then what changed, then what is new', () => {
    expect(diffconfig(LEFT, RIGHT)).toBe(
      '-GONE m\n-NR_CPUS 64\n LOCALVERSION "-a" -> "-a = b"\n NET n -> y\n SMP y -> n\n+ADDED y\n+EMPTY \n+OFF n\n',
    );
  });

  it('writes lines to merge, without what is gone or empty', () => {
    expect(diffconfig(LEFT, RIGHT, { merge: true })).toBe(
      'CONFIG_LOCALVERSION="-a = b"\nCONFIG_NET=y\n# CONFIG_SMP is not set\nCONFIG_ADDED=y\n# CONFIG_OFF is not set\n',
    );
  });

  it('is empty for a file and itself', () => {
    expect(diffconfig(LEFT, LEFT)).toBe('');
  });

  it('says which line assigns nothing', () => {
    expect(() => diffconfig(file('a', 'CONFIG_X=y', 'CONFIG_Y'), RIGHT)).toThrow(
      'a:2: no "=" after the name of an option',
    );
  });
});
