/** Reading a pipe. After pipe_read in fs/pipe.c. */
import type { KernelBuilder } from '../kernel-builder.ts';
import { READ, type Routine, routine, W, WRITE } from '../machine/index.ts';
import type { RwsemRoutines } from '../sync/rwsem/index.ts';
import { copyBytes, PIPE_BUFFERS, type Pipes } from './pipe.ts';
import { pipeWait } from './pipe-wait.ts';

/**
 * `(pipe, bytes, address) -> bytes or -errno`: what is there, up to `bytes`; sleeps while there is nothing, and gives 0 when nobody can
 * write any more. With `address` 0 to memory that is there.
 *
 * @param copy_page_to_iter `(address) -> 0 or -EFAULT`
 */
export function pipeRead(
  b: KernelBuilder,
  p: Pipes,
  rw: RwsemRoutines,
  copy_page_to_iter: Routine,
): Routine {
  const { at, wait } = p;
  const wait_readable = pipeWait(
    b,
    p,
    'pipe_wait_readable',
    at.rd_wait,
    (k, pipe) => !p.isEmpty(k, pipe) || k.peek(pipe + at.writers) === 0,
    'something to read in',
  );
  return b.add(
    routine(
      'pipe_read',
      ['pipe', 'left', 'address', 'ret', 'chars', 'was_full', 'wake_next_reader'],
      (v) => ({
        mutex_lock: (k) => k.call(rw.down_write, k.get(v.pipe) + at.mutex),
        // Writers are woken only if the pipe was full, or they are not asleep.
        pipe_full(k) {
          k.access(k.get(v.pipe) + at.head, READ);
          k.set(v.was_full, p.isFull(k, k.get(v.pipe)) ? 1 : 0);
        },
        next_buffer(k) {
          const pipe = k.get(v.pipe);
          k.access(pipe + at.head, READ);
          if (p.isEmpty(k, pipe)) return 'nothing_there';
          const len = k.peek(pipe + at.len + (k.peek(pipe + at.tail) % PIPE_BUFFERS));
          k.set(v.chars, Math.min(len, k.get(v.left)));
          k.work(W.pipe_buffer);
          copyBytes(k, k.get(v.chars));
          if (k.get(v.address) === 0) return 'pipe_update_tail';
          return k.call(copy_page_to_iter, k.get(v.address));
        },
        copied(k) {
          if (k.result() === 0) return;
          if (k.get(v.ret) === 0) k.set(v.ret, k.result());
          return 'wake_whom';
        },
        pipe_update_tail(k) {
          const pipe = k.get(v.pipe);
          const i = k.peek(pipe + at.tail) % PIPE_BUFFERS;
          k.access(pipe + at.tail, WRITE);
          const len = k.peek(pipe + at.len + i) - k.get(v.chars);
          k.poke(pipe + at.offset + i, k.peek(pipe + at.offset + i) + k.get(v.chars));
          k.poke(pipe + at.len + i, len);
          k.set(v.ret, k.get(v.ret) + k.get(v.chars));
          k.set(v.left, k.get(v.left) - k.get(v.chars));
          if (len === 0) {
            p.release(k, pipe, k.peek(pipe + at.page + i));
            k.poke(pipe + at.page + i, 0);
            k.poke(pipe + at.offset + i, 0);
            k.poke(pipe + at.tail, k.peek(pipe + at.tail) + 1);
          }
          return k.get(v.left) === 0 ? 'wake_whom' : 'next_buffer';
        },
        nothing_there(k) {
          if (k.get(v.ret) > 0) return 'wake_whom';
          if (k.load(k.get(v.pipe) + at.writers) === 0) return 'wake_whom';
        },
        mutex_unlock: (k) => k.call(rw.up_write, k.get(v.pipe) + at.mutex),
        wait_readable: (k) => k.call(wait_readable, k.get(v.pipe)),
        interrupted(k) {
          if (k.result() < 0) return k.ret(k.result());
        },
        mutex_relock(k) {
          k.set(v.wake_next_reader, 1);
          return k.callThen('pipe_full', rw.down_write, k.get(v.pipe) + at.mutex);
        },
        wake_whom(k) {
          k.access(k.get(v.pipe) + at.head, READ);
          if (p.isEmpty(k, k.get(v.pipe))) k.set(v.wake_next_reader, 0);
          return k.call(rw.up_write, k.get(v.pipe) + at.mutex);
        },
        wake_writer(k) {
          if (!k.get(v.was_full)) return;
          return k.call(wait.wake_up, k.get(v.pipe) + at.wr_wait);
        },
        wake_reader(k) {
          if (!k.get(v.wake_next_reader)) return;
          return k.call(wait.wake_up, k.get(v.pipe) + at.rd_wait);
        },
        file_accessed: (k) => k.ret(k.get(v.ret)),
      }),
    ),
  );
}
