/** userfaultfd, with the option; without it the calls of its descriptor give ENOSYS and no fault is ever queued. */
import { type Routine, routine } from '../../machine/index.ts';
import type { AnonVma } from '../anon-vma.ts';
import type { MmCore } from '../mm-core.ts';
import type { Shmem } from '../shmem.ts';
import type { VmaEdit } from '../vma-edit/index.ts';
import type { UserfaultCtx } from './ctx.ts';
import { userfaultLock } from './lock.ts';
import { type Mfill, mfill } from './mfill.ts';
import { move } from './move.ts';
import { type UserfaultRegister, userfaultRegister } from './register.ts';

export { type UserfaultCtx, userfaultCtx } from './ctx.ts';

const ENOSYS = 38;

/** What user space calls, each `(mm, …) -> 0, address or -errno`. */
export interface Userfault extends Mfill, UserfaultRegister {
  readonly new_userfaultfd: Routine;
  readonly userfaultfd_ctx_read: Routine;
  readonly userfaultfd_move: Routine;
}

export interface UserfaultParts {
  readonly anon: AnonVma;
  readonly shm: Shmem;
  readonly edit: VmaEdit;
  readonly __pte_alloc: Routine;
  readonly do_user_addr_fault: Routine;
}

/** @param ctx what the fault path queues its faults with; `undefined` without USERFAULTFD */
export function userfault(c: MmCore, ctx: UserfaultCtx | undefined, p: UserfaultParts): Userfault {
  if (ctx === undefined) {
    const none = c.b.add(routine('sys_ni_syscall', ['mm'], () => ({ no: (k) => k.ret(-ENOSYS) })));
    return {
      new_userfaultfd: none,
      userfaultfd_ctx_read: none,
      userfaultfd_register: none,
      userfaultfd_unregister: none,
      userfaultfd_writeprotect: none,
      userfaultfd_copy: none,
      userfaultfd_zeropage: none,
      userfaultfd_continue: none,
      userfaultfd_poison: none,
      userfaultfd_move: none,
    };
  }
  const locks = userfaultLock(c, p.anon);
  return {
    new_userfaultfd: ctx.new_userfaultfd,
    userfaultfd_ctx_read: ctx.userfaultfd_ctx_read,
    ...userfaultRegister(c, ctx, p.edit),
    ...mfill(c, { ctx, locks, ...p }),
    userfaultfd_move: move(c, ctx, locks, p.anon, p.__pte_alloc),
  };
}
