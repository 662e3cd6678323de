import { describe, expect, it } from 'vitest';
import { tree } from '../testing/tree.ts';

const MODULES = 'config MODULES\n\tbool "modules"\n\tmodules\n\tdefault y\n';

describe('values', () => {
  it('follow user, visibility, defaults, imply and select', () => {
    const config = tree(
      `${MODULES}config A\n\ttristate "a"\nconfig B\n\ttristate "b"\n\tdepends on A\nconfig S\n\tbool "s"\n\tselect T\n` +
        'config T\n\ttristate\nconfig I\n\tbool "i"\n\timply J\nconfig J\n\tbool "j"\n',
    ).config();
    config.set('A', 'm');
    config.set('B', 'y');
    expect(config.get('B')).toBe('m');
    config.set('S', 'y');
    expect(config.get('T')).toBe('y');
    config.set('I', 'y');
    expect(config.get('J')).toBe('y');
    config.set('J', 'n');
    expect(config.get('J')).toBe('n');
    config.unset('J');
    expect(config.get('J')).toBe('y');
  });

  it('of tristates are y or n without modules', () => {
    const config = tree(`${MODULES}config A\n\ttristate "a"\n`).config();
    config.set('A', 'm');
    expect([config.get('A'), config.assignable('A')]).toEqual(['m', ['n', 'm', 'y']]);
    config.set('MODULES', 'n');
    expect([config.get('A'), config.assignable('A')]).toEqual(['y', ['n', 'y']]);
  });

  it('of numbers are held within their range', () => {
    const config = tree(
      'config A\n\tint "a"\n\trange 1 LIMIT\nconfig LIMIT\n\tint "l"\n\tdefault 10\n',
    ).config();
    config.set('A', '50');
    expect(config.get('A')).toBe('10');
    config.set('LIMIT', '20');
    expect(config.get('A')).toBe('20');
  });

  it('compare as numbers where both sides are numbers', () => {
    const config = tree(
      'config H\n\thex "h"\n\tdefault 0x10\nconfig A\n\tdef_bool H = 16\nconfig B\n\tdef_bool H > 0xf\n',
    ).config();
    expect([config.get('A'), config.get('B')]).toEqual(['y', 'y']);
  });

  it('compare a bool with != y rightly, which conf does not', () => {
    const config = tree(
      'config A\n\tbool "a"\nconfig B\n\tbool "b"\n\tdepends on A!=y\n\tdefault y\n',
    ).config();
    expect(config.get('B')).toBe('y');
    config.set('A', 'y');
    expect(config.get('B')).toBe('n');
  });

  it('are empty for what is not defined', () => {
    const config = tree('config A\n\tdef_bool B\n').config();
    expect([config.get('B'), config.get('NONE')]).toEqual(['', '']);
  });
});

describe('a text that is the value of another symbol', () => {
  it.each([
    ['int', '7'],
    ['hex', '0x7'],
    ['string', 'seven'],
  ])('follows it: %s', (type, value) => {
    const config = tree(
      `config A\n\t${type} "a"\nconfig B\n\t${type}\n\tdefault A\nconfig C\n\tstring\n\tdefault B\n`,
    ).config();
    config.write();
    config.set('A', value);
    expect([config.get('B'), config.get('C')]).toEqual([value, value]);
  });
});

describe('a choice', () => {
  const text =
    'choice\n\tprompt "c"\n\tdefault C2\nconfig C1\n\tbool "1"\nconfig C2\n\tbool "2"\nconfig C3\n\tbool "3"\n\tdepends on D\nendchoice\nconfig D\n\tbool "d"\n';
  const chosen = (config: ReturnType<typeof fresh>): string =>
    ['C1', 'C2', 'C3'].filter((name) => config.get(name) === 'y').join();
  const fresh = () => tree(text).config();

  it('has its default, then what was set last', () => {
    const config = fresh();
    expect(chosen(config)).toBe('C2');
    config.set('C1', 'y');
    expect(chosen(config)).toBe('C1');
    config.set('C2', 'y');
    expect(chosen(config)).toBe('C2');
  });

  it('follows its members coming and going', () => {
    const config = fresh();
    config.set('C3', 'y');
    expect(chosen(config)).toBe('C2');
    config.set('D', 'y');
    expect(chosen(config)).toBe('C3');
    config.set('D', 'n');
    expect(chosen(config)).toBe('C2');
  });

  it('always has a member, also if all are set to n', () => {
    const config = fresh();
    for (const name of ['C1', 'C2']) config.set(name, 'n');
    expect(chosen(config)).toBe('C1');
  });
});

describe('set', () => {
  const config = tree(
    'config A\n\tbool "a"\nconfig I\n\tint "i"\nconfig H\n\thex "h"\nconfig U\n\tdef_bool NOWHERE\n',
  ).config();

  it.each([
    ['A', 'm', 'bad-value'],
    ['A', 'yes', 'bad-value'],
    ['I', '010', 'bad-value'],
    ['I', '0x10', 'bad-value'],
    ['H', 'xyz', 'bad-value'],
    ['NOPE', 'y', 'unknown-symbol'],
    ['NOWHERE', 'y', 'unknown-symbol'],
    ['y', 'n', 'not-assignable'],
  ])('%s=%s is refused', (name, value, code) => {
    expect(config.set(name, value)).toMatchObject({ ok: false, code });
  });

  it('stores what has no effect yet', () => {
    expect(config.set('U', 'y')).toEqual({ ok: true });
    expect([config.get('U'), config.userValue('U')]).toEqual(['n', 'y']);
  });
});

describe('diff', () => {
  it('lists what differs, within a tree and between trees', () => {
    const kconfig = tree('config A\n\tbool "a"\nconfig B\n\tdef_bool A\n');
    const left = kconfig.config();
    const right = left.fork();
    right.set('A', 'y');
    const expected = [
      { name: 'A', left: 'n', right: 'y' },
      { name: 'B', left: 'n', right: 'y' },
    ];
    expect(left.diff(right)).toEqual(expected);
    expect(left.diff(tree('config A\n\tdef_bool y\n').config())).toEqual([
      { name: 'A', left: 'n', right: 'y' },
      { name: 'B', left: 'n', right: '' },
    ]);
  });
});
