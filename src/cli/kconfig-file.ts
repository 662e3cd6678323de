import { basename, dirname, resolve } from 'node:path';
import {
  type Kconfig,
  KconfigError,
  loadShippedProfile,
  type OwnConf,
  ownConf,
  type ParseOptions,
  parse,
  toolchainProfile,
} from 'kconfiglib-js';
import { inputError, readBytes } from '../input/index.ts';
import type { Context, OptionSpec } from './command.ts';
import { readingKconfigIn } from './reading-kconfig.ts';

/** The option that gives what a project's Makefile would export. */
export const environmentOption = {
  env: {
    type: 'string',
    value: 'NAME=value',
    multiple: true,
    description:
      "A variable the Kconfig files ask for, as the project's Makefile exports it, e.g. SRCARCH=x86.",
  },
} as const satisfies Record<string, OptionSpec>;

/** The variables a command line gives. */
export function environmentOf({ args }: Pick<Context, 'args'>): Record<string, string> {
  const texts = args.all('env');
  return Object.fromEntries(
    texts.map((text) => {
      const [, name, value] = /^([A-Za-z_]\w*)=(.*)$/s.exec(text) ?? [];
      if (name !== undefined && value !== undefined) return [name, value];
      throw inputError('usage', `--env: "${text}" is not of the form NAME=value`);
    }),
  );
}

/**
 * Any Kconfig file. It is read as the `conf` of its project reads it, where that lies with it, from the folder that is called in.
 * Without one it is read in the newest language, or if it is not written in that in the one other projects use.
 */
export function fileKconfig(path: string, given: Record<string, string>): Kconfig {
  // Read here first for the sake of the message: a folder or a missing file is no error of Kconfig.
  readBytes(path, 'Kconfig file');
  const own = ownConf(path);
  const read = own
    ? () => parse(basename(path), howOf(path, given, own))
    : () => inEither(path, given);
  return readingKconfigIn(dirname(path), read);
}

/** In the newest language or the superset; of errors in both, those of the one that has fewer. */
function inEither(path: string, given: Record<string, string>): Kconfig {
  const how = howOf(path, given);
  try {
    return parse(basename(path), how);
  } catch (error) {
    if (!(error instanceof KconfigError)) throw error;
    try {
      return parse(basename(path), { ...how, dialect: 'superset' });
    } catch (other) {
      if (!(other instanceof KconfigError)) throw other;
      throw other.diagnostics.length < error.diagnostics.length ? other : error;
    }
  }
}

function howOf(path: string, given: Record<string, string>, own?: OwnConf): ParseOptions {
  const profile = loadShippedProfile();
  const folder = dirname(path);
  const root = own === undefined || own.root === resolve(folder) ? folder : own.root;
  const env = { ...profile.environment, srctree: resolve(root), ...given };
  return {
    env,
    shell: toolchainProfile(profile),
    searchPath: [...new Set([folder, root, env.srctree])],
    ...(own && { dialect: own.dialect, optionalSources: own.optionalSources }),
  };
}
