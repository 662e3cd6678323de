import { describe, expect, it } from 'vitest';
import { recordedRuns, runCase } from './cases.ts';

/** Runs that are known to differ, by id. One that no longer does fails the test until it is taken out. */
const DIFFERENT: ReadonlySet<string> = new Set([]);

describe('C conf, recorded', () => {
  it.each(recordedRuns().map((run) => [run.id, run] as const))('%s', (id, run) => {
    if (DIFFERENT.has(id)) expect(runCase(run)).not.toEqual(run.expected);
    else expect(runCase(run)).toEqual(run.expected);
  });
});
