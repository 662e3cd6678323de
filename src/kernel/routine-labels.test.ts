import { expect, it } from 'vitest';
import { routineLabels } from './index.ts';

const ON = { SMP: 'y', MMU: 'y', PER_VMA_LOCK: 'y', '64BIT': 'y' };

it('lists the labels of the routines a kernel really has', () => {
  const on = routineLabels('v7.0', ON).get('lock_vma_under_rcu') ?? [];
  const off = routineLabels('v7.0', { ...ON, SMP: 'n', PER_VMA_LOCK: 'n' });
  expect(on.length).toBeGreaterThan(3);
  expect(off.get('lock_vma_under_rcu')).toEqual(['stub']);
  expect(routineLabels('no such edition', ON).size).toBe(0);
});
