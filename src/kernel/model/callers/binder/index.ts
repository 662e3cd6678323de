/** Binder, with the option; without it its device cannot be opened. */
import { type Routine, routine } from '../../machine/index.ts';
import type { MmCore } from '../../mm/mm-core.ts';
import { sysNiSyscall } from '../../mm/ni-syscall.ts';
import type { BinderAlloc } from './alloc.ts';
import { type BinderLock, binderInstall, type InsertParts } from './insert.ts';
import { type BinderShrinker, binderShrinker, type ShrinkerParts } from './shrinker.ts';
import { binderTransaction } from './transaction.ts';

export { type BinderAlloc, binderAlloc } from './alloc.ts';
export type { BinderLock } from './insert.ts';
export type { BinderShrinker } from './shrinker.ts';

/** What user space calls, each with the caller's mm first. */
export interface Binder {
  /** `(mm, address) -> 0 or -errno`. */
  readonly binder_insert: Routine;
  /** `(mm, address) -> 0 or -errno`. */
  readonly binder_free: Routine;
  /** `() -> pages freed`. */
  readonly drop_slab: Routine;
}

export interface BinderParts extends Omit<InsertParts, 'alloc'>, Omit<ShrinkerParts, 'alloc'> {
  /** Absent without ANDROID_BINDER_IPC. */
  readonly alloc: BinderAlloc | undefined;
}

export function binder(
  c: MmCore,
  lock: BinderLock,
  shrinker: BinderShrinker,
  p: BinderParts,
): Binder {
  const { b } = c;
  const { alloc } = p;
  if (alloc === undefined) {
    const none = sysNiSyscall(b);
    // Other caches have nothing that concerns the mm layer.
    const drop_slab = b.add(routine('drop_slab', [], () => ({ none: (k) => k.ret(0) })));
    return { binder_insert: none, binder_free: none, drop_slab };
  }
  const parts = { ...p, alloc };
  const { binder_alloc_new_buf, binder_alloc_free_buf } = binderTransaction(
    c,
    alloc,
    binderInstall(c, lock, parts),
  );
  return {
    binder_insert: binder_alloc_new_buf,
    binder_free: binder_alloc_free_buf,
    drop_slab: binderShrinker(c, shrinker, parts),
  };
}
