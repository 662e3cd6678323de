import { describe, expect, it } from 'vitest';
import { casesOf } from '../testing/fuzz/cases.ts';
import { shrink } from './fuzz-shrink.ts';

describe('shrinking', () => {
  it('keeps what the failure needs and nothing else', async () => {
    const files = {
      Kconfig:
        'config A\n\tbool\nmenu "m"\nif A\nconfig B\n\tint\nendif\nendmenu\nconfig C\n\tbool\n',
      '.config': 'CONFIG_A=y\nCONFIG_C=y\n',
    };
    const small = await shrink(
      { files, args: ['--x'], env: { X: '1' }, stdin: 'y\nn\n' },
      async (c) => {
        const text = c.files.Kconfig ?? '';
        const balanced =
          text.split('menu "m"').length === text.split('endmenu').length &&
          text.split('if A').length === text.split('endif').length;
        return balanced && text.includes('config B') && c.stdin.includes('n');
      },
    );
    expect(small).toEqual({
      files: { Kconfig: 'config B\n', '.config': '' },
      args: ['--x'],
      env: {},
      stdin: 'n\n',
    });
  });
});

describe('cases', () => {
  it('are the same for the same seed', () => {
    expect(casesOf(7)).toEqual(casesOf(7));
    expect(casesOf(7)).not.toEqual(casesOf(8));
  });

  it('use the whole language', () => {
    const text = Array.from({ length: 60 }, (_, seed) => casesOf(seed)[0]?.files)
      .flatMap((files) => Object.values(files ?? {}))
      .join('');
    for (const word of [
      'choice',
      'menuconfig',
      'visible if',
      'select',
      'imply',
      'range',
      'def_tristate',
      'source',
      'comment',
      'depends on',
      'modules',
      'help',
      'hex',
      'string',
      '$(',
      'is not set',
      '<',
      '!=',
    ])
      expect(text).toContain(word);
  });
});
