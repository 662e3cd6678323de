/** Probes of user code: what is probed, and which pages have a breakpoint for it. After kernel/events/uprobes.c. */
import { type Exec, wordStruct } from '../../machine/index.ts';
import type { MmCore } from '../../mm/mm-core.ts';
import type { Shmem } from '../../mm/shmem.ts';
import { VM_OPS_HUGETLB, VM_SHARED, VM_WRITE } from '../../mm/structs.ts';
import { PoolExhaustedError } from '../../sync/slab.ts';

export const FILE = 'kernel/events/uprobes.c';

/** The instruction at the start of a page, as far as probes change it. */
export const INSN_ORIGINAL = 0;
/** int3. */
export const INSN_SWBP = 1;
/** A call of the trampoline that makes the system call uprobe. */
export const INSN_CALL = 2;

/** Most places probed at once. */
const CAPACITY = 32;

const UPROBE = wordStruct('uprobe', {
  /** The file; 0 for a free entry. */
  inode: 1,
  offset: 1,
  consumers: 1,
  /** The probed instruction is a nop of five bytes, in whose place a call fits. */
  nop5: 1,
});

export interface Uprobes {
  /** Word that stands for the tree of probes and its lock. */
  readonly tree: number;
  /** The probe at a place, or 0 (find_uprobe_rcu). The step's access is to {@link tree}. */
  find(k: Exec, inode: number, offset: number): number;
  /** Counts one more consumer of the probe at a place, which is made if it is the first (alloc_uprobe, consumer_add). */
  add(k: Exec, inode: number, offset: number, nop5: number): number;
  /** Counts one less (consumer_del). Gives how many are left. */
  del(k: Exec, uprobe: number): number;
  /** Takes a probe without consumers out of the tree (delete_uprobe). */
  remove(k: Exec, uprobe: number): void;
  inodeOf(k: Exec, uprobe: number): number;
  offsetOf(k: Exec, uprobe: number): number;
  hasConsumers(k: Exec, uprobe: number): boolean;
  isNop5(k: Exec, uprobe: number): boolean;
  readonly all: readonly number[];
  /** Whether a VMA can have a breakpoint; one can be made only where it cannot be written (valid_vma). */
  validVma(k: Exec, vma: number, isRegister: boolean): boolean;
  /** Page of the file behind an address (vaddr_to_offset). */
  vaddrToOffset(k: Exec, vma: number, address: number): number;
}

export function uprobeTable(c: MmCore, shm: Shmem): Uprobes {
  const { b, VMA } = c;
  const { vm_file, vm_flags, vm_ops, vm_start, vm_pgoff } = VMA.at;
  const first = b.memory.pool(UPROBE, CAPACITY, 'uprobe');
  const all = Array.from({ length: CAPACITY }, (_, i) => first + i * 16);
  const tree = b.memory.object(wordStruct('uprobes_tree', { lock: 1 }), 'uprobes_tree');
  const { inode, offset, consumers, nop5 } = UPROBE.at;
  const find = (k: Exec, file: number, at: number) =>
    all.find((u) => k.peek(u + inode) === file && k.peek(u + offset) === at) ?? 0;
  return {
    tree,
    all,
    find,
    add(k, file, at, isNop5) {
      const known = find(k, file, at);
      const uprobe = known || all.find((u) => k.peek(u + inode) === 0);
      if (uprobe === undefined) throw new PoolExhaustedError(`more than ${CAPACITY} probes`);
      if (known === 0) {
        shm.get(k, file);
        k.poke(uprobe + inode, file);
        k.poke(uprobe + offset, at);
        k.poke(uprobe + nop5, isNop5);
      }
      k.poke(uprobe + consumers, k.peek(uprobe + consumers) + 1);
      return uprobe;
    },
    del(k, uprobe) {
      k.poke(uprobe + consumers, k.peek(uprobe + consumers) - 1);
      return k.peek(uprobe + consumers);
    },
    remove(k, uprobe) {
      const file = k.peek(uprobe + inode);
      k.fill(0, uprobe, uprobe + UPROBE.size);
      shm.put(k, file);
    },
    inodeOf: (k, uprobe) => k.peek(uprobe + inode),
    offsetOf: (k, uprobe) => k.peek(uprobe + offset),
    hasConsumers: (k, uprobe) => k.peek(uprobe + consumers) > 0,
    isNop5: (k, uprobe) => k.peek(uprobe + nop5) !== 0,
    validVma(k, vma, isRegister) {
      const flags = k.peek(vma + vm_flags);
      const refused = VM_SHARED | (isRegister ? VM_WRITE : 0);
      const huge = k.peek(vma + vm_ops) === VM_OPS_HUGETLB;
      return k.peek(vma + vm_file) !== 0 && !huge && (flags & refused) === 0;
    },
    vaddrToOffset: (k, vma, address) => address - k.peek(vma + vm_start) + k.peek(vma + vm_pgoff),
  };
}
