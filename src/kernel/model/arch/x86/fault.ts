/** The page-fault handler. After do_user_addr_fault in arch/x86/mm/fault.c. */
import { inFrame, type Routine, routine, TASK, W } from '../../machine/index.ts';
import type { Fault } from '../../mm/fault.ts';
import {
  FAULT_FLAG_ALLOW_RETRY,
  FAULT_FLAG_TRIED,
  FAULT_FLAG_USER,
  FAULT_FLAG_VMA_LOCK,
  FAULT_FLAG_WRITE,
  VM_FAULT_COMPLETED,
  VM_FAULT_ERROR,
  VM_FAULT_RETRY,
  VM_FAULT_SIGSEGV,
  X86_PF_PROT,
} from '../../mm/fault-flags.ts';
import type { FindVma, StackExpansion } from '../../mm/find-vma.ts';
import { lockFiles } from '../../mm/lock/lock-files.ts';
import { countVmaLock } from '../../mm/lock/vma-lock.ts';
import type { MmCore } from '../../mm/mm-core.ts';
import { VM_ACCESS_FLAGS, VM_SHADOW_STACK, VM_WRITE } from '../../mm/structs.ts';

const FILE = 'arch/x86/mm/fault.c';
const SIGKILL = TASK.at.sigkill;

/** Among the flags of a fault: the access was one of a call or a return to the shadow stack. No FAULT_FLAG has this bit. */
export const X86_PF_SHSTK = 0x10_0000;

export const SIGBUS = 7;
export const SIGSEGV = 11;

/**
 * What an access that the VMA does not allow is reported under: the VMA's lock, or, up to 6.9, mmap_lock, with which the VMA is
 * found again first.
 */
export type AccessErrorLock = 'mmap_lock' | 'vma_lock';

export interface X86Fault {
  /** `(mm, address, flags) -> 0, SIGSEGV or SIGBUS`. */
  readonly do_user_addr_fault: Routine;
}

/** Registers the sites first: `lock_mm_and_find_vma` counts into one of them. */
export function x86FaultSites(
  c: MmCore,
  expansion: StackExpansion,
  accessErrorLock: AccessErrorLock,
) {
  const { b } = c;
  const locking =
    expansion === 'lock_mm_and_find_vma'
      ? 'lock_mm_and_find_vma: mmap_lock for reading'
      : 'mmap_lock for reading';
  const site = (what: string, tries: string, trigger: string, fallback: string, late = false) =>
    b.fallback(
      {
        site: `do_user_addr_fault:${what}`,
        file: FILE,
        caller: 'do_user_addr_fault',
        tries,
        trigger,
        fallback,
      },
      late,
    );
  return {
    noVma: site(
      'lock_vma_under_rcu',
      'lock_vma_under_rcu',
      'NULL: no VMA covers the address, or it is being modified',
      `${locking}, find_vma`,
    ),
    retry: site(
      'VM_FAULT_RETRY',
      'lock_vma_under_rcu',
      'handle_mm_fault cannot finish under the VMA lock',
      `${locking}, the fault again`,
      true,
    ),
    accessError:
      accessErrorLock === 'mmap_lock'
        ? site(
            'access_error',
            'lock_vma_under_rcu',
            'the VMA does not allow the access',
            `${locking}, find_vma, the error`,
            true,
          )
        : -1,
    kernelMode: site(
      'kernel_mode',
      'none',
      'the fault comes from kernel code that touches user memory',
      `${locking}, find_vma`,
    ),
    stackGrowth:
      expansion === 'lock_mm_and_find_vma'
        ? b.fallback({
            site: 'lock_mm_and_find_vma:expand_stack',
            file: lockFiles(c.release).code,
            caller: 'lock_mm_and_find_vma',
            tries: 'none',
            trigger: 'the address is below a VM_GROWSDOWN VMA',
            fallback: 'mmap_lock for writing, expand_downwards, downgrade',
          })
        : -1,
  };
}

