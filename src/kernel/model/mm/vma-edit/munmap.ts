/** Unmapping a range. After vms_gather_munmap_vmas, vms_complete_munmap_vmas and do_vmi_align_munmap in mm/vma.c of 6.12. */
import { type Exec, type Routine, routine, W } from '../../machine/index.ts';
import { UFFD_FEATURES } from '../../uapi.ts';
import type { HugetlbLocks } from '../hugetlb-locks.ts';
import { EPERM, type MmCore } from '../mm-core.ts';
import { isSealed } from '../mseal.ts';
import type { Shmem } from '../shmem.ts';
import { VM_OPS_SHM } from '../structs.ts';
import type { UserfaultEvents } from '../userfaultfd/events.ts';
import type { VmaAlloc } from '../vma.ts';
import { account } from './account.ts';
import type { Zap } from './zap.ts';

export interface Munmap {
  /** `(mm, chain, floor, ceiling, locks)`: takes VMAs off the lists of rmap and frees their page tables. */
  readonly free_pgtables: Routine;
  /** `(mm, start, end) -> chain, 0 or -errno`: splits, write-locks and detaches the VMAs of a range, still in the tree. */
  readonly vms_gather_munmap_vmas: Routine;
  /** `(mm, chain, start, end, locks)`: clears the entries of a range, takes its VMAs off the lists of rmap, and frees page tables. */
  readonly vms_clear_ptes: Routine;
  /** `(mm, chain, unreachable)`: frees detached VMAs; those of a dying mm nobody can look at any more. */
  readonly remove_vmas: Routine;
  /** `(mm, chain, start, end, unlock)`: unmaps what vms_gather_munmap_vmas gave; an empty range has been cleared already. */
  readonly vms_complete_munmap_vmas: Routine;
  /** `(mm, start, end, unlock) -> 0 or -errno`: unmaps; with `unlock` mmap_lock ends up released, unless it fails. */
  readonly do_vmi_munmap: Routine;
}

/**
 * mmap_lock is held for writing.
 *
 * @param free_pgtables `(mm, chain, floor, ceiling, locks)`
 * @param shm_close `()`: what a mapping of a System V segment does when it goes
 * @param close tells what is behind a VMA that it goes (vm_ops->close)
 * @param events what a userfaultfd wants to be told
 */
