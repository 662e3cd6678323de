/** Compares what a kernel did with the naive reference. For tests. */
import { expect } from 'vitest';
import { wordAt } from '../contents.test-util.ts';
import { MADE, type Ran, type ScriptOp, wordOf } from '../user-script.test-util.ts';
import type { Reference } from './reference.test-util.ts';

/** Loads of one page each. */
const ONE_PAGE: readonly string[] = ['read', 'copy_from_user', 'vmsplice'];

interface Gave {
  readonly results: readonly number[];
  readonly loads: readonly number[];
}

/** Has the reference do an operation, the n-th of its task, and expects of an access what it says. */
function compareAccess(reference: Reference, op: ScriptOp, gave: Gave, n: number, stored: number) {
  const result = gave.results[n] as number;
  const expected = reference.apply(op, stored, result);
  if (expected === undefined) return;
  const what = JSON.stringify(op);
  const loaded = gave.loads[n] as number;
  expect(result === 0, what).toBe(expected.ok);
  expect([expected.loaded ?? 0, ...(expected.orZero ? [0] : [])], what).toContain(loaded);
  if (expected.orZero && expected.ok && ONE_PAGE.includes(op[0])) {
    reference.settle(op[1] as number, loaded);
  }
}

/** Compares the n-th operation of a thread, with all that a child it made did. */
export function compare(m: Ran, reference: Reference, tid: number, n: number, op: ScriptOp): void {
  const stored = wordOf(tid, n);
  if (op[0] !== 'fork') {
    const gave = { results: m.results[tid] as number[], loads: m.loads[tid] as number[] };
    compareAccess(reference, op, gave, n, stored);
    return;
  }
  const index = m.made.findIndex(({ by }) => by === stored);
  const made = m.made[index];
  // There was no room for another process.
  if (made === undefined || made.results.length === 0) return;
  const child = reference.fork();
  (op[1] as readonly ScriptOp[]).forEach((its, i) => {
    compareAccess(child, its, made, i, wordOf(MADE + index, i));
  });
}

/** Compares what memory holds in the end. */
export function compareMemory(m: Ran, reference: Reference): void {
  for (const page of reference.pages) {
    const { word, orZero } = reference.word(page);
    const found = wordAt(m, m.machine.core.mms[0] as number, page);
    expect(orZero ? [word, 0] : [word], `page ${page}`).toContain(found);
  }
}
