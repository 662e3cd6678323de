/** The operations of user space as routines of the kernel: the processor's part, entry and exit, and the system call. */

import type { X86Fault } from '../arch/x86/fault.ts';
import type { ShadowStacks } from '../arch/x86/shstk.ts';
import type { Binder } from '../callers/binder/index.ts';
import type { Bpf } from '../callers/bpf/index.ts';
import type { ProcMaps } from '../callers/proc-maps.ts';
import type { UprobeCalls } from '../callers/uprobes/index.ts';
import type { VmaLookup } from '../callers/vma-lookup.ts';
import { type Exec, type Routine, routine, TASK, W } from '../machine/index.ts';
import { FAULT_FLAG_USER, FAULT_FLAG_WRITE } from '../mm/fault-flags.ts';
import { EFAULT, type MmCore } from '../mm/mm-core.ts';
import { sysNiSyscall } from '../mm/ni-syscall.ts';
import { ptePermits, ptePfn } from '../mm/page-table.ts';
import { VM_OPS_BINDER, VM_OPS_TCP, VM_READ } from '../mm/structs.ts';
import type { Syscalls } from '../mm/syscalls.ts';
import { transfer } from '../mm/transfer.ts';
import type { Userfault } from '../mm/userfaultfd/index.ts';
import type { OpName } from '../user-ops.ts';
import type { FileOps } from './file-ops.ts';
import type { MmOps } from './mm-ops.ts';
import type { PipeOps } from './pipe-ops.ts';

export interface CallerRoutines
  extends FileOps,
    Userfault,
    ProcMaps,
    Binder,
    Bpf,
    UprobeCalls,
    VmaLookup,
    ShadowStacks {
  readonly tcp_zerocopy_receive: Routine;
  readonly mm: MmOps;
  readonly pipes: PipeOps;
}

const MM_OF_TASK = TASK.at.mm;

