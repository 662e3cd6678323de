import fc from 'fast-check';
import { expect, test } from 'vitest';
import { EventQueue } from './event-queue.ts';

const NEVER = Number.POSITIVE_INFINITY;

interface Scheduled {
  readonly source: number;
  readonly time: number;
  readonly order: number;
}

/** The order the queue promises, by sorting. */
const sorted = (events: ReadonlyMap<number, Scheduled>) =>
  [...events.values()]
    .filter((e) => e.time < NEVER)
    .sort((a, b) => a.time - b.time || a.order - b.order);

/** Many at the same time, and some anywhere among the times a run can have. */
const soon = fc.nat({ max: 20 });
const whole = fc.maxSafeNat();

test('the first event is the earliest, and among equal times the one scheduled first', () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 1, max: 300 }),
      fc.array(fc.tuple(fc.nat(), fc.oneof(soon, whole, fc.constant(NEVER))), {
        maxLength: 200,
      }),
      (sources, changes) => {
        const queue = new EventQueue(sources);
        const model = new Map<number, Scheduled>();
        changes.forEach(([s, time], order) => {
          const source = s % sources;
          queue.time[source] = time;
          queue.update(source);
          model.set(source, { source, time, order });
          const [first, second] = sorted(model);
          if (first) expect(queue.first()).toBe(first.source);
          else expect(queue.time[queue.first()]).toBe(NEVER);
          if (first && second) expect(queue.other(first.source)).toBe(second.source);
        });
        // Taken out one by one they come in order to the last.
        for (const { source } of sorted(model)) {
          expect(queue.first()).toBe(source);
          queue.time[source] = NEVER;
          queue.update(source);
        }
        expect(queue.time[queue.first()]).toBe(NEVER);
      },
    ),
  );
});
