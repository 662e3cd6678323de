/** Splitting a VMA in two. After __split_vma in mm/vma.c of 6.12. */
import { type Routine, routine, W } from '../../machine/index.ts';
import type { AnonVma } from '../anon-vma.ts';
import { EINVAL, type MmCore } from '../mm-core.ts';
import type { Shmem } from '../shmem.ts';
import { VM_OPS_HUGETLB } from '../structs.ts';
import type { VmaAlloc } from '../vma.ts';
import { account } from './account.ts';
import type { VmaPrepare } from './prepare.ts';

/**
 * Registers `(mm, vma, address, below) -> other or -EINVAL`: the new VMA is the lower part if `below`; a mapping of hugetlbfs is cut
 * between its pages only. mmap_lock is held for writing.
 */
export function splitVma(
  c: MmCore,
  alloc: VmaAlloc,
  anon: AnonVma,
  shm: Shmem,
  prep: VmaPrepare,
): Routine {
  const { b, VMA, lock, tree, pt, split_huge_pmd } = c;
  const { vm_start, vm_end, vm_ops, vm_pgoff, vm_file } = VMA.at;

  return b.fn(
    { file: 'mm/vma.c', signature: '(vmi, vma, address, new_below) -> int' },
    routine('__split_vma', ['mm', 'vma', 'address', 'below', 'new', 'sem'], (v) => ({
      may_split(k) {
        const hugetlb = k.load(k.get(v.vma) + vm_ops) === VM_OPS_HUGETLB;
        if (hugetlb && k.get(v.address) % pt.span !== 0) return k.ret(-EINVAL);
      },
      vm_area_dup: (k) => k.call(alloc.vm_area_dup, k.get(v.vma)),
      set_new_range(k) {
        const fresh = k.result();
        const vma = k.get(v.vma);
        const address = k.get(v.address);
        k.set(v.new, fresh);
        k.work(W.vma_split);
        k.access(fresh, 1);
        if (k.get(v.below)) k.poke(fresh + vm_end, address);
        else {
          k.poke(fresh + vm_start, address);
          k.poke(fresh + vm_pgoff, k.peek(vma + vm_pgoff) + address - k.peek(vma + vm_start));
        }
        if (k.peek(vma + vm_file) !== 0) shm.get(k, k.peek(vma + vm_file));
      },
      anon_vma_clone: (k) => k.call(anon.anon_vma_clone, k.get(v.new), k.get(v.vma)),
      vma_start_write: (k) => k.call(lock.vma_start_write, k.get(v.vma)),
      vma_start_write_new: (k) => k.call(lock.vma_start_write, k.get(v.new)),
      // No huge page may reach over the end of a VMA.
      vma_adjust_trans_huge(k) {
        if (k.get(v.address) % pt.span === 0) return;
        if (pt.huge(k, k.get(v.mm), k.get(v.address)) === 0) return;
        return k.call(split_huge_pmd, k.get(v.mm), k.get(v.address));
      },
      vma_prepare: (k) => k.call(prep.vma_prepare, k.get(v.vma), k.get(v.new)),
      set_range(k) {
        k.set(v.sem, k.result());
        const vma = k.get(v.vma);
        const address = k.get(v.address);
        lock.assertWriteLocked(k, vma);
        k.access(vma, 1);
        if (k.get(v.below)) {
          k.poke(vma + vm_pgoff, k.peek(vma + vm_pgoff) + address - k.peek(vma + vm_start));
          k.poke(vma + vm_start, address);
        } else k.poke(vma + vm_end, address);
      },
      vma_mark_attached: (k) => k.call(lock.vma_mark_attached, k.get(v.new)),
      vma_iter_store(k) {
        const fresh = k.get(v.new);
        const mm = k.get(v.mm);
        tree.store(k, mm, k.peek(fresh + vm_start), k.peek(fresh + vm_end), fresh);
        account(c, k, mm, 1, 0);
      },
      vma_complete: (k) => k.call(prep.vma_complete, k.get(v.sem), k.get(v.vma)),
      done: (k) => k.ret(k.get(v.new)),
    })),
  );
}
