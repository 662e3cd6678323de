import fc from 'fast-check';
import { expect, it } from 'vitest';
import { wordAt } from '../contents.test-util.ts';
import { violations } from '../invariants.test-util.ts';
import { MADE, type Ran, type ScriptOp, wordOf } from '../user-script.test-util.ts';
import { type Kernels, scaled, some, start } from './kernels.test-util.ts';
import { FILE_PAGES, plainOperation, SWAP } from './memory-operations.test-util.ts';
import { newFile, type Outcome, Reference } from './reference.test-util.ts';

const MACHINE = { swap: SWAP, forks: 8, pages: 8192, pageTables: 200, vmas: 512 };
const OPEN: readonly ScriptOp[] = [['memfd_create', FILE_PAGES]];

/** Expects of an access what the reference says, and tells the reference what it had left open. */
function expectAccess(
  reference: Reference,
  op: ScriptOp,
  expected: Outcome,
  seen: { readonly result: number; readonly loaded: number },
): void {
  const what = JSON.stringify(op);
  expect(seen.result === 0, what).toBe(expected.ok);
  const words = [expected.loaded ?? 0, ...(expected.orZero ? [0] : [])];
  expect(words, what).toContain(seen.loaded);
  if (expected.orZero && expected.ok && op[0] !== 'process_vm_readv') {
    reference.settle(op[1] as number, seen.loaded);
  }
}

/** Runs a script one operation after the other, each beside the reference. */
function runBeside(m: Ran, script: readonly ScriptOp[]): void {
  const { core } = m.machine;
  const mm = core.mms[0] as number;
  const k = m.exec;
  m.run([OPEN]);
  const reference = new Reference(newFile(FILE_PAGES));
  const isMapped = (page: number) => core.tree.walk(k, mm, page) !== 0;
  for (const op of script) {
    const n = m.results[0]?.length ?? 0;
    const children = m.made.length;
    m.run([[op]]);
    const result = m.results[0]?.[n] as number;
    if (op[0] === 'fork') {
      const child = reference.fork();
      const made = m.made[children];
      (op[1] as readonly ScriptOp[]).forEach((its, i) => {
        const now = made?.results[i];
        // There was no room for another process.
        if (now === undefined) return;
        const expected = child.apply(its, wordOf(MADE + children, i), now);
        const loaded = made?.loads[i] as number;
        if (expected) expectAccess(child, its, expected, { result: now, loaded });
      });
      continue;
    }
    const expected = reference.apply(op, wordOf(0, n), result);
    const loaded = m.loads[0]?.[n] as number;
    if (expected) expectAccess(reference, op, expected, { result, loaded });
    if (op[0] === 'mremap' && result < 0) reference.keepOnly(isMapped);
  }
  for (const page of reference.pages) {
    const { word, orZero } = reference.word(page);
    expect(orZero ? [word, 0] : [word], `page ${page}`).toContain(wordAt(m, mm, page));
  }
}

// A child does not know the number of the file, but has it mapped where its parent has. What an mremap that failed has unmapped in it
// nobody can look up once it has ended.
const inChild = plainOperation.filter(
  (op) => op[0] !== 'mremap' && op.every((arg) => typeof arg !== 'function'),
);
const fork = fc.array(inChild, { maxLength: 6 }).map((ops): ScriptOp => ['fork', ops]);
const operations = fc.oneof(
  { weight: 10, arbitrary: plainOperation },
  { weight: 1, arbitrary: fork },
);

it('lets programs find in memory what they put there', () => {
  fc.assert(
    fc.property(some, fc.array(operations, { maxLength: 30 }), (on: Kernels, script) => {
      for (const [edition, options] of on.slice(0, 2)) {
        const m = start(edition, options, MACHINE);
        runBeside(m, script);
        expect(violations(m)).toEqual([]);
      }
    }),
    { numRuns: scaled(300) },
  );
});
