import type { OptionReason } from '../../matrix/index.ts';
import { valueText } from './value-text.ts';

/** What is known of an option on both sides. */
export interface OptionPair {
  readonly symbol: string;
  readonly left: OptionReason | undefined;
  readonly right: OptionReason | undefined;
}

/** What the two sides asked for and which editions they are. */
export interface Asked {
  readonly left: Readonly<Record<string, string>>;
  readonly right: Readonly<Record<string, string>>;
  readonly sameEdition: boolean;
}

/**
 * The first cause of an option's two values.
 *
 * Kconfig's reason for a value names the symbols it was computed from. Following those that differ
 * too leads back to one that was asked for differently; where it does not, the reason itself is all
 * there is to say.
 */
export function firstCause(pair: OptionPair, pairs: readonly OptionPair[], asked: Asked): string {
  const bySymbol = new Map(pairs.map((candidate) => [candidate.symbol, candidate]));
  const cameFrom = new Map<string, string | null>([[pair.symbol, null]]);
  const queue = [pair.symbol];
  for (let symbol = queue.shift(); symbol !== undefined; symbol = queue.shift()) {
    if (isAsked(symbol, asked)) return causeText(symbol, pair.symbol, cameFrom, asked);
    const found = bySymbol.get(symbol);
    for (const next of found ? namedIn(found, bySymbol) : []) {
      if (cameFrom.has(next)) continue;
      cameFrom.set(next, symbol);
      queue.push(next);
    }
  }
  const reason = pair.right?.why || pair.left?.why || '';
  return asked.sameEdition ? reason : `The editions' Kconfig files differ. ${reason}`.trim();
}

function isAsked(symbol: string, { left, right }: Asked): boolean {
  return left[symbol] !== right[symbol] && (symbol in left || symbol in right);
}

function namedIn(pair: OptionPair, differing: ReadonlyMap<string, OptionPair>): string[] {
  const text = `${pair.left?.why ?? ''} ${pair.right?.why ?? ''}`;
  const names = text.match(/[A-Za-z0-9_]+/g) ?? [];
  return [...new Set(names)].filter((name) => name !== pair.symbol && differing.has(name));
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
