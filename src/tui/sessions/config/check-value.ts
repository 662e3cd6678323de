import type { Config, KSymbol, Property } from 'kconfiglib-js';

/**
 * Why an int, hex or string cannot be given this value; undefined if it can. As `conf` does, a number outside the range
 * is refused rather than moved into it.
 */
export function refusedValue(config: Config, symbol: KSymbol, value: string): string | undefined {
  const tried = config.fork().set(symbol.name, value);
  if (!tried.ok) return tried.hint ? `${tried.message}: ${tried.hint}` : tried.message;
  const range = activeRange(config, symbol);
  if (!range) return undefined;
  const number = numberOf(value, symbol.type);
  if (number >= range.low.number && number <= range.high.number) return undefined;
  return `${symbol.name} must be from ${range.low.text} to ${range.high.text} (${range.place})`;
}

/** A bound as it is written, and as a number. */
interface Bound {
  readonly text: string;
  readonly number: bigint;
}

/** The range a number must lie in now, with the line that says so; undefined if there is none. */
export function activeRange(
  config: Config,
  symbol: KSymbol,
): { readonly low: Bound; readonly high: Bound; readonly place: string } | undefined {
  const holds = ({ kind, condition }: Property): boolean =>
    kind === 'range' && config.evaluate(condition) !== 'n';
  const range = symbol.properties.find(holds);
  if (!range) return undefined;
  const [low = '', high = ''] = range.value.split(' ');
  const { file, line } = range.span;
  return {
    low: boundOf(config, symbol, low),
    high: boundOf(config, symbol, high),
    place: `${file}:${line}`,
  };
}

function boundOf(config: Config, symbol: KSymbol, written: string): Bound {
  const bare = written.replace(/^"(.*)"$/, '$1');
  const other = config.kconfig.symbols.get(bare);
  const text = other?.defined ? config.get(bare) : bare;
  return { text, number: numberOf(text, other?.defined ? other.type : symbol.type) };
}

function numberOf(text: string, type: string): bigint {
  const negative = text.startsWith('-');
  const digits = negative ? text.slice(1) : text;
  const prefixed = type === 'hex' && !/^0x/i.test(digits) ? `0x${digits}` : digits;
  try {
    return negative ? -BigInt(prefixed) : BigInt(prefixed);
  } catch {
    return 0n;
  }
}
