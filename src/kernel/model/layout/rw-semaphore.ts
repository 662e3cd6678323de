import type { SurfaceStruct } from '../surface.ts';
import { layout } from './c-layout.ts';
import type { LayoutContext } from './context.ts';
import { rwsemMembers } from './lock-types.ts';

/** struct rw_semaphore (include/linux/rwsem.h). */
export function rwSemaphore(c: LayoutContext): SurfaceStruct {
  return { name: 'rw_semaphore', file: 'include/linux/rwsem.h', ...layout(rwsemMembers(c), c.abi) };
}
