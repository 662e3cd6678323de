/**
 * Events of a userfaultfd: user space is told of forks, moves, and memory that goes, and until it has read of it no page can be filled.
 * After fs/userfaultfd.c.
 *
 * Whoever changes memory notes with mmap_lock held what is to be told (`*_prep`), and waits for the reader once the lock is free
 * (`userfaultfd_complete`). The kernel keeps the notes in lists on the stack; here they lie with the task.
 */
import {
  type Exec,
  type Routine,
  routine,
  TASK,
  TASK_KILLABLE,
  TASK_RUNNING,
  W,
  WRITE,
  wordStruct,
} from '../../machine/index.ts';
import { spinLock, spinUnlock } from '../../sync/spinlock.ts';
import type { MmCore } from '../mm-core.ts';
import { __VM_UFFD_FLAGS } from '../structs.ts';

/** When an event is told among those of one system call: mremap tells of what lay at the destination, then of the move, then of the rest. */
export const TELL_EARLY = 1;
export const TELL_MOVE = 2;
export const TELL_LATE = 3;
/** Notes one system call can make: mremap unmaps in three places and moves. */
const NOTES = 4;

const STATE = TASK.at.__state;

/** What the events need of the descriptor they are read from. */
export interface EventSource {
  /** Address of the context of an mm's descriptor. */
  of(mm: number): number;
  isOpen(k: Exec, mm: number): boolean;
  features(k: Exec, mm: number): number;
  /** Address of `map_changing_lock`. */
  mapChangingLock(mm: number): number;
  /** `(ctx)`: tells the threads that read the descriptor. */
  readonly wake_up_poll: Routine;
}

export interface UserfaultEvents {
  /** Has the running task note what its unmapping takes away, to be told of in that order; 0 ends it. Touches nothing shared. */
  tell(k: Exec, when: number): void;
  /** Whether somebody wants to know of a feature's event about a VMA. Touches nothing shared. */
  notices(k: Exec, vma: number, feature: number): boolean;
  /** Ends what `tell` began; whether there is something to tell. Touches nothing shared. */
  finish(k: Exec): boolean;
  /** `(vma, page)`: notes that pages are unmapped, once for each call with another first page (userfaultfd_unmap_prep). */
  readonly userfaultfd_unmap_prep: Routine;
  /** `(vma, page)`: notes that a mapping has moved (mremap_userfaultfd_prep). */
  readonly mremap_userfaultfd_prep: Routine;
  /** `(mm)`: tells of what was noted, and waits until it is read; mmap_lock is free. */
  readonly userfaultfd_complete: Routine;
  /** `(vma, page)`: tells that pages are thrown away; mmap_lock is free afterwards (userfaultfd_remove). */
  readonly userfaultfd_remove: Routine;
  /** `(oldmm)`: notes that the memory is copied for a child (dup_userfaultfd). */
  readonly dup_userfaultfd: Routine;
  /** `(mm, told)`: tells of a fork, or takes back that there is one (dup_userfaultfd_complete, dup_userfaultfd_fail). */
  readonly dup_userfaultfd_complete: Routine;
  /** Whether something has been noted that is not read yet (mmap_changing). One shared read. */
  mmapChanging(k: Exec, mm: number): boolean;
  /** Wakes those who wait for a reader that will not come (userfaultfd_release). `(mm)`. */
  readonly wake_all: Routine;
  /** `(mm) -> page or -1`: takes the oldest event, whose task goes on. */
  readonly read_event: Routine;
}

