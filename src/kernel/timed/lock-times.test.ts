import fc from 'fast-check';
import { expect, test } from 'vitest';
import { EXCLUSIVE, LOCK_EVENT, SHARED } from '../model/machine/index.ts';
import { NOW } from './cache-lines.ts';
import { LOCK_SUM, LockTimes, lockClass } from './lock-times.ts';

const NAMES = ['', 'mm#0.mmap_lock.count', 'mm#1.mmap_lock.count', 'page table#3.ptl'];

/** What a thread does to a lock; `wait` is how long before that. */
const action = fc.record({
  tid: fc.nat(2),
  lock: fc.integer({ min: 1, max: 3 }),
  mode: fc.constantFrom(SHARED, EXCLUSIVE),
  wait: fc.nat(1000),
  what: fc.constantFrom('contended', 'acquired', 'released'),
});

test('times are those of a list of what is held and awaited', () => {
  fc.assert(
    fc.property(fc.array(action, { maxLength: 200 }), (actions) => {
      const times = new LockTimes(3, 4, (at) => NAMES[at] as string);
      const clock = new Float64Array(2);
      const waiting = new Map<number, { lock: number; since: number }>();
      const held: { tid: number; lock: number; since: number }[] = [];
      const waits: number[] = [];
      const holds: number[] = [];
      let acquired = 0;
      for (const { tid, lock, mode, wait, what } of actions) {
        const now = (clock[NOW] as number) + wait;
        clock[NOW] = now;
        const awaited = waiting.get(tid);
        if (what === 'contended') {
          times.contended(tid, lock, clock);
          if (awaited?.lock !== lock) waiting.set(tid, { lock, since: now });
        } else if (what === 'acquired') {
          times.acquired(tid, lock, mode, clock);
          acquired++;
          if (awaited?.lock === lock) {
            waits.push(now - awaited.since);
            waiting.delete(tid);
          }
          if (held.filter((h) => h.tid === tid).length < 48) held.push({ tid, lock, since: now });
        } else {
          times.released(tid, lock, mode, clock);
          if (awaited?.lock === lock) waiting.delete(tid);
          const at = held.findLastIndex((h) => h.tid === tid && h.lock === lock);
          if (at >= 0) holds.push(...held.splice(at, 1).map((h) => now - h.since));
        }
      }
      const sum = (place: number) => times.tallies.reduce((n, t) => n + (t.sums[place] ?? 0), 0);
      const most = (place: number) => Math.max(0, ...times.tallies.map((t) => t.sums[place] ?? 0));
      const total = (list: readonly number[]) => list.reduce((a, b) => a + b, 0);
      expect(sum(LOCK_SUM.acquired)).toBe(acquired);
      expect([sum(LOCK_SUM.contended), sum(LOCK_SUM.waited)]).toEqual([waits.length, total(waits)]);
      expect([sum(LOCK_SUM.holds), sum(LOCK_SUM.held)]).toEqual([holds.length, total(holds)]);
      expect(most(LOCK_SUM.longestWait)).toBe(Math.max(0, ...waits));
      expect(most(LOCK_SUM.longestHold)).toBe(Math.max(0, ...holds));
    }),
  );
});

test('a class is a field of any object, in one mode', () => {
  expect(lockClass('mm#3.mmap_lock.count')).toBe('mm.mmap_lock');
  const times = new LockTimes(1, 4, (at) => NAMES[at] as string);
  const clock = new Float64Array(2);
  for (const lock of [1, 2]) times.acquired(0, lock, EXCLUSIVE, clock);
  times.acquired(0, 1, SHARED, clock);
  times.event(2, SHARED, LOCK_EVENT.readers_woken, 3);
  times.event(1, SHARED, LOCK_EVENT.readers_woken, 5);
  const rows = times.tallies.map((t) => [t.name, t.mode, t.sums[LOCK_SUM.acquired]]);
  expect(rows).toEqual([
    ['mm.mmap_lock', EXCLUSIVE, 2],
    ['mm.mmap_lock', SHARED, 1],
  ]);
  expect(times.tallies.map((t) => times.batchesOf(t))).toEqual([
    { sum: 0, largest: 0 },
    { sum: 8, largest: 5 },
  ]);
});
