import fc from 'fast-check';
import { expect, test } from 'vitest';
import { Timers } from './timers.ts';

test('pauses end in the order of their times, equal ones by thread', () => {
  fc.assert(
    fc.property(fc.array(fc.nat({ max: 30 }), { minLength: 1, maxLength: 60 }), (dues) => {
      const timers = new Timers(dues.length);
      dues.forEach((due, tid) => {
        timers.due[tid] = due;
        timers.push(tid);
      });
      const out: number[] = [];
      while (timers.size > 0) out.push(timers.shift());
      const sorted = dues.map((_, tid) => tid).sort((a, b) => dues[a]! - dues[b]! || a - b);
      expect(out).toEqual(sorted);
    }),
  );
});
