/** Making sure that a VMA has an anon_vma before a fault gives it an anonymous page. After mm/memory.c. */
import { inFrame, type Routine, routine, W } from '../machine/index.ts';
import type { AnonVma } from './anon-vma.ts';
import { FAULT_FLAG_VMA_LOCK, VM_FAULT_RETRY } from './fault-flags.ts';
import type { LockedFaults } from './locked-faults.ts';
import type { MmCore } from './mm-core.ts';

export interface AnonPrepare {
  /** `(vma, flags) -> VM_FAULT_*`. */
  readonly __vmf_anon_prepare: Routine;
  /** As above, and drops the VMA lock when the fault must be retried. */
  readonly vmf_anon_prepare: Routine;
}

/**
 * Whether vmf_anon_prepare may have a VMA lock to drop. Its callers are one function with it in a compiled kernel (mm/internal.h), and for a path they
 * rarely take they then hold the VMA in memory, where else they have a register for it.
 */
export function dropsVmaLock({ lockKind }: MmCore, lockedFaults: LockedFaults): boolean {
  return lockKind !== 'absent' && lockedFaults === 'all';
}

export function anonPrepare(c: MmCore, anon: AnonVma, lockedFaults: LockedFaults): AnonPrepare {
  const { b, VMA, mmap, lock } = c;
  const { vm_mm, anon_vma } = VMA.at;
  const drops = dropsVmaLock(c, lockedFaults);

  const __vmf_anon_prepare = b.add(
    routine('__vmf_anon_prepare', ['vma', 'flags', 'ret'], (v) => ({
      read_anon_vma(k) {
        if (k.load(k.get(v.vma) + anon_vma) !== 0) return k.ret(0);
        const vmaLock = k.get(v.flags) & FAULT_FLAG_VMA_LOCK;
        // A VMA that 6.4 has locked had an anon_vma when it was found, and nobody looks again.
        if (!vmaLock || lockedFaults === 'anonymous') return 'anon_vma_prepare';
        return lockedFaults === 'all' ? 'mmap_read_trylock' : k.ret(VM_FAULT_RETRY);
      },
      // A trylock: waiting for mmap_lock with a VMA lock held could wait for a writer that waits for us.
      mmap_read_trylock: (k) => k.call(mmap.mmap_read_trylock, k.peek(k.get(v.vma) + vm_mm)),
      locked: inFrame((k) => {
        if (k.result() === 0) return k.ret(VM_FAULT_RETRY);
      }),
      anon_vma_prepare: inFrame((k) => k.call(anon.__anon_vma_prepare, k.get(v.vma))),
      prepared: inFrame((k) => {
        k.set(v.ret, k.result());
        const vmaLock = k.get(v.flags) & FAULT_FLAG_VMA_LOCK;
        if (!vmaLock || lockedFaults === 'anonymous') return k.ret(k.get(v.ret));
      }),
      mmap_read_unlock: (k) => k.call(mmap.mmap_read_unlock, k.peek(k.get(v.vma) + vm_mm)),
      done: inFrame((k) => k.ret(k.get(v.ret))),
    })),
  );

  const vmf_anon_prepare = b.add(
    routine('vmf_anon_prepare', ['vma', 'flags', 'ret'], (v) => ({
      prepare: inFrame((k) => k.call(__vmf_anon_prepare, k.get(v.vma), k.get(v.flags))),
      check(k) {
        k.set(v.ret, k.result());
        // Without the lock to drop, what was prepared is given back as it is.
        if (drops) k.work(W.fault_flags);
        if (!(k.result() & VM_FAULT_RETRY)) return k.ret(k.result());
      },
      vma_end_read: inFrame((k) => k.call(lock.vma_end_read, k.get(v.vma))),
      retry: inFrame((k) => k.ret(k.get(v.ret))),
    })),
  );
  return { __vmf_anon_prepare, vmf_anon_prepare };
}
