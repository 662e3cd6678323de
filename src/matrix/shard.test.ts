import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { toJson } from '../input/index.ts';
import type { Measurement } from '../kernel/index.ts';
import { fakeStage } from './fake-stage.test-util.ts';
import {
  type MatrixResult,
  mergeShards,
  type NamedShard,
  parseShard,
  parseShardFile,
  runMatrixWith,
  runShardWith,
  shippedOptions,
} from './index.ts';
import { parseMatrixFile } from './matrix-file.ts';

const worker = new URL('./fake.worker.test-util.ts', import.meta.url);
const kept = new Map<string, Measurement>();
/** What all runs share: parts are about what is put together, not about how it is measured. */
const options = {
  worker,
  jobs: 1,
  source: shippedOptions(),
  cache: {
    get: (key: string) => kept.get(key),
    put: (key: string, measurement: Measurement) => void kept.set(key, measurement),
  },
};

const file = (runs = 2) =>
  parseMatrixFile(
    `
name: small
description: three editions
cpus: [1, 2]
workloads: [page_fault1]
runs: ${runs}
show: [PER_VMA_LOCK]
matrix:
  edition: [v6.12, v7.0, all-builds-v2]
  64BIT: [y, n]
  SMP: [y, n]
cells:
  - {edition: v7.0, 64BIT: y, SMP: y, PROFILING: y}
  - {edition: v7.0, 64BIT: n, SMP: y, X86_USER_SHADOW_STACK: y}
`,
    'small.yaml',
  );

/** All parts of the matrix, as files that were written and read again. */
async function parts(of: number, runs?: number): Promise<NamedShard[]> {
  const all: NamedShard[] = [];
  for (let index = 1; index <= of; index++) {
    const name = `part${index}.json`;
    const part = await runShardWith(fakeStage, file(runs), { index, of }, options);
    all.push({ file: name, part: parseShardFile(toJson(part), name) });
  }
  return all;
}

const whole = (): Promise<MatrixResult> => runMatrixWith(fakeStage, file(), options);

describe('parts of a matrix', () => {
  it.each([1, 2, 3, 14, 20])(
    'make the same as the whole at once, %d of them, in any order',
    async (of) => {
      const all = await parts(of);
      const order = fc.sample(fc.shuffledSubarray(all, { minLength: of }), {
        numRuns: 1,
        seed: of,
      });
      expect(toJson(mergeShards(order[0] ?? []))).toBe(toJson(await whole()));
    },
  );

  it('must all be there, once, and belong together', async () => {
    const [one, two, three] = (await parts(3)) as [NamedShard, NamedShard, NamedShard];
    expect(() => mergeShards([one, three])).toThrow('parts are missing: 2/3');
    expect(() => mergeShards([one, two, { ...two, file: 'again.json' }, three])).toThrow(
      'again.json and part2.json are the same part, 2/3',
    );
    const [other] = (await parts(3, 5)) as [NamedShard];
    expect(() => mergeShards([{ ...other, file: 'other.json' }, two, three])).toThrow(
      'part2.json is not of the same run as other.json',
    );
    expect(() => mergeShards([])).toThrow('nothing to merge');
  });

  it('are not taken from a file that was changed', async () => {
    const [{ part }] = (await parts(2)) as [NamedShard];
    const changed = toJson(part).replace('three editions', 'two editions');
    expect(() => parseShardFile(changed, 'p.json')).toThrow('p.json is not as kmatrix wrote it');
    expect(() => parseShardFile('{}', 'p.json')).toThrow('p.json is no part of a matrix');
    expect(() => parseShardFile('null', 'p.json')).toThrow('p.json is no part of a matrix');
    expect(() => parseShardFile('[', 'p.json')).toThrow('p.json is not JSON');
  });
});

describe('--shard', () => {
  it('is i/n', () => {
    expect(parseShard('2/3')).toEqual({ index: 2, of: 3 });
  });

  it.each(['0/3', '4/3', '1', '1/0', '-1/2', '1/2/3', 'a/b', ''])('is not "%s"', (text) => {
    expect(() => parseShard(text)).toThrow('--shard takes i/n');
  });
});
