import fc from 'fast-check';
import { expect, it } from 'vitest';
import type { Config } from '../eval/config.ts';
import { randomTree } from '../testing/random-tree.ts';
import { tree } from '../testing/tree.ts';
import { Satisfier, type Statement } from './satisfy.ts';

const RUNS = Number(process.env.KMATRIX_FUZZ ?? 150);

function holds(statement: Statement, config: Config, free: ReadonlySet<string>): boolean {
  if (typeof statement === 'boolean') return statement;
  if ('not' in statement) return !holds(statement.not, config, free);
  if ('and' in statement) return statement.and.every((part) => holds(part, config, free));
  if ('or' in statement) return statement.or.some((part) => holds(part, config, free));
  if ('free' in statement) return free.has(statement.free);
  const value = config.get(statement.symbol);
  return statement.is === 'on' ? value === 'y' || value === 'm' : value === statement.is;
}

/** Every configuration that user values of these symbols lead to. */
function everyConfig(
  config: Config,
  names: readonly string[],
  values: readonly string[],
): Config[] {
  let all = [config];
  for (const name of names) {
    all = all.flatMap((now) => [
      now,
      ...values.map((value) => {
        const fork = now.fork();
        fork.set(name, value);
        return fork;
      }),
    ]);
  }
  return all;
}

const statements = (symbols: readonly string[]): fc.Arbitrary<Statement> =>
  fc.letrec<{ any: Statement }>((tie) => ({
    any: fc.oneof(
      { depthSize: 'small', withCrossShrink: true },
      fc.record({
        symbol: fc.constantFrom(...symbols),
        is: fc.constantFrom('y' as const, 'm' as const, 'on' as const),
      }),
      fc.record({ free: fc.constantFrom('P', 'Q') }),
      fc.record({ not: tie('any') }),
      fc.record({ and: fc.array(tie('any'), { maxLength: 3 }) }),
      fc.record({ or: fc.array(tie('any'), { maxLength: 3 }) }),
    ),
  })).any;

it('says what trying every configuration says', () => {
  let yes = 0;
  let no = 0;
  fc.assert(
    fc.property(randomTree(false), fc.gen(), (random, gen) => {
      const kconfig = tree(random.text, { dialect: '7.0' });
      const logical = random.names.filter((_, i) => /bool|tristate/.test(random.types[i]!));
      const others = random.names.filter(
        (name, i) =>
          !/bool|tristate/.test(random.types[i]!) &&
          kconfig.symbols.get(name)?.properties.some((p) => p.kind === 'prompt'),
      );
      const settable = logical.filter((name) =>
        kconfig.symbols.get(name)?.properties.some((p) => p.kind === 'prompt'),
      );
      fc.pre(logical.length > 0 && others.length === 0 && settable.length <= 5);
      const all = everyConfig(kconfig.config(), [...settable, 'MODULES'], ['n', 'm', 'y']);
      const satisfier = new Satisfier(kconfig);
      for (let i = 0; i < 6; i++) {
        const statement = gen(() => statements(logical));
        const really = all.some((config) =>
          [[], ['P'], ['Q'], ['P', 'Q']].some((free) => holds(statement, config, new Set(free))),
        );
        const found = satisfier.satisfiable(statement);
        if (found === 'unknown') continue;
        expect(found).toBe(really ? 'yes' : 'no');
        if (really) yes++;
        else no++;
      }
    }),
    { numRuns: RUNS, seed: 7 },
  );
  expect(yes).toBeGreaterThan(50);
  expect(no).toBeGreaterThan(20);
});

it('knows dependencies, selects and symbols nobody defines', () => {
  const kconfig = tree(`
config MODULES
	bool "modules"
	modules
config A
	bool "a"
config B
	tristate "b"
	depends on A
config C
	def_bool y
	select A
config N
	int "n"
`);
  const satisfier = new Satisfier(kconfig);
  const is = (symbol: string, value: 'y' | 'm' | 'on' = 'y'): Statement => ({ symbol, is: value });
  expect(satisfier.satisfiable({ not: is('A') })).toBe('no');
  expect(satisfier.satisfiable(is('B', 'm'))).toBe('yes');
  expect(satisfier.satisfiable({ and: [is('B', 'm'), { not: is('MODULES') }] })).toBe('no');
  expect(satisfier.satisfiable(is('GONE', 'on'))).toBe('no');
  expect(satisfier.satisfiable({ and: [is('N'), { not: is('N') }] })).toBe('no');
  expect(satisfier.satisfiable({ not: is('N') })).toBe('yes');
  expect(satisfier.satisfiable({ and: [{ free: 'X' }, { not: { free: 'X' } }] })).toBe('no');
});
