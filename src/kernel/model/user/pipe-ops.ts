/** The system calls on pipes. */

import { PIPE_ENDS, pipes } from '../fs/pipe.ts';
import { pipeRead } from '../fs/pipe-read.ts';
import { pipeWrite } from '../fs/pipe-write.ts';
import { type Routine, routine, W } from '../machine/index.ts';
import { EINVAL, type MmCore } from '../mm/mm-core.ts';

/** The operations by name, once the copies of user memory are there, each `(address) -> 0 or -EFAULT`. */
export type PipeOps = (
  copy_page_from_iter: Routine,
  copy_page_to_iter: Routine,
) => Readonly<Record<'pipe' | 'pipe_write' | 'pipe_read' | 'pipe_close', Routine>>;

export function pipeOps(c: MmCore): PipeOps {
  const { b, pages, rw } = c;
  const all = pipes(b, pages, rw, b.size.pipes ?? 0);
  return (copy_page_from_iter, copy_page_to_iter) => ({
    pipe: b.add(
      routine('pipe2', [], () => ({
        entry_SYSCALL_64(k) {
          k.work(W.syscall_entry);
          return k.call(all.create);
        },
        sysretq: (k) => k.ret(k.result()),
      })),
    ),
    pipe_write: all.calling('write_pipe', pipeWrite(b, all, pages, rw, copy_page_from_iter)),
    pipe_read: all.calling('read_pipe', pipeRead(b, all, rw, copy_page_to_iter)),
    pipe_close: b.add(
      routine('close_pipe', ['pipe', 'end'], (v) => ({
        entry_SYSCALL_64(k) {
          k.work(W.syscall_entry);
          if (!Object.values(PIPE_ENDS).some((end) => end === k.get(v.end))) return k.ret(-EINVAL);
          return k.call(all.pipe_release, k.get(v.pipe), k.get(v.end));
        },
        sysretq: (k) => k.ret(k.result()),
      })),
    ),
  });
}