export function userOps(
  c: MmCore,
  x86: X86Fault,
  sys: Syscalls,
  callers: CallerRoutines,
): Record<Exclude<OpName, 'execve'>, Routine> {
  const { b, MM, VMA, pt, tree } = c;
  const mmOf = (k: Exec) => k.peek(k.task + MM_OF_TASK);

  /** `(address, write)`: a load or store of user code; on a fault the instruction runs again, a signal ends it. */
  const user_access = b.add(
    routine('user_access', ['address', 'write'], (v) => ({
      mov(k) {
        const pte = pt.walk(k, mmOf(k), k.get(v.address));
        if (ptePermits(pte, k.get(v.write))) {
          k.work(W.user_access);
          transfer(c, k, ptePfn(pte), k.get(v.write));
          return k.ret(0);
        }
      },
      asm_exc_page_fault(k) {
        k.work(W.exception_entry);
        const flags = FAULT_FLAG_USER | (k.get(v.write) ? FAULT_FLAG_WRITE : 0);
        return k.call(x86.do_user_addr_fault, mmOf(k), k.get(v.address), flags);
      },
      iret(k) {
        if (k.result() === 0) return 'mov';
        k.work(W.signal_delivery);
        return k.ret(-k.result());
      },
    })),
  );
  const access = (name: string, write: 0 | 1) =>
    b.add(
      routine(name, ['address'], (v) => ({
        access: (k) => k.call(user_access, k.get(v.address), write),
        done: (k) => k.ret(k.result()),
      })),
    );

  /** The kernel loads or stores a byte of user space; a fault is taken in kernel mode. */
  const copying = (address: number, write: 0 | 1) => ({
    mov(k: Exec) {
      const pte = pt.walk(k, mmOf(k), k.get(address));
      if (ptePermits(pte, write)) {
        k.work(W.user_access);
        transfer(c, k, ptePfn(pte), write);
        return k.ret(0);
      }
    },
    asm_exc_page_fault(k: Exec) {
      k.work(W.exception_entry);
      const flags = write ? FAULT_FLAG_WRITE : 0;
      return k.call(x86.do_user_addr_fault, mmOf(k), k.get(address), flags);
    },
    // The exception table sends a fault that cannot be handled to the copy's error exit.
    ex_handler_uaccess: (k: Exec) => (k.result() === 0 ? ('mov' as const) : k.ret(-EFAULT)),
  });
  /** `(address)`: a system call that copies one byte to or from user space. */
  const uaccess = (name: string, write: 0 | 1) =>
    b.add(
      routine(name, ['address'], (v) => ({
        entry_SYSCALL_64(k) {
          k.work(W.syscall_entry);
          k.work(W.file_io);
        },
        ...copying(v.address, write),
      })),
    );
  /** `(address) -> 0 or -EFAULT`: the same inside a system call. */
  const iterating = (name: string, write: 0 | 1) =>
    b.add(routine(name, ['address'], (v) => copying(v.address, write)));

  /** A call is lacking where what it leads to is. */
  const added = (target: Routine, r: Routine) => (b.lacking.has(target) ? b.lack(r) : b.add(r));

  /** A system call with up to five arguments behind the mm. */
  const call = (
    name: string,
    target: Routine,
    fixed: readonly number[] = [],
    works: readonly number[] = [W.syscall_entry],
  ) =>
    added(
      target,
      routine(name, ['a', 'b', 'c', 'd', 'e'], (v) => ({
        entry_SYSCALL_64(k) {
          for (const work of works) k.work(work);
          const x = fixed[0] ?? k.get(v.b);
          const y = fixed[1] ?? k.get(v.c);
          return k.call(target, mmOf(k), k.get(v.a), x, y, k.get(v.d), k.get(v.e));
        },
        sysretq: (k) => k.ret(k.result()),
      })),
    );

  const ioctl = (name: string, target: Routine) =>
    call(name, target, [], [W.syscall_entry, W.ioctl]);

  const stack_write = b.add(
    routine('stack_write', ['below', 'address'], (v) => ({
      stack_pointer(k) {
        const mm = mmOf(k);
        const vma = tree.find(k, mm, k.peek(mm + MM.at.start_stack));
        k.set(v.address, k.peek(vma + VMA.at.vm_start) - k.get(v.below));
      },
      mov: (k) => k.call(user_access, k.get(v.address), 1),
      done: (k) => k.ret(k.result()),
    })),
  );
  const think = b.add(
    routine('think', ['loops'], (v) => ({
      loop(k) {
        k.work(W.user_loop, k.get(v.loops));
        return k.ret(0);
      },
    })),
  );

  const getppid = b.add(
    routine('getppid', [], () => ({
      entry_SYSCALL_64(k) {
        k.work(W.syscall_entry);
      },
      real_parent: (k) => k.ret(k.load(k.task + TASK.at.real_parent)),
    })),
  );

  /** Both drivers refuse a mapping that can be written. */
  const driverMmap = (name: string, option: string, ops: number) =>
    call(name, b.enabled(option) ? sys.mmap_driver : sysNiSyscall(b), [VM_READ, ops]);

  const copy_from_user = uaccess('copy_from_user', 0);
  return {
    read: access('user_read', 0),
    write: access('user_write', 1),
    execute: callers.execute,
    copy_to_user: uaccess('copy_to_user', 1),
    copy_from_user,
    ...callers.mm(call, copy_from_user, callers.mmap),
    ...callers.pipes(iterating('copy_page_from_iter', 0), iterating('copy_page_to_iter', 1)),
    munmap: call('munmap', sys.__vm_munmap),
    mprotect: call('mprotect', sys.do_mprotect_pkey),
    stack_write,
    tcp_mmap: driverMmap('tcp_mmap', 'INET', VM_OPS_TCP),
    tcp_zerocopy_receive: call('getsockopt', callers.tcp_zerocopy_receive),
    binder_mmap: driverMmap('binder_mmap', 'ANDROID_BINDER_IPC', VM_OPS_BINDER),
    binder_insert: call('binder_transaction', callers.binder_insert),
    binder_free: call('binder_free_buffer', callers.binder_free),
    drop_slab: call('drop_caches', callers.drop_slab),
    memfd_create: callers.memfd_create,
    creat: callers.creat,
    pwrite: callers.pwrite,
    ftruncate: callers.ftruncate,
    punch_hole: callers.punch_hole,
    close: callers.close,
    shmget: callers.shmget,
    shmat: callers.shmat,
    shmdt: callers.shmdt,
    shmctl_rmid: callers.shmctl_rmid,
    userfaultfd: call('userfaultfd', callers.new_userfaultfd),
    uffd_register: ioctl('uffd_register', callers.userfaultfd_register),
    uffd_unregister: ioctl('uffd_unregister', callers.userfaultfd_unregister),
    uffd_wait: call('uffd_read', callers.userfaultfd_ctx_read),
    uffd_copy: ioctl('uffd_copy', callers.userfaultfd_copy),
    uffd_zeropage: ioctl('uffd_zeropage', callers.userfaultfd_zeropage),
    uffd_continue: ioctl('uffd_continue', callers.userfaultfd_continue),
    uffd_poison: ioctl('uffd_poison', callers.userfaultfd_poison),
    uffd_move: ioctl('uffd_move', callers.userfaultfd_move),
    uffd_wake: ioctl('uffd_wake', callers.userfaultfd_wake),
    uffd_close: call('uffd_close', callers.userfaultfd_close),
    uffd_writeprotect: ioctl('uffd_writeprotect', callers.userfaultfd_writeprotect),
    proc_maps: call('read_proc_maps', callers.proc_maps),
    proc_smaps_rollup: call('read_proc_smaps_rollup', callers.proc_smaps_rollup),
    proc_map_query: ioctl('ioctl_procmap_query', callers.do_procmap_query),
    shstk_enable: call('arch_prctl', callers.shstk_enable),
    signal: callers.signal,
    uprobe_register: call('uprobe_attach', callers.uprobe_register),
    uprobe_unregister: call('uprobe_detach', callers.uprobe_unregister),
    bpf_iter_task_vma: call('bpf_run_iter', callers.bpf_iter_task_vma),
    bpf_find_vma: call('bpf_run_find_vma', callers.bpf_find_vma),
    bpf_get_stack: call('bpf_run_get_stack', callers.bpf_get_stack),
    vma_lookup: call('ioctl_vma_lookup', callers.vma_lookup),
    vma_write_sleep: call('ioctl_vma_write_sleep', callers.vma_write_sleep),
    getppid,
    think,
  };
}
