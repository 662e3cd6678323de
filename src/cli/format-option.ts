import type { OptionSpec } from './command.ts';

/** `--format` with the words a command takes. */
export function formatOption(...choices: readonly string[]): { readonly format: OptionSpec } {
  return {
    format: { type: 'string', choices, description: `How to write it. Default: ${choices[0]}.` },
  };
}
