import type { Macro } from './macro.ts';
import type { Item, Token } from './tokens.ts';

/** Where files come from. */
export interface Files {
  /** A file cut into items; undefined if there is none. Cut once and shared. */
  readonly items: (path: string) => readonly Item[] | undefined;
  /** The path an `#include` means; undefined if nothing is found. */
  readonly resolve: (name: string, quoted: boolean, from: string) => string | undefined;
}

/** A token as the compiler gets it, and whose line made it. */
export interface Out {
  readonly token: Token;
  readonly file: string;
  /** Line of the token; of a macro the line its name stands in. */
  readonly line: number;
  /** The macro written there, if one made the token. */
  readonly macro: string | undefined;
}

/** A name of the main file that reached the preprocessor, with the macro it was then. */
export interface Written {
  readonly token: Token;
  readonly macro: Macro | undefined;
}

/** What is said where a file is given up: nothing behind it was read. */
export const GIVEN_UP = 'more tokens than any kernel has: not read on';

/** What could not be done; the rest was, but for `GIVEN_UP`. */
export interface Problem {
  readonly file: string;
  readonly line: number;
  readonly message: string;
}

/** A file with all it includes, as the compiler gets it. */
export interface Unit {
  readonly tokens: readonly Out[];
  /** Which of them are of the main file, or of what macros it uses stand for: few beside those of headers. */
  readonly own: readonly number[];
  readonly macros: ReadonlyMap<string, Macro>;
  /** Every token of the main file outside of directives that was reached, as written. */
  readonly written: readonly Written[];
  readonly files: ReadonlySet<string>;
  readonly problems: readonly Problem[];
}
