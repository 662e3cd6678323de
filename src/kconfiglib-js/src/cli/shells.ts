import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import type { Shell } from '../preprocess/shell.ts';
import { cacheDirectory } from '../snapshot/place.ts';
import { toolchainProfile } from '../toolchain/profile.ts';
import { Exit, type Io, realShell } from './io.ts';
import type { Options } from './options.ts';

/** The shell of a run, and what is known about its answers. */
export interface CommandShell {
  shell: Shell;
  /** Files that alone decide what it answers. */
  files: readonly string[];
  /** The reading of the tree begins: what was asked before was asked to check a snapshot. */
  begin(): void;
  /** The tree was read: answers can be kept. */
  save(): void;
  /** Did no command print anything on standard error so far. */
  quiet(): boolean;
}

/** The shell a command line and its environment ask for. */
export async function commandShell(options: Options, io: Io): Promise<CommandShell> {
  const profile = io.env.KCONF_PROFILE;
  if (profile) return profileShell(io, profile);
  let quiet = true;
  const stderr = (text: string): void => {
    quiet = false;
    io.stderr(text);
  };
  const caches = cacheDirectory(io.env);
  const rest = { files: [], quiet: () => quiet };
  if (!options.shellCache || io.env.KCONF_SHELL_CACHE === '0' || caches === undefined)
    return { ...onceMore(realShell({ ...io, stderr })), ...rest, save: () => {} };
  const { ShellCache } = await import('../toolchain/shell-cache.ts');
  const { env, cwd } = io;
  const cache = new ShellCache({ directory: `${caches}/shell`, env, cwd, stderr });
  return { ...onceMore(cache.shell), ...rest, save: () => cache.save() };
}

/** Answers from a recorded toolchain profile. Nothing is run. */
async function profileShell(io: Io, profile: string): Promise<CommandShell> {
  const file = resolve(io.cwd, profile);
  const files = [file];
  let known: Shell | undefined;

  const shell: Shell = (request, context) => {
    known ??= toolchainProfile(readProfile(io, file), file);
    return known(request, context);
  };
  return { shell, files, begin: () => {}, save: () => {}, quiet: () => true };
}

function readProfile(io: Io, file: string): unknown {
  try {
    return JSON.parse(readFileSync(file, 'utf8'));
  } catch (error) {
    io.stderr(`${io.progname}: KCONF_PROFILE: ${(error as Error).message}\n`);
    throw new Exit(1);
  }
}

/**
 * What was asked to see whether a snapshot holds is not asked again when it does not: the first time a command comes
 * after `begin` it gets the answer from before.
 */
function onceMore(shell: Shell): { shell: Shell; begin: () => void } {
  const spare = new Map<string, string | undefined>();
  let begun = false;
  return {
    begin: () => {
      begun = true;
    },
    shell: (request, context) => {
      const { command } = request;
      if (begun && spare.has(command)) {
        const answer = spare.get(command);
        spare.delete(command);
        return answer;
      }
      const answer = shell(request, context);
      if (!begun) spare.set(command, answer);
      return answer;
    },
  };
}
