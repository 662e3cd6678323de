import type { SurfaceStruct } from '../surface.ts';
import { BOOL } from './basic-types.ts';
import { field, layout, pointer, when } from './c-layout.ts';
import type { LayoutContext } from './context.ts';

/** struct proc_maps_locking_ctx (fs/proc/internal.h, since 6.17): what a reader of /proc/PID/maps holds. */
export function procMapsLockingCtx(c: LayoutContext): SurfaceStruct {
  const members = [
    field('mm', pointer('struct mm_struct')),
    ...when(c.lock !== 'absent', [
      field('mmap_locked', BOOL),
      field('locked_vma', pointer('struct vm_area_struct')),
    ]),
  ];
  return { name: 'proc_maps_locking_ctx', file: 'fs/proc/internal.h', ...layout(members, c.abi) };
}
