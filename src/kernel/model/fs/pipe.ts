/** Pipes: what one is, and making and closing it. After fs/pipe.c. */
import type { KernelBuilder } from '../kernel-builder.ts';
import { type Exec, type Routine, routine, W, WRITE, wordStruct } from '../machine/index.ts';
import { EBADF } from '../mm/mm-core.ts';
import type { Pages } from '../mm/pages.ts';
import { RWSEM, type RwsemRoutines } from '../sync/rwsem/index.ts';
import { PoolExhaustedError, slab } from '../sync/slab.ts';
import { type WaitQueues, waitQueues } from '../sync/wait-queue.ts';

/** Buffers of a pipe, a page each (PIPE_DEF_BUFFERS in include/linux/pipe_fs_i.h). */
export const PIPE_BUFFERS = 16;
/** Pages a pipe can have: its buffers, and the one it keeps for the next. */
export const PIPE_PAGES = PIPE_BUFFERS + 1;
/** Bytes of a page. */
export const BUFFER_BYTES = 4096;

/** What copying so many bytes, at most a page, between a buffer and user space takes. */
export function copyBytes(k: Exec, bytes: number): void {
  if (bytes === BUFFER_BYTES) k.work(W.copy_page);
  else k.work(W.user_access, Math.ceil(bytes / 8));
}

/** The ends of a pipe, as `close` has them. */
export const PIPE_ENDS = { read: 0, write: 1 } as const;

export interface Pipes {
  /** Offsets in a `pipe_inode_info`. `head` and `tail` only grow. */
  readonly at: Readonly<
    Record<
      | 'mutex'
      | 'head'
      | 'tail'
      | 'readers'
      | 'writers'
      | 'files'
      | 'tmp_page'
      | 'rd_wait'
      | 'wr_wait'
      | 'page'
      | 'offset'
      | 'len',
      number
    >
  >;
  readonly wait: WaitQueues;
  /** Whether a word is the address of a pipe that has an open end. */
  isPipe(k: Exec, word: number): boolean;
  /** `pipe#1`, for traces. */
  nameOf(pipe: number): string;
  isEmpty(k: Exec, pipe: number): boolean;
  isFull(k: Exec, pipe: number): boolean;
  /** A buffer is empty: its page is kept for the next write, or given back (anon_pipe_buf_release). */
  release(k: Exec, pipe: number, page: number): void;
  /** `() -> pipe`. */
  readonly create: Routine;
  /** `(pipe, end) -> 0 or -errno`: nobody has that end open any more. */
  readonly pipe_release: Routine;
  /** Makes a system call of `(pipe, bytes, address) -> bytes or -errno`. */
  calling(name: string, target: Routine): Routine;
}

/** @param count pipes there can be at once */
export function pipes(b: KernelBuilder, pages: Pages, rw: RwsemRoutines, count: number): Pipes {
  const wait = waitQueues(b);
  const PIPE = wordStruct('pipe_inode_info', {
    // A mutex is an rwsem that is only ever taken for writing here.
    mutex: RWSEM,
    head: { line: 1 },
    tail: 1,
    readers: 1,
    writers: 1,
    // Its ends, and calls under way, which hold the file of theirs (fdget).
    files: 1,
    tmp_page: 1,
    page: { array: PIPE_BUFFERS },
    offset: { array: PIPE_BUFFERS },
    len: { array: PIPE_BUFFERS },
    rd_wait: { line: wait.WAIT_QUEUE },
    wr_wait: { line: wait.WAIT_QUEUE },
  });
  const { at } = PIPE;
  const pool = count > 0 ? slab(b, PIPE, count, 'pipe') : undefined;
  const ends = [at.readers, at.writers] as const;
  const isPipe = (k: Exec, word: number) =>
    (pool?.objects.includes(word) ?? false) && ends.some((end) => k.peek(word + end) > 0);

  const create = b.add(
    routine('create_pipe_files', [], () => ({
      alloc_pipe_info(k) {
        if (pool === undefined) throw new PoolExhaustedError('the machine has no pipes');
        const pipe = pool.alloc(k);
        k.work(W.slab_alloc, 3);
        k.access(pipe + at.readers, WRITE);
        for (const end of ends) k.poke(pipe + end, 1);
        k.poke(pipe + at.files, ends.length);
        return k.ret(pipe);
      },
    })),
  );

  const free_pipe_info = (k: Exec, pipe: number) => {
    for (let i = k.peek(pipe + at.tail); i < k.peek(pipe + at.head); i++) {
      pages.put(k, k.peek(pipe + at.page + (i % PIPE_BUFFERS)));
    }
    if (k.peek(pipe + at.tmp_page) !== 0) pages.put(k, k.peek(pipe + at.tmp_page));
    k.fill(0, pipe, pipe + PIPE.size);
    k.work(W.slab_free, 3);
    pool?.free(k, pipe);
  };
  const put_pipe_info = (k: Exec, pipe: number) => {
    if (k.fetchAdd(pipe + at.files, -1) === 1) free_pipe_info(k, pipe);
  };

  const pipe_release = b.add(
    routine('pipe_release', ['pipe', 'end'], (v) => {
      const end = (k: Exec) => k.get(v.pipe) + (ends[k.get(v.end)] as number);
      return {
        mutex_lock(k) {
          if (!isPipe(k, k.get(v.pipe)) || k.peek(end(k)) === 0) return k.ret(-EBADF);
          return k.call(rw.down_write, k.get(v.pipe) + at.mutex);
        },
        close_end: (k) => k.store(end(k), 0),
        wake_up_readers: (k) => k.call(wait.wake_up_all, k.get(v.pipe) + at.rd_wait),
        wake_up_writers: (k) => k.call(wait.wake_up_all, k.get(v.pipe) + at.wr_wait),
        mutex_unlock: (k) => k.call(rw.up_write, k.get(v.pipe) + at.mutex),
        put_pipe_info(k) {
          put_pipe_info(k, k.get(v.pipe));
          return k.ret(0);
        },
      };
    }),
  );

  /** A system call on an end of a pipe: `(pipe, bytes, address) -> bytes or -errno`. */
  const calling = (name: string, target: Routine) =>
    b.add(
      routine(name, ['pipe', 'bytes', 'address', 'ret'], (v) => ({
        entry_SYSCALL_64(k) {
          k.work(W.syscall_entry);
          k.work(W.file_io);
          if (!isPipe(k, k.get(v.pipe))) return k.ret(-EBADF);
          if (k.get(v.bytes) < 1) return k.ret(0);
        },
        fdget: (k) => void k.fetchAdd(k.get(v.pipe) + at.files, 1),
        call: (k) => k.call(target, k.get(v.pipe), k.get(v.bytes), k.get(v.address)),
        fput(k) {
          k.set(v.ret, k.result());
          put_pipe_info(k, k.get(v.pipe));
          return k.ret(k.get(v.ret));
        },
      })),
    );

  return {
    at,
    wait,
    isPipe,
    nameOf: (pipe) => b.memory.nameOf(pipe).replace(/\..*$/, ''),
    isEmpty: (k, pipe) => k.peek(pipe + at.head) === k.peek(pipe + at.tail),
    isFull: (k, pipe) => k.peek(pipe + at.head) - k.peek(pipe + at.tail) >= PIPE_BUFFERS,
    release(k, pipe, page) {
      if (k.peek(pipe + at.tmp_page) === 0) k.poke(pipe + at.tmp_page, page);
      else pages.put(k, page);
    },
    create,
    pipe_release,
    calling,
  };
}
