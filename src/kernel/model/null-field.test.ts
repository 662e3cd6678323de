import { expect, it } from 'vitest';
import { wordStruct } from './machine/index.ts';
import { nullField } from './null-field.ts';
import type { SurfaceStruct } from './surface.ts';

const LOCK = wordStruct('rw_semaphore', { count: 1, owner: 1 });
const VMA = wordStruct('vm_area_struct', { vm_start: 1, vm_lock: { line: LOCK } });
const layout: SurfaceStruct = {
  name: 'vm_area_struct',
  file: 'include/linux/mm_types.h',
  size: 64,
  align: 8,
  fields: [
    { name: 'vm_start', type: 'unsigned long', offset: 8, size: 8 },
    { name: 'vm_lock', type: 'struct rw_semaphore', offset: 24, size: 40 },
  ],
};
const at = (variable: string, words: number) => nullField(variable, words, { vma: VMA }, [layout]);

it('is the member at the byte offset of the layout', () => {
  expect(at('vma', 0)).toEqual({ struct: 'vm_area_struct', field: 'vm_start', offset: 8 });
  expect(at('vma', 16)).toEqual({ struct: 'vm_area_struct', field: 'vm_lock.count', offset: 24 });
});

it('has no offset inside an embedded structure whose layout is not known', () => {
  expect(at('vma', 17)).toMatchObject({ field: 'vm_lock.owner', offset: null });
});

it('is none for another variable, padding, or beyond the structure', () => {
  expect([at('page', 0), at('vma', 1), at('vma', 99), at('constructor', 0)]).toEqual([
    undefined,
    undefined,
    undefined,
    undefined,
  ]);
});
