import { type Config, type Kconfig, type KSymbol, kernelKconfig, parse } from 'kconfiglib-js';
import { beforeAll, describe, expect, test } from 'vitest';
import { packageRoot } from '../input/index.ts';
import { linux612 } from './kernel-tree.test-util.ts';

/**
 * The shipped option set of 6.12 against the real tree: every symbol it defines must have the same value
 * there, whatever the symbols they share are set to.
 */
let shipped: Kconfig;
let real: Kconfig;
let names: string[];

beforeAll(() => {
  shipped = parse('kconfig/v6.12/Kconfig', { srctree: packageRoot(), dialect: '6.12' });
  real = kernelKconfig(linux612(), { arch: 'x86', dialect: '6.12' });
  names = [...shipped.symbols].filter((s) => s.defined).map((s) => s.name);
});

/** Debian makes it a module to choose; upstream it is `bool`, and so it is here. */
const CHANGED_BY_DEBIAN = ['ANDROID_BINDER_IPC'];

const hasPrompt = (symbol: KSymbol): boolean => symbol.properties.some((p) => p.kind === 'prompt');

test('the real tree is 6.12 and reads without a warning', () => {
  expect(real.diagnostics.filter((d) => d.severity !== 'info')).toEqual([]);
  expect(names.length).toBeGreaterThan(200);
});

test('every symbol exists there with the same type, and has a prompt where it has one', () => {
  const differences = names.filter((name) => {
    const [a, b] = [shipped.symbols.get(name)!, real.symbols.get(name)];
    return !b?.defined || a.type !== b.type || hasPrompt(a) !== hasPrompt(b);
  });
  expect(differences).toEqual(CHANGED_BY_DEBIAN);
});

/** Numerical Recipes' generator: enough for settings, and the same everywhere. */
function random(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state / 2 ** 32;
  };
}

/** Values for some of the symbols with a prompt: few in one setting, many in another. */
function randomSetting(next: () => number): [string, string][] {
  const density = next();
  const setting: [string, string][] = [];
  for (const name of names) {
    const symbol = shipped.symbols.get(name)!;
    if (!hasPrompt(symbol) || next() > density) continue;
    const values = {
      bool: ['y', 'n'],
      tristate: ['y', 'm', 'n'],
      int: ['1', '2', '3', '4', '9', '600'],
    }[symbol.type as 'bool' | 'tristate' | 'int'];
    setting.push([name, values[Math.floor(next() * values.length)]!]);
  }
  return setting;
}

/** The symbols whose values differ, with both values and the setting that shows it. */
function differences(
  setting: readonly [string, string][],
  mode: 'alldefconfig' | 'allnoconfig' | 'allyesconfig' | 'allmodconfig',
): string[] {
  const [a, b] = [shipped, real].map((kconfig): Config => {
    const config = kconfig.config();
    for (const [name, value] of setting) config.set(name, value);
    config.apply(mode);
    return config;
  });
  const set = setting.map(([n, v]) => `${n}=${v}`).join(' ');
  return names
    .filter((name) => {
      const there = b!.get(name);
      return a!.get(name) !== (CHANGED_BY_DEBIAN.includes(name) && there === 'm' ? 'y' : there);
    })
    .map((name) => `${name}: ${a!.get(name)}, really ${b!.get(name)}; ${mode} ${set}`);
}

describe('values', () => {
  test.each(['alldefconfig', 'allnoconfig'] as const)('250 random settings under %s', (mode) => {
    const next = random(mode.length);
    const found: string[] = [];
    for (let i = 0; i < 250; i++) found.push(...differences(randomSetting(next), mode));
    expect(found).toEqual([]);
  });

  test('every single prompt, in both widths, with and without SMP', () => {
    const found: string[] = [];
    for (const bits of ['y', 'n']) {
      for (const smp of ['y', 'n']) {
        for (const name of names) {
          const symbol = shipped.symbols.get(name)!;
          if (!hasPrompt(symbol) || !/bool|tristate/.test(symbol.type)) continue;
          for (const value of ['y', 'n']) {
            found.push(
              ...differences(
                [
                  ['64BIT', bits],
                  ['SMP', smp],
                  [name, value],
                ],
                'alldefconfig',
              ),
            );
          }
        }
      }
    }
    expect(found).toEqual([]);
  });

  test.each(['allyesconfig', 'allmodconfig'] as const)('%s', (mode) => {
    expect(differences([], mode)).toEqual([]);
    expect(differences([['64BIT', 'n']], mode)).toEqual([]);
  });
});
