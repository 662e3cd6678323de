/** Changing an instruction of a process: its page of the file gives way to a copy of its own. After kernel/events/uprobes.c. */
import { type Routine, routine, W } from '../../machine/index.ts';
import type { AnonVma } from '../../mm/anon-vma.ts';
import { FOLL_FORCE, FOLL_GET } from '../../mm/gup/flags.ts';
import type { Gup } from '../../mm/gup/index.ts';
import { EFAULT, type MmCore } from '../../mm/mm-core.ts';
import {
  mkPte,
  PTE_ANON_EXCLUSIVE,
  PTE_DIRTY,
  PTE_WRITE,
  ptePfn,
  ptePresent,
} from '../../mm/page-table.ts';
import type { Shmem } from '../../mm/shmem.ts';
import { VM_WRITE } from '../../mm/structs.ts';
import { spinLock, spinUnlock } from '../../sync/spinlock.ts';
import { INSN_ORIGINAL, type Uprobes } from './table.ts';

/**
 * Registers `(mm, vma, address, insn) -> 0 or -errno`: puts an INSN_* at an address. mmap_lock is held for writing. Where the original
 * comes back and the process cannot have written to the page, the page of the file comes back with it, at the next fault.
 */
export function writeOpcode(
  c: MmCore,
  uprobes: Uprobes,
  { anon, shm, gup }: { readonly anon: AnonVma; readonly shm: Shmem; readonly gup: Gup },
): Routine {
  const { b, VMA, pages, pt } = c;
  const { vm_flags, vm_file } = VMA.at;
  return b.add(
    routine(
      'uprobe_write_opcode',
      ['mm', 'vma', 'address', 'insn', 'old', 'new', 'entry', 'again'],
      (v) => ({
        get_user_page_vma_remote(k) {
          k.set(v.again, 0);
          const flags = FOLL_FORCE | FOLL_GET;
          return k.call(gup.__get_user_pages, k.get(v.mm), k.get(v.address), 1, flags, 0);
        },
        verify_opcode(k) {
          if (k.result() <= 0) return k.ret(-EFAULT);
          k.set(v.old, gup.pinned(k, 0));
          const there = pages.opcode(k, k.get(v.old));
          const insn = k.get(v.insn);
          // A breakpoint that was made a call is one all the same.
          if (there === insn || (there > insn && insn !== INSN_ORIGINAL)) return 'put_old';
        },
        anon_vma_prepare: (k) => k.call(anon.anon_vma_prepare, k.get(v.vma)),
        copy_to_page(k) {
          const vma = k.get(v.vma);
          const index = uprobes.vaddrToOffset(k, vma, k.get(v.address));
          const original = shm.lookup(k, k.peek(vma + vm_file), index);
          const unwritten = original !== 0 && !(k.peek(vma + vm_flags) & VM_WRITE);
          k.access(k.peek(vma + vm_file), 0);
          k.set(v.new, 0);
          if (k.get(v.insn) === INSN_ORIGINAL && unwritten) return;
          k.set(v.new, pages.alloc(k));
          pages.copy(k, k.get(v.new), k.get(v.old));
          pages.setOpcode(k, k.get(v.new), k.get(v.insn));
        },
        pte_lock(k) {
          k.set(v.entry, pt.find(k, k.get(v.mm), k.get(v.address)));
          if (k.get(v.entry) === 0) return 'lost';
          return spinLock(k, pt.lockOf(k.get(v.mm), k.get(v.entry)));
        },
        __replace_page(k) {
          const pte = k.load(k.get(v.entry));
          if (!ptePresent(pte) || ptePfn(pte) !== k.get(v.old)) {
            k.set(v.again, 1);
            if (k.get(v.new) !== 0) pages.put(k, k.get(v.new));
            return;
          }
          const fresh = k.get(v.new);
          const prot = pte & (mkPte(1, 0) - 1) & ~(PTE_WRITE | PTE_DIRTY);
          k.work(W.pte_set);
          k.poke(k.get(v.entry), fresh === 0 ? 0 : mkPte(fresh, prot | PTE_ANON_EXCLUSIVE));
          pages.put(k, k.get(v.old));
        },
        pte_unlock: (k) => spinUnlock(k, pt.lockOf(k.get(v.mm), k.get(v.entry))),
        flush_tlb_page(k) {
          if (!k.get(v.again)) k.flushTlb(k.get(v.mm));
          return 'put_old';
        },
        // Nothing is mapped there any more.
        lost(k) {
          k.set(v.again, 1);
          if (k.get(v.new) !== 0) pages.put(k, k.get(v.new));
        },
        put_old(k) {
          gup.unpin(k, 1);
          return k.get(v.again) ? 'get_user_page_vma_remote' : k.ret(0);
        },
      }),
    ),
  );
}
