import { expect, test } from 'vitest';
import { wordStruct } from './words.ts';

const lock = wordStruct('lock', { count: 1, owner: 1 });

test('words are named by field, place and embedded structure, and padding is not', () => {
  const vma = wordStruct('vma', { start: 1, slots: { array: 2 }, lock: { line: lock } });
  expect(vma.at).toEqual({ start: 0, slots: 1, lock: 16 });
  expect(vma.size).toBe(32);
  expect(vma.words).toHaveLength(32);
  expect(vma.words.slice(0, 4)).toEqual(['start', 'slots[0]', 'slots[1]', '']);
  expect(vma.words.slice(15, 19)).toEqual(['', 'lock.count', 'lock.owner', '']);
});

test('a structure as large as a machine is laid out without a name for each of its words', () => {
  // More names than an array of JavaScript can hold.
  const map = wordStruct('mem_map', { free: 1, next: { array: 2 ** 33 }, last: 1 });
  expect(map.at.last).toBe(2 ** 33 + 1);
  expect(map.size).toBe(2 ** 33 + 2);
});
