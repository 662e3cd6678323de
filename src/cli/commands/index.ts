import type { Command } from '../command.ts';
import { diffCommand } from './diff.ts';
import { helpCommand } from './help.ts';
import { recordToolchainCommand } from './record-toolchain.ts';
import { resolveCommand } from './resolve.ts';
import { runCommand } from './run.ts';
import { schemaCommand } from './schema.ts';
import { simulateCommand } from './simulate.ts';
import { whyCommand } from './why.ts';

/** Every command in the order the help lists them. */
export const commands: readonly Command[] = [
  runCommand,
  diffCommand,
  resolveCommand,
  whyCommand,
  simulateCommand,
  recordToolchainCommand(),
  schemaCommand,
  helpCommand(() => commands),
];

export { browseCommand as defaultCommand } from './browse.ts';
