import { expect, it } from 'vitest';
import { VisibleNames } from './visible-names.ts';

it.each([
  ['include/linux/mm.h', 'drivers/a/b.c', true],
  ['arch/x86/include/asm/bitops.h', 'mm/memory.c', true],
  ['arch/x86/boot/bitops.h', 'arch/x86/boot/compressed/misc.c', true],
  ['arch/x86/boot/bitops.h', 'arch/x86/kernel/setup.c', false],
  ['mm/internal.h', 'mm/damon/core.c', true],
  ['mm/internal.h', 'fs/exec.c', false],
  ['mm/memory.c', 'mm/memory.c', true],
  ['mm/memory.c', 'mm/mmap.c', false],
  ['drivers/gpu/amd/include/reg/gc.h', 'drivers/gpu/amd/display/dc.c', true],
  ['drivers/gpu/amd/include/reg/gc.h', 'drivers/gpu/i915/gt.c', false],
])('what %s defines can be meant in %s: %s', (definition, use, sees) => {
  const names = new VisibleNames();
  names.add('OTHER', 'kernel/fork.c');
  names.add('X', definition);
  expect(names.isIn('X', use)).toBe(sees);
  expect(names.isIn('Y', use)).toBe(false);
});
