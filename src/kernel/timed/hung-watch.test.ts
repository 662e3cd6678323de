import { expect, it } from 'vitest';
import { BACKGROUND, HungWatch, MUST_END } from './hung-watch.ts';

it('gives a run more time while somebody pauses, and after a pause', () => {
  const watch = new HungWatch(1);
  watch.progress = 1e12;
  expect(watch.overdue(1.4e12, false)).toBe(false);
  expect(watch.overdue(1.6e12, false)).toBe(true);
  expect(watch.overdue(1.6e12, true)).toBe(false);
  watch.pauseEnd = 1.5e12;
  expect(watch.overdue(1.6e12, false)).toBe(false);
  expect(watch.overdue(5.1e12, true)).toBe(true);
});

it('waits for children of the foreground, unless they wait for a signal', () => {
  const watch = new HungWatch(4);
  watch.role[0] = MUST_END;
  watch.role[1] = BACKGROUND;
  watch.inherit(2, 0);
  watch.inherit(3, 1);
  const awaited = (asleep: boolean) => [0, 1, 2, 3].filter((t) => watch.isAwaited(t, asleep));
  expect(awaited(false)).toEqual([0, 2]);
  expect(awaited(true)).toEqual([0]);
});
