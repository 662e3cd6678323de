/** Which probe a breakpoint belongs to. After find_active_uprobe_rcu and find_active_uprobe_speculative in kernel/events/uprobes.c. */
import { type Routine, routine } from '../../machine/index.ts';
import { FOLL_FORCE, FOLL_GET } from '../../mm/gup/flags.ts';
import type { Gup } from '../../mm/gup/index.ts';
import { speculationSites } from '../../mm/lock/speculate.ts';
import type { MmCore } from '../../mm/mm-core.ts';
import { ptePfn, ptePresent } from '../../mm/page-table.ts';
import { FILE, INSN_SWBP, type Uprobes } from './table.ts';

/** How an edition finds it: under mmap_lock, or since 6.13 first without. */
export type UprobeLookup = 'mmap_lock' | 'speculation';

/** {@link findActiveUprobe} found no probe, but there is a breakpoint, which must be the program's own. */
export const SIGTRAP = 5;

/**
 * Registers `(mm, address) -> uprobe, 0 or -SIGTRAP`: 0 where there is neither probe nor breakpoint any more and the instruction can just
 * be tried again.
 */
export function findActiveUprobe(
  c: MmCore,
  how: UprobeLookup,
  uprobes: Uprobes,
  gup: Gup,
): Routine {
  const { b, VMA, mmap, lock, rcu, tree, pages, pt } = c;
  const { vm_file } = VMA.at;
  const speculate = how === 'speculation' ? lock.speculate : undefined;
  const speculative = speculate === undefined ? undefined : speculation();

  const find_active_uprobe_rcu = b.fn(
    { file: FILE, signature: '(bp_vaddr, is_swbp) -> uprobe or NULL' },
    routine('find_active_uprobe_rcu', ['mm', 'address', 'vma', 'ret'], (v) => ({
      find_active_uprobe_speculative(k) {
        if (speculative === undefined) return 'mmap_read_lock';
        return k.call(speculative, k.get(v.mm), k.get(v.address));
      },
      found(k) {
        if (k.result() !== 0) return k.ret(k.result());
      },
      mmap_read_lock: (k) => k.call(mmap.mmap_read_lock, k.get(v.mm)),
      vma_lookup(k) {
        k.set(v.vma, tree.walk(k, k.get(v.mm), k.get(v.address)));
        // is_swbp = -EFAULT: restarted, the instruction gets its SIGSEGV.
        if (k.get(v.vma) === 0) return 'mmap_read_unlock';
      },
      find_uprobe_rcu(k) {
        const vma = k.get(v.vma);
        k.access(uprobes.tree, 0);
        if (!uprobes.validVma(k, vma, false)) return;
        const offset = uprobes.vaddrToOffset(k, vma, k.get(v.address));
        k.set(v.ret, uprobes.find(k, k.peek(vma + vm_file), offset));
        if (k.get(v.ret) !== 0) return 'mmap_read_unlock';
      },
      is_trap_at_addr(k) {
        const pte = pt.walk(k, k.get(v.mm), k.get(v.address));
        if (!ptePresent(pte)) return;
        if (pages.opcode(k, ptePfn(pte)) === INSN_SWBP) k.set(v.ret, -SIGTRAP);
        return 'mmap_read_unlock';
      },
      get_user_pages(k) {
        const flags = FOLL_FORCE | FOLL_GET;
        return k.call(gup.__get_user_pages, k.get(v.mm), k.get(v.address), 1, flags, 0);
      },
      is_trap_insn(k) {
        if (k.result() <= 0) return;
        if (pages.opcode(k, gup.pinned(k, 0)) === INSN_SWBP) k.set(v.ret, -SIGTRAP);
        gup.unpin(k, 1);
      },
      mmap_read_unlock: (k) => k.call(mmap.mmap_read_unlock, k.get(v.mm)),
      done: (k) => k.ret(k.get(v.ret)),
    })),
  );
  return find_active_uprobe_rcu;

  /** `(mm, address) -> uprobe or 0`: without any lock; 0 may mean anything, and mmap_lock is asked then. */
  function speculation(): Routine {
    if (speculate === undefined) throw new RangeError('this edition cannot speculate');
    const { begin, retry } = speculationSites(b, 'find_active_uprobe_rcu', FILE);
    const none = b.fallback(
      {
        site: 'find_active_uprobe_rcu:no_uprobe',
        file: FILE,
        caller: 'find_active_uprobe_rcu',
        tries: 'mmap_lock_speculate_try_begin',
        trigger: 'no VMA, file or probe was found at the address',
        fallback: 'mmap_read_lock, vma_lookup, and a look at the instruction',
      },
      true,
    );
    return b.fn(
      { file: FILE, signature: '(bp_vaddr) -> uprobe or NULL' },
      routine(
        'find_active_uprobe_speculative',
        ['mm', 'address', 'seq', 'vma', 'file', 'offset', 'ret'],
        (v) => ({
          mmap_lock_speculate_try_begin(k) {
            rcu.readLock(k);
            return k.call(speculate.try_begin, k.get(v.mm));
          },
          began(k) {
            k.set(v.seq, k.result() - 1);
            if (k.result() !== 0) return;
            k.count(begin);
            return 'out';
          },
          vma_lookup(k) {
            k.set(v.vma, tree.walk(k, k.get(v.mm), k.get(v.address)));
            if (k.get(v.vma) === 0) return 'nothing';
          },
          // Whatever is read of a VMA that has gone does not count in the end.
          read_vma(k) {
            const vma = k.get(v.vma);
            k.set(v.file, k.load(vma + vm_file));
            if (k.get(v.file) === 0) return 'nothing';
            k.set(v.offset, uprobes.vaddrToOffset(k, vma, k.get(v.address)));
          },
          find_uprobe_rcu(k) {
            k.access(uprobes.tree, 0);
            k.set(v.ret, uprobes.find(k, k.get(v.file), k.get(v.offset)));
            if (k.get(v.ret) === 0) return 'nothing';
          },
          mmap_lock_speculate_retry: (k) => k.call(speculate.retry, k.get(v.mm), k.get(v.seq)),
          retry(k) {
            if (k.result() === 0) return 'out';
            k.count(retry);
            k.set(v.ret, 0);
            return 'out';
          },
          nothing(k) {
            k.count(none);
          },
          out(k) {
            rcu.readUnlock(k);
            return k.ret(k.get(v.ret));
          },
        }),
      ),
    );
  }
}
