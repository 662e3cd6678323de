import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, it } from 'vitest';
import { type CostProfile, loadProfile, type Measurement } from '../kernel/index.ts';
import type { MeasurementCache } from './cache.ts';
import { type Headline, headlineSensitivities, performancesOf } from './headline.ts';

/** Not among the tests: each round begins threads of its own, and that takes ten seconds. */
const dir = mkdtempSync(join(tmpdir(), 'kmatrix-headline-'));
afterAll(() => rmSync(dir, { recursive: true }));
const workload = join(dir, 'tiny.yaml');
writeFileSync(
  workload,
  `name: tiny
threads:
  - name: caller
    run: [{ repeat: 4, do: getppid }]
`,
);

const server = loadProfile('server');
const zero = <T extends object>(costs: T): T =>
  Object.fromEntries(Object.keys(costs).map((key) => [key, 0])) as T;
/** Three costs of which a system call pays two. */
const few: CostProfile = {
  ...server,
  step: 1,
  atomic: 0,
  line: zero(server.line),
  scheduler: { ...zero(server.scheduler), slice: server.scheduler.slice },
  memory: { ...server.memory, bandwidth: 0, zone_page: 0 },
  jitter: { start: 0, user: 0 },
  work: { ...zero(server.work), syscall_entry: 100, copy_page: 100 },
};
const relevant = { '64BIT': 'y', X86_64: 'y', SMP: 'y', MMU: 'y' };
const task = { edition: 'v7.0', relevant, workload, cpus: [1], runs: 1 };
const calls: Headline = {
  tasks: [task],
  profile: few,
  seed: 1,
  of: ([row]) => row?.ops_per_second ?? 0,
};
/** How much slower a call is than itself. */
const quotient: Headline = {
  ...calls,
  tasks: [task, task],
  of: ([a, b]) => (a?.ops_per_second ?? 0) / (b?.ops_per_second ?? 0),
};

/** Counts what is simulated, and stops after so many. */
function counting(kept: Map<string, Measurement>, abort?: AbortController, most = 0) {
  let simulated = 0;
  const cache: MeasurementCache = {
    get: (key) => kept.get(key),
    put: (key, measurement) => {
      kept.set(key, measurement);
      if (++simulated === most) abort?.abort();
    },
  };
  return { cache, count: () => simulated };
}

it('what a figure hangs on is found once, and goes on where it was stopped', async () => {
  const kept = new Map<string, Measurement>();
  const abort = new AbortController();
  const stopped = counting(kept, abort, 20);
  const asking = headlineSensitivities([calls], {
    jobs: 1,
    cache: stopped.cache,
    signal: abort.signal,
  });
  await expect(asking).rejects.toThrow();
  const rest = counting(kept);
  const progress: string[] = [];
  const [found, same] = await headlineSensitivities([calls, quotient], {
    jobs: 1,
    cache: rest.cache,
    onProgress: (done, total) => progress.push(`${done <= total}`),
  });
  // The cost that no call pays is looked at once and named nowhere.
  expect(found?.swings.map(({ cost }) => cost)).toEqual(['work.syscall_entry', 'step']);
  expect(found?.greatest).toBe(found?.swings[0]?.less);
  expect(same).toMatchObject({ headline: 1, least: 1, greatest: 1 });
  expect(new Set(progress)).toEqual(new Set(['true']));

  const whole = counting(new Map());
  const [again] = await headlineSensitivities([calls], { jobs: 1, cache: whole.cache });
  expect(again).toEqual(found);
  expect(stopped.count() + rest.count()).toBe(whole.count());
  const nothing = counting(kept);
  await headlineSensitivities([quotient, calls], { jobs: 1, cache: nothing.cache });
  await performancesOf([calls, quotient], { jobs: 1, cache: nothing.cache });
  expect(nothing.count()).toBe(0);
});
