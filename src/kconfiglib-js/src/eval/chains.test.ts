import { describe, expect, it } from 'vitest';
import { parse } from '../parse/parse.ts';

/** A chain of so many symbols. The C implementation gives up on its stack far later than a script engine does. */
const LENGTH = 100_000;

function chain(line: (i: number) => string, backwards = false): string {
  const entries = Array.from(
    { length: LENGTH },
    (_, i) => `config S${i}\n\tbool "s${i}"\n${line(i)}`,
  );
  return `${(backwards ? entries.reverse() : entries).join('')}`;
}

const read = (text: string) =>
  parse('Kconfig', {
    readFile: () => text,
    limits: { symbols: 2 * LENGTH, fileSize: 1 << 26 },
  });

describe('chains of 100,000 symbols', () => {
  const last = `S${LENGTH - 1}`;
  it.each([
    ['dependencies', (i: number) => (i > 0 ? `\tdepends on S${i - 1}\n` : '')],
    ['defaults', (i: number) => (i > 0 ? `\tdefault S${i - 1}\n` : '')],
    ['selects', (i: number) => (i < LENGTH - 1 ? `\tselect S${i + 1}\n` : '')],
  ])('of %s are resolved', (what, line) => {
    for (const backwards of what.startsWith('dep') ? [false, true] : [false]) {
      const config = read(chain(line, backwards)).config();
      const wanted = config.fork();
      wanted.set('S0', 'y');
      if (what.startsWith('dep')) for (let i = 0; i < LENGTH; i++) wanted.set(`S${i}`, 'y');
      expect(wanted.get(last)).toBe('y');
      expect(config.get(last)).toBe('n');
      expect(wanted.write().split('\n').at(-2)).toBe(`CONFIG_S${backwards ? 0 : LENGTH - 1}=y`);
      wanted.set('S0', 'n');
      expect(wanted.get(last)).toBe('n');
    }
  });

  it('are searched for loops', () => {
    const text = chain((i) => `\tdepends on S${(i + 1) % LENGTH}\n`);
    expect(() => read(text)).toThrow(/recursive dependency/);
  });
});
