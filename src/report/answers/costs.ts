import type { CostRow, Report } from '../model.ts';
import { grouped, listed, percent } from '../words.ts';
import type { Pair } from './pairs.ts';

/** A cost without the series and with it. */
export interface CostChange {
  readonly pair: Pair;
  readonly left: CostRow;
  readonly right: CostRow;
}

/** Every operation in every unit on both sides of each pair. */
export function costChanges({ costs }: Report, pairs: readonly Pair[]): CostChange[] {
  return pairs.flatMap((pair) =>
    costs
      .filter(({ kernel }) => kernel === pair.without.kernel)
      .flatMap((left) => {
        const right = costs.find(
          (row) =>
            row.kernel === pair.with.kernel &&
            row.operation === left.operation &&
            row.unit === left.unit,
        );
        return right ? [{ pair, left, right }] : [];
      }),
  );
}

/** By which share of its cost an operation is dearer with the series. */
export function dearer({ left, right }: CostChange): number {
  return right.each / left.each - 1;
}

/** What one operation costs in each configuration, unit by unit, with the spread of the runs. */
export function costSentences(changes: readonly CostChange[]): string[] {
  const groups = Map.groupBy(changes, ({ left }) => `${left.operation} ${left.unit}`);
  return [...groups.values()].flatMap((own) => {
    const [first] = own;
    if (!first) return [];
    const { operation, unit } = first.left;
    const parts = own.map(
      ({ pair, left, right }) =>
        `${pair.label} ${figure(left)} to ${figure(right)} (${change(right.each - left.each)}, ${share(right.each / left.each - 1)})`,
    );
    const spread = Math.max(...own.flatMap(({ left, right }) => [spreadOf(left), spreadOf(right)]));
    const runs = [...new Set(own.map(({ left }) => left.runs))].join(', ');
    return [
      `One ${operation} in ${unit}: ${listed(parts)}; spread of ${runs} runs at most ${percent(spread)}.`,
    ];
  });
}

/** How far single prices would have to be off for an operation to cost the same with the series as without. */
export function costThresholds(changes: readonly CostChange[]): string[] {
  return changes
    .filter(({ left, right }) => left.pays.length > 0 && right.pays.length > 0)
    .map((change) => {
      const { pair, left, right } = change;
      const more = right.each - left.each;
      const head = `Cost, ${left.operation} on ${pair.label}: ${more > 0 ? 'dearer' : 'cheaper'} by ${figure({ each: Math.abs(more) })} ${left.unit}`;
      const flips = flipsOf(change).slice(0, 3);
      if (flips.length === 0) {
        return `${head}; no single price of the profile turns that round within a factor of ${WITHIN}.`;
      }
      const parts = flips.map(
        ({ price, each, factor }) =>
          `${price} ${factor < 1 ? 'below' : 'above'} ${figure({ each: each * factor })} in place of ${figure({ each })} (x${factor.toFixed(2)})`,
      );
      return `${head}; it turns round with ${parts.join(', or ')}.`;
    });
}

/** A price as many times as great no longer says much about a machine. */
export const WITHIN = 10;

/** A price, and by which factor it would have to differ for a difference of costs to be none. */
export interface Flip {
  readonly price: string;
  readonly each: number;
  readonly factor: number;
}

/** On one CPU a cost is the sum of what is paid, so that a price crosses over where its share of the difference makes up for the rest. */
export function flipsOf({ left, right }: Pick<CostChange, 'left' | 'right'>): Flip[] {
  const more = right.each - left.each;
  const prices = new Map([...left.pays, ...right.pays].map(({ price, each }) => [price, each]));
  const times = (row: CostRow, price: string): number =>
    row.pays.find((paid) => paid.price === price)?.times ?? 0;
  return [...prices]
    .flatMap(([price, each]) => {
      const slope = (times(right, price) - times(left, price)) * each;
      const factor = 1 - more / slope;
      return Number.isFinite(factor) && factor >= 1 / WITHIN && factor <= WITHIN
        ? [{ price, each, factor }]
        : [];
    })
    .sort((a, b) => Math.abs(Math.log(a.factor)) - Math.abs(Math.log(b.factor)));
}

function spreadOf({ each, least, most }: CostRow): number {
  return each === 0 ? 0 : (most - least) / each;
}

/** Three digits or what stands before the point: a price of 1.2 ns and a fork of 33,000. */
function figure({ each }: Pick<CostRow, 'each'>): string {
  return grouped(each >= 100 ? Math.round(each) : Number(each.toPrecision(3)));
}

function change(value: number): string {
  return `${value > 0 ? '+' : value < 0 ? '-' : ''}${figure({ each: Math.abs(value) })}`;
}

/** `+1.2%`, `-0.1%`. */
function share(value: number): string {
  return `${value > 0 ? '+' : value < 0 ? '-' : ''}${percent(Math.abs(value))}`;
}
