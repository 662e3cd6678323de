import { and, type Formula, keyOf, not } from '../condition/formula.ts';
import type { SourceTree } from '../source/source-tree.ts';
import { Architectures } from './architectures.ts';
import type { Reference } from './reference.ts';

/**
 * `dangling`: no Kconfig file defines the option. `dead`: no configuration Kconfig allows lets it hold (or be reached).
 * `always`: it holds wherever it is reached. `live`: none of these, or it could not be decided.
 */
export type State = 'live' | 'dead' | 'always' | 'dangling';

export interface Decision {
  readonly state: State;
  /** A proof was not found in time, or a Kconfig could not be read: the state is then `live`. */
  readonly undecided: boolean;
}

/** Mentions that no configuration changes. */
const INERT = /^(?:comment|documentation|string|other|defconfig)$/;

/** Decides the states of references against the Kconfig of all architectures a file can be compiled for. */
export class Decider {
  readonly #tree: SourceTree;
  readonly #architectures: Architectures;
  readonly #known = new Map<string, boolean | undefined>();

  constructor(tree: SourceTree) {
    this.#tree = tree;
    this.#architectures = new Architectures(tree);
  }

  decide(symbol: string, reference: Reference): Decision {
    if (!this.#tree.defines(symbol)) return { state: 'dangling', undecided: false };
    const { file, kind, reached, holds } = reference;
    if (INERT.test(kind)) return { state: 'live', undecided: false };
    const can = this.possible(holds ?? reached, file);
    if (can === false) return { state: 'dead', undecided: false };
    const must = holds === undefined ? undefined : this.possible(and(reached, not(holds)), file);
    if (must === false) return { state: 'always', undecided: false };
    const undecided = can === undefined || (holds !== undefined && must === undefined);
    return { state: 'live', undecided };
  }

  /** Can a formula hold in some configuration for which a file is compiled; undefined if that is not known. */
  possible(formula: Formula, file: string): boolean | undefined {
    if (typeof formula === 'boolean') return formula;
    const names = this.#architectures.of(file);
    const key = `${names.join(' ')} ${keyOf(formula)}`;
    if (!this.#known.has(key)) this.#known.set(key, this.#ask(formula, names));
    return this.#known.get(key);
  }

  #ask(formula: Formula, names: readonly string[]): boolean | undefined {
    let known = names.length > 0;
    for (const name of names) {
      const answer = this.#architectures.answers(name)?.satisfiable(formula);
      if (answer === 'yes') return true;
      if (answer !== 'no') known = false;
    }
    return known ? false : undefined;
  }
}
