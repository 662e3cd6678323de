import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  type RandomTree,
  randomSteps,
  randomTree,
  type Step,
  valueFor,
} from '../testing/random-tree.ts';
import { tree } from '../testing/tree.ts';
import type { Config } from './config.ts';

function walk(config: Config, random: RandomTree, steps: readonly Step[]): void {
  for (const step of steps) {
    const i = step.symbol % random.names.length;
    const name = random.names[i] as string;
    if (step.do === 'set')
      config.set(name, valueFor(random.types[i] as RandomTree['types'][number], step.value));
    else if (step.do === 'unset') config.unset(name);
    else config.get(name);
  }
}

const values = (config: Config, names: readonly string[]): string[] =>
  names.map((name) => config.get(name));

describe('a configuration', () => {
  it('has the same values on demand as from scratch, after any sequence of sets', () => {
    fc.assert(
      fc.property(randomTree(false, true), randomSteps(), (random, steps) => {
        const config = tree(random.text).config();
        walk(config, random, steps);
        const scratch = config.fork();
        scratch.evaluator.invalidateAll();
        expect(values(config, random.names)).toEqual(values(scratch, random.names));
        expect(config.write()).toBe(scratch.write());
      }),
      { numRuns: 300 },
    );
  });

  it('has the same values as from scratch after each of any steps', () => {
    fc.assert(
      fc.property(randomTree(false, true), randomSteps(), (random, steps) => {
        const config = tree(random.text).config();
        for (const step of steps) {
          walk(config, random, [step]);
          const scratch = config.fork();
          scratch.evaluator.invalidateAll();
          expect(config.write()).toBe(scratch.write());
        }
      }),
      { numRuns: 600 },
    );
  });

  it('has the same values in whatever order they are read', () => {
    fc.assert(
      fc.property(randomTree(false, true), randomSteps(), (random, steps) => {
        const config = tree(random.text).config();
        walk(config, random, steps);
        config.evaluator.invalidateAll();
        const backwards = config.fork();
        const reversed = random.names.toReversed();
        expect(values(config, random.names)).toEqual(values(backwards, reversed).toReversed());
      }),
      { numRuns: 150 },
    );
  });

  it('is not touched by what happens to its forks', () => {
    fc.assert(
      fc.property(
        randomTree(false, true),
        randomSteps(),
        randomSteps(),
        (random, before, after) => {
          const config = tree(random.text).config();
          walk(config, random, before);
          const kept = config.write();
          const fork = config.fork();
          expect(fork.write()).toBe(kept);
          walk(fork, random, after);
          fork.write();
          expect(config.write()).toBe(kept);
          expect(config.diff(config.fork())).toEqual([]);
        },
      ),
      { numRuns: 150 },
    );
  });

  it('is a fixpoint of writing and loading', () => {
    fc.assert(
      fc.property(randomTree(false, true), randomSteps(), (random, steps) => {
        const kconfig = tree(random.text);
        const config = kconfig.config();
        walk(config, random, steps);
        const first = kconfig.config();
        expect(first.load(config.write())).toEqual([]);
        const text = first.write();
        const again = kconfig.config();
        again.load(text);
        expect(again.write()).toBe(text);
      }),
      { numRuns: 150 },
    );
  });

  it('is explained without failing, with the value it has', () => {
    fc.assert(
      fc.property(randomTree(false, true), randomSteps(), (random, steps) => {
        const config = tree(random.text).config();
        walk(config, random, steps);
        for (const name of random.names) {
          const why = config.why(name);
          expect(why.value).toBe(config.get(name));
          expect(why.text).toContain(name);
          const user = config.userValue(name);
          expect(why.wanted?.value).toBe(user === config.get(name) ? undefined : user);
        }
      }),
      { numRuns: 150 },
    );
  });
});
