/** The ways a VMA is looked up and read-locked that are compared: what an edition does, or would with one part exchanged. */
import type { SlowPath } from './model/mm/lock/waiting-lookup.ts';

/** How the VMA is looked up. */
export const LOOKUPS = {
  classic: 'lock_vma_under_rcu, then mmap_read_lock',
  wait: 'lock_vma_under_rcu_wait, first version: waits for mmap_lock and tries again',
  'wait-killable': 'the same with mmap_read_lock_killable',
  'unlocked-as-posted': 'vma_start_read_unlocked as posted',
  unlocked: 'vma_start_read_unlocked with the VMA looked up under the lock',
  'unlocked-killable': 'the same with mmap_read_lock_killable',
  mmap_lock: 'mmap_read_lock only',
} as const;
export type Lookup = keyof typeof LOOKUPS;

/** The slow path behind each lookup that waits for writers. */
export const SLOW_PATHS: Partial<Record<Lookup, SlowPath>> = {
  wait: 'retry',
  'wait-killable': 'retry-killable',
  'unlocked-as-posted': 'as-posted',
  unlocked: 'vma_lookup',
  'unlocked-killable': 'vma_lookup-killable',
};
