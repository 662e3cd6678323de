/** How calls in the model and entries of functions traced in a real 6.12 name the same thing. For tests. */
import type { Callers } from './callers.test-util.ts';

/** Routines of the model by the function whose code they are, where the names differ: the compiler inlined them there. */
const FUNCTION_OF: Readonly<Record<string, string>> = {
  mmap_region: '__mmap_region',
  mmap: 'vm_mmap_pgoff',
  vma_modify_flags: 'vma_modify',
  __get_user_pages_locked: '__gup_longterm_locked',
  madvise_populate: 'do_madvise',
  do_mlock2_onfault: 'do_mlock',
  __do_sys_munlock: '__x64_sys_munlock',
  process_vm_writev: 'process_vm_rw_core',
  process_vm_readv: 'process_vm_rw_core',
  userfaultfd_copy: 'mfill_atomic_copy',
  userfaultfd_zeropage: 'mfill_atomic_zeropage',
  userfaultfd_continue: 'mfill_atomic_continue',
  do_fault: '__handle_mm_fault',
  shmat: 'do_shmat',
  anon_vma_clone_forked: 'anon_vma_clone',
  dup_mmap: 'copy_process',
};
/** The same where it depends on what is called. */
const FUNCTION_FOR: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  proc_pid_maps_read: { down_read_killable: 'm_start', up_read: 'm_stop' },
  remove_vma: { vm_area_free: 'vms_complete_munmap_vmas', __vm_area_free: 'exit_mmap' },
  copy_vma: { down_write: 'vma_link', up_write: 'vma_link' },
  // The last call of a function is a jump: what it was called from is what the trace shows.
  vma_link_file: { up_write: '__mmap_region' },
  __shm_close: { up_write: 'remove_vma' },
};

/** Callers whose locks are none of the mm layer's: the file system, the lock of exec (exec_update_lock) where /proc is opened. */
const ELSEWHERE: readonly string[] = [
  'kernfs_dop_revalidate',
  'kernfs_iop_permission',
  'walk_component',
  'path_openat',
  'shmem_file_write_iter',
  'mm_access',
];

/** A function's name without what the compiler hangs on to it. */
export function plain(name: string): string {
  return name.replace(/\.(isra|part|constprop)\.\d+/g, '');
}

/** Name of a routine of the model as tracing would show it when it calls `callee`. */
export function functionOf(routine: string, callee: string): string {
  return FUNCTION_FOR[routine]?.[callee] ?? FUNCTION_OF[routine] ?? routine;
}

/** The traced entries that are the mm layer's, by plain names. */
export function tracedCallers(byCaller: Callers): Callers {
  const found: Callers = {};
  for (const [callee, callers] of Object.entries(byCaller)) {
    for (const [caller, n] of Object.entries(callers)) {
      const name = plain(caller);
      if (ELSEWHERE.includes(name)) continue;
      found[callee] ??= {};
      const of = found[callee] as Record<string, number>;
      of[name] = (of[name] ?? 0) + n;
    }
  }
  return found;
}

/** Functions that are inlined into another in some builds: the one by the name of the other. */
const INLINED_IN_SOME: Readonly<Record<string, string>> = {
  unlink_file_vma_batch_final: 'unlink_file_vma_batch_process',
  shmctl_down: 'ksys_shmctl',
};

/** What the compiler of each kernel names otherwise: system calls, as it splits their wrappers, and what it inlines in some builds. */
export function sameFunction(name: string): string {
  return INLINED_IN_SOME[name] ?? name.replace(/^__x64_sys_/, '__do_sys_');
}
