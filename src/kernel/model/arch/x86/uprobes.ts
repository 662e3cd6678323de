/**
 * Probes without exceptions: where the probed instruction is a nop of five bytes, its breakpoint becomes a call of a trampoline that
 * makes a system call. After arch/x86/kernel/uprobes.c, since 6.18 on 64-bit kernels.
 */
import { INSN_CALL, INSN_SWBP } from '../../callers/uprobes/table.ts';
import { type Exec, type Routine, routine, wordStruct } from '../../machine/index.ts';
import { speculationSites } from '../../mm/lock/speculate.ts';
import type { MmCore } from '../../mm/mm-core.ts';
import { ptePfn, ptePresent } from '../../mm/page-table.ts';
import { STACK_RESERVE } from '../../mm/stack.ts';
import { VM_DONTCOPY, VM_EXEC, VM_OPS_UPROBE_TRAMPOLINE, VM_READ } from '../../mm/structs.ts';

const FILE = 'arch/x86/kernel/uprobes.c';

export interface UprobeTrampoline {
  /** Page of the trampoline an mm's calls go to, 0 before the first. */
  of(k: Exec, mm: number): number;
  /** A child starts with its parent's instructions, and so with their target. */
  inherit(k: Exec, from: number, to: number): void;
  /** A new program has no trampoline. */
  forget(k: Exec, mm: number): void;
  /** `(mm, address)`: makes the breakpoint at an address a call. */
  readonly arch_uprobe_optimize: Routine;
  /** `(mm, ip) -> bool`: whether a system call came from a trampoline. */
  readonly in_uprobe_trampoline: Routine;
}

/**
 * @param mmap_region `(mm, start, end, flags, -ops, 0) -> start`
 * @param uprobe_write_opcode `(mm, vma, address, insn) -> 0 or -errno`
 */
export function uprobeTrampoline(
  c: MmCore,
  mmap_region: Routine,
  uprobe_write_opcode: Routine,
): UprobeTrampoline {
  const { b, MM, VMA, mmap, lock, rcu, tree, pages, pt, mms } = c;
  const { vm_ops } = VMA.at;
  const { speculate } = lock;
  if (speculate === undefined) throw new RangeError('this edition cannot speculate');
  const state = b.memory.object(
    wordStruct('uprobes_state', { tramp: { array: mms.length } }),
    'uprobes_state',
  );
  const of = (mm: number) => state + mms.indexOf(mm);
  const sites = speculationSites(b, 'in_uprobe_trampoline', FILE);

  const arch_uprobe_optimize = b.fn(
    { file: FILE, signature: '(auprobe, vaddr)' },
    routine('arch_uprobe_optimize', ['mm', 'address', 'vma', 'tramp'], (v) => ({
      mmap_write_lock: (k) => k.call(mmap.mmap_write_lock, k.get(v.mm)),
      // Another thread may have been faster, or the probe may have been taken off.
      copy_from_vaddr(k) {
        const pte = pt.walk(k, k.get(v.mm), k.get(v.address));
        const insn = ptePresent(pte) ? pages.opcode(k, ptePfn(pte)) : 0;
        if (insn !== INSN_SWBP) return 'mmap_write_unlock';
      },
      get_uprobe_trampoline(k) {
        if (k.load(of(k.get(v.mm))) !== 0) return 'find_vma';
      },
      find_nearest_trampoline(k) {
        const mm = k.get(v.mm);
        const at = tree.findGap(k, mm, 1, k.peek(mm + MM.at.mmap_base), pt.pages - STACK_RESERVE);
        k.set(v.tramp, at);
        if (at === 0) return 'mmap_write_unlock';
      },
      _install_special_mapping(k) {
        const mm = k.get(v.mm);
        const at = k.get(v.tramp);
        const flags = VM_READ | VM_EXEC | VM_DONTCOPY;
        return k.call(mmap_region, mm, at, at + 1, flags, -VM_OPS_UPROBE_TRAMPOLINE);
      },
      hlist_add_head(k) {
        if (k.result() < 0) return 'mmap_write_unlock';
        k.store(of(k.get(v.mm)), k.get(v.tramp));
      },
      find_vma(k) {
        k.set(v.vma, tree.walk(k, k.get(v.mm), k.get(v.address)));
      },
      swbp_optimize: (k) =>
        k.call(uprobe_write_opcode, k.get(v.mm), k.get(v.vma), k.get(v.address), INSN_CALL),
      mmap_write_unlock: (k) => k.call(mmap.mmap_write_unlock, k.get(v.mm)),
      done: (k) => k.ret(),
    })),
  );

  const in_uprobe_trampoline = b.fn(
    { file: FILE, signature: '(ip) -> bool' },
    routine('in_uprobe_trampoline', ['mm', 'ip', 'seq', 'vma', 'found'], (v) => {
      const lookup = (k: Exec) => k.set(v.vma, tree.walk(k, k.get(v.mm), k.get(v.ip)));
      const isSpecialMapping = (k: Exec) => {
        const vma = k.get(v.vma);
        const special = vma !== 0 && k.load(vma + vm_ops) === VM_OPS_UPROBE_TRAMPOLINE;
        k.set(v.found, special ? 1 : 0);
      };
      return {
        mmap_lock_speculate_try_begin(k) {
          rcu.readLock(k);
          return k.call(speculate.try_begin, k.get(v.mm));
        },
        began(k) {
          k.set(v.seq, k.result() - 1);
          if (k.result() !== 0) return;
          k.count(sites.begin);
          rcu.readUnlock(k);
          return 'mmap_read_lock';
        },
        vma_lookup: lookup,
        vma_is_special_mapping: isSpecialMapping,
        mmap_lock_speculate_retry: (k) => k.call(speculate.retry, k.get(v.mm), k.get(v.seq)),
        retry(k) {
          rcu.readUnlock(k);
          if (k.result() === 0) return k.ret(k.get(v.found));
          k.count(sites.retry);
        },
        mmap_read_lock: (k) => k.call(mmap.mmap_read_lock, k.get(v.mm)),
        vma_lookup_locked: lookup,
        vma_is_special_mapping_locked: isSpecialMapping,
        mmap_read_unlock: (k) => k.call(mmap.mmap_read_unlock, k.get(v.mm)),
        done: (k) => k.ret(k.get(v.found)),
      };
    }),
  );
  return {
    of: (k, mm) => k.peek(of(mm)),
    inherit: (k, from, to) => k.poke(of(to), k.peek(of(from))),
    forget: (k, mm) => k.poke(of(mm), 0),
    arch_uprobe_optimize,
    in_uprobe_trampoline,
  };
}
