/** A fault taken on purpose, for kernel code that gets at user memory with faults off. After fixup_user_fault in mm/gup.c. */
import { type Routine, routine } from '../../machine/index.ts';
import type { Fault } from '../fault.ts';
import { FAULT_FLAG_WRITE, VM_FAULT_ERROR } from '../fault-flags.ts';
import { EFAULT, type MmCore } from '../mm-core.ts';
import { VM_WRITE } from '../structs.ts';

export interface FixupUserFault {
  /** `(mm, address) -> 0 or -EFAULT`: makes a page writable; takes mmap_lock itself (fault_in_user_writeable in kernel/futex/core.c). */
  readonly fault_in_user_writeable: Routine;
}

/** @param gup_vma_lookup `(mm, address) -> vma or 0` */
export function fixupUserFault(c: MmCore, gup_vma_lookup: Routine, fault: Fault): FixupUserFault {
  const { b, VMA, mmap } = c;

  /** `(mm, address, flags)`: mmap_lock is held and stays so. */
  const fixup_user_fault = b.add(
    routine('fixup_user_fault', ['mm', 'address', 'flags'], (v) => ({
      gup_vma_lookup: (k) => k.call(gup_vma_lookup, k.get(v.mm), k.get(v.address)),
      vma_permits_fault(k) {
        const vma = k.result();
        if (vma === 0 || !(k.load(vma + VMA.at.vm_flags) & VM_WRITE)) return k.ret(-EFAULT);
        return k.call(fault.handle_mm_fault, vma, k.get(v.address), k.get(v.flags));
      },
      vm_fault_to_errno: (k) => k.ret(k.result() & VM_FAULT_ERROR ? -EFAULT : 0),
    })),
  );

  return {
    fault_in_user_writeable: b.add(
      routine('fault_in_user_writeable', ['mm', 'address', 'ret'], (v) => ({
        mmap_read_lock: (k) => k.call(mmap.mmap_read_lock, k.get(v.mm)),
        fixup_user_fault: (k) =>
          k.call(fixup_user_fault, k.get(v.mm), k.get(v.address), FAULT_FLAG_WRITE),
        mmap_read_unlock(k) {
          k.set(v.ret, k.result());
          return k.call(mmap.mmap_read_unlock, k.get(v.mm));
        },
        done: (k) => k.ret(k.get(v.ret)),
      })),
    ),
  };
}
