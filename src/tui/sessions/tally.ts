import {
  type Bin,
  binsOf as binned,
  fromZero,
  type ShardResult,
  timeBins,
} from '../../kernel/index.ts';

export type { Bin };

/** What is counted: retries of a lookup, or its time in nanoseconds. */
export type Counted = 'retries' | 'time';

/** Bins that grow with what they hold: 0, 1, 2-3, 4-7, …; of times, from the first that holds something. */
export function binsOf(pieces: readonly ShardResult[], counted: Counted): Bin[] {
  if (counted === 'time') return timeBins(pieces, 1);
  return fromZero(
    binned(
      pieces.flatMap(({ retries }) => retries),
      1,
    ),
    1,
  );
}
