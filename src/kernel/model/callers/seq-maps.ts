/** A file of /proc with a record for each VMA, read to its end under mmap_lock. After m_start, m_next and m_stop in fs/proc/task_mmu.c. */
import { type Exec, type Routine, routine, W } from '../machine/index.ts';
import type { MmCore } from '../mm/mm-core.ts';
import { AT_END, AT_GATE, SEQ_BUFFER } from './maps-lines.ts';

export interface SeqRecords {
  /** Bytes of what the file says of a VMA; one shared read. */
  recordOf(k: Exec, mm: number, vma: number): number;
  /** Bytes of what it says of the vsyscall page; 0 for nothing. */
  readonly gate: number;
}

/** @returns `(mm) -> 0`: each read takes as many records as its buffer holds, and the last one finds the end */
export function seqMaps(c: MmCore, name: string, records: SeqRecords): Routine {
  const { b, VMA, mmap, tree } = c;
  const { vm_end } = VMA.at;
  return b.add(
    routine(name, ['mm', 'pos', 'count', 'vma'], (v) => ({
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
        const first = k.get(v.count) === 0;
        k.set(v.vma, tree[first ? 'find' : 'next'](k, k.get(v.mm), k.get(v.pos)));
        if (k.get(v.vma) === 0) return 'gate_vma';
      },
      show(k) {
        const record = records.recordOf(k, k.get(v.mm), k.get(v.vma));
        // seq_has_overflowed: the record is for the next read.
        if (k.get(v.count) + record >= SEQ_BUFFER) return 'm_stop';
        k.set(v.count, k.get(v.count) + record);
        k.set(v.pos, k.peek(k.get(v.vma) + vm_end));
        return 'vma_next';
      },
      gate_vma(k) {
        const count = k.get(v.count) + records.gate;
        const shown = records.gate > 0 && count < SEQ_BUFFER;
        k.set(v.pos, shown ? AT_END : AT_GATE);
        if (shown) k.set(v.count, count);
      },
      m_stop: (k) => k.call(mmap.mmap_read_unlock, k.get(v.mm)),
      read_done: (k) => (k.get(v.count) > 0 ? 'seq_read' : k.ret(0)),
    })),
  );
}
