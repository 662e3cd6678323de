import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Config } from '../eval/config.ts';
import { type RandomTree, randomSteps, randomTree, valueFor } from '../testing/random-tree.ts';
import { tree } from '../testing/tree.ts';
import { type Plan, plan, planning } from './plan.ts';
import { Planner } from './planner.ts';

/** How many trees to try. */
const RUNS = Number(process.env.KMATRIX_FUZZ ?? 120);
/** Symbols enumerated in full; trees with more settable ones are left out. */
const SETTABLE = 6;

/** What a user can do to a symbol: set it to any of these, or take its value back. */
function moves(random: RandomTree, i: number): (string | undefined)[] {
  const type = random.types[i];
  if (type === 'bool') return [undefined, 'n', 'y'];
  if (type === 'tristate') return [undefined, 'n', 'm', 'y'];
  if (type === 'int') return [undefined, ...Array.from({ length: 41 }, (_, n) => String(n - 1))];
  return [undefined, '', 'a', 'b', 'b\\"c', 'z'];
}

/** For every value of every symbol the least number of changes that gives it, by trying all user values. */
function exhaust(config: Config, random: RandomTree): Map<string, number> {
  const settable = random.names
    .map((name, i) => ({ name, i }))
    .filter(({ name }) =>
      config.kconfig.symbols.get(name)?.properties.some((p) => p.kind === 'prompt'),
    );
  fc.pre(settable.length <= SETTABLE);
  fc.pre(settable.reduce((n, { i }) => n * moves(random, i).length, 1) <= 5000);
  const least = new Map<string, number>();
  const visit = (at: number, now: Config, cost: number): void => {
    const next = settable[at];
    if (!next) {
      for (const name of random.names) {
        const key = `${name}=${now.get(name)}`;
        if (cost < (least.get(key) ?? Number.POSITIVE_INFINITY)) least.set(key, cost);
      }
      return;
    }
    visit(at + 1, now, cost);
    for (const to of moves(random, next.i)) {
      const changed = now.fork();
      if (to === undefined) changed.unset(next.name);
      else changed.set(next.name, to);
      visit(at + 1, changed, cost + 1);
    }
  };
  visit(0, config, 0);
  return least;
}

function apply(config: Config, found: Plan): Config {
  const fork = config.fork();
  if (found.possible === true)
    for (const { symbol, to } of found.changes)
      if (to === undefined) fork.unset(symbol);
      else fork.set(symbol, to);
  return fork;
}

describe.each(['7.0', 'superset', '5.6'] as const)('a plan in %s', (dialect) => {
  it('exists exactly when some user values reach the value, and is the shortest', () => {
    let compared = 0;
    fc.assert(
      fc.property(randomTree(dialect !== '7.0'), randomSteps(), (random, steps) => {
        const config = tree(random.text, { dialect }).config();
        for (const step of steps) {
          const i = step.symbol % random.names.length;
          if (step.do === 'set')
            config.set(
              random.names[i] as string,
              valueFor(random.types[i] as RandomTree['types'][number], step.value),
            );
        }
        const least = exhaust(config, random);
        for (const [i, name] of random.names.entries()) {
          const type = random.types[i];
          if (type !== 'bool' && type !== 'tristate') continue;
          for (const wanted of type === 'bool' ? ['n', 'y'] : ['n', 'm', 'y']) {
            const found = plan(config, name, wanted);
            const cost = least.get(`${name}=${wanted}`);
            const what = `${name}=${wanted}\n${random.text}\n${config.write()}\n${JSON.stringify(found)}`;
            expect(found.possible, what).toBe(cost !== undefined);
            if (found.possible !== true) continue;
            compared++;
            expect(found.minimal, what).toBe(true);
            expect(found.cost, what).toBe(cost);
            expect(apply(config, found).get(name), what).toBe(wanted);
          }
        }
        expect(Planner.mistakes, random.text).toBe(0);
      }),
      { numRuns: RUNS },
    );
    expect(compared).toBeGreaterThan(RUNS);
  });
});

