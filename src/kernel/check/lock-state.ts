/** The locks of a state in a few characters, for traces. */
import type { MachineSpec } from '../model/index.ts';
import type { Internals } from '../model/kernel.ts';
import { RWSEM } from '../model/sync/rwsem/index.ts';
import type { CheckExec } from './check-exec.ts';

const EXCLUDES_READERS = 0x4000_0000;

/** mmap_lock of the first mm, and the lock of the VMA the tree has at `page`: W, R with the number of readers, or - for free; ! keeps readers out. */
export function lockState(k: CheckExec, m: MachineSpec & Internals, page: number): string {
  const { core } = m;
  const mm = core.mms[0] as number;
  const sem = semaphore(k.mem[mm + core.MM.at.mmap_lock + RWSEM.at.count] as number);
  const vma = k.quietly(() => core.tree.walk(k, mm, page));
  if (core.lockKind === 'absent') return `mmap_lock ${sem}`;
  return `mmap_lock ${sem}, vma ${vma === 0 ? 'none' : vmaLock(k, m, mm, vma)}`;
}

function semaphore(count: number): string {
  const readers = count >> 8;
  const held = count & 1 ? 'W' : readers > 0 ? `R${readers}` : '-';
  return count & 2 ? `${held}+waiters` : held;
}

function vmaLock(k: CheckExec, { core }: Internals, mm: number, vma: number): string {
  const { VMA, MM, lockKind } = core;
  const word = (at: number) => k.mem[vma + at] as number;
  const written = word(VMA.at.vm_lock_seq) === k.mem[mm + MM.at.mm_lock_seq] ? 'W' : '';
  if (lockKind === 'rwsem') return written || semaphore(word(VMA.at.vm_lock + RWSEM.at.count));
  const count = word(VMA.at.vm_refcnt);
  const readers = (count & (EXCLUDES_READERS - 1)) - 1;
  const held = readers > 0 ? `R${readers}` : count === 0 ? 'detached' : '';
  return `${written}${held}${count & EXCLUDES_READERS ? '!' : ''}` || '-';
}
