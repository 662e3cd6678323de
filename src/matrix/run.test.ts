import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { defaultCacheDir, InputError } from '../input/index.ts';
import { cacheKey, folderCache, type MeasurementCache } from './cache.ts';
import { fakeStage } from './fake-stage.test-util.ts';
import { type Progress, type RunOptions, RunStopped, runMatrixWith } from './index.ts';
import { parseMatrixFile } from './matrix-file.ts';
import type { MatrixResult } from './types.ts';

const worker = new URL('./fake.worker.test-util.ts', import.meta.url);

const MATRIX = `
name: small
description: three editions
cpus: [1, 2, 4]
workloads: [page_fault1, page_fault_mixed]
runs: 2
show: [PER_VMA_LOCK]
matrix:
  edition: [v6.12, v7.0, all-builds-v2]
  64BIT: [y, n]
  SMP: [y, n]
cells:
  - {edition: v7.0, 64BIT: y, SMP: y, PROFILING: y}
  - {edition: v7.0, 64BIT: n, SMP: y, X86_USER_SHADOW_STACK: y}
`;

const run = (options: RunOptions = {}, text = MATRIX): Promise<MatrixResult> =>
  runMatrixWith(fakeStage, parseMatrixFile(text, 'small.yaml'), { worker, jobs: 2, ...options });

/** A cache in memory that counts. */
function memoryCache(): MeasurementCache & { hits: number; puts: number } {
  const map = new Map<string, string>();
  return {
    hits: 0,
    puts: 0,
    get(key) {
      const text = map.get(key);
      if (text === undefined) return undefined;
      this.hits++;
      return JSON.parse(text);
    },
    put(key, measurement) {
      this.puts++;
      map.set(key, JSON.stringify(measurement));
    },
  };
}

describe('a run', () => {
  let result: MatrixResult;
  beforeAll(async () => {
    result = await run();
  });

  test('has a cell for every combination, in order', () => {
    expect(result).toMatchObject({
      name: 'small',
      description: 'three editions',
      matrixFile: 'small.yaml',
      seed: 1,
      profile: 'plain',
      axes: ['edition', '64BIT', 'SMP'],
    });
    expect(result.cells.map((c) => `${c.status} ${c.spec.id}`)).toEqual([
      ...['v6.12', 'v7.0', 'all-builds-v2'].flatMap((e) =>
        ['y', 'n'].flatMap((b) => ['y', 'n'].map((s) => `ok ${e}:64BIT=${b},SMP=${s}`)),
      ),
      'ok v7.0:64BIT=y,SMP=y,PROFILING=y',
      'rejected v7.0:64BIT=n,SMP=y,X86_USER_SHADOW_STACK=y',
    ]);
  });

  test('tells a rejected cell by its refusals, and simulates nothing for it', () => {
    const cell = result.cells.at(-1)!;
    expect(cell.refusals.map((r) => r.symbol)).toEqual(['X86_USER_SHADOW_STACK']);
    expect(cell).toMatchObject({
      relevant: null,
      sameAs: null,
      lock: null,
      surface: null,
      fallbackSites: [],
      measurements: [],
    });
    expect(cell.options).toHaveLength(1);
  });

  test('recognises cells that are the same kernel and measures these once', () => {
    const same = result.cells.find((c) => c.spec.id.endsWith('PROFILING=y'))!;
    const first = result.cells.find((c) => c.spec.id === 'v7.0:64BIT=y,SMP=y')!;
    expect(same.sameAs).toBe(first.spec.id);
    expect(same.measurements[0]).toBe(first.measurements[0]);
    expect(result.cells.filter((c) => c.sameAs !== null)).toEqual([same]);
  });

  test('keeps an equal option set of another edition apart', () => {
    const [a, b] = ['v6.12', 'v7.0'].map(
      (e) => result.cells.find((c) => c.spec.id === `${e}:64BIT=y,SMP=y`)!,
    );
    expect(a!.relevant).toEqual(b!.relevant);
    expect(b!.sameAs).toBeNull();
    expect(a!.measurements[0]).not.toEqual(b!.measurements[0]);
  });

  test('simulates on the CPUs that the kernel can have', () => {
    for (const cell of result.cells) {
      if (cell.status !== 'ok') continue;
      const counts = cell.spec.set.SMP === 'y' ? [1, 2, 4] : [1];
      expect(cell.measurements.map((m) => m.workload)).toEqual(['page_fault1', 'page_fault_mixed']);
      expect(cell.measurements[0]!.performance.map((p) => p.cpus)).toEqual(counts);
      expect(cell.spec.cpus).toEqual(counts);
    }
  });

  test.each([1, 3, 8])('gives the same bytes with %i threads', async (jobs) => {
    expect(JSON.stringify(await run({ jobs }))).toBe(JSON.stringify(result));
  });

  test('gives the same bytes from the cache, and asks for nothing else', async () => {
    const cache = memoryCache();
    expect(JSON.stringify(await run({ cache }))).toBe(JSON.stringify(result));
    const measured = cache.puts;
    expect(measured).toBe(24);
    expect(JSON.stringify(await run({ cache }))).toBe(JSON.stringify(result));
    expect([cache.puts, cache.hits]).toEqual([measured, measured]);
  });

  test('another seed or profile is another measurement', async () => {
    const cache = memoryCache();
    await run({ cache });
    const seeded = await run({ cache, seed: 2 });
    expect(cache.hits).toBe(0);
    expect(seeded.seed).toBe(2);
    expect(seeded.cells[0]!.measurements[0]!.seed).toBe(2);
    const profiled = await run({ cache, profile: 'other' });
    expect(cache.hits).toBe(0);
    expect(profiled.profile).toBe('other');
  });
});

