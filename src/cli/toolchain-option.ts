import { type ToolchainProfile, toolchainProfile } from 'kconfiglib-js';
import { inputError, readingKconfig, readText } from '../input/index.ts';
import type { Context, OptionSpec } from './command.ts';
import { userPath } from './paths.ts';

/** `--toolchain`, as every command has it that resolves options of a tree. */
export const toolchainOption = {
  toolchain: {
    type: 'string',
    value: 'FILE',
    description:
      'Answer what the tree asks the compiler from this file of record-toolchain. With --tree only.',
  },
} as const satisfies Record<string, OptionSpec>;

/** The toolchain profile a command line names, if it names one. */
export function toolchainOf({
  args,
  io,
}: Pick<Context, 'args' | 'io'>): ToolchainProfile | undefined {
  const file = args.text('toolchain');
  if (file === undefined) return undefined;
  if (!['tree', 'left-tree', 'right-tree'].some((name) => args.has(name)))
    throw inputError('usage', '--toolchain goes with --tree only');
  const text = readText(userPath(file, io), 'toolchain profile');
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch (error) {
    throw inputError('bad-profile', `${file}: is not JSON: ${(error as Error).message}`);
  }
  // Made for the sake of its checks; the profile also has the environment.
  readingKconfig(() => toolchainProfile(json, file));
  return json as ToolchainProfile;
}
