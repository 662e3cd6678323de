import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { violations } from '../invariants.test-util.ts';
import { type ScriptOp, scheduleFrom } from '../user-script.test-util.ts';
import { expectAlike, forEach, kernels, scaled, seenOf, some, start } from './kernels.test-util.ts';
import { FILES, HUGE_SETUP, operation } from './memory-operations.test-util.ts';
import { exec, FORKS, withForks } from './task-operations.test-util.ts';

describe('processes that fork, exit and wait', () => {
  it('show user space the same in every kernel', () => {
    const ops = fc.oneof({ weight: 10, arbitrary: withForks }, { weight: 1, arbitrary: exec });
    fc.assert(
      fc.property(some, fc.array(ops, { maxLength: 16 }), (on, ops) => {
        const seen = on.map(([edition, options]) => {
          const m = start(edition, options, FORKS);
          m.run([[...FILES, ...HUGE_SETUP]]);
          m.run([ops]);
          expect(violations(m)).toEqual([]);
          return seenOf(edition, m, FILES.length);
        });
        expectAlike(seen, ops);
      }),
      { numRuns: scaled(40) },
    );
  });

  it.each(kernels)('%s keeps apart what the living write', (edition, options) => {
    const living = fc.oneof({ weight: 8, arbitrary: operation }, { weight: 1, arbitrary: exec });
    const staying = fc.oneof(
      { weight: 6, arbitrary: operation },
      fc.array(living, { maxLength: 5 }).map((ops): ScriptOp => ['fork', [...ops, ['pause']]]),
    );
    fc.assert(
      fc.property(
        fc.array(staying, { maxLength: 12 }),
        fc.array(staying, { maxLength: 6 }),
        fc.array(fc.nat(1000), { minLength: 1, maxLength: 300 }),
        (a, b, numbers) => {
          const m = start(edition, options, { ...FORKS, threads: 2 });
          m.run([[...FILES, ...HUGE_SETUP]]);
          m.run([a, b], scheduleFrom(numbers));
          expect(violations(m)).toEqual([]);
        },
      ),
      { numRuns: forEach(60) },
    );
  });
});
