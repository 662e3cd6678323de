import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { violations, visible } from '../invariants.test-util.ts';
import { type ScriptOp, SMP64 } from '../user-script.test-util.ts';
import { expectAlike, type Kernels, scaled, seenOf, some, start } from './kernels.test-util.ts';
import {
  BASE,
  basicOperation,
  FILES,
  fileOperation,
  HUGE_SETUP,
  kernelSide,
  operation,
  PRIVATE_ANON_FIXED,
  SWAP,
  scripts,
  swapOperation,
} from './memory-operations.test-util.ts';

it('reaches markers under a change of protection', () => {
  const SIGBUS = -7;
  const reached = fc
    .sample(scripts(basicOperation, 30), { numRuns: 100, seed: 1 })
    .filter((ops) => {
      const m = start('v6.12', SMP64, {});
      m.run([[...FILES, ...ops]]);
      const results = m.results[0]?.slice(FILES.length) ?? [];
      return ops.some(
        ([op], i) => op === 'write' && results[i] === SIGBUS && ops[i - 1]?.[0] === 'mprotect',
      );
    });
  expect(reached.length).toBeGreaterThan(10);
});

describe('one thread', () => {
  const runAll = (on: Kernels, ops: readonly ScriptOp[]) =>
    on.map(([edition, options]) => {
      const m = start(edition, options, { swap: SWAP });
      m.run([[...FILES, ...ops]]);
      expect(violations(m)).toEqual([]);
      return seenOf(edition, m, FILES.length);
    });

  it('leaves every kernel well-formed and shows user space the same', () => {
    const ops = fc.oneof(basicOperation, kernelSide, fileOperation, swapOperation);
    fc.assert(
      fc.property(some, scripts(ops, 30), (on, script) => {
        expectAlike(runAll(on, script), script);
      }),
      { numRuns: scaled(150) },
    );
  });

  it('does so with huge pages', () => {
    fc.assert(
      fc.property(some, scripts(operation, 30), (on, script) => {
        expectAlike(runAll(on, [...HUGE_SETUP, ...script]), script);
      }),
      { numRuns: scaled(150) },
    );
  });

  it('merges neighbours that are alike, as if mapped at once', () => {
    const m = start('v7.0', SMP64, {});
    m.run([
      [
        ['mmap', 12, 3, PRIVATE_ANON_FIXED, BASE],
        ['mprotect', BASE + 4, 4, 1],
        ['mprotect', BASE + 4, 4, 3],
      ],
    ]);
    expect(visible(m).filter((l) => l.startsWith(`[${BASE}`))).toEqual([
      `[${BASE}, ${BASE + 12}) 3`,
    ]);
  });
});
