import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { editionNamed } from '../../../editions/index.ts';
import type { Edition } from '../../edition.ts';
import { violations } from '../../invariants.test-util.ts';
import { KernelBug, TASK } from '../../machine/index.ts';
import { type ScriptOp, SMP64, start, UP64 } from '../../user-script.test-util.ts';
import type { SlowPath } from './waiting-lookup.ts';

/** The second version of the series with another slow path. */
function withSlowPath(waitingLookup: SlowPath): Edition {
  const edition = editionNamed('all-builds-v2') as Edition;
  return { ...edition, parts: { ...edition.parts, waitingLookup } };
}
const NAMES: Record<SlowPath, string> = {
  retry: 'lock_vma_under_rcu_wait',
  'retry-killable': 'lock_vma_under_rcu_wait',
  'as-posted': 'vma_start_read_unlocked',
  vma_lookup: 'vma_start_read_unlocked',
  'vma_lookup-killable': 'vma_start_read_unlocked',
};
const ALL = Object.keys(NAMES) as SlowPath[];
const SOUND = ALL.filter((slow) => slow !== 'as-posted');
const NOWHERE = 0x7000;
const at0 = (r: readonly number[]) => r[0] as number;

describe('the waiting lookup', () => {
  it.each(ALL)('%s is on the surface under its name', (slow) => {
    const routines = start(withSlowPath(slow), UP64).machine.routines.map((r) => r.name);
    expect(routines).toContain(NAMES[slow]);
  });

  it.each(SOUND)('%s says that no VMA is there', (slow) => {
    const m = start(withSlowPath(slow), SMP64);
    m.run([[['tcp_zerocopy_receive', NOWHERE, 1]]]);
    expect(m.results).toEqual([[-22]]);
    expect(violations(m)).toEqual([]);
  });

  it('as posted uses the VMA it has not found', () => {
    const m = start(withSlowPath('as-posted'), SMP64);
    expect(() => m.run([[['tcp_zerocopy_receive', NOWHERE, 1]]])).toThrow(KernelBug);
  });

  it('takes mmap_lock past its trace points in the second version only', () => {
    const traced = (slow: SlowPath) => {
      const m = start(withSlowPath(slow), SMP64);
      m.run([[['tcp_zerocopy_receive', NOWHERE, 1]]]);
      return m.count('mmap_lock read_acquired');
    };
    expect(traced('retry')).toBe(1);
    expect(traced('vma_lookup')).toBe(0);
    // A guard cannot be killed.
    expect(traced('vma_lookup-killable')).toBe(1);
  });

  it.each(SOUND)('%s never fails while a writer comes and goes', (slow) => {
    const writer = Array.from({ length: 4 }, (_, i): ScriptOp => ['mprotect', at0, 2, i % 2]);
    fc.assert(
      fc.property(fc.array(fc.nat(1000), { minLength: 1, maxLength: 200 }), (numbers) => {
        let i = 0;
        const m = start(withSlowPath(slow), SMP64, { threads: 2 });
        m.run([[['binder_mmap', 2]], [['binder_mmap', 2]]]);
        const buffer = m.results[0]?.[0] as number;
        m.run(
          [
            writer,
            [
              ['binder_insert', buffer],
              ['binder_insert', buffer + 1],
            ],
          ],
          (ready) => ready[(numbers[i++ % numbers.length] as number) % ready.length] as number,
        );
        expect(m.results[1]?.slice(1)).toEqual([0, 0]);
        expect(violations(m)).toEqual([]);
      }),
      { numRuns: 60 },
    );
  });

  it.each(SOUND)('%s is left on a fatal signal only if it can be killed', (slow) => {
    const m = start(withSlowPath(slow), SMP64, { threads: 2 });
    const { exec, machine } = m;
    const { core } = machine;
    // The call itself is asked, not a program that the signal ends.
    delete machine.area.killed;
    const mm = core.mms[0] as number;
    // Thread 1 holds mmap_lock for writing and goes no further.
    exec.spawn(1, core.mmap.mmap_write_lock, [mm]);
    exec.select(1);
    while (exec.where(1) !== undefined) exec.step();
    const lookup = machine.routines.find((r) => r.name === NAMES[slow]);
    if (lookup === undefined) throw new Error(slow);
    exec.spawn(0, lookup, [mm, NOWHERE]);
    exec.select(0);
    while (exec.runnable(0)) exec.step();
    const task = machine.area.tasks[0] as number;
    exec.poke(task + TASK.at.sigkill, 1);
    exec.select(1);
    exec.wake(task);
    exec.select(0);
    while (exec.runnable(0) && exec.where(0) !== undefined) exec.step();
    const killable = slow.endsWith('-killable');
    expect(exec.where(0) === undefined).toBe(killable);
    if (killable) expect(exec.peek(task + TASK.at.result)).toBe(-4);
  });
});
