import type { Span } from '../diagnostics/diagnostic.ts';

/** One question a Kconfig file asks the machine through `$(shell,…)`. */
export interface ShellRequest {
  /** The command after expansion, as it would be handed to `/bin/sh -c`. */
  command: string;
  /** The outermost user macro being expanded, with its expanded arguments: `cc-option` and `-fstack-protector`. */
  macro?: { name: string; args: readonly string[] };
  /** Where the macro is used. */
  span: Span;
}

/** What a shell may need to know beyond the question. */
export interface ShellContext {
  /** The source tree the question is about, so that an answer can be recorded without its path. */
  srctree?: string | undefined;
  /** The environment macros see; a command that is run sees it too. */
  env?: Readonly<Record<string, string | undefined>>;
}

/** Answers a question, or returns undefined when it cannot. */
export type Shell = (request: ShellRequest, context?: ShellContext) => string | undefined;

/** The default: nothing is ever run. */
export const NO_SHELL: Shell = () => undefined;

/** A command of the shape `… && echo "y" || echo "n"`, in either order: what `success` and `failure` expand to. */
const YES_NO = /&&\s*echo\s+"?[yn]"?\s*\|\|\s*echo\s+"?[yn]"?\s*$/;

/** What an unanswered question counts as: `n` where y or n was asked for, else nothing, which the lexer makes 0 where a value must stand. */
export function unansweredValue(command: string): string {
  return YES_NO.test(command) ? 'n' : '';
}
