/**
 * userfaultfd: the queue of faults that wait for an answer.
 * After fs/userfaultfd.c.
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
} from '../../machine/index.ts';
import { isSince } from '../../release.ts';
import { spinLock, spinUnlock } from '../../sync/spinlock.ts';
import { UFFD_FEATURES } from '../../uapi.ts';
import {
  FAULT_FLAG_ALLOW_RETRY,
  FAULT_FLAG_VMA_LOCK,
  VM_FAULT_RETRY,
  VM_FAULT_SIGBUS,
} from '../fault-flags.ts';
import { EINVAL, type MmCore } from '../mm-core.ts';
import { PTE_WRITE, pteNoneMostly, ptePresent } from '../page-table.ts';
import { VM_OPS_ANON, VM_UFFD_WP } from '../structs.ts';
import { ctxStruct, PENDING, READ_BY_USER } from './ctx-struct.ts';
import { type UserfaultEvents, userfaultEvents } from './events.ts';
import { ctxRead, wakeUpPoll } from './read.ts';

const FILE = 'fs/userfaultfd.c';
export const EBADF = 9;
const STATE = TASK.at.__state;

export interface UserfaultCtx {
  /** Address of the context of an mm's descriptor. */
  of(mm: number): number;
  /** Whether the descriptor has been made: an ioctl without it fails with EBADF. Touches nothing shared. */
  isOpen(k: Exec, mm: number): boolean;
  /** Whether writes to write-protected pages are let through by the kernel (UFFD_FEATURE_WP_ASYNC). Touches nothing shared. */
  isWpAsync(k: Exec, mm: number): boolean;
  /** Whether write protection of a page that is not there leaves a marker in a VMA (userfaultfd_wp_use_markers). Touches nothing shared. */
  usesMarkers(k: Exec, vma: number): boolean;
  /** Closes the descriptor of an mm that has no task left. Touches nothing shared. */
  userfaultfd_release(k: Exec, mm: number): void;
  /** Address of `map_changing_lock` of a context. */
  mapChangingLock(ctx: number): number;
  /** `(vma, address, flags, reason) -> VM_FAULT_*`: waits for user space to answer; releases the fault's lock if it waits. */
  readonly handle_userfault: Routine;
  /** `(mm, start, end)`: wakes the threads whose faults lie in a range. */
  readonly wake_userfault: Routine;
  readonly events: UserfaultEvents;
  /** Makes a child's descriptor like its parent's. Touches nothing shared. */
  inherit(k: Exec, from: number, to: number): void;
  /** `(mm) -> address or -errno`: sleeps until a fault is queued or there is an event; an event's is the first page it is about. */
  readonly userfaultfd_ctx_read: Routine;
  /** `(mm, features) -> 0 or -errno`: makes the descriptor (userfaultfd, UFFDIO_API); it is closed again if a feature is unknown. */
  readonly new_userfaultfd: Routine;
}

