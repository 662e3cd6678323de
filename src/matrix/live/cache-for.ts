import { folderCache, type MeasurementCache } from '../cache.ts';
import type { RunRequest } from './request.ts';

/** Measurements of earlier runs as far as a request wants them; what comes out is kept in any case. */
export function cacheFor({
  cacheDir,
  afresh,
}: Pick<RunRequest, 'cacheDir' | 'afresh'>): MeasurementCache | undefined {
  if (cacheDir === undefined) return undefined;
  const cache = folderCache(cacheDir);
  return afresh ? { get: () => undefined, put: cache.put } : cache;
}