const text = `config MODULES
	bool "modules"
	modules
config BUS
	tristate "bus"
config SPEED
	int "speed" if BUS
	range 1 50 if !FAST
	range 10 90
	default 5
config FAST
	bool "fast"
	depends on BUS=y
config TURBO
	def_bool y
	depends on SPEED > 60
config LABEL
	string "label"
config HELLO
	def_bool LABEL = "hello"
config DRIVER
	tristate "driver"
	depends on BUS && TURBO
	select HELPER
config HELPER
	tristate
config NEVER
	bool "never"
	depends on HELPER && !BUS
config BOTH
	bool "both"
	depends on LEFT && RIGHT
config DEFAULTED
	tristate "defaulted" if BUS
	default y
choice
	prompt "side"
config LEFT
	bool "left"
config RIGHT
	bool "right"
endchoice
config MASK
	hex "mask"
	default 0x10
config WIDE
	def_bool MASK >= 0x100
`;

describe('plan', () => {
  const kconfig = tree(text);
  const settings = (found: Plan): string[] =>
    found.possible === true ? found.changes.map(({ symbol, to }) => `${symbol}=${to}`) : [];

  it('finds numbers and texts that make a comparison hold', () => {
    const config = kconfig.config();
    const turbo = plan(config, 'TURBO', 'y');
    expect(turbo).toMatchObject({ possible: true, cost: 3, minimal: true });
    expect(settings(turbo).toSorted()).toEqual(['BUS=y', 'FAST=y', 'SPEED=90']);
    expect(settings(plan(config, 'HELLO', 'y'))).toEqual(['LABEL=hello']);
    expect(settings(plan(config, 'WIDE', 'y'))).toEqual(['MASK=0x100']);
    expect(settings(plan(config, 'MASK', '0xabc'))).toEqual(['MASK=0xabc']);
  });

  it('keeps numbers within their ranges', () => {
    const config = kconfig.config();
    const found = plan(config, 'SPEED', '91');
    expect(found.possible).toBe(false);
    expect(found.possible === false && found.core[0]?.text).toContain(
      'its range 10 90 (Kconfig:9)',
    );
    expect(settings(plan(config, 'SPEED', '90')).toSorted()).toEqual([
      'BUS=y',
      'FAST=y',
      'SPEED=90',
    ]);
  });

  it('names what to change by its prompt, from the value it has', () => {
    const config = kconfig.config();
    config.set('BUS', 'n');
    expect(plan(config, 'FAST', 'y')).toEqual({
      possible: true,
      changes: [
        { symbol: 'FAST', from: 'n', to: 'y', span: { file: 'Kconfig', line: 12, column: 2 } },
        { symbol: 'BUS', from: 'n', to: 'y', span: { file: 'Kconfig', line: 5, column: 2 } },
      ],
      verified: true,
      cost: 2,
      minimal: true,
    });
    expect(config.userValue('FAST')).toBeUndefined();
  });

  it('picks in choices, and needs nothing for what is so already', () => {
    const config = kconfig.config();
    expect(settings(plan(config, 'RIGHT', 'y'))).toEqual(['RIGHT=y']);
    expect(settings(plan(config, 'LEFT', 'n'))).toEqual(['RIGHT=y']);
    expect(plan(config, 'LEFT', 'y')).toMatchObject({ possible: true, changes: [], cost: 0 });
  });

  it('switches modules on for an m, and takes a user value back where only the default will do', () => {
    const config = kconfig.config();
    expect(settings(plan(config, 'BUS', 'm')).toSorted()).toEqual(['BUS=m', 'MODULES=y']);
    config.set('MODULES', 'y');
    config.set('BUS', 'm');
    config.set('DEFAULTED', 'm');
    // Its prompt allows no more than m now, its default is y.
    const found = plan(config, 'DEFAULTED', 'y', { keep: ['BUS'] });
    expect(found).toMatchObject({ possible: true, cost: 1, changes: [{ symbol: 'DEFAULTED' }] });
    expect(found.possible === true && 'to' in (found.changes[0] ?? {})).toBe(false);
  });

  it('proves that there is no way, with the statements that exclude it', () => {
    const config = kconfig.config();
    const never = plan(config, 'NEVER', 'y');
    expect(never).toMatchObject({ possible: false, minimal: true });
    expect(never.possible === false && never.core.map(({ symbol }) => symbol)).toEqual([
      'NEVER',
      'HELPER',
      'SPEED',
      'TURBO',
      'FAST',
    ]);
    const both = plan(config, 'BOTH', 'y');
    expect(both.possible === false && both.core.map((part) => part.text)).toEqual([
      'BOTH can only come from its prompt (Kconfig:31), which needs LEFT && RIGHT',
      'the choice "side" has one of LEFT, RIGHT (Kconfig:36)',
    ]);
  });

  it('leaves alone what is to be kept', () => {
    const config = kconfig.config();
    const found = plan(config, 'FAST', 'y', { keep: ['BUS'] });
    expect(found.possible === false && found.core.map((part) => part.text)).toEqual([
      'you keep BUS=n',
      'FAST can only come from its prompt (Kconfig:12), which needs BUS=y',
    ]);
  });

  it('answers for names and values that cannot be', () => {
    const config = kconfig.config();
    const core = (found: Plan) => found.possible === false && found.core[0]?.text;
    expect(core(plan(config, 'NOWHERE', 'y'))).toBe('NOWHERE is not defined');
    expect(core(plan(config, 'FAST', 'm'))).toBe("FAST has the type bool, which has no value 'm'");
    expect(core(plan(config, 'y', 'n'))).toBe('y is a constant');
  });

  it('knows optional and tristate choices', () => {
    const choice = (head: string): Config =>
      tree(
        `config MODULES\n\tbool "modules"\n\toption modules\n\tdefault y\nchoice\n\t${head}\nconfig A\n\ttristate "a"\nconfig B\n\ttristate "b"\nendchoice\n`,
        { dialect: 'superset' },
      ).config();
    const optional = choice('bool "c"\n\toptional');
    expect(settings(plan(optional, 'A', 'y'))).toEqual(['A=y']);
    optional.set('A', 'y');
    expect(settings(plan(optional, 'B', 'y'))).toEqual(['B=y']);
    // Nothing chosen is possible here, and not where the choice must have a member.
    expect(plan(optional, 'A', 'n')).toMatchObject({ possible: true, cost: 1, minimal: true });
    expect(settings(plan(choice('bool "c"'), 'A', 'n'))).toEqual(['B=y']);
    expect(plan(choice('bool "c"'), 'A', 'm').possible).toBe(false);
    const free = choice('tristate "c"');
    free.set('A', 'y');
    expect(plan(free, 'B', 'm')).toMatchObject({ possible: true, minimal: true });
    expect(settings(plan(free, 'B', 'y', { keep: ['A'] }))).toEqual([]);
  });

  it('says that it does not know when it may not search', () => {
    const found = plan(kconfig.config(), 'TURBO', 'y', { effort: 0 });
    expect(found).toEqual({ possible: 'unknown', reason: 'the search took too long' });
  });
});

describe('planning in slices', () => {
  it('finds what planning at once finds, and pauses on the way', () => {
    let pauses = 0;
    fc.assert(
      fc.property(randomTree(), (random) => {
        const config = tree(random.text).config();
        for (const name of random.names) {
          const run = planning(config, name, 'y');
          let step = run.next();
          for (; !step.done; step = run.next()) pauses++;
          expect(step.value).toEqual(plan(config, name, 'y'));
        }
      }),
      { numRuns: 25 },
    );
    expect(pauses).toBeGreaterThan(50);
  });
});
