import fc from 'fast-check';
import { expect, it } from 'vitest';
import { NoRoomError } from './interner.ts';
import { StateTable } from './state-table.ts';

const state = fc.array(fc.integer({ min: -2, max: 2 }), { minLength: 3, maxLength: 3 });

it('keeps each state once, in the order they came', () => {
  fc.assert(
    fc.property(fc.array(state, { maxLength: 3000 }), fc.nat(40), (all, gap) => {
      const table = new StateTable(3, 1e9, 4);
      const order = new Map<string, number>();
      const told: number[] = [];
      const expected: number[] = [];
      const flush = () => table.flush(1e6, (_from, _via, to) => told.push(to));
      all.forEach((words, i) => {
        table.batch.set(words, table.next);
        const key = words.join();
        if (!order.has(key)) order.set(key, order.size);
        expected.push(order.get(key) as number);
        if (table.push(i, i % 3) || i % (gap + 1) === gap) flush();
      });
      flush();
      expect(told).toEqual(expected);
      expect(table.size).toBe(order.size);
      for (const [key, index] of order) {
        expect(table.indexOf(Int32Array.from(key.split(','), Number))).toBe(index);
        expect(table.parent[index]).toBe(expected.indexOf(index));
      }
      expect(table.indexOf(Int32Array.of(9, 9, 9))).toBe(-1);
    }),
    { numRuns: 60 },
  );
});

it('takes no more states than there is room for, and one', () => {
  const table = new StateTable(1);
  for (let i = 0; i < 10; i++) {
    table.batch[table.next] = i;
    table.push(-1, 0);
  }
  expect(table.flush(4)).toBe(false);
  expect(table.size).toBe(5);
});

it('does not outgrow what it may take', () => {
  const table = new StateTable(1, 1e6);
  const fill = () => {
    for (let i = 0; i < 1e6; i++) {
      table.batch[table.next] = i;
      if (table.push(-1, 0)) table.flush(1e9);
    }
  };
  expect(fill).toThrow(NoRoomError);
  expect(table.bytes).toBeLessThanOrEqual(1e6);
  expect(table.indexOf(Int32Array.of(9000))).toBe(9000);
});