export function userfaultEvents(c: MmCore, source: EventSource): UserfaultEvents {
  const { b, VMA, rw, mmap, mms } = c;
  const { vm_mm, vm_flags } = VMA.at;
  const tasks = b.size.threads;
  const EVENTS = wordStruct('userfaultfd_events', {
    mmap_changing: { line: 1 },
    event_wqh_lock: { line: 1 },
    queued: 1,
    waiter: { array: tasks },
    page: { array: tasks },
  });
  const NOTED = wordStruct('userfaultfd_unmap_ctx', {
    when: 1,
    forks: 1,
    rank: { array: NOTES },
    page: { array: NOTES },
  });
  const { at } = EVENTS;
  const queues = mms.map((_, i) => b.memory.object(EVENTS, `userfaultfd_events#${i}`));
  const queueOf = (mm: number) => queues[mms.indexOf(mm)] as number;
  const notes = Array.from({ length: tasks }, (_, i) => b.memory.object(NOTED, `uf#${i}`));
  const notesOf = (k: Exec) => notes[k.tid] as number;

  const wants = (k: Exec, mm: number, feature: number): boolean =>
    source.isOpen(k, mm) && (source.features(k, mm) & feature) !== 0;
  const isNoted = (k: Exec, when: number, page: number): boolean => {
    for (let i = 0; i < NOTES; i++) {
      const same = k.peek(notesOf(k) + NOTED.at.rank + i) === when;
      if (same && k.peek(notesOf(k) + NOTED.at.page + i) === page) return true;
    }
    return false;
  };
  const note = (k: Exec, when: number, page: number): void => {
    let i = 0;
    while (k.peek(notesOf(k) + NOTED.at.rank + i) !== 0) i++;
    k.poke(notesOf(k) + NOTED.at.rank + i, when);
    k.poke(notesOf(k) + NOTED.at.page + i, page);
  };
  /** The earliest note of the task, taken off; -1 when there is none. */
  const takeNote = (k: Exec): number => {
    for (let when = TELL_EARLY; when <= TELL_LATE; when++) {
      for (let i = 0; i < NOTES; i++) {
        if (k.peek(notesOf(k) + NOTED.at.rank + i) !== when) continue;
        k.poke(notesOf(k) + NOTED.at.rank + i, 0);
        return k.peek(notesOf(k) + NOTED.at.page + i);
      }
    }
    return -1;
  };
  const indexOf = (k: Exec, queue: number, task: number): number => {
    const n = k.peek(queue + at.queued);
    for (let i = 0; i < n; i++) if (k.peek(queue + at.waiter + i) === task) return i;
    return -1;
  };
  const dequeue = (k: Exec, queue: number, task: number): void => {
    const first = indexOf(k, queue, task);
    k.access(queue + at.queued, WRITE);
    if (first < 0) return;
    const left = k.peek(queue + at.queued) - 1;
    for (let i = first; i < left; i++) {
      k.poke(queue + at.waiter + i, k.peek(queue + at.waiter + i + 1));
      k.poke(queue + at.page + i, k.peek(queue + at.page + i + 1));
    }
    k.poke(queue + at.queued, left);
  };

  /** `(mm)`: pages cannot be filled from here on; who is just filling some is waited for. */
  const begin_changing = b.add(
    routine('userfaultfd_begin_changing', ['mm'], (v) => ({
      down_write: (k) => k.call(rw.down_write, source.mapChangingLock(k.get(v.mm))),
      atomic_inc(k) {
        k.fetchAdd(queueOf(k.get(v.mm)) + at.mmap_changing, 1);
      },
      up_write: (k) => k.call(rw.up_write, source.mapChangingLock(k.get(v.mm))),
      done: (k) => k.ret(),
    })),
  );

  const prep = (name: string, moves: boolean) =>
    b.add(
      routine(name, ['vma', 'page', 'when'], (v) => ({
        check(k) {
          const vma = k.get(v.vma);
          k.set(v.when, moves ? TELL_MOVE : k.peek(notesOf(k) + NOTED.at.when));
          k.access(vma + vm_flags, 0);
          if (k.get(v.when) === 0 || isNoted(k, k.get(v.when), k.get(v.page))) return k.ret();
          note(k, k.get(v.when), k.get(v.page));
        },
        begin_changing: (k) => k.call(begin_changing, k.peek(k.get(v.vma) + vm_mm)),
        done: (k) => k.ret(),
      })),
    );

  const userfaultfd_event_wait_completion = b.add(
    routine('userfaultfd_event_wait_completion', ['mm', 'page', 'queue'], (v) => ({
      lock_event_wqh(k) {
        k.set(v.queue, queueOf(k.get(v.mm)));
        return spinLock(k, k.get(v.queue) + at.event_wqh_lock);
      },
      __add_wait_queue(k) {
        const queue = k.get(v.queue);
        const n = k.peek(queue + at.queued);
        k.work(W.uffd_wait_queue);
        k.access(queue + at.queued, WRITE);
        k.poke(queue + at.waiter + n, k.task);
        k.poke(queue + at.page + n, k.get(v.page));
        k.poke(queue + at.queued, n + 1);
      },
      set_current_state(k) {
        k.store(k.task + STATE, TASK_KILLABLE);
      },
      check_event(k) {
        k.access(k.get(v.queue) + at.queued, 0);
        if (indexOf(k, k.get(v.queue), k.task) < 0) return 'set_running';
        if (!source.isOpen(k, k.get(v.mm))) return '__remove_wait_queue';
      },
      fatal_signal_pending(k) {
        if (k.load(k.task + TASK.at.sigkill)) return '__remove_wait_queue';
      },
      unlock_event_wqh: (k) => spinUnlock(k, k.get(v.queue) + at.event_wqh_lock),
      wake_up_poll: (k) => k.call(source.wake_up_poll, source.of(k.get(v.mm))),
      schedule: (k) => k.schedule(),
      relock_event_wqh: (k) => spinLock(k, k.get(v.queue) + at.event_wqh_lock),
      again: () => 'set_current_state',
      __remove_wait_queue(k) {
        dequeue(k, k.get(v.queue), k.task);
      },
      set_running(k) {
        k.store(k.task + STATE, TASK_RUNNING);
      },
      unlock_event_wqh_done: (k) => spinUnlock(k, k.get(v.queue) + at.event_wqh_lock),
      atomic_dec(k) {
        k.fetchAdd(k.get(v.queue) + at.mmap_changing, -1);
        return k.ret();
      },
    })),
  );
  b.waitsIn(userfaultfd_event_wait_completion, (_k, frame) => ({
    kind: 'event',
    object: `page ${frame.page}`,
    text: `somebody to read an event of the userfaultfd about page ${frame.page}`,
  }));

  const userfaultfd_complete = b.add(
    routine('userfaultfd_unmap_complete', ['mm', 'page'], (v) => ({
      next_event(k) {
        k.set(v.page, takeNote(k));
        if (k.get(v.page) < 0) return k.ret();
        const { mm, page } = v;
        return k.callThen('next_event', userfaultfd_event_wait_completion, k.get(mm), k.get(page));
      },
    })),
  );

  const userfaultfd_remove = b.add(
    routine('userfaultfd_remove', ['vma', 'page', 'mm'], (v) => ({
      check(k) {
        k.set(v.mm, k.peek(k.get(v.vma) + vm_mm));
        k.access(k.get(v.vma) + vm_flags, 0);
      },
      begin_changing: (k) => k.call(begin_changing, k.get(v.mm)),
      mmap_read_unlock: (k) => k.call(mmap.mmap_read_unlock, k.get(v.mm)),
      wait_completion: (k) => k.call(userfaultfd_event_wait_completion, k.get(v.mm), k.get(v.page)),
      done: (k) => k.ret(),
    })),
  );

  const dup_userfaultfd = b.add(
    routine('dup_userfaultfd', ['oldmm'], (v) => ({
      list_for_each_entry(k) {
        const forks = notesOf(k) + NOTED.at.forks;
        if (k.peek(forks) !== 0) return k.ret();
        k.poke(forks, 1);
      },
      begin_changing: (k) => k.call(begin_changing, k.get(v.oldmm)),
      done: (k) => k.ret(),
    })),
  );
  const dup_userfaultfd_complete = b.add(
    routine('dup_userfaultfd_complete', ['mm', 'told'], (v) => ({
      check(k) {
        const forks = notesOf(k) + NOTED.at.forks;
        if (k.peek(forks) === 0) return k.ret();
        k.poke(forks, 0);
        if (k.get(v.told)) {
          return k.callThen('done', userfaultfd_event_wait_completion, k.get(v.mm), 0);
        }
      },
      atomic_dec(k) {
        k.fetchAdd(queueOf(k.get(v.mm)) + at.mmap_changing, -1);
      },
      done: (k) => k.ret(),
    })),
  );

  /** Both look at all that wait, or at the first. */
  const wake_all = b.add(
    routine('userfaultfd_wake_events', ['mm', 'queue', 'i'], (v) => ({
      lock_event_wqh(k) {
        k.set(v.queue, queueOf(k.get(v.mm)));
        return spinLock(k, k.get(v.queue) + at.event_wqh_lock);
      },
      wake_next(k) {
        const i = k.get(v.i);
        if (i >= k.peek(k.get(v.queue) + at.queued)) return 'unlock_event_wqh';
        k.wake(k.peek(k.get(v.queue) + at.waiter + i));
        k.set(v.i, i + 1);
        return 'wake_next';
      },
      unlock_event_wqh(k) {
        spinUnlock(k, k.get(v.queue) + at.event_wqh_lock);
        return k.ret();
      },
    })),
  );
  const read_event = b.add(
    routine('userfaultfd_read_event', ['mm', 'queue', 'task', 'page'], (v) => ({
      lock_event_wqh(k) {
        k.set(v.queue, queueOf(k.get(v.mm)));
        k.set(v.page, -1);
        return spinLock(k, k.get(v.queue) + at.event_wqh_lock);
      },
      find_userfault_evt(k) {
        const queue = k.get(v.queue);
        k.access(queue + at.queued, 0);
        if (k.peek(queue + at.queued) === 0) return 'unlock_event_wqh';
        k.work(W.uffd_wait_queue);
        k.set(v.task, k.peek(queue + at.waiter));
        k.set(v.page, k.peek(queue + at.page));
      },
      userfaultfd_event_complete(k) {
        k.wake(k.get(v.task));
      },
      // After the wake-up: until then the woken task has to take the lock to leave.
      __remove_wait_queue(k) {
        dequeue(k, k.get(v.queue), k.get(v.task));
      },
      unlock_event_wqh(k) {
        spinUnlock(k, k.get(v.queue) + at.event_wqh_lock);
        return k.ret(k.get(v.page));
      },
    })),
  );

  return {
    notices: (k, vma, feature) =>
      (k.peek(vma + vm_flags) & __VM_UFFD_FLAGS) !== 0 && wants(k, k.peek(vma + vm_mm), feature),
    finish(k) {
      k.poke(notesOf(k) + NOTED.at.when, 0);
      for (let i = 0; i < NOTES; i++) if (k.peek(notesOf(k) + NOTED.at.rank + i) !== 0) return true;
      return false;
    },
    tell: (k, when) => k.poke(notesOf(k) + NOTED.at.when, when),
    userfaultfd_unmap_prep: prep('userfaultfd_unmap_prep', false),
    mremap_userfaultfd_prep: prep('mremap_userfaultfd_prep', true),
    userfaultfd_complete,
    userfaultfd_remove,
    dup_userfaultfd,
    dup_userfaultfd_complete,
    mmapChanging: (k, mm) => k.load(queueOf(mm) + at.mmap_changing) !== 0,
    wake_all,
    read_event,
  };
}
