import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { makeFolder } from 'kconfiglib-js';
import { InputError, writeFileAtomic } from '../input/index.ts';
import type { Measurement } from '../kernel/index.ts';

/** Where results are kept between runs, so that a stopped run goes on where it was. */
export interface ResultCache<T> {
  get(key: string): T | undefined;
  put(key: string, result: T): void;
}

/** Where measurements are kept. */
export type MeasurementCache = ResultCache<Measurement>;

/** Raised when the form of a cache entry changes. */
const FORMAT = 1;

/** The key of a measurement: a hash of everything its content depends on. */
export function cacheKey(parts: unknown): string {
  return createHash('sha256')
    .update(JSON.stringify([FORMAT, parts]))
    .digest('hex');
}

/**
 * A cache in a folder, one file per measurement. An entry that is missing, cut off, or not what its key
 * says counts as absent. A folder that cannot be written to (a full disk, a read-only home) costs the
 * cache, never the run.
 */
export function folderCache<T = Measurement>(folder: string): ResultCache<T> {
  const fileOf = (key: string): string => join(folder, key.slice(0, 2), `${key}.json`);
  let broken = false;
  return {
    get(key) {
      try {
        const entry = JSON.parse(readFileSync(fileOf(key), 'utf8')) as Partial<CacheEntry<T>>;
        return entry.key === key && entry.check === checkOf(entry.measurement)
          ? entry.measurement
          : undefined;
      } catch {
        return undefined;
      }
    },
    put(key, measurement) {
      if (broken) return;
      const entry: CacheEntry<T> = { key, check: checkOf(measurement), measurement };
      try {
        const file = fileOf(key);
        makeFolder(dirname(file));
        // An entry a power cut spoils is noticed by its sum; waiting for the disk was an eighth of a large run.
        writeFileAtomic(file, JSON.stringify(entry), false);
      } catch (error) {
        if (!(error instanceof InputError) && !isSystemError(error)) throw error;
        broken = true;
      }
    },
  };
}

interface CacheEntry<T> {
  readonly key: string;
  /** Hash of the measurement: a bit that tipped over is noticed. */
  readonly check: string;
  readonly measurement: T;
}

function checkOf(measurement: unknown): string {
  return createHash('sha256')
    .update(JSON.stringify(measurement) ?? '')
    .digest('hex');
}

function isSystemError(error: unknown): boolean {
  return typeof (error as NodeJS.ErrnoException).code === 'string';
}
