/** The counters of CONFIG_PER_VMA_LOCK_STATS. */
import { EMPTY, type KernelBuilder } from '../../kernel-builder.ts';
import type { VmaLockStats } from './vma-lock.ts';

const EVENTS = 'include/linux/vm_event_item.h';

/**
 * Registers the counters. They are tallied in any case, as a tracer could; names, lines of /proc/vmstat and the macro that counts are
 * there with the option only.
 */
export function vmaLockStats(b: KernelBuilder): VmaLockStats {
  const exported = b.enabled('PER_VMA_LOCK_STATS');
  b.inline(
    'count_vm_vma_lock_event',
    { file: 'include/linux/vmstat.h', signature: '(event)', kind: 'macro' },
    exported ? undefined : EMPTY,
  );
  const stat = (name: string): number => {
    const event = b.event(name);
    b.declareCounter(name, EVENTS, event, exported);
    if (exported) b.name(name.toUpperCase(), 'enumerator', EVENTS);
    return event;
  };
  return {
    vma_lock_success: stat('vma_lock_success'),
    vma_lock_abort: stat('vma_lock_abort'),
    vma_lock_retry: stat('vma_lock_retry'),
    vma_lock_miss: stat('vma_lock_miss'),
  };
}
