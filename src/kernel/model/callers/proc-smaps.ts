/** Reading /proc/PID/smaps. After show_smap in fs/proc/task_mmu.c. */
import { type Routine, routine, W } from '../machine/index.ts';
import type { MmCore } from '../mm/mm-core.ts';
import { VM_SHARED } from '../mm/structs.ts';
import {
  AT_END,
  AT_GATE,
  GATE_LINE,
  mapsLines,
  SEQ_BUFFER,
  smapGatherStats,
} from './maps-lines.ts';

/** Lines of a number with its unit: label and number fill 24 columns. */
const NUMBERS = 22;
const NUMBER_LINE = 28;
/** The lines THPeligible, and VmFlags without its words; each word takes 3. */
const OTHER_LINES = 25 + 10;
/** VM_MAYREAD, VM_MAYWRITE and VM_MAYEXEC, which the model does not keep. */
const MAY = 3;

/** @returns `(mm) -> 0`: opens smaps and reads it to its end, always under mmap_lock: it walks page tables. */
export function procSmaps(c: MmCore): Routine {
  const { b, VMA, mmap, tree } = c;
  const { vm_start, vm_end, vm_flags } = VMA.at;
  const { gate, lineOf } = mapsLines(c);

  /** Bytes of what smaps says of a VMA whose first line has so many. */
  const recordOf = (line: number, flags: number): number => {
    let words = MAY + (flags & VM_SHARED ? 1 : 0);
    for (let rest = flags; rest !== 0; rest &= rest - 1) words++;
    return line + NUMBERS * NUMBER_LINE + OTHER_LINES + 3 * words;
  };

  return b.add(
    routine('proc_pid_smaps_read', ['mm', 'pos', 'count', 'vma'], (v) => ({
      seq_read(k) {
        k.work(W.syscall_entry);
        k.set(v.count, 0);
        if (k.get(v.pos) === AT_END) return k.ret(0);
      },
      m_start: (k) => k.call(mmap.mmap_read_lock_killable, k.get(v.mm)),
      locked(k) {
        if (k.result() !== 0) return k.ret(k.result());
        if (k.get(v.pos) === AT_GATE) return 'gate_vma';
      },
      vma_next(k) {
        k.set(v.vma, tree.find(k, k.get(v.mm), k.get(v.pos)));
        if (k.get(v.vma) === 0) return 'gate_vma';
      },
      show_smap(k) {
        const vma = k.get(v.vma);
        const flags = k.load(vma + vm_flags);
        const record = recordOf(lineOf(k, k.get(v.mm), vma), flags);
        smapGatherStats(c, k, k.get(v.mm), k.peek(vma + vm_start), k.peek(vma + vm_end));
        // seq_has_overflowed: the record is for the next read.
        if (k.get(v.count) + record >= SEQ_BUFFER) return 'm_stop';
        k.set(v.count, k.get(v.count) + record);
        k.set(v.pos, k.peek(vma + vm_end));
        return 'vma_next';
      },
      gate_vma(k) {
        const count = k.get(v.count) + recordOf(GATE_LINE.length, 0);
        const shown = gate && count < SEQ_BUFFER;
        k.set(v.pos, shown ? AT_END : AT_GATE);
        if (shown) k.set(v.count, count);
      },
      m_stop: (k) => k.call(mmap.mmap_read_unlock, k.get(v.mm)),
      read_done: (k) => (k.get(v.count) > 0 ? 'seq_read' : k.ret(0)),
    })),
  );
}
