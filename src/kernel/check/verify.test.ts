import { describe, expect, it } from 'vitest';
import { editionNamed } from '../editions/index.ts';
import { LOOKUPS, type Lookup } from '../lookup-variants.ts';
import type { Edition } from '../model/index.ts';
import { MUTANTS, type Question, replay, type Verdict, verify } from './index.ts';
import { BASE, CONFIG } from './question.test-util.ts';

const FOREVER = Number.POSITIVE_INFINITY;

const named = (edition: string) => editionNamed(edition) as Edition;
const ask = (q: Partial<Question>, edition = 'v7.0') =>
  verify(named(edition), CONFIG, { ...BASE, ...q });

/** A trace is one: a fresh machine goes the same way. */
function expectReplay(v: Verdict): void {
  expect(v.trace?.steps.length).toBeGreaterThan(0);
  const walked = replay(named(v.edition), CONFIG, v.question, v.trace as never);
  expect(walked.differs).toBeUndefined();
  expect(walked.steps).toBe(v.trace?.steps.length);
}

const WAITING = Object.keys(LOOKUPS) as Lookup[];

describe('the concerns of the series', () => {
  it.each(WAITING.filter((l) => l !== 'unlocked-as-posted'))(
    '%s can be killed only if it waits killably',
    (lookup) => {
      const v = ask({ lookup, property: 'killable' });
      expect(v.verdict).toBe(lookup.endsWith('-killable') ? 'holds' : 'violated');
      if (v.verdict === 'violated') expectReplay(v);
    },
  );

  it.each(['wait', 'unlocked', 'unlocked-killable'] as const)(
    '%s deadlocks if the caller holds a VMA',
    (lookup) => {
      expect(ask({ lookup, property: 'deadlock' }).verdict).toBe('holds');
      const v = ask({ lookup, property: 'deadlock', holding: 'vma' });
      expect(v.verdict).toBe('violated');
      expectReplay(v);
    },
  );

  it.each(['wait', 'unlocked'] as const)(
    '%s deadlocks under mmap_lock once no VMA is there',
    (lookup) => {
      expect(ask({ lookup, property: 'deadlock', holding: 'mmap_lock' }).verdict).toBe('holds');
      const v = ask({ lookup, property: 'deadlock', holding: 'mmap_lock', write: 'unmap' });
      expect(v.verdict).toBe('violated');
      expectReplay(v);
    },
  );

  const gotos = (v: Verdict) => v.loops.find((l) => l.routine === 'lock_vma_under_rcu_wait')?.bound;

  it('the goto loop goes round once for each change, for ever if changes never end', () => {
    for (const ops of [1, 2, 3])
      expect(gotos(ask({ lookup: 'wait', property: 'retries', ops }))).toBe(ops);
    const v = ask({ lookup: 'wait', property: 'retries', ops: FOREVER });
    expect([v.verdict, v.retryBound, gotos(v)]).toEqual(['violated', 'unbounded', null]);
    expect(v.trace?.cycleFrom).toBeGreaterThan(0);
    expectReplay(v);
    expect(ask({ lookup: 'wait', property: 'progress', ops: FOREVER }).verdict).toBe('violated');
  });

  it('no lookup is sure to return where its thread need not run', () => {
    const q = { lookup: 'mmap_lock', property: 'progress', ops: FOREVER } as const;
    expect(ask(q).verdict).toBe('holds');
    const v = ask({ ...q, fairness: 'none' });
    expect(v.verdict).toBe('violated');
    expectReplay(v);
  });

  it('what comes after the last lookup is not looked at', () => {
    const q = { lookup: 'mmap_lock', ops: FOREVER } as const;
    const all = ask({ ...q, property: 'deadlock' });
    expect(ask({ ...q, property: 'progress' }).states).toBeLessThan(all.states);
    expect(ask({ ...q, property: 'retries' }).states).toBeLessThan(all.states);
  });

  it('taking the reference under mmap_lock has no such loop', () => {
    const v = ask({ lookup: 'unlocked', property: 'retries', ops: FOREVER });
    expect([v.verdict, v.retryBound]).toEqual(['holds', 1]);
    expect(v.loops.map((l) => l.routine)).not.toContain('vma_start_read_unlocked');
    expect(ask({ lookup: 'unlocked', property: 'progress', ops: FOREVER }).verdict).toBe('holds');
  });

  it('but the walk again below it is still there, for VMAs that come and go', () => {
    const v = ask({ lookup: 'unlocked', property: 'retries', ops: FOREVER, write: 'unmap' });
    expect(v.loops).toContainEqual({
      routine: 'lock_vma_under_rcu',
      from: 'miss',
      to: 'rcu_read_lock',
      bound: null,
    });
  });

  it('the fault handler goes back to mmap_lock once: the second time it waits with the lock held', () => {
    const own = {
      routine: 'do_user_addr_fault',
      from: 'handled_locked',
      to: 'lock_mmap',
      bound: 1,
    };
    for (const ops of [1, FOREVER]) {
      const q = {
        lookup: 'fault',
        write: 'pageout',
        property: 'retries',
        readers: 2,
        ops,
      } as const;
      expect(ask(q).loops).toContainEqual(own);
    }
    expect(ask({ lookup: 'fault' }).verdict).toBe('holds');
  });

  it('as posted the second version uses a VMA it has not looked up', () => {
    const v = ask({ lookup: 'unlocked-as-posted' });
    expect(v.what).toMatch(/^NULL pointer dereference .*vma_start_read_locked/);
    expectReplay(v);
  });
});

