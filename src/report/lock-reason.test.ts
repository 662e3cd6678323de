import { expect, it } from 'vitest';
import { lockReason } from './lock-reason.ts';

const cell = (lock: unknown) =>
  ({
    lock,
    options: [{ symbol: 'PER_VMA_LOCK', value: 'n', why: 'PER_VMA_LOCK is n: SMP is n' }],
  }) as unknown as Parameters<typeof lockReason>[0];

it('takes the word of Kconfig for the option that decides', () => {
  const lock = { present: false, option: 'PER_VMA_LOCK', why: 'PER_VMA_LOCK is n' };
  expect(lockReason(cell(lock))).toBe('PER_VMA_LOCK is n: SMP is n');
});

it('takes the word of the kernel where no option decides, or the matrix does not show it', () => {
  expect(lockReason(cell({ present: true, option: null, why: 'by design' }))).toBe('by design');
  expect(lockReason(cell({ present: true, option: 'OTHER', why: 'OTHER is y' }))).toBe(
    'OTHER is y',
  );
  expect(lockReason(cell(null))).toBe('');
});
