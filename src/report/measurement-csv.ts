import type { Measurement } from '../kernel/index.ts';

const COLUMNS = [
  'edition',
  'workload',
  'profile',
  'seed',
  'cpus',
  'ops_per_second',
  'min',
  'max',
  'spread',
  'runs',
  'p50_ns',
  'p99_ns',
] as const;

/** The performance figures of a measurement as comma-separated values, one line for each CPU count. */
export function measurementCsv({
  edition,
  workload,
  profile,
  seed,
  performance,
}: Measurement): string {
  const lines = performance.map((row) => {
    const all = { edition, workload: quoted(workload), profile: quoted(profile), seed, ...row };
    return COLUMNS.map((column) => all[column]).join(',');
  });
  return `${[COLUMNS.join(','), ...lines].join('\n')}\n`;
}

/** A name that is not plain in quotes, those in it doubled (RFC 4180). */
function quoted(name: string): string {
  return /^[\w.-]+$/.test(name) ? name : `"${name.replaceAll('"', '""')}"`;
}
