/** Reading /proc/PID/numa_maps. After show_numa_map in fs/proc/task_mmu.c. */
import { type Exec, type Routine, W } from '../machine/index.ts';
import type { MmCore } from '../mm/mm-core.ts';
import { PTE_DIRTY, ptePfn, ptePresent } from '../mm/page-table.ts';
import { ZERO_PFN } from '../mm/pages.ts';
import { MPOL } from '../uapi.ts';
import { nameOfVma } from './maps-lines.ts';
import { seqMaps } from './seq-maps.ts';

const PAGE_SHIFT = 12;
/** ` kernelpagesize_kB=4`, and the labels of what is counted. */
const PAGE_SIZE_FIELD = 20;
const LABELS = { anon: 6, dirty: 7, mapped: 8, node: 4 };

/** @returns `(mm) -> 0`: opens numa_maps and reads it to its end; `undefined` without NUMA. The vsyscall page has no line. */
export function procNumaMaps(c: MmCore): Routine | undefined {
  const { VMA, pt } = c;
  const { vm_start, vm_end, vm_file, vm_policy } = VMA.at;
  if (vm_policy === undefined) return undefined;

  /** Bytes of the counts of pages; one by one is enough, as only their digits count. */
  const counts = (k: Exec, mm: number, vma: number): number => {
    let [pages, dirty, own] = [0, 0, 0];
    pt.each(k, mm, k.peek(vma + vm_start), k.peek(vma + vm_end), (entry) => {
      const pte = k.peek(entry);
      if (!ptePresent(pte) || ptePfn(pte) === ZERO_PFN) return;
      k.work(W.smaps_page);
      pages++;
      if (pte & PTE_DIRTY) dirty++;
    });
    if (pages === 0) return 0;
    if (k.peek(vma + vm_file) === 0) own = pages;
    const field = (label: number, n: number) => (n === 0 ? 0 : label + String(n).length);
    const mapped = pages !== own && pages !== dirty ? field(LABELS.mapped, pages) : 0;
    const written = field(LABELS.anon, own) + field(LABELS.dirty, dirty);
    return written + mapped + field(LABELS.node, pages) + PAGE_SIZE_FIELD;
  };

  return seqMaps(c, 'proc_pid_numa_maps_read', {
    recordOf(k, mm, vma) {
      const policy = k.load(vma + vm_policy);
      const name = Object.entries(MPOL).find(([, mode]) => mode === policy)?.[0] ?? 'bind:0';
      const address = (k.peek(vma + vm_start) * 2 ** PAGE_SHIFT).toString(16);
      const behind = nameOfVma(c, k, mm, vma)?.length ?? 0;
      const line = Math.max(8, address.length) + 1 + name.length + behind + 7;
      return line + counts(k, mm, vma);
    },
    gate: 0,
  });
}
