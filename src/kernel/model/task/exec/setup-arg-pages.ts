/** The stack's final place and size. After setup_arg_pages in fs/exec.c and relocate_vma_down in mm/mmap.c, in fs/exec.c until 6.11. */
import { type Routine, routine } from '../../machine/index.ts';
import type { AnonVma } from '../../mm/anon-vma.ts';
import type { FindVma } from '../../mm/find-vma.ts';
import { EFAULT, type MmCore } from '../../mm/mm-core.ts';
import { isSince } from '../../release.ts';
import { STACK_EXPAND, stackTop } from './layout.ts';

/** @param move_page_tables `(mm, from, to, pages)` */
export function setupArgPages(
  c: MmCore,
  anon: AnonVma,
  find: FindVma,
  move_page_tables: Routine,
): Routine {
  const { b, MM, VMA, mmap, lock, rw, tree, pt } = c;
  const { vm_start, vm_end } = VMA.at;

  /** `(mm, vma, shift)`: mmap_lock is held for writing. */
  const relocate = b.add(
    routine(
      isSince(c.release, '6.12') ? 'relocate_vma_down' : 'shift_arg_pages',
      ['mm', 'vma', 'shift', 'start', 'end', 'sem'],
      (v) => ({
        // Over both ranges first, so that the tables can be moved inside it.
        vma_expand(k) {
          k.set(v.start, k.peek(k.get(v.vma) + vm_start));
          k.set(v.end, k.peek(k.get(v.vma) + vm_end));
          return k.call(lock.vma_start_write, k.get(v.vma));
        },
        vma_prepare(k) {
          k.set(v.sem, anon.rwsemOf(k, k.get(v.vma)));
          if (k.get(v.sem)) return k.call(rw.down_write, k.get(v.sem));
        },
        vma_iter_store(k) {
          const start = k.get(v.start) - k.get(v.shift);
          tree.store(k, k.get(v.mm), start, k.get(v.end), k.get(v.vma));
          k.poke(k.get(v.vma) + vm_start, start);
        },
        vma_complete(k) {
          if (k.get(v.sem)) return k.call(rw.up_write, k.get(v.sem));
        },
        move_page_tables(k) {
          const start = k.get(v.start);
          const end = k.get(v.end);
          return k.call(move_page_tables, k.get(v.mm), start, start - k.get(v.shift), end - start);
        },
        free_pgd_range(k) {
          const floor = Math.max(k.get(v.start), k.get(v.end) - k.get(v.shift));
          k.access(k.get(v.mm) + MM.at.pgd, 1);
          pt.free(k, k.get(v.mm), floor, pt.pages);
        },
        vma_shrink: (k) => k.call(lock.vma_start_write, k.get(v.vma)),
        vma_prepare_again(k) {
          if (k.get(v.sem)) return k.call(rw.down_write, k.get(v.sem));
        },
        vma_iter_clear(k) {
          const end = k.get(v.end) - k.get(v.shift);
          tree.store(k, k.get(v.mm), end, k.get(v.end), 0);
          k.poke(k.get(v.vma) + vm_end, end);
        },
        vma_complete_again(k) {
          if (k.get(v.sem)) return k.call(rw.up_write, k.get(v.sem));
        },
        done: (k) => k.ret(),
      }),
    ),
  );

  /** `(mm, strings, shift) -> 0 or -errno`: what the arguments fill ends up `shift` pages below the top. */
  return b.add(
    routine('setup_arg_pages', ['mm', 'strings', 'shift', 'vma', 'ret'], (v) => ({
      mmap_write_lock_killable: (k) => k.call(mmap.mmap_write_lock_killable, k.get(v.mm)),
      // The flags are those the stack has had from the start, so mprotect_fixup finds nothing to do.
      mprotect_fixup(k) {
        if (k.result() !== 0) return k.ret(k.result());
        k.set(v.vma, tree.find(k, k.get(v.mm), stackTop(pt) - 1));
        if (k.get(v.shift) === 0) return 'vm_flags_clear';
      },
      relocate_vma_down: (k) => k.call(relocate, k.get(v.mm), k.get(v.vma), k.get(v.shift)),
      // VM_STACK_INCOMPLETE_SETUP
      vm_flags_clear: (k) => k.call(lock.vma_start_write, k.get(v.vma)),
      start_stack(k) {
        const at = k.get(v.mm) + MM.at.start_stack;
        k.store(at, stackTop(pt) - k.get(v.shift) - k.get(v.strings));
      },
      expand_stack_locked(k) {
        const vma = k.get(v.vma);
        const base = k.peek(vma + vm_start) - STACK_EXPAND;
        return k.call(find.expand_downwards, k.get(v.mm), vma, base);
      },
      expanded(k) {
        if (k.result() !== 0) k.set(v.ret, -EFAULT);
      },
      mmap_write_unlock: (k) => k.call(mmap.mmap_write_unlock, k.get(v.mm)),
      done: (k) => k.ret(k.get(v.ret)),
    })),
  );
}
