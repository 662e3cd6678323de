/** Writing to a pipe. After pipe_write in fs/pipe.c. */
import type { KernelBuilder } from '../kernel-builder.ts';
import { type Exec, READ, type Routine, routine, TASK, W, WRITE } from '../machine/index.ts';
import { EINTR } from '../mm/mm-core.ts';
import type { Pages } from '../mm/pages.ts';
import type { RwsemRoutines } from '../sync/rwsem/index.ts';
import { BUFFER_BYTES, copyBytes, PIPE_BUFFERS, type Pipes } from './pipe.ts';
import { pipeWait } from './pipe-wait.ts';

export const EPIPE = 32;

/**
 * `(pipe, bytes, address) -> bytes or -errno`: sleeps while the pipe is full; -EPIPE when nobody can read it any more, of which a program
 * would learn by a signal. With `address` 0 from memory that is there.
 *
 * @param copy_page_from_iter `(address) -> 0 or -EFAULT`
 */
export function pipeWrite(
  b: KernelBuilder,
  p: Pipes,
  pages: Pages,
  rw: RwsemRoutines,
  copy_page_from_iter: Routine,
): Routine {
  const { at, wait } = p;
  const writable = (k: Exec, pipe: number) => !p.isFull(k, pipe) || k.peek(pipe + at.readers) === 0;
  const wait_writable = pipeWait(b, p, 'pipe_wait_writable', at.wr_wait, writable, 'room in');
  return b.add(
    routine(
      'pipe_write',
      ['pipe', 'left', 'address', 'ret', 'chars', 'i', 'was_empty', 'wake_next_writer'],
      (v) => ({
        mutex_lock: (k) => k.call(rw.down_write, k.get(v.pipe) + at.mutex),
        // Less than a page goes behind what the last buffer has, if it fits there.
        merge_with_last(k) {
          const pipe = k.get(v.pipe);
          k.access(pipe + at.head, READ);
          if (k.peek(pipe + at.readers) === 0) return 'no_readers';
          k.set(v.was_empty, p.isEmpty(k, pipe) ? 1 : 0);
          const chars = k.get(v.left) % BUFFER_BYTES;
          if (chars === 0 || k.get(v.was_empty)) return 'next_buffer';
          const i = (k.peek(pipe + at.head) - 1) % PIPE_BUFFERS;
          if (k.peek(pipe + at.offset + i) + k.peek(pipe + at.len + i) + chars > BUFFER_BYTES) {
            return 'next_buffer';
          }
          k.set(v.i, i);
          k.set(v.chars, chars);
          return 'copy_page_from_iter';
        },
        next_buffer(k) {
          k.access(k.get(v.pipe) + at.head, READ);
          if (!writable(k, k.get(v.pipe))) return 'mutex_unlock';
          if (k.peek(k.get(v.pipe) + at.readers) === 0) return 'no_readers';
        },
        insert_buffer(k) {
          const pipe = k.get(v.pipe);
          const head = k.peek(pipe + at.head);
          const i = head % PIPE_BUFFERS;
          k.access(pipe + at.head, WRITE);
          k.poke(pipe + at.page + i, k.peek(pipe + at.tmp_page) || pages.alloc(k));
          k.poke(pipe + at.tmp_page, 0);
          k.poke(pipe + at.offset + i, 0);
          k.poke(pipe + at.len + i, 0);
          k.poke(pipe + at.head, head + 1);
          k.set(v.i, i);
          k.set(v.chars, Math.min(BUFFER_BYTES, k.get(v.left)));
        },
        copy_page_from_iter(k) {
          k.work(W.pipe_buffer);
          copyBytes(k, k.get(v.chars));
          if (k.get(v.address) === 0) return 'buffer_filled';
          return k.call(copy_page_from_iter, k.get(v.address));
        },
        // The buffer stays, empty.
        copied(k) {
          if (k.result() === 0) return;
          if (k.get(v.ret) === 0) k.set(v.ret, k.result());
          return 'wake_whom';
        },
        buffer_filled(k) {
          const len = k.get(v.pipe) + at.len + k.get(v.i);
          k.access(len, WRITE);
          k.poke(len, k.peek(len) + k.get(v.chars));
          k.set(v.ret, k.get(v.ret) + k.get(v.chars));
          k.set(v.left, k.get(v.left) - k.get(v.chars));
          return k.get(v.left) === 0 ? 'wake_whom' : 'next_buffer';
        },
        no_readers(k) {
          if (k.get(v.ret) === 0) k.set(v.ret, -EPIPE);
          return 'wake_whom';
        },
        mutex_unlock: (k) => k.call(rw.up_write, k.get(v.pipe) + at.mutex),
        wake_reader_first(k) {
          if (!k.get(v.was_empty)) return;
          return k.call(wait.wake_up, k.get(v.pipe) + at.rd_wait);
        },
        // Whether a signal has ended it is asked once the mutex is held again.
        wait_writable: (k) => k.call(wait_writable, k.get(v.pipe)),
        mutex_relock: (k) => k.call(rw.down_write, k.get(v.pipe) + at.mutex),
        pipe_empty(k) {
          k.access(k.get(v.pipe) + at.head, READ);
          k.set(v.was_empty, p.isEmpty(k, k.get(v.pipe)) ? 1 : 0);
          k.set(v.wake_next_writer, 1);
          if (k.peek(k.task + TASK.at.sigkill) === 0) return 'next_buffer';
          if (k.get(v.ret) === 0) k.set(v.ret, -EINTR);
        },
        wake_whom(k) {
          k.access(k.get(v.pipe) + at.head, READ);
          if (p.isFull(k, k.get(v.pipe))) k.set(v.wake_next_writer, 0);
          return k.call(rw.up_write, k.get(v.pipe) + at.mutex);
        },
        wake_reader(k) {
          if (!k.get(v.was_empty)) return;
          return k.call(wait.wake_up, k.get(v.pipe) + at.rd_wait);
        },
        wake_writer(k) {
          if (!k.get(v.wake_next_writer)) return;
          return k.call(wait.wake_up, k.get(v.pipe) + at.wr_wait);
        },
        file_update_time: (k) => k.ret(k.get(v.ret)),
      }),
    ),
  );
}
