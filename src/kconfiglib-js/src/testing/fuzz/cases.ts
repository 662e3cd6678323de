import type { FuzzCase, FuzzStep } from './case.ts';
import { fuzzConfig, fuzzValue } from './config-grammar.ts';
import type { FuzzSymbol } from './expression-grammar.ts';
import { Random } from './random.ts';
import { type FuzzLanguage, fuzzTree, TREE_ENV } from './tree-grammar.ts';

const MODES = [
  'olddefconfig',
  'olddefconfig',
  'olddefconfig',
  'allyesconfig',
  'allmodconfig',
  'allnoconfig',
  'alldefconfig',
  'savedefconfig=defconfig',
  'savedefconfig=defconfig',
  'defconfig=base.config',
  'listnewconfig',
  'helpnewconfig',
  'oldconfig',
  'oldconfig',
  'oldaskconfig',
  'syncconfig',
  'syncconfig',
  'randconfig',
  'randconfig',
  'yes2modconfig',
  'mod2yesconfig',
  'mod2noconfig',
] as const;

/** How many cases one seed makes: one tree, in several configurations and modes. */
export const CASES_PER_SEED = 5;

/** The cases of one seed. */
export function casesOf(seed: number, language?: FuzzLanguage): FuzzCase[] {
  const random = new Random(seed);
  const tree = fuzzTree(random, language);
  return Array.from({ length: CASES_PER_SEED }, () => oneCase(random, tree.files, tree.symbols));
}

function oneCase(
  random: Random,
  tree: Record<string, string>,
  symbols: readonly FuzzSymbol[],
): FuzzCase {
  const mode = random.pick(MODES);
  const env: Record<string, string> = { ...TREE_ENV };
  const files = { ...tree };
  const prefix = random.chance(3) ? (env.CONFIG_ = random.pick(['BR2_', ''])) : 'CONFIG_';
  const config = (): string => fuzzConfig(random, symbols, prefix);
  if (random.chance(85)) files['.config'] = config();
  if (mode.startsWith('defconfig') && !random.chance(3)) files['base.config'] = config();
  if (mode.startsWith('all') || mode === 'randconfig') seedFile(random, mode, files, env, config);
  if (mode === 'randconfig') {
    env.KCONFIG_SEED = random.pick(['1', '11', '0x2a', String(random.below(100000))]);
    if (random.chance(20))
      env.KCONFIG_PROBABILITY = random.pick(['10', '90', '60:20', '30:50:20', '0', '70:60', 'x']);
  }
  if (random.chance(5)) env.KCONFIG_WERROR = '1';
  if (random.chance(8)) env.KCONFIG_WARN_UNKNOWN_SYMBOLS = '1';
  if (random.chance(2)) env.KCONFIG_OVERWRITECONFIG = '1';
  if (random.chance(2)) env.KCONFIG_CONFIG = 'sub/other.config';
  if (mode === 'syncconfig' && random.chance(15)) env.KCONFIG_NOSILENTUPDATE = '1';
  if (random.chance(3)) {
    env.KCONFIG_DEFCONFIG_LIST = 'none.config base.config';
    files['base.config'] ??= config();
  }
  const args = [`--${mode}`];
  if (random.chance(4)) args.unshift('-s');
  if (random.chance(3)) env.KCONFIG_AUTOCONFIG = 'made/auto.conf';
  if (random.chance(3)) env.KCONFIG_AUTOHEADER = 'made/autoconf.h';
  if (random.chance(3)) env.KCONFIG_RUSTCCFG = 'made/rustc_cfg';
  const asks = mode === 'oldconfig' || mode === 'oldaskconfig' || mode === 'syncconfig';
  const stdin = asks ? answers(random, symbols) : '';
  if (!random.chance(12)) return { files, args, env, stdin };
  return { files, args, env, stdin, later: laterSteps(random, config) };
}

/** What is done in the same place afterwards, with the configuration there or another one. */
function laterSteps(random: Random, config: () => string): FuzzStep[] {
  const followers = ['syncconfig', 'olddefconfig', 'savedefconfig=defconfig', 'oldconfig'] as const;
  return Array.from({ length: 1 + random.below(2) }, () => ({
    args: [`--${random.pick(followers)}`],
    files: random.chance(50) ? { '.config': config() } : {},
    mark: random.chance(60),
  }));
}

/** KCONFIG_ALLCONFIG, in its three forms and without a file. */
function seedFile(
  random: Random,
  mode: string,
  files: Record<string, string>,
  env: Record<string, string>,
  config: () => string,
): void {
  if (!random.chance(35)) return;
  const usual = mode === 'randconfig' ? 'allrandom.config' : mode.replace(/config$/, '.config');
  const [name, file] = random.pick([
    ['seed.config', 'seed.config'],
    ['1', usual],
    ['', 'all.config'],
    ['missing.config', undefined],
  ] as const);
  env.KCONFIG_ALLCONFIG = name;
  if (file !== undefined) files[file] = config();
}

/** Lines typed at the questions; there may be too few. */
function answers(random: Random, symbols: readonly FuzzSymbol[]): string {
  if (random.chance(30)) return '';
  const lines: string[] = [];
  for (let n = random.below(symbols.length + 4); n > 0; n--) {
    const roll = random.below(10);
    if (roll < 4) lines.push('');
    else if (roll < 7) lines.push(random.pick(['y', 'n', 'm', '1', '2', '3']));
    else if (roll < 9) lines.push(fuzzValue(random, random.pick(symbols).type));
    else
      lines.push(random.pick(['?', ' y ', 'yes', 'no', 'maybe', '2?', '99', '-1', '0x20', 'mod']));
  }
  return lines.map((line) => `${line}\n`).join('');
}
