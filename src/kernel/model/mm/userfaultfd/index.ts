/** userfaultfd, with the option; without it the calls of its descriptor give ENOSYS and no fault is ever queued. */
import { type Routine, routine } from '../../machine/index.ts';
import type { AnonVma } from '../anon-vma.ts';
import { EINVAL, type MmCore } from '../mm-core.ts';
import { sysNiSyscall } from '../ni-syscall.ts';
import type { Shmem } from '../shmem.ts';
import type { VmaEdit } from '../vma-edit/index.ts';
import { EBADF, type UserfaultCtx } from './ctx.ts';
import { type UffdLock, userfaultLock } from './lock.ts';
import { type Mfill, mfill } from './mfill.ts';
import { move } from './move.ts';
import { type UserfaultRegister, userfaultRegister } from './register.ts';
import { type UserfaultWriteProtect, userfaultWriteProtect } from './write-protect.ts';

export { type UserfaultCtx, userfaultCtx } from './ctx.ts';
export type { UffdLock } from './lock.ts';

/** The newest ioctl an edition's descriptor knows: CONTINUE is older than 6.4, POISON came with 6.6, MOVE with 6.8. */
export type UffdIoctls = 'continue' | 'poison' | 'move';

/** What user space calls, each `(mm, …) -> 0, address or -errno`. */
export interface Userfault
  extends Required<Mfill>,
    UserfaultRegister,
    Omit<UserfaultWriteProtect, 'uffd_wp_range'> {
  /** `(mm, vma, start, end, enable)`; absent without USERFAULTFD. */
  readonly uffd_wp_range: Routine | undefined;
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
  hugetlbMutexOf(file: number, index: number): number;
  readonly lock: UffdLock;
  readonly ioctls: UffdIoctls;
}

/** @param ctx what the fault path queues its faults with; `undefined` without USERFAULTFD */
export function userfault(c: MmCore, ctx: UserfaultCtx | undefined, p: UserfaultParts): Userfault {
  // HAVE_ARCH_USERFAULTFD_WP and HAVE_ARCH_USERFAULTFD_MINOR
  const is64 = c.b.enabled('X86_64', ctx !== undefined);
  if (ctx === undefined) {
    const none = sysNiSyscall(c.b);
    return {
      new_userfaultfd: none,
      userfaultfd_ctx_read: none,
      userfaultfd_register: none,
      userfaultfd_unregister: none,
      uffd_wp_range: undefined,
      userfaultfd_writeprotect: none,
      userfaultfd_wake: none,
      userfaultfd_close: none,
      userfaultfd_copy: none,
      userfaultfd_zeropage: none,
      userfaultfd_continue: none,
      userfaultfd_poison: none,
      userfaultfd_move: none,
    };
  }
  const locks = userfaultLock(c, p.anon, p.lock, p.ioctls === 'move');
  const protect = userfaultWriteProtect(c, ctx, p.edit, p.__pte_alloc);
  const unknown = unknownIoctl(c, ctx);
  const fill = mfill(c, { ctx, locks, poison: p.ioctls !== 'continue', ...p });
  return {
    new_userfaultfd: ctx.new_userfaultfd,
    userfaultfd_ctx_read: ctx.userfaultfd_ctx_read,
    ...protect,
    ...userfaultRegister(c, ctx, p.edit, protect.uffd_wp_range, is64),
    ...fill,
    userfaultfd_poison: fill.userfaultfd_poison ?? unknown,
    userfaultfd_move: p.ioctls === 'move' ? move(c, ctx, locks, p.anon, p.__pte_alloc) : unknown,
  };
}

/** What userfaultfd_ioctl does with a number it does not know. */
function unknownIoctl(c: MmCore, ctx: UserfaultCtx): Routine {
  return c.b.lack(
    routine('userfaultfd_ioctl', ['mm'], (v) => ({
      unknown: (k) => k.ret(ctx.isOpen(k, k.get(v.mm)) ? -EINVAL : -EBADF),
    })),
  );
}
