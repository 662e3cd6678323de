import { describe, expect, it } from 'vitest';
import { parseArguments } from './arguments.ts';
import type { Command } from './command.ts';

const command: Command = {
  name: 'test',
  usage: 'FILE',
  description: [],
  arity: [1, 1],
  options: {
    out: { type: 'string', value: 'FILE', description: '' },
    format: { type: 'string', choices: ['md', 'json'], description: '' },
    set: { type: 'string', multiple: true, description: '' },
    seed: { type: 'string', description: '' },
    quiet: { type: 'boolean', description: '' },
  },
  examples: [],
  run: async () => 0,
};

const parsed = (...argv: string[]) => parseArguments(command, argv);

describe('a command line', () => {
  it('tells options from arguments in any order', () => {
    const args = parsed('--quiet', '--set', 'A=y', 'file', '--set=B=n', '--out', '-');
    expect(args.positionals).toEqual(['file']);
    expect(args.all('set')).toEqual(['A=y', 'B=n']);
    expect([args.has('quiet'), args.has('seed'), args.text('out')]).toEqual([true, false, '-']);
  });

  it('takes everything after -- as arguments', () => {
    expect(parsed('--', '--odd').positionals).toEqual(['--odd']);
  });

  it('lets the last of several values count', () => {
    expect(parsed('f', '--seed', '1', '--seed', '2').integer('seed', 0)).toBe(2);
  });

  it('asks for no arguments where help is wanted', () => {
    expect(parsed('--help').has('help')).toBe(true);
    expect(parsed('-h').has('help')).toBe(true);
  });

  it.each([
    [['f', '--fromat', 'md'], 'error: unknown option "--fromat"\n  hint: did you mean "--format"?'],
    [['f', '--zzz'], 'error: unknown option "--zzz"\n  hint: kmatrix help test lists its options'],
    [['f', '-q'], 'error: unknown option "-q"\n  hint: kmatrix help test lists its options'],
    [
      ['f', '--format', 'jsn'],
      'error: --format is one of md, json, not "jsn"\n  hint: did you mean "json"?',
    ],
    [['f', '--out'], 'error: --out needs a value: --out FILE'],
    [['f', '--out', '--quiet'], 'error: --out needs a value: --out FILE'],
    [['f', '--quiet=1'], 'error: --quiet takes no value'],
    [[], 'error: test needs more arguments\n  hint: usage: kmatrix test FILE'],
    [['f', 'g'], 'error: test does not take "g"\n  hint: usage: kmatrix test FILE'],
    [
      ['f', '--constructor'],
      'error: unknown option "--constructor"\n  hint: kmatrix help test lists its options',
    ],
  ])('refuses %j', (argv, message) => {
    expect(() => parsed(...argv)).toThrow(expect.objectContaining({ message }));
  });

  it.each(['x', '1.5', '-1', '', '1e3', '99999999999999999999'])('refuses --seed %j', (text) => {
    const args = parsed('f', `--seed=${text}`);
    expect(() => args.integer('seed', 0)).toThrow(
      `error: --seed takes whole numbers from 0 on, not "${text}"`,
    );
  });

  it('reads lists of numbers', () => {
    expect(parsed('f', '--seed', '1, 2,4').integers('seed', 1)).toEqual([1, 2, 4]);
    expect(() => parsed('f', '--seed', '1,,4').integers('seed', 1)).toThrow('not ""');
  });
});