test('an edited profile file is another profile', async () => {
  const dir = mkdtempSync(join(tmpdir(), 'kmatrix-run-'));
  const profile = join(dir, 'mine.json');
  const cache = memoryCache();
  try {
    writeFileSync(profile, '{"a": 1}');
    await run({ cache, profile });
    writeFileSync(profile, '{"a": 2}');
    await run({ cache, profile });
    expect(cache.hits).toBe(0);
    await run({ cache, profile });
    expect(cache.hits).toBe(24);
  } finally {
    rmSync(dir, { recursive: true });
  }
});

describe('progress', () => {
  const seenIn = async (options: Partial<RunOptions> = {}): Promise<Progress[]> => {
    const seen: Progress[] = [];
    await run({ ...options, onProgress: (p) => seen.push(p) });
    return seen;
  };

  test('counts what is resolved, then cells and runs that are simulated, up to the end', async () => {
    const seen = await seenIn();
    expect(seen.every((p) => p.total === 14)).toBe(true);
    const resolving = seen.filter((p) => p.step === 'resolving');
    expect(resolving.map((p) => p.done)).toEqual(Array.from({ length: 14 }, (_, i) => i));
    const simulating = seen.slice(14).filter((p) => p.step === 'simulating');
    expect(simulating).toHaveLength(seen.length - 14);
    // The one that Kconfig rejects is finished when it is resolved.
    expect(simulating[0]).toMatchObject({ done: 1, runs: { done: 0 } });
    const last = simulating.at(-1)!;
    expect(last.done).toBe(14);
    expect(last.runs.total).toBeGreaterThan(0);
    expect(last.runs.done).toBe(last.runs.total);
    for (const [i, { done, runs }] of simulating.entries()) {
      expect(done).toBeGreaterThanOrEqual(simulating[i - 1]?.done ?? 0);
      expect(runs.done).toBeGreaterThanOrEqual(simulating[i - 1]?.runs.done ?? 0);
    }
  });

  test('takes what is in the cache for done from the first', async () => {
    const cache = memoryCache();
    await run({ cache });
    const seen = (await seenIn({ cache })).filter((p) => p.step === 'simulating');
    expect(seen).toHaveLength(1);
    expect(seen[0]).toMatchObject({ done: 14 });
    expect(seen[0]!.runs.done).toBe(seen[0]!.runs.total);
  });

  test.each(['resolving', 'simulating'])('stops where its signal comes while %s', async (step) => {
    const stop = new AbortController();
    const onProgress = (p: Progress): void => {
      if (p.step === step) stop.abort();
    };
    const error = await run({ signal: stop.signal, onProgress }).catch((e: unknown) => e);
    expect(error).toBeInstanceOf(RunStopped);
    expect((error as RunStopped).message).toMatch(/^stopped after [01] of 14 cells$/);
  });
});

test('a stopped run keeps what is done, and the next one goes on from there', async () => {
  const whole = await run();
  const cache = memoryCache();
  const stop = new AbortController();
  const stopped = run({
    cache,
    jobs: 1,
    signal: stop.signal,
    onProgress: (p) => {
      if (p.step === 'simulating' && p.done === 4) stop.abort(new Error('enough'));
    },
  });
  const error = await stopped.catch((e: unknown) => e);
  expect(error).toBeInstanceOf(RunStopped);
  const { cells, total, cause } = error as RunStopped;
  expect(total).toBe(14);
  expect(cause).toMatchObject({ message: 'enough' });
  expect(cells.length).toBeGreaterThanOrEqual(4);
  expect(cells.length).toBeLessThan(14);
  for (const cell of cells) {
    expect(cell).toEqual(whole.cells.find((c) => c.spec.id === cell.spec.id));
  }
  const kept = cache.puts;
  expect(kept).toBeGreaterThanOrEqual(6);
  expect(JSON.stringify(await run({ cache }))).toBe(JSON.stringify(whole));
  expect(cache.hits).toBe(kept);
});

