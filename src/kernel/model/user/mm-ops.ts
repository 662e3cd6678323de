/** Operations of user space that get at pages through the kernel or change VMAs beyond mmap and mprotect. */
import { futex } from '../callers/futex.ts';
import { membarrier } from '../callers/membarrier.ts';
import { pagemapScan, type ScanProtection } from '../callers/pagemap-scan.ts';
import { prctlThpDisable } from '../callers/prctl.ts';
import { procNumaMaps } from '../callers/proc-numa-maps.ts';
import { procPages } from '../callers/proc-pages.ts';
import { procSmaps } from '../callers/proc-smaps.ts';
import { vmsplice } from '../callers/vmsplice.ts';
import { type Routine, routine } from '../machine/index.ts';
import type { AnonVma } from '../mm/anon-vma.ts';
import { anonVmaName } from '../mm/anon-vma-name.ts';
import type { FindVma } from '../mm/find-vma.ts';
import type { Gup } from '../mm/gup/index.ts';
import { prctlMemoryMerge } from '../mm/ksm.ts';
import { mempolicy } from '../mm/mempolicy.ts';
import { mincore } from '../mm/mincore.ts';
import { mlock } from '../mm/mlock.ts';
import type { MmCore } from '../mm/mm-core.ts';
import { mremap } from '../mm/mremap.ts';
import { mseal } from '../mm/mseal.ts';
import { sysNiSyscall } from '../mm/ni-syscall.ts';
import { pkeys } from '../mm/pkeys.ts';
import { remapFilePages } from '../mm/remap-file-pages.ts';
import { type ProcessMadviseLock, remote } from '../mm/remote.ts';
import type { Shmem } from '../mm/shmem.ts';
import { swapfile } from '../mm/swapoff.ts';
import type { Syscalls } from '../mm/syscalls.ts';
import type { VmaAlloc } from '../mm/vma.ts';
import type { VmaEdit } from '../mm/vma-edit/index.ts';
import type { Signals } from '../task/signal.ts';

export interface MmOpsParts {
  readonly alloc: VmaAlloc;
  readonly anon: AnonVma;
  readonly shm: Shmem;
  readonly edit: VmaEdit;
  /** `(mm, from, to, pages)`. */
  readonly move_page_tables: Routine;
  readonly find: FindVma;
  readonly gup: Gup;
  readonly sys: Syscalls;
  readonly processMadvise: ProcessMadviseLock;
  readonly mseal: boolean;
  readonly futexMpol: boolean;
  readonly scanProtection: ScanProtection | undefined;
  /** `(mm)`. */
  readonly mmput: Routine;
  readonly signals: Signals;
}

/** Makes a system call of a routine whose first argument is the caller's mm. */
export type MakeCall = (name: string, target: Routine) => Routine;

/** The operations by name, once the makers of system calls are there. */
export type MmOps = (
  call: MakeCall,
  copy_from_user: Routine,
  mmap: Routine,
) => ReturnType<typeof operations>;

export function mmOps(c: MmCore, p: MmOpsParts): MmOps {
  return (call, copy_from_user, mmap) => operations(c, p, call, copy_from_user, mmap);
}

