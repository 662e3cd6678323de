/** What is called where the kernel is built without a system call or a driver. After kernel/sys_ni.c. */
import type { KernelBuilder } from '../kernel-builder.ts';
import { type Routine, routine } from '../machine/index.ts';
import { ENOSYS } from './mm-core.ts';

/** Registers a routine that gives -ENOSYS and does nothing. */
export function sysNiSyscall(b: KernelBuilder): Routine {
  return b.lack(routine('sys_ni_syscall', ['mm'], () => ({ ni: (k) => k.ret(-ENOSYS) })));
}
