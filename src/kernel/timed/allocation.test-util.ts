import { GCProfiler, getHeapStatistics } from 'node:v8';

/**
 * Bytes put on the JavaScript heap while `run` runs: what it grew by, and what collections in between took back; infinity where a collection
 * at its edge leaves that below nothing.
 */
export function bytesAllocated(run: () => void): number {
  const profiler = new GCProfiler();
  profiler.start();
  const before = getHeapStatistics().used_heap_size;
  run();
  const after = getHeapStatistics().used_heap_size;
  const collected = (profiler.stop()?.statistics ?? []).reduce(
    (sum, { beforeGC, afterGC }) =>
      sum + beforeGC.heapStatistics.usedHeapSize - afterGC.heapStatistics.usedHeapSize,
    0,
  );
  const bytes = after - before + collected;
  return bytes < 0 ? Number.POSITIVE_INFINITY : bytes;
}