export function munmap(
  c: MmCore,
  alloc: VmaAlloc,
  shm: Shmem,
  __split_vma: Routine,
  free_pgtables: Routine,
  shm_close: Routine,
  { zap_page_range, zap_hugetlb_range }: Zap,
  { isHugetlb }: HugetlbLocks,
  close: (k: Exec, vma: number) => void,
  events: UserfaultEvents | undefined,
): Munmap {
  const { b, VMA, mmap, lock, tree, pt } = c;
  const { vm_start, vm_end, vm_ops, vm_file, detach_next } = VMA.at;

  /**
   * `(mm, start, end) -> head, 0 or -errno`: splits at both ends, write-locks and detaches every VMA of the range and chains them.
   * The tree still maps them. A VMA that is sealed, or cannot be split, undoes all but the splits.
   */
  const vms_gather_munmap_vmas = b.add(
    routine(
      'vms_gather_munmap_vmas',
      ['mm', 'start', 'end', 'vma', 'head', 'tail', 'ret'],
      (v) => ({
        find_first(k) {
          const vma = tree.find(k, k.get(v.mm), k.get(v.start));
          k.set(v.vma, vma);
          if (vma === 0 || k.peek(vma + vm_start) >= k.get(v.end)) return k.ret(0);
          if (k.peek(vma + vm_start) >= k.get(v.start)) return 'split_end';
          if (isSealed(c, k, vma)) return k.ret(-EPERM);
        },
        split_start: (k) => k.call(__split_vma, k.get(v.mm), k.get(v.vma), k.get(v.start), 1),
        start_split(k) {
          if (k.result() < 0) return k.ret(k.result());
        },
        split_end(k) {
          const vma = k.get(v.vma);
          if (isSealed(c, k, vma)) {
            k.set(v.ret, -EPERM);
            return 'reattach_vmas';
          }
          if (k.peek(vma + vm_end) > k.get(v.end)) {
            return k.call(__split_vma, k.get(v.mm), vma, k.get(v.end), 0);
          }
          return 'vma_start_write';
        },
        end_split(k) {
          k.set(v.ret, Math.min(0, k.result()));
          if (k.get(v.ret) < 0) return 'reattach_vmas';
        },
        vma_start_write: (k) => k.call(lock.vma_start_write, k.get(v.vma)),
        vma_mark_detached: (k) => k.call(lock.vma_mark_detached, k.get(v.vma)),
        // The kernel keeps them in a maple tree of its own (mt_detach); a chain serves the same purpose here.
        mas_store_detached(k) {
          const vma = k.get(v.vma);
          // The first is the root of its tree; more need a node.
          k.work(k.get(v.head) === 0 ? W.maple_slot : W.maple_store);
          k.poke(vma + detach_next, 0);
          if (k.get(v.head) === 0) k.set(v.head, vma);
          else k.poke(k.get(v.tail) + detach_next, vma);
          k.set(v.tail, vma);
        },
        userfaultfd_unmap_prep(k) {
          if (!events?.notices(k, k.get(v.vma), UFFD_FEATURES.event_unmap)) return;
          return k.call(events.userfaultfd_unmap_prep, k.get(v.vma), k.get(v.start));
        },
        next_vma(k) {
          const next = tree.find(k, k.get(v.mm), k.peek(k.get(v.vma) + vm_end));
          if (next === 0 || k.peek(next + vm_start) >= k.get(v.end)) return k.ret(k.get(v.head));
          k.set(v.vma, next);
          return 'split_end';
        },
        reattach_vmas(k) {
          const vma = k.get(v.head);
          if (vma === 0) return k.ret(k.get(v.ret));
          k.set(v.head, k.peek(vma + detach_next));
          return k.callThen('reattach_vmas', lock.vma_mark_attached, vma);
        },
      }),
    ),
  );

  /** `(mm, head, unreachable)`: frees a chain of detached VMAs (remove_vma for each). */
  const remove_vmas = b.add(
    routine('remove_vma', ['mm', 'vma', 'unreachable', 'next'], (v) => ({
      vm_ops_close(k) {
        if (k.get(v.vma) === 0) return k.ret();
        if (k.peek(k.get(v.vma) + vm_ops) === VM_OPS_SHM) return k.call(shm_close);
      },
      put_file(k) {
        const vma = k.get(v.vma);
        close(k, vma);
        if (k.peek(vma + vm_file) !== 0) shm.put(k, k.peek(vma + vm_file));
        account(c, k, k.get(v.mm), -1, -(k.peek(vma + vm_end) - k.peek(vma + vm_start)));
        k.set(v.next, k.peek(vma + detach_next));
      },
      vm_area_free(k) {
        const free = k.get(v.unreachable) ? alloc.__vm_area_free : alloc.vm_area_free;
        return k.call(free, k.get(v.vma));
      },
      next_vma(k) {
        k.set(v.vma, k.get(v.next));
        return 'vm_ops_close';
      },
    })),
  );

  const vms_clear_ptes = b.add(
    routine('vms_clear_ptes', ['mm', 'chain', 'start', 'end', 'locks', 'vma', 'floor'], (v) => ({
      unmap_vmas(k) {
        k.set(v.vma, k.get(v.chain));
        k.set(v.floor, k.get(v.start));
      },
      // One walk over what lies between two mappings of hugetlbfs.
      next_vma(k) {
        const vma = k.get(v.vma);
        if (vma !== 0 && !isHugetlb(k, vma)) {
          k.set(v.vma, k.peek(vma + detach_next));
          return 'next_vma';
        }
        const to = vma === 0 ? k.get(v.end) : Math.max(k.get(v.floor), k.peek(vma + vm_start));
        const from = k.get(v.floor);
        if (from < to) return k.call(zap_page_range, k.get(v.mm), from, to);
      },
      unmap_single_vma(k) {
        const vma = k.get(v.vma);
        if (vma === 0) return 'find_prev';
        const start = k.peek(vma + vm_start);
        const end = k.peek(vma + vm_end);
        k.set(v.vma, k.peek(vma + detach_next));
        k.set(v.floor, end);
        return k.callThen('next_vma', zap_hugetlb_range, k.get(v.mm), vma, start, end);
      },
      find_prev(k) {
        const prev = tree.prev(k, k.get(v.mm), k.get(v.start));
        k.set(v.floor, prev === 0 ? 0 : k.peek(prev + vm_end));
      },
      free_pgtables(k) {
        const next = tree.find(k, k.get(v.mm), k.get(v.end));
        const ceiling = next === 0 ? pt.pages : k.peek(next + vm_start);
        const mm = k.get(v.mm);
        const chain = k.get(v.chain);
        const floor = k.get(v.floor);
        return k.call(free_pgtables, mm, chain, floor, ceiling, k.get(v.locks));
      },
      done: (k) => k.ret(),
    })),
  );

  /**
   * `(mm, chain, start, end, unlock)`: unmaps what has been gathered and is out of the tree. With `unlock` mmap_lock is held for
   * reading on the way and free in the end; else it stays held for writing.
   */
  const vms_complete_munmap_vmas = b.add(
    routine('vms_complete_munmap_vmas', ['mm', 'chain', 'start', 'end', 'unlock'], (v) => ({
      mmap_write_downgrade(k) {
        if (k.get(v.unlock)) return k.call(mmap.mmap_write_downgrade, k.get(v.mm));
      },
      vms_clear_ptes(k) {
        // mmap over what was there has cleared it before (vms_clean_up_area).
        if (k.get(v.start) === k.get(v.end)) return 'remove_vma';
        const mm = k.get(v.mm);
        const chain = k.get(v.chain);
        const start = k.get(v.start);
        const end = k.get(v.end);
        return k.call(vms_clear_ptes, mm, chain, start, end, k.get(v.unlock) ? 0 : 1);
      },
      remove_vma: (k) => k.call(remove_vmas, k.get(v.mm), k.get(v.chain)),
      unlock(k) {
        if (k.get(v.unlock)) return k.call(mmap.mmap_read_unlock, k.get(v.mm));
      },
      done: (k) => k.ret(),
    })),
  );

  const do_vmi_munmap = b.fn(
    { file: 'mm/vma.c', signature: '(vmi, mm, start, len, uf, unlock) -> int' },
    routine('do_vmi_munmap', ['mm', 'start', 'end', 'unlock', 'gone'], (v) => ({
      gather: (k) => k.call(vms_gather_munmap_vmas, k.get(v.mm), k.get(v.start), k.get(v.end)),
      gathered(k) {
        if (k.result() < 0) return k.ret(k.result());
        k.set(v.gone, k.result());
        if (k.result() === 0) return 'nothing';
      },
      vma_iter_clear(k) {
        tree.store(k, k.get(v.mm), k.get(v.start), k.get(v.end), 0);
      },
      vms_complete_munmap_vmas(k) {
        const { mm, gone, start, end, unlock } = v;
        return k.callThen(
          'done',
          vms_complete_munmap_vmas,
          k.get(mm),
          k.get(gone),
          k.get(start),
          k.get(end),
          k.get(unlock),
        );
      },
      nothing(k) {
        if (k.get(v.unlock)) return k.call(mmap.mmap_write_unlock, k.get(v.mm));
      },
      done: (k) => k.ret(0),
    })),
  );
  return {
    free_pgtables,
    vms_gather_munmap_vmas,
    vms_clear_ptes,
    vms_complete_munmap_vmas,
    remove_vmas,
    do_vmi_munmap,
  };
}
