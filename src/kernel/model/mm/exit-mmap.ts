/** Taking an address space down. After exit_mmap in mm/mmap.c of 6.12. */
import { type Routine, routine } from '../machine/index.ts';
import type { MmCore } from './mm-core.ts';
import type { VmaEdit } from './vma-edit/index.ts';

/** There is nothing above. */
const USER_PGTABLES_CEILING = 0;

export interface ExitMmap {
  /** `(mm)`: the last user has gone. */
  readonly exit_mmap: Routine;
}

export function exitMmap(c: MmCore, edit: VmaEdit): ExitMmap {
  const { b, VMA, mmap, lock, tree, pt } = c;
  const { vm_start, vm_end, detach_next } = VMA.at;

  /** `(mm)`: clears every entry; mmap_lock is held for reading. */
  const unmap_vmas = b.add(
    routine('unmap_vmas', ['mm', 'at', 'vma', 'start'], (v) => ({
      next_vma(k) {
        const vma = tree.find(k, k.get(v.mm), k.get(v.at));
        if (vma === 0) return k.ret();
        k.set(v.vma, vma);
        k.set(v.start, k.peek(vma + vm_start));
        k.set(v.at, k.peek(vma + vm_end));
      },
      unmap_single_vma(k) {
        const mm = k.get(v.mm);
        const vma = k.get(v.vma);
        const start = k.get(v.start);
        const end = k.get(v.at);
        if (edit.isHugetlb(k, vma)) {
          return k.callThen('next_vma', edit.zap_hugetlb_range, mm, vma, start, end);
        }
        return k.callThen('next_vma', edit.zap_page_range, mm, start, end);
      },
    })),
  );

  /** `(mm) -> head`: chains the VMAs, which stay in the tree. */
  const chain_vmas = b.add(
    routine('chain_vmas', ['mm', 'at', 'head', 'tail'], (v) => ({
      next_vma(k) {
        const vma = tree.find(k, k.get(v.mm), k.get(v.at));
        if (vma === 0) return k.ret(k.get(v.head));
        k.set(v.at, k.peek(vma + vm_end));
        k.poke(vma + detach_next, 0);
        if (k.get(v.head) === 0) k.set(v.head, vma);
        else k.poke(k.get(v.tail) + detach_next, vma);
        k.set(v.tail, vma);
        return 'next_vma';
      },
    })),
  );

  const exit_mmap = b.fn(
    { file: 'mm/mmap.c', signature: '(mm)' },
    routine('exit_mmap', ['mm', 'gone', 'vma'], (v) => ({
      mmap_read_lock: (k) => k.call(mmap.mmap_read_lock, k.get(v.mm)),
      unmap_vmas: (k) => k.call(unmap_vmas, k.get(v.mm)),
      mmap_read_unlock: (k) => k.call(mmap.mmap_read_unlock, k.get(v.mm)),
      mmap_write_lock: (k) => k.call(mmap.mmap_write_lock, k.get(v.mm)),
      chain_vmas: (k) => k.call(chain_vmas, k.get(v.mm)),
      free_pgtables(k) {
        k.set(v.gone, k.result());
        k.set(v.vma, k.result());
        return k.call(edit.free_pgtables, k.get(v.mm), k.get(v.gone), 0, USER_PGTABLES_CEILING, 1);
      },
      free_pgd(k) {
        pt.freeTop(k, k.get(v.mm));
      },
      // A count must be back at 0 before the VMA is reused; 6.12 does not mark what only dies with its mm.
      vma_mark_detached(k) {
        if (c.lockKind !== 'refcount' || k.get(v.vma) === 0) return 'remove_vma';
        return k.call(lock.vma_mark_detached, k.get(v.vma));
      },
      next_vma(k) {
        k.set(v.vma, k.peek(k.get(v.vma) + detach_next));
        return 'vma_mark_detached';
      },
      remove_vma: (k) => k.call(edit.remove_vmas, k.get(v.mm), k.get(v.gone), 1),
      __mt_destroy(k) {
        tree.store(k, k.get(v.mm), 0, pt.pages, 0);
      },
      mmap_write_unlock: (k) => k.call(mmap.mmap_write_unlock, k.get(v.mm)),
      done: (k) => k.ret(),
    })),
  );
  return { exit_mmap };
}
