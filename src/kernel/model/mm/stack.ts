/** Limits of a process's main stack, in pages. */

/** RLIMIT_STACK as shells and init systems leave it: 8 MiB. */
export const RLIMIT_STACK = 2048;

/** Pages kept free below a stack (stack_guard_gap in mm/mmap.c). */
export const STACK_GUARD_GAP = 256;

/** Pages below the end of the address space that mmap keeps clear for the stack. */
export const STACK_RESERVE = 0x10000;
