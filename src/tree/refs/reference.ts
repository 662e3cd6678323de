import type { Formula } from '../condition/formula.ts';

/** A mention of an option, with what is known of it from its file alone. */
export interface Reference {
  /** Path from the top of the tree. */
  readonly file: string;
  readonly line: number;
  /**
   * How it is mentioned: a directive (`ifdef`, `if`, …), a macro (`IS_ENABLED`, …), `value`, `define`, `comment`,
   * `string`; by a convention of the project a macro (`CONFIG_IS_ENABLED`) or a form of name (`ENABLE_X`); a statement of Kconfig (`config`, `depends on`, `select`, …); of a Makefile `object`, `conditional`,
   * `makefile`; or `defconfig`, `cfg`, `documentation`, `other`.
   */
  readonly kind: string;
  /** The function, type, variable or macro around it; in Kconfig files the entry. */
  readonly in: string | undefined;
  /** What it takes for the mention to be reached: Kbuild compiles the file, and conditionals around let it through. */
  readonly reached: Formula;
  /** For what asks after the option: what it takes for the answer to be yes. Implies `reached`. */
  readonly holds: Formula | undefined;
  /** Present where it is handed arguments: in code it is a macro then (`CONFIG_IS_ENABLED(X)` of U-Boot), and no option. */
  readonly called?: true;
  /** Present where a script takes the mention out of its file: it counts whether that is compiled or not. */
  readonly extracted?: true;
  /** Of a name made of the option's the whole name: `ENABLE_X`. */
  readonly spelled?: string;
}

/** A mention in a file, still to be looked at. */
export interface Spot {
  readonly offset: number;
  readonly symbol: string;
}
