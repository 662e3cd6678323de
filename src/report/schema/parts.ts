import { figure, list, natural, object, oneOf, type Schema, text } from './dialect.ts';

/** A throughput and latency figure. */
export const figureProperties: Readonly<Record<string, Schema>> = {
  ops_per_second: { ...figure, description: 'Operations per simulated second, median over runs' },
  p50_ns: { ...figure, description: 'Simulated nanoseconds' },
  p99_ns: { ...figure, description: 'Simulated nanoseconds' },
  spread: { ...figure, description: '(max - min) / median over the runs' },
  runs: natural,
  min: figure,
  max: figure,
};

/** The distribution of a latency. */
export const latencyPoints: Schema = list(
  object({ share: figure, ns: figure, min: figure, max: figure }),
  'So large a share of operations took no longer than `ns`, the median over the runs',
);

/** A ratio of two figures. */
export const ratioProperties: Readonly<Record<string, Schema>> = {
  ratio: { ...figure, description: 'Right over left' },
  interval: { ...list(figure), minItems: 2, maxItems: 2 },
  verdict: oneOf('faster', 'slower', 'within spread', 'single run'),
};

/** Kinds of names a surface has beside functions and members. */
export const nameKinds = [
  'enumerator',
  'macro',
  'ioctl',
  'trace point',
  'object',
  'option',
] as const;

/** Whether a fallback is taken. */
export const takenWords = ['always', 'sometimes', 'never'] as const;

/** A member of a structure. */
export const fieldLayout: Schema = object({
  name: text,
  type: text,
  offset: natural,
  size: natural,
});

/** Counts of mmap_lock. */
export const mmapLockCounts: Schema = object({
  read_acquired: natural,
  write_acquired: natural,
  read_failed: natural,
  write_failed: natural,
});

const nanoseconds = { ...figure, description: 'Simulated nanoseconds' };

/** What a class of locks went through in one mode. */
export const lockStatistics: Schema = object({
  lock: text,
  mode: oneOf('read', 'write'),
  acquisitions: natural,
  contended: natural,
  wait_ns: object({ mean: nanoseconds, p99: nanoseconds, max: nanoseconds }),
  hold_ns: object({ mean: nanoseconds, max: nanoseconds }),
  spun: natural,
  slept: natural,
  handoffs: natural,
  reader_batches: object({ count: natural, mean: figure, max: natural }),
});

/** An option a cell asked for and did not get. */
export const refusal: Schema = object({ symbol: text, wanted: text, got: text, reason: text });