test('a signal that was given before stops it at once', async () => {
  await expect(run({ signal: AbortSignal.abort() })).rejects.toBeInstanceOf(RunStopped);
});

test('a matrix of rejected cells needs no thread', async () => {
  const result = await run(
    { worker: new URL('./no-such-file.ts', import.meta.url) },
    `
matrix:
  edition: [v7.0]
  SMP: [n]
  PER_VMA_LOCK: [y]
`,
  );
  expect(result.cells.map((c) => c.status)).toEqual(['rejected']);
  expect(result.profile).toBe('');
});

describe('what goes wrong in a worker thread comes out here', () => {
  test('a fault of ours, with what was being done', async () => {
    await expect(run({ seed: 1001, jobs: 1 })).rejects.toThrow(
      /^simulating page_fault1 on v6\.12 failed: TypeError: a fault of ours\n {4}at /,
    );
  });

  test('a fault of the user, as such', async () => {
    const error = await run({ seed: 1002 }).catch((e: unknown) => e);
    expect(error).toBeInstanceOf(InputError);
    expect((error as InputError).diagnostics[0]!.message).toBe('a fault of the user');
  });

  test('a worker that cannot start', async () => {
    await expect(run({ worker: new URL('./no-such-file.ts', import.meta.url) })).rejects.toThrow();
  });
});

test('a broken base is a warning of the run', async () => {
  const dir = mkdtempSync(join(tmpdir(), 'kmatrix-run-'));
  try {
    writeFileSync(join(dir, 'b.config'), 'CONFIG_KSM=perhaps\n');
    const text =
      'base: ./b.config\nmatrix:\n  edition: [v7.0]\n  SMP: [y]\n  exclude: [{SMP: n}]\n';
    const warnings: string[] = [];
    await runMatrixWith(fakeStage, parseMatrixFile(text, join(dir, 'm.yaml')), {
      onWarning: (w) => warnings.push(`${w.span?.line}: ${w.message}`),
    });
    expect(warnings).toEqual([
      '5:18: this exclude removes nothing: the axis "SMP" has no value "n"'.replace(':18', ''),
      expect.stringMatching(/^1: .*KSM/),
    ]);
  } finally {
    rmSync(dir, { recursive: true });
  }
});

describe('the cache in a folder', () => {
  let dir: string;
  beforeAll(() => {
    dir = mkdtempSync(join(tmpdir(), 'kmatrix-cache-'));
  });
  afterAll(() => rmSync(dir, { recursive: true }));

  const files = (): string[] =>
    readdirSync(dir, { recursive: true, encoding: 'utf8' }).filter((f) => f.endsWith('.json'));

  test('gives back what was put, to another process as well', async () => {
    const first = await run({ cache: folderCache(dir) });
    expect(files()).toHaveLength(24);
    const none = new URL('./no-such-file.ts', import.meta.url);
    const second = await run({ cache: folderCache(dir), worker: none });
    expect(JSON.stringify(second)).toBe(JSON.stringify(first));
  });

  test.each<[string, (text: string) => string]>([
    ['cut off', (text) => text.slice(0, 40)],
    ['empty', () => ''],
    ['of another key', (text) => text.replace(/"key":"./, '"key":"_')],
    ['with a wrong figure', (text) => text.replace(/"seed":1/, '"seed":7')],
    ['no object', () => 'null'],
  ])('an entry that is %s is measured again', async (_, damage) => {
    const whole = JSON.stringify(await run({ cache: folderCache(dir) }));
    const file = join(dir, files()[0]!);
    const good = readFileSync(file, 'utf8');
    writeFileSync(file, damage(good));
    expect(JSON.stringify(await run({ cache: folderCache(dir) }))).toBe(whole);
    expect(readFileSync(file, 'utf8')).toBe(good);
  });

  test('a folder that cannot be written to costs nothing', async () => {
    writeFileSync(join(dir, 'plain'), '');
    const cache = folderCache(join(dir, 'plain', 'below'));
    expect((await run({ cache })).cells).toHaveLength(14);
  });

  test('is where the XDG rules say', () => {
    expect(defaultCacheDir({ XDG_CACHE_HOME: '/x/cache' })).toBe('/x/cache/kmatrix');
    expect(defaultCacheDir({ XDG_CACHE_HOME: 'relative' })).toMatch(/\/\.cache\/kmatrix$/);
    expect(defaultCacheDir({})).toMatch(/\/\.cache\/kmatrix$/);
  });

  test('keys are hashes of their parts', () => {
    expect(cacheKey(['a'])).toMatch(/^[0-9a-f]{64}$/);
    expect(cacheKey(['a'])).not.toBe(cacheKey(['b']));
  });
});
