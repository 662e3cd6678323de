import { didYouMean, inputError } from '../input/index.ts';
import type { Command } from './command.ts';

/** A command as the list of commands has it. What it is made of is loaded when it is asked for. */
export interface CommandEntry {
  readonly name: string;
  /** One line for the list of commands. */
  readonly summary: string;
  /** Is it over so soon, even on a kernel tree, that optimized code does not pay off. */
  readonly short?: boolean;
  readonly load: () => Promise<Command>;
}

/** The command of a name the user gave; another name is an input error, with `hint` if none is like it. */
export function commandNamed(
  entries: readonly CommandEntry[],
  name: string,
  hint?: string,
): CommandEntry {
  const found = entries.find((entry) => entry.name === name);
  if (found) return found;
  const names = entries.map((entry) => entry.name);
  throw inputError(
    'usage',
    `unknown command "${name}"`,
    undefined,
    didYouMean(name, names) ?? hint,
  );
}
