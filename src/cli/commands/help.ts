import { didYouMean, inputError } from '../../input/index.ts';
import type { Command } from '../command.ts';
import { commandHelp, mainHelp } from '../help-text.ts';
import { exit } from '../io.ts';

/** `kmatrix help`, given the commands there are. */
export function helpCommand(commands: () => readonly Command[]): Command {
  return {
    name: 'help',
    summary: 'show the commands, or the help of one',
    usage: '[COMMAND]',
    description: ['Shows the list of commands, or the help of one of them.'],
    arity: [0, 1],
    options: {},
    examples: [['kmatrix help diff', 'What "kmatrix diff --help" shows.']],
    run: async ({ io, args }) => {
      const [name] = args.positionals;
      if (name === undefined) {
        io.stdout.write(mainHelp(commands()));
        return exit.done;
      }
      const found = commands().find((command) => command.name === name);
      if (!found) {
        const names = commands().map((command) => command.name);
        throw inputError('usage', `unknown command "${name}"`, undefined, didYouMean(name, names));
      }
      io.stdout.write(commandHelp(found));
      return exit.done;
    },
  };
}
