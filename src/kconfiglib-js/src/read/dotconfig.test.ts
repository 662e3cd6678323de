import { describe, expect, it } from 'vitest';
import { tree } from '../testing/tree.ts';

const TEXT =
  'config A\n\tbool "a"\nconfig S\n\tstring "s"\nconfig I\n\tint "i"\nconfig B\n\tbool "b"\n\tdefault y\n';

describe('reading a .config', () => {
  it('takes values, strings with escapes, and "is not set"', () => {
    const config = tree(TEXT).config();
    expect(config.load('CONFIG_A=y\nCONFIG_S="a\\"b\\\\"\n# CONFIG_B is not set\n')).toEqual([]);
    expect(['A', 'S', 'B'].map((name) => config.get(name))).toEqual(['y', 'a"b\\', 'n']);
  });

  it('accepts CRLF and ignores other comments', () => {
    const config = tree(TEXT).config();
    expect(config.load('# CONFIG_B is not set!\r\n#CONFIG_B is not set\r\nCONFIG_A=y\r\n')).toEqual(
      [],
    );
    expect([config.get('A'), config.get('B')]).toEqual(['y', 'y']);
  });

  it('reads no further in a line than to a zero', () => {
    const config = tree(TEXT).config();
    const found = config.load('CONFIG_A=y\0z\n\0junk\nCONFIG_S="q\0r"\n# CONFIG_B is not set\0\n');
    expect(found.map((d) => d.conf)).toEqual(['.config:3:warning: invalid string found\n']);
    expect(['A', 'S', 'B'].map((name) => config.get(name))).toEqual(['y', '', 'n']);
  });

  it('warns about what it cannot use, with file and line', () => {
    const found = tree(TEXT)
      .config()
      .load('junk\nCONFIG_A=x\nCONFIG_I=010\nCONFIG_I=1\nCONFIG_I=2\n', 'my.config');
    expect(found.map((d) => d.conf)).toEqual([
      'my.config:1:warning: unexpected data: junk\n',
      "my.config:2:warning: symbol value 'x' invalid for A\n",
      "my.config:3:warning: symbol value '010' invalid for I\n",
      'my.config:5:warning: override: reassigning to symbol I\n',
    ]);
  });

  it('goes by the member of an old choice that was y last, even where a later line takes that back', () => {
    const member = (name: string) => `config ${name}\n\tbool "${name}" if !HIDE_${name}\n`;
    const hide = 'config HIDE_C\n\tbool "hide"\n';
    const choice = `choice\n\tprompt "c"\n${['A', 'B', 'C'].map(member).join('')}endchoice\n${hide}`;
    const chosen = (text: string, dialect: '5.6' | '6.12') => {
      const config = tree(choice, { dialect }).config();
      config.load(text);
      const found = () => ['A', 'B', 'C'].filter((name) => config.get(name) === 'y').join();
      const first = found();
      config.set('B', 'n');
      return [first, found()];
    };
    const text = 'CONFIG_B=y\nCONFIG_C=y\n# CONFIG_C is not set\n';
    expect(chosen(text, '6.12')[0]).toBe('B');
    expect(chosen(text, '5.6')).toEqual(['C', 'A']);
    // A member that is not available is no reason to go by what was said of another.
    expect(chosen(`CONFIG_HIDE_C=y\n${text}`, '5.6')[0]).toBe('A');
  });

  it('replaces what was there, or adds to it', () => {
    const config = tree(TEXT).config();
    config.load('CONFIG_A=y\n');
    config.load('CONFIG_I=5\n', 'more', { merge: true });
    expect([config.get('A'), config.get('I')]).toEqual(['y', '5']);
    config.load('CONFIG_I=6\n');
    expect([config.get('A'), config.get('I')]).toEqual(['n', '6']);
  });
});

describe('a transitional symbol with a value', () => {
  const OLD =
    'config MODULES\n\tbool "modules"\n\tmodules\n\tdefault y\nconfig OLD\n\ttristate\n\ttransitional\n';

  it('gives it to what takes its default from it, as if the user had', () => {
    const config = tree(
      `${OLD}config NEW\n\ttristate "new"\n\tdefault OLD\nconfig NEXT\n\ttristate "next"\n\tdefault NEW\n`,
    ).config();
    config.load('CONFIG_OLD=m\n');
    expect(['OLD', 'NEW', 'NEXT'].map((name) => config.userValue(name))).toEqual([
      'm',
      'm',
      undefined,
    ]);
    expect(config.write()).toMatch(/^CONFIG_MODULES=y\nCONFIG_NEW=m\nCONFIG_NEXT=m\n$/m);
  });

  it('gives what the other symbol comes to with its selects, in texts, too', () => {
    const config = tree(
      `${OLD}config S\n\tbool "s"\n\tdefault y\n\tselect NEW\nconfig NEW\n\ttristate "new"\n\tdefault OLD\n` +
        'config NAME\n\tstring\n\ttransitional\nconfig TITLE\n\tstring "title"\n\tdefault NAME\n',
    ).config();
    config.load('CONFIG_OLD=m\nCONFIG_NAME="x"\n');
    expect(['NEW', 'TITLE'].map((name) => config.userValue(name))).toEqual(['y', 'x']);
  });

  it('leaves tristates what they are where modules are on by default', () => {
    const config = tree(
      `${OLD}config A\n\ttristate "a"\nconfig B\n\ttristate\n\tdefault m\n`,
    ).config();
    config.load('CONFIG_OLD=y\nCONFIG_A=m\n');
    expect(['A', 'B'].map((name) => config.get(name))).toEqual(['m', 'm']);
  });

  it('cannot be selected', () => {
    const config = tree(`${OLD}config S\n\tbool "s"\n\tselect OLD\n`).config();
    config.set('S', 'y');
    expect(config.get('OLD')).toBe('n');
  });
});

describe('writing', () => {
  it('has menus as blocks and unset symbols as comments', () => {
    const config = tree(
      `mainmenu "Top"\nmenu "M"\n${TEXT}endmenu\nconfig Z\n\tbool "z"\n`,
    ).config();
    config.set('S', 'a"b');
    expect(config.write()).toBe(
      '#\n# Automatically generated file; DO NOT EDIT.\n# Top\n#\n\n#\n# M\n#\n# CONFIG_A is not set\n' +
        'CONFIG_S="a\\"b"\nCONFIG_I=0\nCONFIG_B=y\n# end of M\n\n# CONFIG_Z is not set\n',
    );
  });

  it('leaves defaults out of the minimal configuration', () => {
    const config = tree(TEXT).config();
    config.set('A', 'y');
    config.set('B', 'y');
    expect(config.writeMinimal()).toBe('CONFIG_A=y\n');
  });
});
