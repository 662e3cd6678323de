import type { SideOption } from './side.ts';
import { valueText } from './value-text.ts';

/** What is known of an option on both sides. */
export interface OptionPair {
  readonly symbol: string;
  readonly left: SideOption | undefined;
  readonly right: SideOption | undefined;
}

/** What the two sides asked for and which editions they are. */
export interface Asked {
  readonly left: Readonly<Record<string, string>>;
  readonly right: Readonly<Record<string, string>>;
  readonly sameEdition: boolean;
}

/**
 * Finds the first causes of options' two values.
 *
 * Kconfig's reason for a value names the symbols it was computed from. Following those that differ
 * too leads back to one that was asked for differently; where it does not, the reason itself is all
 * there is to say.
 */
export class Causes {
  readonly #pairs: ReadonlyMap<string, OptionPair>;
  readonly #asked: Asked;
  readonly #named = new Map<string, readonly string[]>();

  /** @param pairs  the options whose values differ */
  constructor(pairs: readonly OptionPair[], asked: Asked) {
    this.#pairs = new Map(pairs.map((pair) => [pair.symbol, pair]));
    this.#asked = asked;
  }

  /** The first cause of one of them, in a sentence. */
  of(pair: OptionPair): string {
    const cameFrom = new Map<string, string | null>([[pair.symbol, null]]);
    const queue = [pair.symbol];
    // A queue that is walked, not shifted: a tree has thousands of options that differ.
    for (const symbol of queue) {
      if (isAsked(symbol, this.#asked)) {
        const how = symbol === pair.symbol ? '' : howText(pair);
        return `${how}${causeText(symbol, pair.symbol, cameFrom, this.#asked)}`;
      }
      for (const next of this.#namedIn(symbol)) {
        if (cameFrom.has(next)) continue;
        cameFrom.set(next, symbol);
        queue.push(next);
      }
    }
    const reason = pair.right?.why || pair.left?.why || '';
    return this.#asked.sameEdition
      ? reason
      : `The editions' Kconfig files differ. ${reason}`.trim();
  }

  /** Symbols that differ and that the reasons for a symbol's values name. */
  #namedIn(symbol: string): readonly string[] {
    const known = this.#named.get(symbol);
    if (known) return known;
    const { left, right } = this.#pairs.get(symbol) ?? {};
    // What would be a module is built in where there are none.
    const modules = new Set([left?.value, right?.value]);
    const names = [
      ...(modules.has('m') && modules.has('y') ? ['MODULES'] : []),
      ...[left, right].flatMap((side) => [
        ...(side?.from ?? []),
        ...(side?.why.match(/[A-Za-z0-9_]+/g) ?? []),
      ]),
    ];
    const found = [...new Set(names)].filter((name) => name !== symbol && this.#pairs.has(name));
    this.#named.set(symbol, found);
    return found;
  }
}

function isAsked(symbol: string, { left, right }: Asked): boolean {
  return left[symbol] !== right[symbol] && (symbol in left || symbol in right);
}

/** By which mechanism of Kconfig the cause gets here, where that is known. */
function howText({ left, right }: OptionPair): string {
  const [a, b] = [left?.how, right?.how];
  if (b === 'dependency' && a !== b) return 'Its dependencies do not hold on the right: ';
  if (a === 'dependency' && b !== a) return 'Its dependencies do not hold on the left: ';
  if (b === 'select' && a !== b) return 'It is selected on the right: ';
  if (a === 'select' && b !== a) return 'It is selected on the left: ';
  if (a === 'default' && b === 'default') return 'Its default differs: ';
  return '';
}

function causeText(
  cause: string,
  symbol: string,
  cameFrom: ReadonlyMap<string, string | null>,
  { left, right }: Asked,
): string {
  const asked = `${cause} is asked to be ${side(left[cause])} on the left and ${side(right[cause])} on the right`;
  if (cause === symbol) return asked;
  const via: string[] = [];
  for (let at = cameFrom.get(cause); at && at !== symbol; at = cameFrom.get(at)) via.push(at);
  return via.length === 0 ? asked : `${asked}, which decides ${via.join(', then ')}`;
}

function side(value: string | undefined): string {
  return value === undefined ? 'left to its default' : valueText(value);
}
