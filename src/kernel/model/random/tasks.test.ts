import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { violations } from '../invariants.test-util.ts';
import { scheduleFrom } from '../user-script.test-util.ts';
import { forEach, kernels, start } from './kernels.test-util.ts';
import { FILES, HUGE_SETUP } from './memory-operations.test-util.ts';
import { FORKS, withExecs, withForks, withThreads } from './task-operations.test-util.ts';

const numbers = fc.array(fc.nat(1000), { minLength: 1, maxLength: 300 });

describe('threads and processes that come and go, any interleaving', () => {
  it.each(kernels)('%s leaves nothing behind', (edition, options) => {
    const each = fc.array(withForks, { maxLength: 6 });
    fc.assert(
      fc.property(each, each, withThreads, numbers, (a, b, c, numbers) => {
        const m = start(edition, options, { ...FORKS, threads: 3 });
        m.run([[...FILES, ...HUGE_SETUP]]);
        m.run([a, b, c], scheduleFrom(numbers));
        expect(violations(m)).toEqual([]);
      }),
      { numRuns: forEach(60) },
    );
  });

  it.each(kernels)('%s leaves nothing behind where programs end threads', (edition, options) => {
    fc.assert(
      fc.property(withExecs, withExecs, withExecs, numbers, (a, b, c, numbers) => {
        const m = start(edition, options, { ...FORKS, threads: 2 });
        m.run([[...FILES, ...HUGE_SETUP]]);
        m.run([[['fork', a], ...b], c], scheduleFrom(numbers));
        expect(violations(m)).toEqual([]);
      }),
      { numRuns: forEach(60) },
    );
  });
});
