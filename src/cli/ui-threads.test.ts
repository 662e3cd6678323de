import { expect, it } from 'vitest';
import { uiThreads } from './ui-threads.ts';

it('are one for each processor, as far as memory allows', () => {
  expect([0, 1, 2].map(uiThreads)).toEqual([1, 1, 2]);
  expect(uiThreads(16)).toBe(uiThreads(256));
  expect(uiThreads(16)).toBeGreaterThanOrEqual(2);
});