export function x86Fault(
  c: MmCore,
  sites: ReturnType<typeof x86FaultSites>,
  find: FindVma,
  fault: Fault,
  accessErrorLock: AccessErrorLock,
): X86Fault {
  const { b, lockKind, VMA, mmap, lock, stats } = c;
  const { vm_flags } = VMA.at;
  // 6.4 leaves the whole attempt out of kernels without the lock.
  const tries = b.isDeclared('lock_vma_under_rcu');

  /** `access_error`: whether the VMA does not allow the access. */
  const accessError = (flags: number, vmFlags: number): boolean => {
    if (!(flags & FAULT_FLAG_WRITE)) {
      return (flags & X86_PF_PROT) !== 0 || !(vmFlags & VM_ACCESS_FLAGS);
    }
    const shadow = (vmFlags & VM_SHADOW_STACK) !== 0;
    return shadow !== ((flags & X86_PF_SHSTK) !== 0) || !(vmFlags & VM_WRITE);
  };

  /** `(mm, vma, under_vma_lock)`: an access the VMA does not allow; drops the lock it is held by. */
  const bad_area_access_error = b.add(
    routine('bad_area_access_error', ['mm', 'vma', 'under_vma_lock'], (v) => ({
      unlock: inFrame((k) => {
        if (k.get(v.under_vma_lock)) return k.call(lock.vma_end_read, k.get(v.vma));
        return k.call(mmap.mmap_read_unlock, k.get(v.mm));
      }),
      done: inFrame((k) => k.ret()),
    })),
  );

  const do_user_addr_fault = b.fn(
    { file: FILE, signature: '(regs, error_code, address)' },
    routine('do_user_addr_fault', ['mm', 'address', 'flags', 'vma', 'fault'], (v) => ({
      flags(k) {
        k.work(W.fault_setup);
        // Whether the fault is of user mode is asked only where something comes of it.
        if (lockKind !== 'absent') k.work(W.fault_flags);
        k.set(v.flags, k.get(v.flags) | FAULT_FLAG_ALLOW_RETRY);
        const user = k.get(v.flags) & FAULT_FLAG_USER;
        if (user && tries) return 'lock_vma_under_rcu';
        k.count(user ? sites.noVma : sites.kernelMode);
        return 'lock_mmap';
      },
      lock_vma_under_rcu: inFrame((k) =>
        k.call(lock.lock_vma_under_rcu, k.get(v.mm), k.get(v.address)),
      ),
      check_vma: inFrame((k) => {
        k.set(v.vma, k.result());
        if (k.result() !== 0) return 'access_error';
        k.count(sites.noVma);
        return 'lock_mmap';
      }),
      access_error(k) {
        if (!accessError(k.get(v.flags), k.load(k.get(v.vma) + vm_flags))) return 'handle_mm_fault';
      },
      bad_area_access_error: inFrame((k) =>
        k.call(bad_area_access_error, k.get(v.mm), k.get(v.vma), 1),
      ),
      bad_area_done(k) {
        if (accessErrorLock === 'mmap_lock') {
          k.count(sites.accessError);
          return 'lock_mmap';
        }
        countVmaLock(k, stats, 'vma_lock_success');
        return k.ret(SIGSEGV);
      },
      handle_mm_fault: inFrame((k) =>
        k.call(
          fault.handle_mm_fault,
          k.get(v.vma),
          k.get(v.address),
          k.get(v.flags) | FAULT_FLAG_VMA_LOCK,
        ),
      ),
      handled: inFrame((k) => {
        k.set(v.fault, k.result());
        if (k.result() & (VM_FAULT_RETRY | VM_FAULT_COMPLETED)) return 'vma_lock_released';
      }),
      vma_end_read: inFrame((k) => k.call(lock.vma_end_read, k.get(v.vma))),
      vma_lock_released: inFrame((k) => {
        if (k.get(v.fault) & VM_FAULT_RETRY) {
          countVmaLock(k, stats, 'vma_lock_retry');
          k.count(sites.retry);
          return 'check_signal';
        }
        countVmaLock(k, stats, 'vma_lock_success');
        return 'done';
      }),
      check_signal(k) {
        if (k.load(k.task + SIGKILL)) return k.ret(0);
      },
      lock_mmap: inFrame((k) =>
        k.call(
          find.lock_mm_and_find_vma,
          k.get(v.mm),
          k.get(v.address),
          k.get(v.flags) & FAULT_FLAG_USER,
        ),
      ),
      found: inFrame((k) => {
        k.set(v.vma, k.result());
        // bad_area_nosemaphore, or a fatal signal that will be delivered instead.
        if (k.result() === 0) return k.ret(SIGSEGV);
      }),
      access_error_locked(k) {
        if (accessError(k.get(v.flags), k.load(k.get(v.vma) + vm_flags))) {
          k.set(v.fault, VM_FAULT_SIGSEGV);
          return k.callThen('done', bad_area_access_error, k.get(v.mm), k.get(v.vma), 0);
        }
      },
      handle_mm_fault_locked: inFrame((k) =>
        k.call(fault.handle_mm_fault, k.get(v.vma), k.get(v.address), k.get(v.flags)),
      ),
      handled_locked: inFrame((k) => {
        k.set(v.fault, k.result());
        if (k.result() & VM_FAULT_COMPLETED) return 'done';
        if (k.result() & VM_FAULT_RETRY) {
          k.set(v.flags, k.get(v.flags) | FAULT_FLAG_TRIED);
          return 'lock_mmap';
        }
      }),
      mmap_read_unlock: inFrame((k) => k.call(mmap.mmap_read_unlock, k.get(v.mm))),
      done: inFrame((k) => {
        const result = k.get(v.fault);
        if (result & VM_FAULT_SIGSEGV) return k.ret(SIGSEGV);
        return k.ret(result & VM_FAULT_ERROR ? SIGBUS : 0);
      }),
    })),
  );
  return { do_user_addr_fault };
}
