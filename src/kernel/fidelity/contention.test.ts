import { expect, test } from 'vitest';
import { editionNamed } from '../editions/index.ts';
import { instantiate } from '../model/index.ts';
import { config, SMP64 } from '../model/user-script.test-util.ts';
import { simulate } from '../simulate.ts';
import { loadProfile } from '../timed/index.ts';
import { readWorkload } from '../workloads/index.ts';
import { type Experiment, experimentText, runExperiment } from './contention.ts';
import { emulationOf, measuredRuns } from './measured-contention.ts';

const edition = editionNamed('v6.12');
if (edition === undefined) throw new Error('no edition v6.12');
const kernel = instantiate(edition, config(SMP64));
const profile = loadProfile('instructions');

const base: Experiment = {
  kind: 'none',
  region: 'shared',
  faulters: 2,
  writers: 1,
  spin: 0,
  faults: 2048,
};
/** Writers of other VMAs, or none: under them the attempt of a fault failed in no measured run. */
const HARMLESS = ['mmap_munmap', 'mmap_touch16_munmap', 'mprot_other', 'dontneed_other'];
const HARMFUL = ['mprot_split_same', 'madvflag_same'];

/** Attempts that fail where CPUs really run side by side. */
function failuresSideBySide(kind: string, on: string): number {
  const text = experimentText({ ...base, kind }, profile.work.user_loop);
  const workload = readWorkload(text, 'contention.yaml');
  const { outcome, counters } = simulate(kernel, workload, {
    cpus: [3],
    runs: 1,
    seed: 1,
    profile: on,
  });
  expect(outcome.kind).toBe('completed');
  return (counters.vma_lock_abort ?? 0) + (counters.vma_lock_miss ?? 0);
}

test.each(HARMLESS)('no attempt fails under %s, side by side or in turns', (kind) => {
  expect(failuresSideBySide(kind, 'instructions')).toBe(0);
  expect(failuresSideBySide(kind, 'server')).toBe(0);
  const emulation = { profile, cpus: 2, turn: 4e5, nsPerInstruction: 10, seed: 1 };
  expect(runExperiment(kernel, { ...base, kind }, emulation).failed).toBe(0);
});

test.each(HARMFUL)(
  'some fail under %s side by side, and in turns no more than in any measured run',
  (kind) => {
    expect(failuresSideBySide(kind, 'server')).toBeGreaterThan(0);
    const runs = measuredRuns();
    const { failed, faults } = runExperiment(
      kernel,
      { ...base, kind },
      emulationOf(runs, kernel, profile, 1),
    );
    expect(failed).toBeGreaterThan(0);
    const rates = runs.filter((r) => r.kind === kind).map((r) => (r.failed + r.missed) / r.faults);
    expect(failed / faults).toBeLessThan(Math.max(...rates));
  },
);

test('a writer that is not stopped while it holds its locks does no harm on the CPU it shares', () => {
  const emulation = { profile, cpus: 1, turn: 4e5, nsPerInstruction: 10, seed: 1 };
  const shared = { ...base, faulters: 1, faults: 1024 };
  // One CPU alone is never stopped inside the kernel, except where a walk of page tables gives way.
  expect(runExperiment(kernel, { ...shared, kind: 'madvflag_same' }, emulation).failed).toBe(0);
  expect(
    runExperiment(kernel, { ...shared, kind: 'mprot_split_same' }, emulation).failed,
  ).toBeGreaterThan(0);
});
