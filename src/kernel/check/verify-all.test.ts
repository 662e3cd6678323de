import { describe, expect, it } from 'vitest';
import { editionNamed } from '../editions/index.ts';
import type { Edition } from '../model/index.ts';
import { DEFAULT_QUESTION, type Question } from './question.ts';
import { verify } from './verify.ts';
import { SenselessQuestion, verifyAll } from './verify-all.ts';

const config = { get: (name: string) => (name === 'NR_CPUS' ? '8' : 'y') };
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
