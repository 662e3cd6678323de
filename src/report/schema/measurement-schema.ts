import { DIALECT, figure, list, map, natural, object, type Schema, text } from './dialect.ts';
import { figureProperties, mmapLockCounts } from './parts.ts';

/** JSON Schema of what `kmatrix simulate` prints. */
export const measurementSchema: Schema = {
  $schema: DIALECT,
  title: 'kmatrix measurement',
  ...object({
    edition: text,
    workload: text,
    profile: text,
    seed: figure,
    config: map(text),
    counters: map(figure, '/proc/vmstat deltas'),
    mmap_lock: mmapLockCounts,
    vma_write_locks: natural,
    fallbacks: list(object({ site: text, hits: natural })),
    performance: list(object({ cpus: natural, ...figureProperties })),
  }),
};
