import { describe, expect, it } from 'vitest';
import { KconfigError } from '../diagnostics/diagnostic.ts';
import { parse } from './parse.ts';

describe('a tree of texts', () => {
  it('is read from Kconfig, wherever that stands among them', () => {
    const kconfig = parse({ 'mm/Kconfig': 'config B\n', Kconfig: 'source "mm/Kconfig"\n' });
    expect(kconfig.files).toEqual(['Kconfig', 'mm/Kconfig']);
    expect(kconfig.symbols.get('B')?.nodes[0]?.span).toMatchObject({ file: 'mm/Kconfig', line: 1 });
  });

  it('is read from the first where none has that name', () => {
    const kconfig = parse({ 'Config.in': 'source "sub.in"\n', 'sub.in': 'config A\n' });
    expect(kconfig.files).toEqual(['Config.in', 'sub.in']);
  });

  it('finds patterns among the texts, and only files that match whole parts of a path', () => {
    const kconfig = parse(
      {
        Kconfig: 'source "boards/*/Kconfig"\n',
        'boards/b/Kconfig': 'config B\n',
        'boards/a/Kconfig': 'config A\n',
        'boards/Kconfig': 'config X\n',
        'boards/a/deep/Kconfig': 'config Y\n',
      },
      { dialect: 'superset' },
    );
    expect(kconfig.files).toEqual(['Kconfig', 'boards/a/Kconfig', 'boards/b/Kconfig']);
  });

  it('looks below srctree, if one is named', () => {
    const kconfig = parse(
      { '/src/Kconfig': 'source "more"\n', '/src/more': 'config A\n' },
      { srctree: '/src' },
    );
    expect(kconfig.files).toEqual(['/src/Kconfig', 'more']);
  });

  it('knows no file but these', () => {
    expect(() => parse({})).toThrow("can't find file Kconfig");
    expect(() => parse({ Kconfig: 'source "/etc/hostname"\n' })).toThrow(KconfigError);
    expect(() => parse({ Kconfig: 'source "toString"\nsource "__proto__"\n' })).toThrow(
      'Kconfig:1:',
    );
  });
});
