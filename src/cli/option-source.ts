import {
  type Arch,
  type Config,
  formatDiagnostic,
  type Kconfig,
  kernelKconfig,
  type Mode,
  type ToolchainProfile,
} from 'kconfiglib-js';
import { checkKernelTree, inputError, readText } from '../input/index.ts';
import type { Context, OptionSpec } from './command.ts';
import { environmentOf, environmentOption, fileKconfig } from './kconfig-file.ts';
import { userPath } from './paths.ts';
import { readingKconfigIn } from './reading-kconfig.ts';
import { parseSetting, type Setting } from './setting.ts';
import { toolchainOf, toolchainOption } from './toolchain-option.ts';
import { remarkUnanswered } from './unanswered.ts';

const MODES = [
  'olddefconfig',
  'alldefconfig',
  'allnoconfig',
  'allyesconfig',
  'allmodconfig',
] as const satisfies readonly Mode[];

/** Architectures a command line can name. */
export const ARCHES = ['x86', 'x86_64', 'i386', 'arm64'] as const satisfies readonly Arch[];

/** Options that say which Kconfig to read and what to set, as `resolve` and `why` have them. */
export const optionSetOptions = {
  edition: {
    type: 'string',
    value: 'NAME',
    description: 'Use the option set that ships with kmatrix for this edition. Default: v7.0.',
  },
  tree: { type: 'string', value: 'DIR', description: 'Use the Kconfig of a kernel source tree.' },
  ...toolchainOption,
  kconfig: { type: 'string', value: 'FILE', description: 'Use any Kconfig file.' },
  ...environmentOption,
  arch: {
    type: 'string',
    choices: ARCHES,
    description: 'Architecture of the kernel source tree. Default: x86.',
  },
  config: { type: 'string', value: 'FILE', description: 'Start from this .config file.' },
  mode: {
    type: 'string',
    choices: MODES,
    description:
      'What options without a value get. Default: olddefconfig with --config, else alldefconfig.',
  },
  set: {
    type: 'string',
    value: 'NAME=value',
    multiple: true,
    description: 'Set an option on top of that.',
  },
} as const satisfies Record<string, OptionSpec>;

/** The edition whose option set is used where none is named. */
export const DEFAULT_EDITION = 'v7.0';

/** An option set after Kconfig has spoken. */
export interface Resolved {
  readonly config: Config;
  readonly settings: readonly Setting[];
  /** What Kconfig has to say that is not an error, e.g. values in the `.config` it cannot use. */
  readonly warnings: readonly string[];
}

/** Resolve the one option set a command line describes. */
export async function resolveOptionSet({ args, io }: Context): Promise<Resolved> {
  const config = (await kconfigOf({ args, io })).config();
  if (args.has('tree') || args.has('kconfig')) remarkUnanswered({ args, io }, [config.kconfig]);
  const base = args.text('config');
  const warnings = base === undefined ? [] : load(config, userPath(base, io));
  config.apply(modeOf(args.text('mode'), base !== undefined));
  // After the mode, as a matrix does it: what is asked for outranks what fills the gaps.
  const settings = args.all('set').map((text) => parseSetting(text, '--set'));
  for (const setting of settings) store(config, setting);
  return { config, settings, warnings };
}

function load(config: Config, path: string): string[] {
  const unknown: string[] = [];
  const found = config.load(readText(path, '.config file'), path, {
    onUnknown: (name) => unknown.push(name),
  });
  const shown = unknown.slice(0, 3).join(', ');
  const more = unknown.length > 3 ? ` and ${unknown.length - 3} more` : '';
  return [
    ...found.map((diagnostic) => formatDiagnostic(diagnostic)),
    ...(unknown.length > 0 ? [`${path}: warning: this Kconfig lacks ${shown}${more}`] : []),
  ];
}

/** A name or value Kconfig does not know is an input error; one it does not grant is not. */
function store(config: Config, { name, value }: Setting): void {
  const result = config.set(name, value);
  if (result.ok) return;
  throw inputError(
    result.code,
    `--set ${name}=${value}: ${result.message}`,
    undefined,
    result.hint,
  );
}

function modeOf(text: string | undefined, hasBase: boolean): Mode {
  return MODES.find((mode) => mode === text) ?? (hasBase ? 'olddefconfig' : 'alldefconfig');
}

/** The Kconfig a command line names: that of a tree, a file, or an edition. */
export async function kconfigOf({ args, io }: Pick<Context, 'args' | 'io'>): Promise<Kconfig> {
  const given = ['edition', 'tree', 'kconfig'].filter((name) => args.has(name));
  if (given.length > 1) {
    throw inputError(
      'usage',
      `${given.map((name) => `--${name}`).join(' and ')} exclude each other`,
    );
  }
  const tree = args.text('tree');
  if (args.has('arch') && tree === undefined) {
    throw inputError('usage', '--arch goes with --tree only');
  }
  const environment = environmentOf({ args });
  if (args.has('env') && !args.has('kconfig'))
    throw inputError('usage', '--env goes with --kconfig only');
  const profile = toolchainOf({ args, io });
  if (tree !== undefined) return treeKconfig(userPath(tree, io), args.text('arch'), profile);
  const file = args.text('kconfig');
  if (file !== undefined) return fileKconfig(userPath(file, io), environment);
  return editionKconfig(args.text('edition') ?? DEFAULT_EDITION);
}

/** The option set that ships for an edition. The kernel is loaded only here: whoever asks about a tree does without. */
export async function editionKconfig(name: string): Promise<Kconfig> {
  const { shippedOptions } = await import('../matrix/index.ts');
  const { editionOf } = await import('./edition.ts');
  return shippedOptions().optionsOf(editionOf(name)).kconfig;
}

function treeKconfig(
  tree: string,
  given: string | undefined,
  profile: ToolchainProfile | undefined,
): Kconfig {
  checkKernelTree(tree);
  const arch = ARCHES.find((name) => name === given) ?? 'x86';
  return readingKconfigIn(tree, () => kernelKconfig(tree, { arch, ...(profile && { profile }) }));
}