function operations(
  c: MmCore,
  p: MmOpsParts,
  call: MakeCall,
  copy_from_user: Routine,
  mmap: Routine,
) {
  const { alloc, anon, shm, edit, move_page_tables, find, gup, sys } = p;
  const locks = mlock(c, edit, sys, gup);
  const looks = mincore(c, find, sys);
  const others = remote(c, gup, sys, p.processMadvise, p.mmput, p.signals);
  const waits = futex(c, gup, copy_from_user, p.futexMpol);
  const barriers = membarrier(c);
  const keys = pkeys(c);
  const keyed = c.b.add(
    routine('__do_sys_pkey_mprotect', ['mm', 'start', 'pages', 'prot', 'key'], (v) => ({
      do_mprotect_pkey(k) {
        const { mm, start, pages, prot, key } = v;
        return k.call(
          sys.do_mprotect_pkey,
          k.get(mm),
          k.get(start),
          k.get(pages),
          k.get(prot),
          k.get(key) + 1,
        );
      },
      done: (k) => k.ret(k.result()),
    })),
  );
  const policies = mempolicy(c, edit, find, gup);
  const swaps = swapfile(c);
  const scan = pagemapScan(c, find, p.scanProtection);
  const proc = procPages(c, find, gup, sys);
  const advises = c.b.enabled('ADVISE_SYSCALLS');
  const procfs = c.b.enabled('PROC_FS');
  const none = sysNiSyscall(c.b);
  return {
    mmap: locks.populating(mmap),
    brk: call('brk', locks.brk),
    madvise: call('madvise', advises ? others.madvise : none),
    mlock: call('mlock', locks.mlock),
    mlock_onfault: call('mlock2', locks.mlock_onfault),
    munlock: call('munlock', locks.munlock),
    mlockall: call('mlockall', locks.mlockall),
    munlockall: call('munlockall', locks.munlockall),
    mremap: call('mremap', mremap(c, alloc, anon, shm, edit, move_page_tables, gup)),
    mseal: call('mseal', mseal(c, edit, p.mseal)),
    msync: call('msync', looks.msync),
    mincore: call('mincore', looks.mincore),
    membarrier_register: call('membarrier_register', barriers.membarrier_register),
    membarrier: call('membarrier', barriers.membarrier),
    prctl_set_vma_anon_name: call('prctl', anonVmaName(c, edit, find)),
    futex_wake: call('futex', waits.wake_shared),
    futex_wake_private: call('futex_private', waits.wake_private),
    futex_wake_mpol: call('futex2_wake', waits.wake_mpol),
    futex_wait: call('futex_wait_call', waits.wait_shared),
    futex_wait_private: call('futex_wait_private_call', waits.wait_private),
    futex_wake_op: call('futex_wake_op_call', waits.wake_op_shared),
    futex_wake_op_private: call('futex_wake_op_private_call', waits.wake_op_private),
    futex_lock_pi: call('futex_lock_pi_call', waits.lock_pi_shared),
    futex_lock_pi_private: call('futex_lock_pi_private_call', waits.lock_pi_private),
    futex_unlock_pi: call('futex_unlock_pi_call', waits.unlock_pi_shared),
    futex_unlock_pi_private: call('futex_unlock_pi_private_call', waits.unlock_pi_private),
    pkey_alloc: call('pkey_alloc', keys.pkey_alloc),
    pkey_free: call('pkey_free', keys.pkey_free),
    pkey_mprotect: call('pkey_mprotect', keyed),
    prctl_set_memory_merge: call('prctl_merge', prctlMemoryMerge(c)),
    prctl_set_thp_disable: call('prctl_thp', prctlThpDisable(c)),
    remap_file_pages: call('remap_file_pages', remapFilePages(c, shm, sys, gup)),
    proc_smaps: call('read_proc_smaps', procfs ? procSmaps(c) : none),
    proc_pagemap: call('read_proc_pagemap', procfs ? proc.pagemap_read : none),
    proc_pagemap_scan: call('ioctl_pagemap_scan', procfs ? scan : none),
    proc_clear_refs: call('write_proc_clear_refs', procfs ? proc.clear_refs_write : none),
    proc_cmdline: call('read_proc_cmdline', procfs ? proc.cmdline_read : none),
    proc_environ: call('read_proc_environ', procfs ? proc.environ_read : none),
    proc_numa_maps: call('read_proc_numa_maps', procfs ? (procNumaMaps(c) ?? none) : none),
    proc_mem_read: call('read_proc_mem', procfs ? proc.mem_read : none),
    proc_mem_write: call('write_proc_mem', procfs ? proc.mem_write : none),
    mbind: call('mbind', policies.mbind),
    set_mempolicy: call('set_mempolicy', policies.set_mempolicy),
    get_mempolicy: call('get_mempolicy', policies.get_mempolicy),
    set_mempolicy_home_node: call('set_home_node', policies.set_mempolicy_home_node),
    move_pages: call('move_pages', policies.move_pages),
    migrate_pages: call('migrate_pages', policies.migrate_pages),
    swapon: call('swapon', swaps.swapon),
    swapoff: call('swapoff', swaps.swapoff),
    vmsplice: call('vmsplice', vmsplice(c, gup)),
    process_vm_writev: call('process_vm_writev_call', others.process_vm_writev),
    process_vm_readv: call('process_vm_readv_call', others.process_vm_readv),
    process_madvise: call('process_madvise', advises ? others.process_madvise : none),
  };
}
