/** The locks and VMAs of a state, for traces: read from the words of the machine, not from what was done to them. */
import { type MachineSpec, TASK } from '../model/index.ts';
import type { Internals } from '../model/kernel.ts';
import { RWSEM } from '../model/sync/rwsem/index.ts';
import type { CheckExec } from './check-exec.ts';
import type { Holders } from './holders.ts';

/** An address space. Locks are written W, R with the number of readers, or - for free; +waiters where somebody queues. */
export interface MmState {
  readonly name: string;
  readonly mmap_lock: string;
  /** Threads that have it for reading or writing. */
  readonly held_by: readonly number[];
  /** `null` on a kernel without per-VMA locks. */
  readonly mm_lock_seq: number | null;
}

/** A VMA object. */
export interface VmaState {
  readonly name: string;
  /** Address space whose tree has it, and its first page and the one behind its last; `null` while it is not attached. */
  readonly attached: { readonly mm: string; readonly pages: readonly [number, number] } | null;
  /** Its memory is free, or waits for a grace period. */
  readonly free: boolean;
  /** Its lock: W, R with the number of readers, ! while readers are kept out, `detached`, or - for free; empty without per-VMA locks. */
  readonly lock: string;
  readonly vm_lock_seq: number | null;
  /** `null` where the lock is another. */
  readonly vm_refcnt: number | null;
  /** Threads that a lookup gave it to and that have not let it go. */
  readonly held_by: readonly number[];
}

/** A state, as far as the properties speak of it. */
export interface TraceState {
  readonly mms: readonly MmState[];
  readonly vmas: readonly VmaState[];
  /** Threads that sleep. */
  readonly asleep: readonly number[];
}

/** What is read of a machine. */
export interface StateSource {
  readonly exec: CheckExec;
  readonly machine: MachineSpec & Internals;
  readonly holders: Holders;
  /** Whether a thread has a tracked lock. */
  readonly holds: (thread: number, lock: number) => boolean;
}

const EXCLUDES_READERS = 0x4000_0000;

/** The state in the executor's memory. */
export function traceState({ exec, machine, holders, holds }: StateSource): TraceState {
  const { core, memory, area } = machine;
  const { MM, VMA, lockKind, tree, vmas } = core;
  const word = (at: number) => exec.mem[at] as number;
  const threads = area.tasks.map((_, t) => t);
  const name = (object: number) => memory.nameOf(object).replace(/\..*$/, '');
  return exec.quietly(() => {
    const attached = new Map(
      core.mms.flatMap((mm) =>
        tree
          .entries(exec, mm)
          .map(([from, to, vma]) => [vma, { mm: name(mm), pages: [from, to] as const }] as const),
      ),
    );
    return {
      mms: core.mms.map((mm) => ({
        name: name(mm),
        mmap_lock: semaphore(word(mm + MM.at.mmap_lock + RWSEM.at.count)),
        held_by: threads.filter((t) => holds(t, mm + MM.at.mmap_lock)),
        mm_lock_seq: lockKind === 'absent' ? null : word(mm + MM.at.mm_lock_seq),
      })),
      vmas: vmas.objects.map((vma) => ({
        name: name(vma),
        attached: attached.get(vma) ?? null,
        free: vmas.isFree(exec, vma),
        lock: lockKind === 'absent' ? '' : vmaLock(exec, machine, core.mms[0] as number, vma),
        vm_lock_seq: lockKind === 'absent' ? null : word(vma + VMA.at.vm_lock_seq),
        vm_refcnt: lockKind === 'refcount' ? word(vma + VMA.at.vm_refcnt) : null,
        held_by: threads.filter((t) => word(holders.words + t) === vma),
      })),
      asleep: threads.filter((t) => sleeps(word, area.tasks[t] as number)),
    };
  });
}

/** mmap_lock of the first mm, and the lock of the VMA the tree has at `page`, in a few characters. */
export function lockState(k: CheckExec, m: MachineSpec & Internals, page: number): string {
  const { core } = m;
  const mm = core.mms[0] as number;
  const sem = semaphore(k.mem[mm + core.MM.at.mmap_lock + RWSEM.at.count] as number);
  const vma = k.quietly(() => core.tree.walk(k, mm, page));
  if (core.lockKind === 'absent') return `mmap_lock ${sem}`;
  return `mmap_lock ${sem}, vma ${vma === 0 ? 'none' : vmaLock(k, m, mm, vma)}`;
}

/** A thread that has ended is off the run queue, too, but has no frame. */
function sleeps(word: (at: number) => number, task: number): boolean {
  return word(task + TASK.at.fp) !== 0 && word(task + TASK.at.on_rq) === 0;
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
  const gap = written !== '' && held === 'detached' ? ' ' : '';
  return `${written}${gap}${held}${count & EXCLUDES_READERS ? '!' : ''}` || '-';
}
