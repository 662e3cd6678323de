import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { windowOf } from './window.ts';

/** Any list in any state, in it a cursor and a lead that may be out of date. */
const anyInput = fc
  .record({
    count: fc.nat(50),
    height: fc.nat(30),
    cursor: fc.integer({ min: -5, max: 60 }),
    offset: fc.integer({ min: -5, max: 60 }),
    back: fc.nat(4),
    on: fc.nat(2),
  })
  .map(({ back, on, ...input }) => ({
    ...input,
    lead: input.cursor - back,
    tail: input.cursor + on,
  }));

describe('windowOf', () => {
  it('keeps still while the selected row is in view', () => {
    const list = { count: 100, height: 10, offset: 20 };
    expect(windowOf({ ...list, cursor: 20 })).toEqual({ start: 20, end: 30 });
    expect(windowOf({ ...list, cursor: 29 })).toEqual({ start: 20, end: 30 });
  });

  it('moves just far enough when it is not', () => {
    const list = { count: 100, height: 10, offset: 20 };
    expect(windowOf({ ...list, cursor: 19 }).start).toBe(19);
    expect(windowOf({ ...list, cursor: 30 }).start).toBe(21);
  });

  it('shows the heading above the selected row where there is room', () => {
    expect(windowOf({ count: 9, height: 4, cursor: 1, offset: 1, lead: 0 }).start).toBe(0);
    expect(windowOf({ count: 9, height: 1, cursor: 1, offset: 1, lead: 0 }).start).toBe(1);
  });

  it('shows the other half below the selected row where there is room', () => {
    const list = { count: 9, height: 4, cursor: 4, tail: 5 };
    expect(windowOf({ ...list, offset: 1 }).start).toBe(2);
    expect(windowOf({ ...list, offset: 0, lead: 2 }).start).toBe(2);
    expect(windowOf({ ...list, offset: 0, lead: 1 }).start).toBe(1);
    expect(windowOf({ ...list, height: 1, offset: 0 }).start).toBe(4);
  });

  it('fills the height, stays within the list and shows the selected row', () => {
    fc.assert(
      fc.property(anyInput, (input) => {
        const { start, end } = windowOf(input);
        expect(end - start).toBe(Math.min(input.height, input.count));
        expect(start).toBeGreaterThanOrEqual(0);
        expect(end).toBeLessThanOrEqual(input.count);
        if (input.count > 0 && input.height > 0) {
          const cursor = Math.max(0, Math.min(input.cursor, input.count - 1));
          expect(start).toBeLessThanOrEqual(cursor);
          expect(end).toBeGreaterThan(cursor);
        }
      }),
    );
  });

  it('is settled after one step: the same window again moves nothing', () => {
    fc.assert(
      fc.property(anyInput, (input) => {
        const { start } = windowOf(input);
        expect(windowOf({ ...input, offset: start }).start).toBe(start);
      }),
    );
  });
});
