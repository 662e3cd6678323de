import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { violations } from '../invariants.test-util.ts';
import { type Ran, type ScriptOp, scheduleFrom } from '../user-script.test-util.ts';
import { compare, compareMemory } from './beside.test-util.ts';
import { forEach, kernels, scaled, some, start } from './kernels.test-util.ts';
import { SWAP } from './memory-operations.test-util.ts';
import {
  HUGE_BEGIN,
  PLAIN_SETUP,
  plainHugeWithForks,
  plainThread,
  plainWithForks,
} from './plain-operations.test-util.ts';
import { newFile, Reference } from './reference.test-util.ts';

const MACHINE = { swap: SWAP, forks: 8, pages: 8192, pageTables: 200, vmas: 512 };

/** Runs a script one operation after the other, each beside the reference. */
function runBeside(m: Ran, script: readonly ScriptOp[]): void {
  const { core } = m.machine;
  const mm = core.mms[0] as number;
  const reference = new Reference(newFile(0));
  [...PLAIN_SETUP, ...script].forEach((op, n) => {
    m.run([[op]]);
    compare(m, reference, 0, n, op);
    const failed = op[0] === 'mremap' && (m.results[0]?.[n] as number) < 0;
    if (failed) reference.keepOnly((page) => core.tree.walk(m.exec, mm, page) !== 0);
  });
  compareMemory(m, reference);
}

describe('programs find in memory what they put there', () => {
  it('one operation after the other', () => {
    fc.assert(
      fc.property(some, fc.array(plainWithForks, { maxLength: 30 }), (on, script) => {
        for (const [edition, options] of on.slice(0, 2)) {
          const m = start(edition, options, MACHINE);
          runBeside(m, script);
          expect(violations(m)).toEqual([]);
        }
      }),
      { numRuns: scaled(300) },
    );
  });

  it('with huge pages', () => {
    fc.assert(
      fc.property(some, fc.array(plainHugeWithForks, { maxLength: 20 }), (on, script) => {
        for (const [edition, options] of on.slice(0, 2)) {
          const m = start(edition, options, MACHINE);
          runBeside(m, [...HUGE_BEGIN, ...script]);
          expect(violations(m)).toEqual([]);
        }
      }),
      { numRuns: scaled(100) },
    );
  });

  it.each(kernels)('%s, threads side by side', (edition, options) => {
    const numbers = fc.array(fc.nat(1000), { minLength: 1, maxLength: 300 });
    fc.assert(
      fc.property(plainThread(0), plainThread(1), plainThread(2), numbers, (a, b, c, numbers) => {
        const m = start(edition, options, { ...MACHINE, threads: 3 });
        const scripts = [a, b, c].map((ops) => [...PLAIN_SETUP, ...ops]);
        m.run(scripts, scheduleFrom(numbers));
        expect(violations(m)).toEqual([]);
        scripts.forEach((ops, tid) => {
          const reference = new Reference(newFile(0));
          for (const [n, op] of ops.entries()) compare(m, reference, tid, n, op);
          compareMemory(m, reference);
        });
      }),
      { numRuns: forEach(150) },
    );
  });
});
