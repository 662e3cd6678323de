import { inputError } from '../input/index.ts';
import type { Services } from '../tui/index.ts';
import type { Context } from './command.ts';
import { argumentOf } from './diff-arguments.ts';
import { optionSetSide } from './option-set.ts';

/** Sides of comparisons for the terminal UI: files that "kmatrix diff" takes for one configuration. */
export function sideServiceOf({ io }: Context): NonNullable<Services['sides']> {
  return {
    read: (text) => {
      const named = argumentOf(text, io);
      if (named.kind === 'side') return named.side;
      if (named.kind === 'config') return optionSetSide(named.path, named.name);
      throw inputError('usage', `${text} is neither a .config file nor a cell of a report`);
    },
  };
}
