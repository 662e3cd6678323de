import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type RandomTree, randomSteps, randomTree, valueFor } from '../testing/random-tree.ts';
import { tree } from '../testing/tree.ts';
import type { Config } from './config.ts';
import type { UserValues } from './user-values.ts';

/** Do the steps one by one, and remember before each what it is about to change. */
function walk(
  config: Config,
  random: RandomTree,
  steps: readonly { symbol: number; value: number; do: string }[],
): { text: string; before: UserValues }[] {
  return steps.map((step) => {
    const i = step.symbol % random.names.length;
    const name = random.names[i] as string;
    const seen = { text: config.write(), before: config.userValues([name]) };
    if (step.do === 'unset') config.unset(name);
    else config.set(name, valueFor(random.types[i] as RandomTree['types'][number], step.value));
    return seen;
  });
}

describe('user values', () => {
  for (const classic of [false, true])
    it(`are put back exactly, one by one${classic ? ', with classic choices' : ''}`, () => {
      fc.assert(
        fc.property(randomTree(classic), randomSteps(), (random, steps) => {
          const config = tree(random.text, classic ? { dialect: 'superset' } : {}).config();
          for (const { text, before } of walk(config, random, steps).toReversed()) {
            config.restore(before);
            expect(config.write()).toBe(text);
          }
        }),
        { numRuns: 50 },
      );
    });

  it('are put back all at once', () => {
    fc.assert(
      fc.property(randomTree(), randomSteps(), randomSteps(), (random, first, then) => {
        const config = tree(random.text).config();
        walk(config, random, first);
        const all = config.userValues();
        const text = config.write();
        walk(config, random, then);
        config.load('');
        config.restore(all);
        expect(config.write()).toBe(text);
      }),
      { numRuns: 40 },
    );
  });
});

describe('the difference of two configurations', () => {
  it('is what comparing all values gives', () => {
    fc.assert(
      fc.property(randomTree(), randomSteps(), (random, steps) => {
        const config = tree(random.text).config();
        const before = config.fork();
        walk(config, random, steps);
        const all = [...new Set(['MODULES', ...random.names])].map((name) => ({
          name,
          left: before.fork().get(name),
          right: config.fork().get(name),
        }));
        const byName = (a: { name: string }, b: { name: string }): number =>
          a.name < b.name ? -1 : 1;
        expect(before.diff(config).toSorted(byName)).toEqual(
          all.filter(({ left, right }) => left !== right).toSorted(byName),
        );
      }),
      { numRuns: 50 },
    );
  });
});
