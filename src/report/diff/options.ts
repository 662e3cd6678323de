import { byCodeUnit } from '../kernels.ts';
import { type Asked, Causes, type OptionPair } from './cause.ts';
import type { OptionDiff } from './model.ts';
import type { Side } from './side.ts';

/** Options whose value differs, each with the first cause. */
export function diffOptions(left: Side, right: Side): OptionDiff[] {
  const differing = pairsOf(left, right).filter(
    (pair) => (pair.left?.value ?? null) !== (pair.right?.value ?? null),
  );
  const asked: Asked = {
    left: left.asked,
    right: right.asked,
    sameEdition: left.edition === right.edition,
  };
  const causes = new Causes(differing, asked);
  return differing.map((pair) => ({
    symbol: pair.symbol,
    left: pair.left?.value ?? null,
    right: pair.right?.value ?? null,
    why: causes.of(pair),
    reasons: { left: pair.left?.why ?? '', right: pair.right?.why ?? '' },
  }));
}

function pairsOf(left: Side, right: Side): OptionPair[] {
  const a = new Map(left.options.map((option) => [option.symbol, option]));
  const b = new Map(right.options.map((option) => [option.symbol, option]));
  return [...new Set([...a.keys(), ...b.keys()])]
    .sort(byCodeUnit)
    .map((symbol) => ({ symbol, left: a.get(symbol), right: b.get(symbol) }));
}