export function userfaultCtx(c: MmCore): UserfaultCtx {
  const { b, VMA, mmap, lock, pt } = c;
  const { vm_mm } = VMA.at;
  const S = ctxStruct(c);
  const { at, of: ctxOf, isOpen } = S;
  const wake_up_poll = wakeUpPoll(c, S);
  const events = userfaultEvents(c, {
    of: ctxOf,
    isOpen,
    features: (k, mm) => k.peek(ctxOf(mm) + at.features),
    mapChangingLock: (mm) => ctxOf(mm) + at.map_changing_lock,
    wake_up_poll,
  });

  const indexOfWaiter = (k: Exec, ctx: number, task: number): number => {
    const n = k.peek(ctx + at.queued);
    for (let i = 0; i < n; i++) if (k.peek(ctx + at.waiter + i) === task) return i;
    return -1;
  };
  /** Takes an entry off the queue; the lock of the queue is held. One shared write. */
  const dequeue = (k: Exec, ctx: number, task: number) => {
    const i = indexOfWaiter(k, ctx, task);
    k.access(ctx + at.queued, WRITE);
    if (i < 0) return;
    const last = k.peek(ctx + at.queued) - 1;
    for (const list of [at.waiter, at.address, at.state]) {
      for (let j = i; j < last; j++) k.poke(ctx + list + j, k.peek(ctx + list + j + 1));
      k.poke(ctx + list + last, 0);
    }
    k.poke(ctx + at.queued, last);
  };

  const handle_userfault = b.fn(
    { file: FILE, signature: '(vmf, reason) -> vm_fault_t' },
    routine(
      'handle_userfault',
      ['vma', 'address', 'flags', 'reason', 'mm', 'ctx', 'must_wait'],
      (v) => ({
        check_features(k) {
          const mm = k.peek(k.get(v.vma) + vm_mm);
          if (k.get(v.flags) & FAULT_FLAG_VMA_LOCK) lock.assertLocked(k, k.get(v.vma));
          k.set(v.mm, mm);
          k.set(v.ctx, ctxOf(mm));
          if (!isOpen(k, mm)) return k.ret(VM_FAULT_SIGBUS);
          // A caller that keeps the lock cannot wait.
          if (!(k.get(v.flags) & FAULT_FLAG_ALLOW_RETRY)) return k.ret(VM_FAULT_SIGBUS);
          if (k.load(k.get(v.ctx) + at.features) & UFFD_FEATURES.sigbus) {
            return k.ret(VM_FAULT_SIGBUS);
          }
        },
        lock_fault_pending_wqh: (k) => spinLock(k, k.get(v.ctx) + at.fault_pending_wqh_lock),
        __add_wait_queue(k) {
          const ctx = k.get(v.ctx);
          const n = k.peek(ctx + at.queued);
          k.work(W.uffd_wait_queue);
          k.access(ctx + at.queued, WRITE);
          k.poke(ctx + at.waiter + n, k.task);
          k.poke(ctx + at.address + n, k.get(v.address));
          k.poke(ctx + at.state + n, PENDING);
          k.poke(ctx + at.queued, n + 1);
        },
        // Before the lock is dropped: whoever finds the entry must be able to wake its owner. The kernel sleeps interruptibly;
        // of the signals that could interrupt it the model has only the fatal ones.
        set_current_state(k) {
          k.store(k.task + STATE, TASK_KILLABLE);
        },
        unlock_fault_pending_wqh(k) {
          spinUnlock(k, k.get(v.ctx) + at.fault_pending_wqh_lock);
        },
        // The answer may have come between the fault and the queue; a marker is as good as no entry.
        userfaultfd_must_wait(k) {
          const pte = pt.walk(k, k.get(v.mm), k.get(v.address));
          const none = pteNoneMostly(pte);
          const writable = ptePresent(pte) && pte & PTE_WRITE;
          const protectedYet = !writable && k.get(v.reason) === VM_UFFD_WP;
          k.set(v.must_wait, none || protectedYet ? 1 : 0);
        },
        release_fault_lock: (k) =>
          k.get(v.flags) & FAULT_FLAG_VMA_LOCK
            ? k.call(lock.vma_end_read, k.get(v.vma))
            : k.call(mmap.mmap_read_unlock, k.get(v.mm)),
        tell_reader(k) {
          if (!k.get(v.must_wait)) return 'set_running';
          return k.call(wake_up_poll, k.get(v.ctx));
        },
        schedule: (k) => k.schedule(),
        set_running(k) {
          k.store(k.task + STATE, TASK_RUNNING);
        },
        list_empty_careful(k) {
          k.access(k.get(v.ctx) + at.queued, 0);
          if (indexOfWaiter(k, k.get(v.ctx), k.task) < 0) return k.ret(VM_FAULT_RETRY);
        },
        relock_fault_pending_wqh: (k) => spinLock(k, k.get(v.ctx) + at.fault_pending_wqh_lock),
        list_del(k) {
          dequeue(k, k.get(v.ctx), k.task);
        },
        reunlock_fault_pending_wqh(k) {
          spinUnlock(k, k.get(v.ctx) + at.fault_pending_wqh_lock);
          return k.ret(VM_FAULT_RETRY);
        },
      }),
    ),
  );

  b.waitsIn(handle_userfault, (k, frame) => {
    const ctx = frame.ctx as number;
    const page = frame.address as number;
    const i = indexOfWaiter(k, ctx, k.task);
    const read = i >= 0 && k.peek(ctx + at.state + i) === READ_BY_USER;
    return {
      kind: 'userfault',
      object: `page ${page}`,
      text: `the answer to a userfault at page ${page} that ${read ? 'was read and not answered' : 'nobody has read'}`,
    };
  });

  const wake_userfault = b.add(
    routine('wake_userfault', ['mm', 'start', 'end', 'ctx', 'task'], (v) => ({
      waitqueue_active(k) {
        k.set(v.ctx, ctxOf(k.get(v.mm)));
        if (k.load(k.get(v.ctx) + at.queued) === 0) return k.ret();
      },
      lock_fault_pending_wqh: (k) => spinLock(k, k.get(v.ctx) + at.fault_pending_wqh_lock),
      next_waiter(k) {
        const ctx = k.get(v.ctx);
        k.access(ctx + at.queued, 0);
        const n = k.peek(ctx + at.queued);
        k.set(v.task, 0);
        for (let i = 0; i < n && k.get(v.task) === 0; i++) {
          const address = k.peek(ctx + at.address + i);
          if (address >= k.get(v.start) && address < k.get(v.end)) {
            k.set(v.task, k.peek(ctx + at.waiter + i));
          }
        }
        if (k.get(v.task) === 0) return 'unlock_fault_pending_wqh';
      },
      userfaultfd_wake_function(k) {
        k.work(W.uffd_wait_queue);
        k.wake(k.get(v.task));
      },
      // After the wake-up: until then the woken thread has to take the lock to leave.
      list_del_init(k) {
        dequeue(k, k.get(v.ctx), k.get(v.task));
        return 'next_waiter';
      },
      unlock_fault_pending_wqh(k) {
        spinUnlock(k, k.get(v.ctx) + at.fault_pending_wqh_lock);
        return k.ret();
      },
    })),
  );

  // WP_ASYNC came with 6.7; marks of any kind need a bit of the entries, which 32-bit kernels do not have.
  const { wp_async, wp_unpopulated } = UFFD_FEATURES;
  const unknown =
    (isSince(c.release, '6.12') ? 0 : wp_async) |
    (b.enabled('X86_64') ? 0 : wp_async | wp_unpopulated);
  b.name('UFFDIO_API', 'ioctl', 'include/uapi/linux/userfaultfd.h');
  const new_userfaultfd = b.add(
    routine('new_userfaultfd', ['mm', 'features'], (v) => ({
      userfaultfd_api(k) {
        const ctx = ctxOf(k.get(v.mm));
        if (ctx === 0) return k.ret(-EBADF);
        if (k.get(v.features) & unknown) return k.ret(-EINVAL);
        k.access(ctx + at.features, WRITE);
        k.poke(ctx + at.features, k.get(v.features));
        k.poke(ctx + at.initialized, 1);
        return k.ret(0);
      },
    })),
  );

  return {
    of: ctxOf,
    isOpen,
    isWpAsync: (k, mm) =>
      isOpen(k, mm) && (k.peek(ctxOf(mm) + at.features) & UFFD_FEATURES.wp_async) !== 0,
    usesMarkers(k, vma) {
      if (k.peek(vma + VMA.at.vm_ops) !== VM_OPS_ANON) return true;
      const features = k.peek(ctxOf(k.peek(vma + vm_mm)) + at.features);
      return (features & (UFFD_FEATURES.wp_unpopulated | UFFD_FEATURES.wp_async)) !== 0;
    },
    userfaultfd_release(k, mm) {
      k.poke(ctxOf(mm) + at.initialized, 0);
    },
    mapChangingLock: (ctx) => ctx + at.map_changing_lock,
    handle_userfault,
    wake_userfault,
    userfaultfd_ctx_read: ctxRead(c, S, events.read_event),
    events,
    inherit(k, from, to) {
      k.poke(ctxOf(to) + at.features, k.peek(ctxOf(from) + at.features));
      k.poke(ctxOf(to) + at.initialized, 1);
    },
    new_userfaultfd,
  };
}
