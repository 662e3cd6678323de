import { address, type OpSpec } from './spec.ts';

/** Loads, stores and system calls that reach single pages. */
export const TOUCH_OPS = {
  read: { does: 'loads one byte from a page in user mode', params: [address], returns: false },
  write: { does: 'stores one byte to a page in user mode', params: [address], returns: false },
  execute: {
    does: 'runs the instruction at the start of a page in user mode',
    params: [address],
    returns: false,
  },
  copy_to_user: {
    does: 'a system call that stores one byte to a user page in kernel mode, e.g. read(/dev/zero)',
    params: [address],
    returns: false,
  },
  copy_from_user: {
    does: 'a system call that loads one byte from a user page in kernel mode, e.g. write(fd)',
    params: [address],
    returns: false,
  },
} as const satisfies Readonly<Record<string, OpSpec>>;
