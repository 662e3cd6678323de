import type { Config, Kconfig } from 'kconfiglib-js';
import { evaluate, type Formula, freeOf } from '../condition/formula.ts';

/** So many are kept; the one that helped last is tried first. */
const KEPT = 48;

/** Things Kconfig says nothing of that are tried in all ways together. */
const MOST_FREE = 4;

/**
 * Configurations a tree's Kconfig allows, which show that formulas can hold: most of what can is true in one that was met
 * before, and a solver need not be asked.
 */
export class Witnesses {
  readonly #configs: Config[] = [];

  /** One more: the configuration a mode of a Kconfig makes. */
  seed(kconfig: Kconfig, mode: Parameters<Config['apply']>[0]): void {
    const config = kconfig.config();
    config.apply(mode);
    this.add(config);
  }

  /** One more, tried before the others. */
  add(config: Config): void {
    this.#configs.unshift(config);
    this.#configs.length = Math.min(this.#configs.length, KEPT);
  }

  /** Does a formula hold in one of them, for some way of what Kconfig says nothing of. */
  show(formula: Formula): boolean {
    const at = this.#configs.findIndex((config) => holdsSomehow(formula, config));
    if (at > 0) this.#configs.unshift(...this.#configs.splice(at, 1));
    return at >= 0;
  }
}

/** Does a formula hold in a configuration for some way of what Kconfig says nothing of, so many of these tried together. */
export function holdsSomehow(formula: Formula, config: Config, most = MOST_FREE): boolean {
  const value = (symbol: string): string | undefined => config.get(symbol);
  const plain = evaluate(formula, value);
  if (plain !== undefined) return plain;
  const free = [...freeOf(formula)].slice(0, most);
  for (let way = 0; way < 1 << free.length; way++) {
    const tried = evaluate(formula, value, (text) => {
      const at = free.indexOf(text);
      return at < 0 ? undefined : ((way >> at) & 1) === 1;
    });
    if (tried === true) return true;
  }
  return false;
}
