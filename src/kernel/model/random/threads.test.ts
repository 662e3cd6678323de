import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { violations } from '../invariants.test-util.ts';
import { SMP64, scheduleFrom } from '../user-script.test-util.ts';
import { forEach, kernels, start, withSwap } from './kernels.test-util.ts';
import { FILES, HUGE_SETUP, operation, SWAP, scripts } from './memory-operations.test-util.ts';

/** Kernels whose VMAs can have names, which keep neighbours from merging. */
const named = [
  ['v6.12', { ...withSwap(SMP64), ANON_VMA_NAME: 'y' }],
  ['v7.0', { ...withSwap(SMP64), ANON_VMA_NAME: 'y' }],
] as const;

describe('threads of one process, any interleaving', () => {
  it.each([...kernels, ...named])(
    '%s leaves no lock held and no reader counted',
    (edition, options) => {
      fc.assert(
        fc.property(
          fc.array(scripts(operation, 8), { minLength: 2, maxLength: 4 }),
          fc.array(fc.nat(1000), { minLength: 1, maxLength: 300 }),
          (scripts, numbers) => {
            const m = start(edition, options, { threads: scripts.length, swap: SWAP });
            m.run(
              scripts.map((ops, i) => [...FILES, ...(i === 0 ? HUGE_SETUP : []), ...ops]),
              scheduleFrom(numbers),
            );
            expect(violations(m)).toEqual([]);
          },
        ),
        { numRuns: forEach(150) },
      );
    },
  );
});
