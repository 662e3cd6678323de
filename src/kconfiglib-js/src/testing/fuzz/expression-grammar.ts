import type { Random } from './random.ts';

/** A symbol of a generated tree. */
export interface FuzzSymbol {
  name: string;
  type: 'bool' | 'tristate' | 'int' | 'hex' | 'string';
  /** Lies in a choice. */
  member: boolean;
}

const CONSTANTS = [
  'y',
  'n',
  'm',
  '"y"',
  '"n"',
  '"m"',
  '1',
  '0',
  '0x10',
  '"abc"',
  '""',
  '"16"',
  '-3',
  '010',
];

/** Writes conditions and values that mention the symbols of a tree. */
export class ExpressionGrammar {
  readonly #random: Random;
  readonly #symbols: readonly FuzzSymbol[];

  /** Functions the tree has defined that give their first argument. */
  readonly functions: string[] = [];

  constructor(random: Random, symbols: readonly FuzzSymbol[]) {
    this.#random = random;
    this.#symbols = symbols;
  }

  /** A condition on the symbols before `limit`. */
  expression(limit: number, depth = 0): string {
    const random = this.#random;
    const roll = random.below(depth > 2 ? 5 : 10);
    if (roll < 5) return this.#atom(limit);
    if (roll < 7)
      return `${this.expression(limit, depth + 1)} && ${this.expression(limit, depth + 1)}`;
    if (roll < 9)
      return `(${this.expression(limit, depth + 1)} || ${this.expression(limit, depth + 1)})`;
    return `!(${this.expression(limit, depth + 1)})`;
  }

  #atom(limit: number): string {
    const random = this.#random;
    const roll = random.below(20);
    if (limit === 0 || roll === 0)
      return random.pick(['y', 'n', 'm', 'MODULES', 'NOWHERE', '$(FUZZ_YES)']);
    const symbol = this.#symbols[random.below(limit)] as FuzzSymbol;
    if (this.functions.length > 0 && random.chance(6))
      return `$(${random.pick(this.functions)},${symbol.name},${random.below(9)})`;
    if (symbol.type !== 'bool' && symbol.type !== 'tristate')
      return this.#comparison(symbol, limit);
    if (roll < 12) return symbol.name;
    if (roll < 16) return `!${symbol.name}`;
    return this.#comparison(symbol, limit);
  }

  /**
   * `conf` compares a bool with `!= y` by an address, so the outcome is chance: that one comparison is not written
   * for anything that may be a bool.
   */
  #comparison(symbol: FuzzSymbol, limit: number): string {
    const random = this.#random;
    const logical = symbol.type === 'bool' || symbol.type === 'tristate';
    const op = logical
      ? random.pick(['=', '=', '!=', '!=', '<', '>='])
      : random.pick(['=', '!=', '<', '<=', '>', '>=']);
    let other = logical ? random.pick(['y', 'm', 'n', 'n', '"m"']) : this.#plain(symbol.type);
    if (random.chance(12)) other = random.pick(CONSTANTS);
    else if (random.chance(15)) other = (this.#symbols[random.below(limit)] as FuzzSymbol).name;
    if (op === '!=' && /^"?y"?$/.test(other)) other = 'n';
    const blank = random.chance(50) ? '' : ' ';
    return `${symbol.name}${blank}${op}${blank}${other}`;
  }

  /** A value for a default. */
  value(type: FuzzSymbol['type'], limit: number): string {
    const random = this.#random;
    if (type === 'bool' || type === 'tristate') {
      if (random.chance(60))
        return random.pick(type === 'bool' ? ['y', 'y', 'n', 'm'] : ['y', 'm', 'm', 'n']);
      return this.expression(limit, 2);
    }
    const same = this.#symbols.slice(0, limit).filter((symbol) => symbol.type === type);
    if (same.length > 0 && random.chance(30)) return random.pick(same).name;
    if (random.chance(3)) return this.expression(limit, 2);
    return this.#plain(type);
  }

  /** A bound of a range. */
  bound(type: FuzzSymbol['type'], limit: number): string {
    const random = this.#random;
    const same = this.#symbols.slice(0, limit).filter((symbol) => symbol.type === type);
    if (same.length > 0 && random.chance(25)) return random.pick(same).name;
    return random.chance(2) ? random.pick(CONSTANTS) : this.#plain(type);
  }

  #plain(type: FuzzSymbol['type']): string {
    const random = this.#random;
    switch (type) {
      case 'int':
        return random.chance(4)
          ? random.pick(['-5', '-1', '99999999999999999999', '"7"', '010', '0x7'])
          : String(random.below(40));
      case 'hex':
        return random.chance(10)
          ? random.pick(['ff', '0XFF', '"0x1f"', '10'])
          : `0x${random.below(64).toString(16)}`;
      case 'string':
        return random.pick([
          '"abc"',
          '"b"',
          '""',
          '"a b"',
          '"16"',
          '"q\\"x"',
          'word',
          '"$(FUZZ_WORD)"',
        ]);
      default:
        return random.pick(['y', 'n', 'm']);
    }
  }
}
