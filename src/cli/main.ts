import { parseArguments } from './arguments.ts';
import type { Command } from './command.ts';
import { commandNamed } from './command-entry.ts';
import { commands, defaultCommand } from './commands/index.ts';
import { commandHelp, mainHelp } from './help-text.ts';
import { exit, type Io } from './io.ts';
import { reportError } from './report-error.ts';
import { runProcess } from './start.ts';
import { version } from './version.ts';

/** Run one command line; the result is the exit code. Nothing is thrown, nothing exits. */
export async function main(argv: string[], io: Io): Promise<number> {
  try {
    return await dispatch(argv, io);
  } catch (error) {
    return reportError(error, argv, io);
  }
}

/** Run as the current process. */
export function start(): Promise<void> {
  return runProcess(main);
}

async function dispatch(argv: readonly string[], io: Io): Promise<number> {
  const [name, ...rest] = argv;
  if (name === '--version') {
    io.stdout.write(`kmatrix ${version()}\n`);
    return exit.done;
  }
  if (name === '--help' || name === '-h') {
    io.stdout.write(mainHelp(commands));
    return exit.done;
  }
  if (name === undefined || name.startsWith('-'))
    return runCommand(await defaultCommand(), argv, io);
  const entry = commandNamed(commands, name, 'kmatrix help lists the commands');
  return runCommand(await entry.load(), rest, io, entry.short);
}

async function runCommand(
  command: Command,
  argv: readonly string[],
  io: Io,
  short = false,
): Promise<number> {
  const args = parseArguments(command, argv);
  if (args.has('help')) {
    io.stdout.write(commandHelp(command));
    return exit.done;
  }
  // Shipped option sets are so small that other settings take longer than they save.
  if (short && args.has('tree')) io.expectShortRun?.();
  const signal = io.signal ?? new AbortController().signal;
  const code = await command.run({ io, args, signal });
  return signal.aborted && code === exit.done ? exit.interrupted : code;
}
