/**
 * KSM as far as processes see it while ksmd is asleep: the mark of memory that may be merged. After mm/ksm.c. No page is ever merged, so
 * none has to be broken up again.
 */
import { type Exec, type Routine, routine } from '../machine/index.ts';
import type { MmCore } from './mm-core.ts';
import {
  isSpecialMapping,
  MMF_VM_MERGE_ANY,
  VM_HUGETLB,
  VM_MERGEABLE,
  VM_OPS_BINDER,
  VM_OPS_TCP,
  VM_SHARED,
} from './structs.ts';

/** Whether memory with these flags and behind these operations can be merged at all (vma_ksm_compatible). */
export function ksmCompatible(flags: number, ops: number): boolean {
  const special = isSpecialMapping(ops) || ops === VM_OPS_TCP || ops === VM_OPS_BINDER;
  return !special && !(flags & (VM_SHARED | VM_HUGETLB));
}

/** The mark a new VMA gets in a process all of whose memory may be merged (ksm_add_vma). Touches nothing shared. */
export function ksmMark(c: MmCore, k: Exec, mm: number, vma: number): number {
  const { vm_flags, vm_ops } = c.VMA.at;
  const any = k.peek(mm + c.MM.at.flags) & MMF_VM_MERGE_ANY;
  return any && ksmCompatible(k.peek(vma + vm_flags), k.peek(vma + vm_ops)) ? VM_MERGEABLE : 0;
}

/** @returns `(mm, on) -> 0 or -EINTR`: PR_SET_MEMORY_MERGE (ksm_enable_merge_any, ksm_disable_merge_any) */
export function prctlMemoryMerge(c: MmCore): Routine {
  const { b, MM, VMA, mmap, lock, tree } = c;
  const { vm_end, vm_flags, vm_ops } = VMA.at;
  return b.add(
    routine('prctl_set_memory_merge', ['mm', 'on', 'at', 'vma'], (v) => ({
      mmap_write_lock_killable: (k) => k.call(mmap.mmap_write_lock_killable, k.get(v.mm)),
      test_bit(k) {
        if (k.result() !== 0) return k.ret(k.result());
        const at = k.get(v.mm) + MM.at.flags;
        const flags = k.load(at);
        const on = k.get(v.on) !== 0;
        if (((flags & MMF_VM_MERGE_ANY) !== 0) === on) return 'mmap_write_unlock';
        k.poke(at, on ? flags | MMF_VM_MERGE_ANY : flags & ~MMF_VM_MERGE_ANY);
      },
      for_each_vma(k) {
        const vma = tree.find(k, k.get(v.mm), k.get(v.at));
        k.set(v.vma, vma);
        if (vma === 0) return 'mmap_write_unlock';
        k.set(v.at, k.peek(vma + vm_end));
        const flags = k.peek(vma + vm_flags);
        const marked = (flags & VM_MERGEABLE) !== 0;
        const on = k.get(v.on) !== 0;
        if (marked === on || !ksmCompatible(flags, k.peek(vma + vm_ops))) return 'for_each_vma';
        return k.call(lock.vma_start_write, vma);
      },
      vm_flags_set(k) {
        const at = k.get(v.vma) + vm_flags;
        lock.assertWriteLocked(k, k.get(v.vma));
        k.store(at, k.peek(at) ^ VM_MERGEABLE);
        return 'for_each_vma';
      },
      mmap_write_unlock: (k) => k.call(mmap.mmap_write_unlock, k.get(v.mm)),
      done: (k) => k.ret(0),
    })),
  );
}
