/**
 * Finding and read-locking a VMA without mmap_lock where the lock is a semaphore. Which VMAs it gives has grown from release to release.
 * After lock_vma_under_rcu in mm/memory.c of 6.4, 6.6 and 6.12.
 */
import type { KernelBuilder } from '../../kernel-builder.ts';
import { type Exec, inFrame, type Routine, routine } from '../../machine/index.ts';
import { isSince } from '../../release.ts';
import { __VM_UFFD_FLAGS, VM_OPS_ANON } from '../structs.ts';
import type { RwsemVmaLockParts } from './rwsem-vma-lock.ts';
import { countVmaLock } from './vma-lock.ts';

export interface RwsemLookupParts extends RwsemVmaLockParts {
  readonly vma_start_read: Routine;
  readonly vma_end_read: Routine;
}

/** Registers `(mm, address) -> vma or 0`. */
export function rwsemLookup(b: KernelBuilder, p: RwsemLookupParts): Routine {
  const { VMA, rcu, tree, stats, lockedFaults, vma_start_read, vma_end_read } = p;
  const { vm_start, vm_end, vm_ops, vm_flags, anon_vma, detached } = VMA.at;
  // 6.12 looks at the mark first: a range that changed is then that of a VMA still there.
  const rangeFirst = !isSince(p.release, '6.12');
  const unprepared = (k: Exec, vma: number): boolean =>
    k.load(vma + vm_ops) === VM_OPS_ANON && k.peek(vma + anon_vma) === 0;

  return b.fn(
    { file: 'mm/memory.c', signature: '(mm, address) -> vma or NULL' },
    routine('lock_vma_under_rcu', ['mm', 'address', 'vma'], (v) => ({
      rcu_read_lock(k) {
        rcu.readLock(k);
      },
      mas_walk(k) {
        const vma = tree.walk(k, k.get(v.mm), k.get(v.address));
        k.set(v.vma, vma);
        if (vma === 0) return 'inval';
        return lockedFaults === 'anonymous' ? 'vma_is_anonymous' : 'vma_start_read';
      },
      // Before the VMA is locked: what is seen here may change until it is.
      vma_is_anonymous(k) {
        const vma = k.get(v.vma);
        if (k.load(vma + vm_ops) !== VM_OPS_ANON || k.peek(vma + anon_vma) === 0) return 'inval';
      },
      vma_start_read: inFrame((k) => k.call(vma_start_read, k.get(v.vma))),
      started: inFrame((k) => {
        if (k.result() === 0) return 'inval';
        if (lockedFaults === 'anonymous') return 'userfaultfd_armed';
        return lockedFaults === 'fault_around' ? 'check_anon_vma' : 'check_detached';
      }),
      userfaultfd_armed(k) {
        if (k.load(k.get(v.vma) + vm_flags) & __VM_UFFD_FLAGS) return 'inval_end_read';
        return 'check_range';
      },
      check_anon_vma(k) {
        return unprepared(k, k.get(v.vma)) ? 'inval_end_read' : 'check_range';
      },
      check_detached(k) {
        if (k.load(k.get(v.vma) + detached) !== 0) return 'end_read_detached';
        if (!rangeFirst) return 'check_range';
        return 'rcu_read_unlock';
      },
      check_range(k) {
        const vma = k.get(v.vma);
        const address = k.get(v.address);
        if (address < k.load(vma + vm_start) || address >= k.peek(vma + vm_end)) {
          return 'inval_end_read';
        }
        if (rangeFirst) return 'check_detached';
      },
      rcu_read_unlock(k) {
        rcu.readUnlock(k);
        return k.ret(k.get(v.vma));
      },
      end_read_detached: inFrame((k) => k.call(vma_end_read, k.get(v.vma))),
      miss(k) {
        countVmaLock(k, stats, 'vma_lock_miss');
        return 'mas_walk';
      },
      inval_end_read: inFrame((k) => k.callThen('inval', vma_end_read, k.get(v.vma))),
      inval(k) {
        rcu.readUnlock(k);
        countVmaLock(k, stats, 'vma_lock_abort');
        return k.ret(0);
      },
    })),
  );
}
