import type { Command } from '../command.ts';
import { type CommandEntry, commandNamed } from '../command-entry.ts';
import { commandHelp, mainHelp } from '../help-text.ts';
import { exit } from '../io.ts';

/** `kmatrix help`, given the commands there are. */
export function helpCommand(commands: readonly CommandEntry[]): Command {
  return {
    name: 'help',
    usage: '[COMMAND]',
    description: ['Shows the list of commands, or the help of one of them.'],
    arity: [0, 1],
    options: {},
    examples: [['kmatrix help diff', 'What "kmatrix diff --help" shows.']],
    run: async ({ io, args }) => {
      const [name] = args.positionals;
      const text =
        name === undefined
          ? mainHelp(commands)
          : commandHelp(await commandNamed(commands, name).load());
      io.stdout.write(text);
      return exit.done;
    },
  };
}
