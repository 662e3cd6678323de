import { inputError } from '../../input/index.ts';
import type { Command } from '../command.ts';
import { browseConfig, checkConfigBrowser, configBrowserOptions } from '../config-browser.ts';
import { hasTerminal } from '../has-terminal.ts';

/** `kmatrix menu`: a configuration in the terminal, as menuconfig shows it. */
export const menuCommand: Command = {
  name: 'menu',
  usage: '[OPTIONS]',
  description: [
    'Browses and edits a configuration in the terminal with the keys of menuconfig: y, m, n, Space and Enter, ' +
      '/ to search, w to ask why an option has its value and what would give it another, u to undo, s to save.',
    'Of a source tree nothing is run: what it asks the compiler is answered from a recorded profile.',
  ],
  arity: [0, 0],
  options: configBrowserOptions,
  examples: [
    ['kmatrix menu --tree ~/src/linux', 'The options of a kernel tree, and the .config here.'],
    ['kmatrix menu --tree . --arch arm64 --config build/.config', 'Another architecture.'],
    ['kmatrix menu --edition v6.12', 'The options of the simulated kernel.'],
  ],
  run: async (context) => {
    checkConfigBrowser(context);
    if (!hasTerminal(context.io)) {
      throw inputError(
        'no-terminal',
        'kmatrix menu needs a terminal for its input and output',
        undefined,
        'kmatrix resolve and kmatrix why answer without one',
      );
    }
    return browseConfig(context);
  },
};
