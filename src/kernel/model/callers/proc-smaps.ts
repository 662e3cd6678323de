/** Reading /proc/PID/smaps. After show_smap in fs/proc/task_mmu.c. */
import type { Routine } from '../machine/index.ts';
import type { MmCore } from '../mm/mm-core.ts';
import { VM_SHARED } from '../mm/structs.ts';
import { GATE_LINE, mapsLines, smapGatherStats } from './maps-lines.ts';
import { seqMaps } from './seq-maps.ts';

/** Lines of a number with its unit: label and number fill 24 columns. */
const NUMBERS = 22;
const NUMBER_LINE = 28;
/** The lines THPeligible, and VmFlags without its words; each word takes 3. */
const OTHER_LINES = 25 + 10;
/** VM_MAYREAD, VM_MAYWRITE and VM_MAYEXEC, which the model does not keep. */
const MAY = 3;

/** @returns `(mm) -> 0`: opens smaps and reads it to its end, always under mmap_lock: it walks page tables. */
export function procSmaps(c: MmCore): Routine {
  const { VMA } = c;
  const { vm_start, vm_end, vm_flags } = VMA.at;
  const { gate, lineOf } = mapsLines(c);

  /** Bytes of what smaps says of a VMA whose first line has so many. */
  const recordOf = (line: number, flags: number): number => {
    let words = MAY + (flags & VM_SHARED ? 1 : 0);
    for (let rest = flags; rest !== 0; rest &= rest - 1) words++;
    return line + NUMBERS * NUMBER_LINE + OTHER_LINES + 3 * words;
  };

  return seqMaps(c, 'proc_pid_smaps_read', {
    recordOf(k, mm, vma) {
      const flags = k.load(vma + vm_flags);
      smapGatherStats(c, k, mm, k.peek(vma + vm_start), k.peek(vma + vm_end));
      return recordOf(lineOf(k, mm, vma), flags);
    },
    gate: gate ? recordOf(GATE_LINE.length, 0) : 0,
  });
}
