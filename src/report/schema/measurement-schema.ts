import { DIALECT, figure, list, map, natural, object, type Schema, text } from './dialect.ts';
import { sensitivityProperties } from './fidelity-schema.ts';
import { outcomeSchema } from './outcome-schema.ts';
import { figureProperties, latencyPoints, lockStatistics, mmapLockCounts } from './parts.ts';

/** JSON Schema of what `kmatrix simulate` prints. */
export const measurementSchema: Schema = {
  $schema: DIALECT,
  title: 'kmatrix measurement',
  ...object(
    {
      edition: text,
      workload: text,
      profile: text,
      seed: figure,
      config: map(text),
      outcome: outcomeSchema,
      counters: map(figure, '/proc/vmstat deltas'),
      not_exported: list(text, 'Counters that /proc/vmstat of this kernel does not show'),
      mmap_lock: mmapLockCounts,
      mmap_lock_by: map(natural, 'Acquisitions of mmap_lock by the way it was taken'),
      vma_write_locks: natural,
      fallbacks: list(object({ site: text, hits: natural })),
      performance: list(
        object(
          {
            cpus: natural,
            ...figureProperties,
            mean_ns: { ...figure, description: 'Mean latency of a run, median over runs' },
            max_ns: { ...figure, description: 'Longest operation of a run, median over runs' },
            latency: latencyPoints,
          },
          undefined,
          ['latency'],
        ),
      ),
      locks: list(object({ cpus: natural, runs: natural, locks: list(lockStatistics) })),
      sensitivity: object(
        { cpus: natural, ...sensitivityProperties },
        'With --sensitivity: operations per second with each cost 30% less and more, and with all at once',
      ),
    },
    undefined,
    ['sensitivity'],
  ),
};
