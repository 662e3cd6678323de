/** Reading a userfaultfd: faults first, then events. After userfaultfd_ctx_read in fs/userfaultfd.c. */
import {
  type Routine,
  routine,
  TASK,
  TASK_INTERRUPTIBLE,
  TASK_RUNNING,
  W,
  WRITE,
} from '../../machine/index.ts';
import { spinLock, spinUnlock } from '../../sync/spinlock.ts';
import { EBADF, EINTR, type MmCore } from '../mm-core.ts';
import { type CtxStruct, PENDING, READ_BY_USER } from './ctx-struct.ts';

const STATE = TASK.at.__state;

/** @returns `(ctx)`: tells the threads that read the descriptor (wake_up_poll on fd_wqh) */
export function wakeUpPoll(c: MmCore, S: CtxStruct): Routine {
  const { b } = c;
  const { at } = S;
  return b.add(
    routine('wake_up_poll', ['ctx', 'i'], (v) => ({
      lock_fd_wqh: (k) => spinLock(k, k.get(v.ctx) + at.fd_wqh_lock),
      wake_next(k) {
        const ctx = k.get(v.ctx);
        const i = k.get(v.i);
        if (i >= k.peek(ctx + at.readers)) return 'unlock_fd_wqh';
        k.wake(k.peek(ctx + at.reader + i));
        k.set(v.i, i + 1);
        return 'wake_next';
      },
      unlock_fd_wqh(k) {
        spinUnlock(k, k.get(v.ctx) + at.fd_wqh_lock);
        return k.ret();
      },
    })),
  );
}

/**
 * @param read_event `(mm) -> page or -1`: takes the oldest event
 * @returns `(mm) -> address or -errno`: sleeps until a fault or an event is there
 */
export function ctxRead(c: MmCore, S: CtxStruct, read_event: Routine): Routine {
  const { b } = c;
  const { at } = S;
  const userfaultfd_ctx_read = b.add(
    routine('userfaultfd_ctx_read', ['mm', 'ctx', 'address'], (v) => ({
      lock_fd_wqh(k) {
        if (!S.isOpen(k, k.get(v.mm))) return k.ret(-EBADF);
        k.set(v.ctx, S.of(k.get(v.mm)));
        k.set(v.address, -1);
        return spinLock(k, k.get(v.ctx) + at.fd_wqh_lock);
      },
      __add_wait_queue(k) {
        const ctx = k.get(v.ctx);
        const n = k.peek(ctx + at.readers);
        k.access(ctx + at.readers, WRITE);
        k.poke(ctx + at.reader + n, k.task);
        k.poke(ctx + at.readers, n + 1);
      },
      set_current_state(k) {
        k.store(k.task + STATE, TASK_INTERRUPTIBLE);
      },
      lock_fault_pending_wqh: (k) => spinLock(k, k.get(v.ctx) + at.fault_pending_wqh_lock),
      find_userfault(k) {
        const ctx = k.get(v.ctx);
        k.access(ctx + at.queued, WRITE);
        const n = k.peek(ctx + at.queued);
        for (let i = 0; i < n; i++) {
          if (k.peek(ctx + at.state + i) !== PENDING) continue;
          k.work(W.uffd_wait_queue);
          k.poke(ctx + at.state + i, READ_BY_USER);
          k.set(v.address, k.peek(ctx + at.address + i));
          break;
        }
      },
      unlock_fault_pending_wqh(k) {
        spinUnlock(k, k.get(v.ctx) + at.fault_pending_wqh_lock);
        if (k.get(v.address) >= 0) return '__remove_wait_queue';
      },
      read_event: (k) => k.call(read_event, k.get(v.mm)),
      got_event(k) {
        k.set(v.address, k.result());
        if (k.result() >= 0) return '__remove_wait_queue';
      },
      unlock_fd_wqh(k) {
        spinUnlock(k, k.get(v.ctx) + at.fd_wqh_lock);
      },
      schedule: (k) => k.schedule(),
      relock_fd_wqh(k) {
        return spinLock(k, k.get(v.ctx) + at.fd_wqh_lock);
      },
      signal_pending(k) {
        if (k.load(k.task + TASK.at.sigkill) === 0) return 'set_current_state';
        k.set(v.address, -EINTR);
      },
      __remove_wait_queue(k) {
        const ctx = k.get(v.ctx);
        const last = k.peek(ctx + at.readers) - 1;
        k.access(ctx + at.readers, WRITE);
        let i = 0;
        while (k.peek(ctx + at.reader + i) !== k.task) i++;
        for (; i < last; i++) k.poke(ctx + at.reader + i, k.peek(ctx + at.reader + i + 1));
        k.poke(ctx + at.reader + last, 0);
        k.poke(ctx + at.readers, last);
      },
      set_running(k) {
        k.store(k.task + STATE, TASK_RUNNING);
      },
      unlock_fd_wqh_done(k) {
        spinUnlock(k, k.get(v.ctx) + at.fd_wqh_lock);
        return k.ret(k.get(v.address));
      },
    })),
  );

  b.waitsIn(userfaultfd_ctx_read, (_k, frame) => {
    const object = b.memory.nameOf(frame.ctx as number).replace(/\..*$/, '');
    return { kind: 'event', object, text: `a userfault to read from ${object}` };
  });
  return userfaultfd_ctx_read;
}
