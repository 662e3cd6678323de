import type { Io } from './io.ts';

/**
 * Can a terminal UI be used: one without keys, or on a terminal that cannot position text, would be one nobody can
 * leave. Asked before the UI is loaded, for loading it costs more than most answers.
 */
export function hasTerminal({ stdin, stdout, env }: Io): boolean {
  return stdin.isTTY === true && stdout.isTTY === true && env.TERM !== 'dumb';
}
