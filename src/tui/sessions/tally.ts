import type { ShardResult } from '../../kernel/index.ts';

/** How often something lay from `from` up to `to`, both counted in. */
export interface Bin {
  readonly from: number;
  readonly to: number;
  readonly count: number;
}

/** What is counted: retries of a lookup, or its time in nanoseconds. */
export type Counted = 'retries' | 'time';

const PS_PER_NS = 1000;

/** Bins that grow with what they hold: 0, 1, 2-3, 4-7, …; from the first that holds something to the last. */
export function binsOf(pieces: readonly ShardResult[], counted: Counted): Bin[] {
  const counts: number[] = [];
  for (const piece of pieces) {
    const entries = counted === 'retries' ? piece.retries : piece.times;
    const unit = counted === 'retries' ? 1 : PS_PER_NS;
    for (const [value, count] of entries) {
      const bin = binOf(Math.round(value / unit));
      counts[bin] = (counts[bin] ?? 0) + count;
    }
  }
  const first = counted === 'retries' ? 0 : counts.findIndex((count) => count > 0);
  return Array.from(counts, (count = 0, bin) => ({ ...boundsOf(bin), count })).slice(
    Math.max(0, first),
  );
}

function binOf(value: number): number {
  return value < 1 ? 0 : Math.floor(Math.log2(value)) + 1;
}

function boundsOf(bin: number): { from: number; to: number } {
  return bin === 0 ? { from: 0, to: 0 } : { from: 2 ** (bin - 1), to: 2 ** bin - 1 };
}
