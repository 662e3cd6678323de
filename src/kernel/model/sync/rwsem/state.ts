/** The words of a rw_semaphore and its queue of waiters. The queue is only touched under wait_lock. */
import {
  type Exec,
  TASK,
  TASK_KILLABLE,
  TASK_UNINTERRUPTIBLE,
  WRITE,
  wordStruct,
} from '../../machine/index.ts';

export const RWSEM = wordStruct('rw_semaphore', {
  count: 1,
  /**
   * Task that holds it for writing; 0 when nobody does. Readers are not tracked where they steal; where they spin, the last one that
   * came, with {@link RWSEM_READER_OWNED}, until a writer has it.
   */
  owner: 1,
  /**
   * RWSEM_NONSPINNABLE, in C bits of the owner word, who may not spin: {@link RWSEM_WR_NONSPINNABLE} since spinning on readers took too
   * long, cleared by the last of them or the next writer; where readers spin, {@link RWSEM_RD_NONSPINNABLE}, too.
   */
  nonspinnable: 1,
  /** Tail of the queue of spinners, see `../osq.ts`. */
  osq: 1,
  wait_lock: 1,
  wait_head: 1,
  wait_tail: 1,
});

export const RWSEM_WRITER_LOCKED = 0x1;
export const RWSEM_FLAG_WAITERS = 0x2;
export const RWSEM_FLAG_HANDOFF = 0x4;
export const RWSEM_READER_BIAS = 0x100;
export const RWSEM_READER_MASK = ~0xff;
export const RWSEM_LOCK_MASK = RWSEM_WRITER_LOCKED | RWSEM_READER_MASK;
export const RWSEM_READ_FAILED_MASK = RWSEM_WRITER_LOCKED | RWSEM_FLAG_WAITERS | RWSEM_FLAG_HANDOFF;

/** What readers do that find the lock taken or waited for. */
export type RwsemReaders =
  /** Since 5.11: one takes it beside waiters if hardly a reader has it (1a728dff855a), and sleeps else. */
  | 'steal'
  /** Until 617f3ef95177 ("Remove reader optimistic spinning"), 5.10 among others: they queue with writers to spin. */
  | 'spin';

/** In the owner word: what is there is a reader. Tasks are not at odd addresses. */
export const RWSEM_READER_OWNED = 0x1;
export const RWSEM_WR_NONSPINNABLE = 0x1;
export const RWSEM_RD_NONSPINNABLE = 0x2;

/** MAX_READERS_WAKEUP: how many readers are woken at once. */
const MAX_READERS_WAKEUP = 0x100;

export const WAITING_FOR_READ = 1;
export const WAITING_FOR_WRITE = 2;
export const EINTR = 4;

/** RWSEM_WAIT_TIMEOUT: how long the first waiter lets others steal the lock before it asks for handoff, in ns. */
export const RWSEM_WAIT_TIMEOUT_NS = 4_000_000;

/** rwsem_rspin_threshold: how long a writer spins while readers hold the lock, in ns: 10 us and half a us per reader. */
export function rspinThreshold(readers: number): number {
  return (20 + Math.min(readers, 30)) * 500;
}

const { count, owner, nonspinnable, wait_lock, wait_head, wait_tail } = RWSEM.at;
const T = TASK.at;

/** Appends the current task to the queue. Under wait_lock; the access is to the list head's line. */
export function enqueue(k: Exec, sem: number, kind: number): void {
  k.access(sem + wait_tail, WRITE);
  const tail = k.peek(sem + wait_tail);
  k.poke(k.task + T.wait_next, 0);
  k.poke(k.task + T.wait_kind, kind);
  k.poke(k.task + T.wait_handoff, 0);
  if (tail === 0) k.poke(sem + wait_head, k.task);
  else k.poke(tail + T.wait_next, k.task);
  k.poke(sem + wait_tail, k.task);
}

/** Takes one task out of the queue, wherever it stands. Under wait_lock. Returns whether it stood first. */
export function dequeue(k: Exec, sem: number, task: number): boolean {
  k.access(sem + wait_head, WRITE);
  let before = 0;
  for (let at = k.peek(sem + wait_head); at !== 0; before = at, at = k.peek(at + T.wait_next)) {
    if (at !== task) continue;
    const next = k.peek(at + T.wait_next);
    if (before === 0) k.poke(sem + wait_head, next);
    else k.poke(before + T.wait_next, next);
    if (next === 0) k.poke(sem + wait_tail, before);
    k.poke(at + T.wait_next, 0);
    return before === 0;
  }
  throw new RangeError('task is not in the queue');
}

/**
 * Takes the readers out of the queue, as many as are woken at once, and chains them by wait_next (rwsem_mark_wake, second pass). Under wait_lock.
 * Returns the head of the chain; their number goes into the variable `n`.
 */
export function takeReaders(k: Exec, sem: number, n: number): number {
  k.access(sem + wait_head, WRITE);
  let chain = 0;
  let last = 0;
  let keptTail = 0;
  let taken = 0;
  let at = k.peek(sem + wait_head);
  k.poke(sem + wait_head, 0);
  while (at !== 0) {
    const next = k.peek(at + T.wait_next);
    k.poke(at + T.wait_next, 0);
    if (k.peek(at + T.wait_kind) === WAITING_FOR_READ && taken < MAX_READERS_WAKEUP) {
      if (chain === 0) chain = at;
      else k.poke(last + T.wait_next, at);
      last = at;
      taken++;
    } else {
      if (keptTail === 0) k.poke(sem + wait_head, at);
      else k.poke(keptTail + T.wait_next, at);
      keptTail = at;
    }
    at = next;
  }
  k.poke(sem + wait_tail, keptTail);
  k.set(n, taken);
  return chain;
}

/** rwsem_set_owner: the whole owner word, so the flag in it goes too. */
export function setOwner(k: Exec, sem: number): void {
  k.store(sem + owner, k.task);
  k.poke(sem + nonspinnable, 0);
}

/** rwsem_set_reader_owned where readers spin, without its access: that readers may not spin outlives them, that writers may not does not. */
export function setReaderOwned(k: Exec, sem: number, task: number): void {
  k.poke(sem + owner, task | RWSEM_READER_OWNED);
  k.poke(sem + nonspinnable, k.peek(sem + nonspinnable) & RWSEM_RD_NONSPINNABLE);
}

/** The writer that holds it; 0 if none does. */
export function writerOf(ownerWord: number): number {
  return ownerWord & RWSEM_READER_OWNED ? 0 : ownerWord;
}

/** The state a waiter sleeps in. */
export function waitState(killable: number): number {
  return killable ? TASK_KILLABLE : TASK_UNINTERRUPTIBLE;
}

/** Whether the semaphore is entirely free: unlocked and with nobody waiting. For invariants in tests. */
export function rwsemIsFree(k: Exec, sem: number): boolean {
  return (
    k.peek(sem + count) === 0 && k.peek(sem + wait_head) === 0 && k.peek(sem + wait_lock) === 0
  );
}