/** Questions by which the absence of each safeguard is noticed. */
const NOTICED: Record<string, Partial<Question>> = {
  // One operation is enough: the other mm takes the VMA that the first one has freed.
  'no-mm-check': { writers: 2, write: 'remote', ops: 1 },
  'no-wake-up': { property: 'deadlock' },
  'no-rwsem-wake-up': { property: 'deadlock' },
};

describe('safeguards', () => {
  const caught = MUTANTS.map((m) => m.name).filter((name) => name !== 'no-first-look');

  it.each(caught)('%s is noticed', (mutate) => {
    const edition = mutate === 'no-detached-check' ? 'v6.12' : 'v7.0';
    const q = { write: 'unmap' as const, ...NOTICED[mutate] };
    const v = ask(
      { ...q, mutate, ...(mutate === 'no-range-check' && { write: 'split' as const }) },
      edition,
    );
    expect(v.verdict).toBe('violated');
    expectReplay(v);
    const { write } = v.question;
    expect(ask({ ...q, write }, edition).verdict).toBe('holds');
  });

  it.each(['modify', 'split', 'reuse', 'unmap'] as const)(
    'the first look at the sequence saves time only (%s)',
    (write) => {
      for (const property of ['safety', 'deadlock'] as const) {
        expect(ask({ mutate: 'no-first-look', write, property }).verdict).toBe('holds');
      }
    },
  );

  it('refuses to drop what a kernel does not have', () => {
    expect(() => ask({ mutate: 'no-mm-check' }, 'v6.12')).toThrow(RangeError);
  });
});

describe('the reductions', () => {
  const questions: [string, Partial<Question>][] = [
    ['v7.0', {}],
    ['v7.0', { readers: 2, ops: 1 }],
    ['v7.0', { writers: 2, ops: 1 }],
    ['v6.12', { write: 'unmap' }],
    ['v7.0', { write: 'split', mutate: 'no-sequence-recheck' }],
    ['v7.0', { readers: 2, ops: 1, mutate: 'no-wake-up', property: 'deadlock' }],
    ['v7.0', { readers: 2, ops: 1, property: 'deadlock', holding: 'vma', lookup: 'unlocked' }],
    ['v7.0', { property: 'progress', lookup: 'wait', ops: FOREVER }],
    ['v7.0', { property: 'retries', lookup: 'unlocked', ops: 3 }],
    ['v7.0', { property: 'killable', lookup: 'unlocked-killable' }],
  ];

  it.each(questions)('change no verdict (%s %o)', (edition, q) => {
    const reduced = ask(q, edition);
    const full = ask({ ...q, reduce: false }, edition);
    expect(reduced.verdict).toBe(full.verdict);
    expect(reduced.loops).toEqual(full.loops);
    expect(reduced.states).toBeLessThanOrEqual(full.states);
    if (reduced.trace !== null) expectReplay(reduced);
  });
});

it('ends undecided where there is no room', () => {
  const v = ask({ maxStates: 100 });
  expect([v.verdict, v.what]).toEqual(['undecided', 'not decided beyond 101 states']);
});
