/** mseal: VMAs that may not be changed any more. After mm/mseal.c. */
import { type Exec, type Routine, routine } from '../machine/index.ts';
import { ADVICE } from '../uapi.ts';
import { ENOMEM, type MmCore } from './mm-core.ts';
import { sysNiSyscall } from './ni-syscall.ts';
import { VM_OPS_ANON, VM_SEALED, VM_WRITE } from './structs.ts';
import type { VmaEdit } from './vma-edit/index.ts';

/** `can_modify_vma`, the other way round. */
export function isSealed(c: MmCore, k: Exec, vma: number): boolean {
  return (k.peek(vma + c.VMA.at.vm_flags) & VM_SEALED) !== 0;
}

/** is_madv_discard; since 6.13 what guards throws away, too. */
const DISCARDS: readonly number[] = [
  ADVICE.free,
  ADVICE.dontneed,
  ADVICE.dontneed_locked,
  ADVICE.remove,
  ADVICE.dontfork,
  ADVICE.wipeonfork,
  ADVICE.guard_install,
];

/** `can_modify_vma_madv`, the other way round: advice that throws away what could not be written again. */
export function sealForbids(c: MmCore, k: Exec, vma: number, advice: number): boolean {
  const discards = DISCARDS.includes(advice);
  const { vm_flags, vm_ops } = c.VMA.at;
  const readOnlyAnon = k.peek(vma + vm_ops) === VM_OPS_ANON && !(k.peek(vma + vm_flags) & VM_WRITE);
  return discards && readOnlyAnon && isSealed(c, k, vma);
}

/**
 * @param exists whether the release has the call; only 64-bit kernels have room for its flag
 * @returns `(mm, start, pages) -> 0 or -errno`
 */
export function mseal(c: MmCore, edit: VmaEdit, exists: boolean): Routine {
  const { b, VMA, mmap, lock, tree } = c;
  const { vm_start, vm_end, vm_flags } = VMA.at;

  if (!exists || !b.enabled('64BIT')) {
    return sysNiSyscall(b);
  }
  return b.add(
    routine('do_mseal', ['mm', 'start', 'pages', 'end', 'at', 'vma', 'ret'], (v) => ({
      mmap_write_lock_killable: (k) => k.call(mmap.mmap_write_lock_killable, k.get(v.mm)),
      locked(k) {
        if (k.result() !== 0) return k.ret(k.result());
        k.set(v.end, k.get(v.start) + k.get(v.pages));
        k.set(v.at, k.get(v.start));
      },
      // Before anything is sealed: the range has no gap.
      check_mm_seal(k) {
        const vma = tree.find(k, k.get(v.mm), k.get(v.at));
        if (vma === 0 || k.peek(vma + vm_start) > k.get(v.at)) {
          k.set(v.ret, -ENOMEM);
          return 'mmap_write_unlock';
        }
        k.set(v.at, k.peek(vma + vm_end));
        if (k.get(v.at) < k.get(v.end)) return 'check_mm_seal';
        k.set(v.at, k.get(v.start));
      },
      apply_mm_seal(k) {
        const vma = tree.find(k, k.get(v.mm), k.get(v.at));
        k.set(v.vma, vma);
        if (isSealed(c, k, vma)) return 'next_vma';
        const end = Math.min(k.get(v.end), k.peek(vma + vm_end));
        const flags = k.peek(vma + vm_flags) | VM_SEALED;
        return k.call(edit.vma_modify_flags, k.get(v.mm), vma, k.get(v.at), end, flags);
      },
      vma_start_write(k) {
        if (k.result() < 0) {
          k.set(v.ret, k.result());
          return 'mmap_write_unlock';
        }
        k.set(v.vma, k.result());
        return k.call(lock.vma_start_write, k.get(v.vma));
      },
      vm_flags_set(k) {
        const vma = k.get(v.vma);
        lock.assertWriteLocked(k, vma);
        k.store(vma + vm_flags, k.peek(vma + vm_flags) | VM_SEALED);
      },
      next_vma(k) {
        k.set(v.at, k.load(k.get(v.vma) + vm_end));
        if (k.get(v.at) < k.get(v.end)) return 'apply_mm_seal';
      },
      mmap_write_unlock: (k) => k.call(mmap.mmap_write_unlock, k.get(v.mm)),
      done: (k) => k.ret(k.get(v.ret)),
    })),
  );
}
