import type { Dialect } from './features.ts';

/** The older dialects by the last version of Linux that had them; 6.10 was the last with choices of tristates. */
const LAST: readonly (readonly [major: number, minor: number, dialect: Dialect])[] = [
  [4, 17, '4.17'],
  [5, 6, '5.6'],
  [6, 7, '6.7'],
  [6, 10, 'superset'],
  [6, 17, '6.12'],
  [6, 19, '6.18'],
  [7, 0, '7.0'],
  [7, 2, '7.1'],
];

/**
 * The dialect that trees of a version of Linux are written in, `6.12.1` as the kernel's Makefile exports it; undefined where
 * the default reads them, and where this is no version of Linux.
 */
export function kernelDialect(version: string): Dialect | undefined {
  const [, first, second] = /^(\d+)\.(\d+)(?![0-9])/.exec(version) ?? [];
  if (first === undefined) return undefined;
  const [major, minor] = [Number(first), Number(second)];
  return LAST.find((one) => major < one[0] || (major === one[0] && minor <= one[1]))?.[2];
}
