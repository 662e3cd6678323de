import type { SurfaceStruct } from '../surface.ts';
import { field, layout } from './c-layout.ts';
import type { LayoutContext } from './context.ts';
import { rwsem } from './lock-types.ts';
import { slabObjectSize } from './slab-size.ts';

/**
 * struct vma_lock (include/linux/mm_types.h, 6.4 to 6.14): the semaphore beside each VMA. Objects of its own cache, made in
 * kernel/fork.c with neither SLAB_HWCACHE_ALIGN nor SLAB_TYPESAFE_BY_RCU.
 */
export function vmaLock(c: LayoutContext): SurfaceStruct {
  const { size, align, fields } = layout([field('lock', rwsem(c))], c.abi);
  return {
    name: 'vma_lock',
    file: 'include/linux/mm_types.h',
    size,
    align,
    slabObjectSize: slabObjectSize({ size, align, hwcacheAlign: false }, c.abi),
    fields,
  };
}
