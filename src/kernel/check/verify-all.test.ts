import { describe, expect, it } from 'vitest';
import { editionNamed } from '../editions/index.ts';
import type { Edition } from '../model/index.ts';
import { DEFAULT_QUESTION, type Question } from './question.ts';
import type { Verdict } from './verdict.ts';
import { verify } from './verify.ts';
import { SenselessQuestion, type VerdictCache, verifyAll } from './verify-all.ts';

const config = { get: (name: string) => (name === 'NR_CPUS' ? '8' : 'y') };
const none = { get: (name: string) => (name === 'NR_CPUS' ? '8' : name === 'SMP' ? 'y' : 'n') };
const asked = (edition: string, q: Partial<Question>) => ({
  edition: editionNamed(edition) as Edition,
  config,
  question: { ...DEFAULT_QUESTION, ...q },
});

describe('questions answered side by side', () => {
  it('have the answers they have one by one, in their order', async () => {
    const questions = [
      asked('all-builds-v2', { lookup: 'wait', property: 'killable' }),
      asked('all-builds-v2', { lookup: 'unlocked-as-posted' }),
      asked('v6.12', { write: 'unmap', ops: 1 }),
      asked('v7.0', { property: 'retries', write: 'split', ops: 1 }),
    ];
    const steps: number[] = [];
    const verdicts = await verifyAll(questions, {
      jobs: 2,
      onProgress: (done) => steps.push(done),
    });
    const alone = questions.map((q) => verify(q.edition, q.config, q.question));
    const timeless = (v: (typeof alone)[number]) => ({ ...v, seconds: 0 });
    expect(verdicts.map(timeless)).toEqual(alone.map(timeless));
    expect(steps).toEqual([0, 1, 2, 3, 4]);
  });

  it('are not asked again where the verdict of the same kernel is kept', async () => {
    const kept = new Map<string, Verdict>();
    const cache: VerdictCache = {
      get: (of) => kept.get(JSON.stringify(of)),
      put: (of, verdict) => kept.set(JSON.stringify(of), verdict),
    };
    const questions = [
      asked('v6.12', { write: 'unmap', ops: 1 }),
      asked('v6.12', { write: 'unmap', ops: 1, maxStates: 3 }),
      asked('v7.0', { property: 'retries', write: 'split', ops: 1 }),
    ];
    const first = await verifyAll(questions, { jobs: 1, cache });
    expect(first.map(({ verdict }) => verdict)).toEqual(['holds', 'undecided', 'holds']);
    expect(kept.size).toBe(2);
    const [of] = kept.keys();
    kept.set(of!, { ...first[0]!, what: 'as it was kept' });
    const dones: number[] = [];
    const again = await verifyAll([...questions, { ...questions[0]!, config: none }], {
      jobs: 1,
      cache,
      onProgress: (done) => dones.push(done),
    });
    expect(again[0]!.what).toBe('as it was kept');
    expect(again[2]).toBe(first[2]);
    expect(again[3]!.what).not.toBe('as it was kept');
    expect(dones).toEqual([2, 3, 4]);
    expect(await verifyAll([questions[2]!], { cache })).toEqual([first[2]]);
  });

  it('end with the one that makes no sense', async () => {
    const questions = [asked('v7.0', {}), asked('v7.0', { mutate: 'no-detached-check' })];
    const error = await verifyAll(questions, { jobs: 1 }).catch((e: unknown) => e);
    expect(error).toBeInstanceOf(SenselessQuestion);
    expect((error as SenselessQuestion).index).toBe(1);
  });

  it('stop when told to', async () => {
    const signal = AbortSignal.abort(new Error('enough'));
    await expect(verifyAll([asked('v7.0', {})], { signal })).rejects.toThrow('enough');
  });
});
