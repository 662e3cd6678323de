import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type ScriptOp, scheduleFrom } from '../user-script.test-util.ts';
import { forEach, kernels, start } from './kernels.test-util.ts';
import {
  basicOperation,
  hugeOperation,
  kernelSide,
  SWAP,
  scripts,
  swapOperation,
} from './memory-operations.test-util.ts';
import { exec } from './task-operations.test-util.ts';

describe('what was taken is given back', () => {
  /** Everything a script of `returnable` operations can have mapped: where it maps itself, and where the kernel chooses. */
  const EVERYTHING: ScriptOp = ['munmap', 0x40000, 0x40000];
  const staying = ['brk', 'stack_write', 'mseal', 'mlockall'];
  // Files stay open, and keep their pages.
  const anything = fc.oneof(basicOperation, kernelSide, hugeOperation, swapOperation);
  const returnable = anything.filter(([op]) => !staying.includes(op));

  it.each(kernels)('%s, whatever the threads did', (edition, options) => {
    fc.assert(
      fc.property(
        fc.array(scripts(returnable, 8), { minLength: 1, maxLength: 3 }),
        fc.array(fc.nat(1000), { minLength: 1, maxLength: 300 }),
        (scripts, numbers) => {
          const m = start(edition, options, { threads: scripts.length, swap: SWAP });
          const { pages, pt, vmas, swap } = m.machine.core;
          const inUse = () => [pages, pt, vmas, swap].map((pool) => pool.inUse(m.exec));
          const before = inUse();
          m.run(scripts, scheduleFrom(numbers));
          // What else a page in the cache is there for, nobody looks at without need.
          m.run([[EVERYTHING, ['swapoff']]]);
          expect(inUse()).toEqual(before);
        },
      ),
      { numRuns: forEach(100) },
    );
  });

  it.each(kernels)('%s, whatever the program before did', (edition, options) => {
    fc.assert(
      fc.property(
        fc.array(scripts(anything, 8), { minLength: 1, maxLength: 3 }),
        exec,
        (programs, last) => {
          const m = start(edition, options, { swap: SWAP, forks: 1 });
          const { pages, pt, vmas, swap } = m.machine.core;
          const inUse = () => [pages, pt, vmas, swap].map((pool) => pool.inUse(m.exec));
          // Before and after a page table more may be needed for a stack that is moved.
          m.run([[last]]);
          const before = inUse();
          m.run([
            [...programs.flatMap((ops): ScriptOp[] => [['execve', 0], ...ops]), last, ['swapoff']],
          ]);
          expect(inUse()).toEqual(before);
        },
      ),
      { numRuns: forEach(50) },
    );
  });
});
