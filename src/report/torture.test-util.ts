import type { TortureResult } from '../kernel/index.ts';

/** Results of a torture test: one that goes round, one held back by the scheduler, one that never retries, one that crashes. */
export function tortureFixture(name = 'mmap'): TortureResult[] {
  const result = (
    cell: Partial<TortureResult['cell']>,
    retries: readonly (readonly [from: number, to: number, count: number])[],
    changes: Partial<TortureResult> = {},
  ): TortureResult => {
    const lookups = retries.reduce((sum, [, , n]) => sum + n, 0);
    const last = retries.at(-1)?.[0] ?? 0;
    const bins = retries.map(([from, to, count]) => ({ from, to, count }));
    return {
      cell: {
        ...{ edition: 'v7.0', lookup: 'wait', writers: 2, place: 'beside', scheduler: 'fair' },
        ...{ lookups: 1000, steps: 10, profile: 'server', seed: 1 },
        adversary: name as 'mmap',
        ...cell,
      },
      ...{ outcome: 'completed', detail: '', lookups, unfinished: null, beyond_max: 0.003 },
      retries: { p50: 0, p99: last, p999: last, max: last },
      histograms: {
        retries: bins,
        time_ns: [
          { from: 448, to: 511, count: lookups - 10 },
          { from: 512, to: 639, count: 0 },
          { from: 640, to: 767, count: 10 },
        ].filter(() => lookups > 0),
      },
      slow: { share: 0.1, bound: 0.12 },
      time_ns: { p50: 480, p99: 480, p999: 703, max: 703 },
      exhausted: 0,
      writers: {
        ...{ ops_per_second: 1e6, alone: 1.1e6, loss: 0.1 },
        loss_range: { from: -0.02, to: 0.13 },
      },
      ...changes,
    };
  };
  return [
    result({}, [
      [0, 0, 890],
      [1, 1, 100],
      [2, 2, 0],
      [3, 3, 10],
    ]),
    result(
      { scheduler: 'hostile' },
      [
        [2, 2, 40],
        ...[3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15].map((n) => [n, n, n] as const),
        ...[16, 18, 20, 22, 24, 26, 28, 30].map((n) => [n, n + 1, 1] as const),
      ],
      { exhausted: 0.25, retries: { p50: 9, p99: 28, p999: 30, max: 31 } },
    ),
    result({ lookup: 'unlocked' }, [[0, 0, 1000]]),
    result({ lookup: 'unlocked-as-posted' }, [], { outcome: 'oops', detail: name }),
  ];
}
