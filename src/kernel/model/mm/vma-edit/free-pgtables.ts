/** Taking VMAs off the lists of rmap, and freeing their page tables. After free_pgtables in mm/memory.c and unlink_file_vma_batch_add in mm/vma.c of 6.12. */
import { type Exec, type Routine, routine } from '../../machine/index.ts';
import type { AnonVma } from '../anon-vma.ts';
import { batchesUnlinking, type IMmap } from '../i-mmap.ts';
import type { MmCore } from '../mm-core.ts';
import { VM_OPS_HUGETLB, VM_OPS_SHM } from '../structs.ts';

/** VMAs of one batch (struct unlink_vma_file_batch). */
const BATCH = 8;
/** Above every table: those that reach beyond the end of user space go, too. */
const ABOVE_EVERYTHING = 2 ** 31;

/**
 * @returns `(mm, chain, floor, ceiling, locks)`: a ceiling of 0 is none; the VMAs are out of everybody's reach or about to be; with `locks` mmap_lock is held for
 * writing, and each VMA is write-locked first
 */
export function freePgtables(c: MmCore, anon: AnonVma, files: IMmap): Routine {
  const { b, VMA, lock, pt } = c;
  const { vm_start, vm_end, vm_ops, vm_pgoff, vm_file, detach_next } = VMA.at;
  const batched = batchesUnlinking(c);

  /**
   * Whether the batch ends between two VMAs that follow each other. Mappings of hugetlbfs are unlinked by themselves in 6.12; a kernel
   * without hugetlb_free_pgd_range batches them, too, which is not modelled.
   */
  const apart = (k: Exec, last: number, vma: number): boolean =>
    !batched ||
    k.peek(last + vm_ops) === VM_OPS_HUGETLB ||
    k.peek(vma + vm_ops) === VM_OPS_HUGETLB ||
    k.peek(vma + vm_start) > k.peek(last + vm_end) + pt.span;
  /** Each shmat opens the segment anew, so only the parts of one attachment have the same struct file. */
  const sameFile = (k: Exec, a: number, z: number): boolean =>
    k.peek(a + vm_file) === k.peek(z + vm_file) &&
    (k.peek(a + vm_ops) !== VM_OPS_SHM ||
      k.peek(a + vm_start) - k.peek(a + vm_pgoff) === k.peek(z + vm_start) - k.peek(z + vm_pgoff));

  return b.add(
    routine(
      'free_pgtables',
      ['mm', 'vma', 'floor', 'ceiling', 'locks', 'first', 'count', 'last'],
      (v) => ({
        next_vma(k) {
          const vma = k.get(v.vma);
          const first = k.get(v.first);
          if (first !== 0 && (vma === 0 || apart(k, k.get(v.last), vma))) {
            k.set(v.first, 0);
            return k.callThen('next_vma', files.unlink_file_vma_batch_final, first, vma);
          }
          if (vma === 0) return 'free_pgd_range';
          if (k.get(v.locks)) return k.call(lock.vma_start_write, vma);
        },
        unlink_anon_vmas: (k) => k.call(anon.unlink_anon_vmas, k.get(v.vma)),
        unlink_file_vma_batch_add(k) {
          const vma = k.get(v.vma);
          const first = k.get(v.first);
          k.set(v.last, vma);
          k.set(v.vma, k.peek(vma + detach_next));
          if (k.peek(vma + vm_file) === 0) return 'next_vma';
          if (first !== 0 && k.get(v.count) < BATCH && sameFile(k, first, vma)) {
            k.set(v.count, k.get(v.count) + 1);
            return 'next_vma';
          }
          k.set(v.first, vma);
          k.set(v.count, 1);
          if (first === 0) return 'next_vma';
          return k.callThen('next_vma', files.unlink_file_vma_batch_process, first, vma);
        },
        free_pgd_range(k) {
          pt.free(k, k.get(v.mm), k.get(v.floor), k.get(v.ceiling) || ABOVE_EVERYTHING);
          return k.ret();
        },
      }),
    ),
  );
}
