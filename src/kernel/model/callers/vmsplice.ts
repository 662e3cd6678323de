/** A page of user memory given to a pipe, and read out of it again. After iter_to_pipe in fs/splice.c. */
import { type Routine, routine, W } from '../machine/index.ts';
import type { Gup } from '../mm/gup/index.ts';
import type { MmCore } from '../mm/mm-core.ts';
import { transfer } from '../mm/transfer.ts';

/** @returns `(mm, address) -> 0 or -EFAULT` */
export function vmsplice(c: MmCore, gup: Gup): Routine {
  return c.b.add(
    routine('vmsplice_to_pipe', ['mm', 'address', 'pinned'], (v) => ({
      iov_iter_get_pages2: (k) =>
        k.call(gup.get_user_pages_fast, k.get(v.mm), k.get(v.address), 1, 0),
      add_to_pipe(k) {
        if (k.result() < 0) return k.ret(k.result());
        k.set(v.pinned, k.result());
        k.work(W.syscall_entry);
      },
      // A system call of its own: read(2) copies the page out and lets go of it.
      pipe_read(k) {
        k.work(W.copy_page);
        transfer(c, k, gup.pinned(k, 0), 0);
        gup.unpin(k, k.get(v.pinned));
        return k.ret(0);
      },
    })),
  );
}
