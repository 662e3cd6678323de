import type { ParsedArguments } from './arguments.ts';
import type { Io } from './io.ts';

/** An option of a command. */
export interface OptionSpec {
  readonly type: 'string' | 'boolean';
  /** May be given several times. */
  readonly multiple?: boolean;
  /** What stands for the value in the help: `FILE`. */
  readonly value?: string;
  /** The only values accepted. */
  readonly choices?: readonly string[];
  readonly description: string;
}

/** What a command is given. */
export interface Context {
  readonly io: Io;
  readonly args: ParsedArguments;
  readonly signal: AbortSignal;
}

/** A command of kmatrix: its help text is made from this, so the two cannot drift apart. */
export interface Command {
  readonly name: string;
  /** Arguments as the usage line shows them: `[MATRIX]`. */
  readonly usage: string;
  /** Paragraphs below the usage line. */
  readonly description: readonly string[];
  /** Fewest and most arguments beside the options. */
  readonly arity: readonly [number, number];
  readonly options: Readonly<Record<string, OptionSpec>>;
  /** Command lines with what they do. */
  readonly examples: readonly (readonly [string, string])[];
  /** Returns the exit code. */
  readonly run: (context: Context) => Promise<number>;
}
