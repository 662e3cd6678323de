import fc from 'fast-check';
import { expect, test } from 'vitest';
import { EventTree } from './event-tree.ts';

test('the first event is the earliest, and among equal times the one scheduled first', () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 1, max: 300 }),
      fc.array(fc.tuple(fc.nat(), fc.nat({ max: 20 })), { maxLength: 200 }),
      (sources, changes) => {
        const tree = new EventTree(sources);
        const model = new Map<number, { time: number; order: number }>();
        changes.forEach(([s, time], order) => {
          const source = s % sources;
          tree.time[source] = time;
          tree.update(source);
          model.set(source, { time, order });
          const sorted = [...model].sort(([, a], [, b]) => a.time - b.time || a.order - b.order);
          expect(tree.first()).toBe(sorted[0]?.[0]);
          if (sorted.length > 1) expect(tree.second(tree.first())).toBe(sorted[1]?.[0]);
        });
      },
    ),
  );
});

test('a source without an event comes last', () => {
  const tree = new EventTree(3);
  tree.time[1] = 5;
  tree.update(1);
  expect(tree.first()).toBe(1);
  tree.time[1] = Number.POSITIVE_INFINITY;
  tree.update(1);
  expect(tree.time[tree.first()]).toBe(Number.POSITIVE_INFINITY);
});
