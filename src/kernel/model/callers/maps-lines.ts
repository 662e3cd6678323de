/** Lines of /proc/PID/maps: how long they are decides how often a reader comes back for more. After fs/proc/task_mmu.c and fs/seq_file.c. */
import { type Exec, W } from '../machine/index.ts';
import type { MmCore } from '../mm/mm-core.ts';
import { pteNoneMostly } from '../mm/page-table.ts';
import {
  isSpecialMapping,
  VM_OPS_ANON,
  VM_OPS_BINDER,
  VM_OPS_HUGETLB,
  VM_OPS_SHM,
  VM_OPS_SHMEM,
  VM_OPS_SPECIAL,
  VM_OPS_TCP,
  VM_OPS_UPROBE_TRAMPOLINE,
} from '../mm/structs.ts';

/** Bytes of the buffer a read goes through (PAGE_SIZE in seq_read_iter). A longer file takes several reads. */
export const SEQ_BUFFER = 4096;
const PAGE_SHIFT = 12;
/** Positions after the last VMA, as the iterator's sentinels: the vsyscall page is next, or nothing is. */
export const AT_GATE = -2;
export const AT_END = -1;
/** Names at the ends of lines, as the kernel prints them for what the model maps. */
const NAMES: Readonly<Record<number, string>> = {
  [VM_OPS_SHMEM]: '/dev/zero (deleted)',
  [VM_OPS_SHM]: '/SYSV00000000 (deleted)',
  [VM_OPS_HUGETLB]: '/anon_hugepage (deleted)',
  [VM_OPS_TCP]: 'socket:[0000]',
  [VM_OPS_BINDER]: '/dev/binder',
  [VM_OPS_SPECIAL]: '[vdso]',
  [VM_OPS_UPROBE_TRAMPOLINE]: '[uprobes-trampoline]',
};
export const GATE_LINE =
  'ffffffffff600000-ffffffffff601000 --xp 00000000 00:00 0                  [vsyscall]\n';

/** What a VMA is called at the end of its line, if it has a name. Touches nothing shared. */
export function nameOfVma(c: MmCore, k: Exec, mm: number, vma: number): string | undefined {
  const { MM, VMA } = c;
  const start = k.peek(vma + VMA.at.vm_start);
  const end = k.peek(vma + VMA.at.vm_end);
  const stack = k.peek(mm + MM.at.start_stack);
  const heap = start <= k.peek(mm + MM.at.brk) && end >= k.peek(mm + MM.at.start_brk);
  const given = NAMES[k.peek(vma + VMA.at.vm_ops)];
  return given ?? (stack >= start && stack < end ? '[stack]' : heap ? '[heap]' : undefined);
}

export interface MapsLines {
  /** Whether a vsyscall page ends the file. Without one the read that finds the end has to look for it, under the lock. */
  readonly gate: boolean;
  /** Bytes of the line of a VMA (show_map_vma). */
  lineOf(k: Exec, mm: number, vma: number): number;
}

export function mapsLines(c: MmCore): MapsLines {
  const { b, VMA } = c;
  const { vm_start, vm_end, vm_ops, vm_pgoff } = VMA.at;
  const gate = b.enabled('LEGACY_VSYSCALL_XONLY', b.enabled('PROC_FS'));
  const width = b.enabled('64BIT') ? 72 : 48;
  const lineOf = (k: Exec, mm: number, vma: number): number => {
    const start = k.peek(vma + vm_start);
    const end = k.peek(vma + vm_end);
    const ops = k.peek(vma + vm_ops);
    const hex = (page: number) => Math.max(8, (page * 2 ** PAGE_SHIFT).toString(16).length);
    const file = ops !== VM_OPS_ANON && !isSpecialMapping(ops);
    const pgoff = file ? hex(k.peek(vma + vm_pgoff)) : 8;
    // start-end rwxp pgoff 00:00 inode
    const prefix = hex(start) + 1 + hex(end) + 1 + 4 + 1 + pgoff + 1 + 5 + 1 + (file ? 4 : 1) + 1;
    const name = nameOfVma(c, k, mm, vma);
    return name === undefined ? prefix + 1 : Math.max(width, prefix) + 1 + name.length + 1;
  };
  return { gate, lineOf };
}

/** The work of adding up the pages of a range (smap_gather_stats); mmap_lock is held. */
export function smapGatherStats(c: MmCore, k: Exec, mm: number, from: number, to: number): void {
  k.work(W.unmap_setup);
  c.pt.each(k, mm, from, to, (entry) => {
    if (!pteNoneMostly(k.peek(entry))) k.work(W.smaps_page);
  });
  c.pt.eachHuge(k, mm, from, to, () => k.work(W.smaps_page));
}
