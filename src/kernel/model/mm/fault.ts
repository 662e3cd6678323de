/** Handling a fault below the lock: page-table entry in, page mapped. After mm/memory.c. */
import { returns } from '../kernel-builder.ts';
import { type Exec, inFrame, type Routine, routine, W } from '../machine/index.ts';
import { spinLock, spinUnlock } from '../sync/spinlock.ts';
import { anonPrepare, dropsVmaLock } from './anon-prepare.ts';
import type { AnonVma } from './anon-vma.ts';
import { doFault } from './do-fault.ts';
import {
  FAULT_FLAG_UNSHARE,
  FAULT_FLAG_VMA_LOCK,
  FAULT_FLAG_WRITE,
  VM_FAULT_FALLBACK,
  VM_FAULT_HWPOISON,
  VM_FAULT_RETRY,
  VM_FAULT_SIGBUS,
  VM_FAULT_SIGSEGV,
} from './fault-flags.ts';
import { declareFaultNames, sanitizeFaultFlags } from './fault-names.ts';
import { fileFault } from './file-fault.ts';
import { anonymousPage, finishFault } from './finish-fault.ts';
import { type HugeZeroWrite, hugeMemory } from './huge-memory.ts';
import { hugetlbFault } from './hugetlb.ts';
import type { LockedFaults } from './locked-faults.ts';
import type { MmCore } from './mm-core.ts';
import {
  isSwapPte,
  PTE_MARKER_GUARD,
  PTE_MARKER_POISONED,
  PTE_WRITE,
  ptePresent,
} from './page-table.ts';
import { pteAlloc } from './pte-alloc.ts';
import type { Shmem } from './shmem.ts';
import { VM_OPS_ANON, VM_OPS_HUGETLB, VM_UFFD_WP } from './structs.ts';
import { swapFault } from './swap-fault.ts';
import type { UserfaultCtx } from './userfaultfd/index.ts';
import { wpPage } from './wp-page.ts';

const FILE = 'mm/memory.c';

export interface Fault {
  /** `(vma, address, flags) -> VM_FAULT_*`. RETRY and COMPLETED mean the lock has been released. */
  readonly handle_mm_fault: Routine;
  /** `(mm, address)`: makes the page table that holds the address's entry. */
  readonly __pte_alloc: Routine;
  /** The mutex on which faults of a page of hugetlbfs meet. */
  hugetlbMutexOf(file: number, index: number): number;
}

/** Which tries of a fault count as a fault: each, or since 6.5 the one that is not tried again. */
export type FaultCount = 'every_try' | 'last_try';

/** What an edition and a configuration decide about faults, and the counters of faults. */
export interface FaultOptions {
  readonly pgfault: number;
  readonly pgreuse: number;
  readonly pgmajfault: number;
  readonly zeroWrite: HugeZeroWrite;
  readonly lockedFaults: LockedFaults;
  readonly counts: FaultCount;
  /** Absent without USERFAULTFD. */
  readonly uffd: UserfaultCtx | undefined;
}

export function fault(c: MmCore, anon: AnonVma, shm: Shmem, options: FaultOptions): Fault {
  const { pgfault, pgreuse, pgmajfault, zeroWrite, lockedFaults, counts, uffd } = options;
  const { b, VMA, lock, pt } = c;
  const { vm_mm, vm_flags, vm_ops } = VMA.at;

  const file = fileFault(c, shm);

  declareFaultNames(c);

  // Without USERFAULTFD no VMA is ever registered, and the stub of the header is never called.
  const handle_userfault =
    uffd?.handle_userfault ??
    b.stub(
      'handle_userfault',
      { file: 'include/linux/userfaultfd_k.h', signature: '(vmf, reason) -> vm_fault_t' },
      returns(VM_FAULT_SIGBUS, 'VM_FAULT_SIGBUS'),
    );

  const { __vmf_anon_prepare, vmf_anon_prepare } = anonPrepare(c, anon, lockedFaults);
  const __pte_alloc = pteAlloc(c);
  const finish_fault = finishFault(c, { handle_userfault, pageProt: file.pageProt });
  const do_anonymous_page = anonymousPage(c, { __pte_alloc, vmf_anon_prepare, finish_fault });
  const isWpAsync = (k: Exec, mm: number) => uffd?.isWpAsync(k, mm) ?? false;
  const do_wp_page = wpPage(c, {
    vmf_anon_prepare,
    dropsVmaLock: dropsVmaLock(c, lockedFaults),
    handle_userfault,
    fault_dirty_shared_page: file.fault_dirty_shared_page,
    isWpAsync,
    pgreuse,
  });
  const do_fault = doFault(c, shm, {
    __pte_alloc,
    vmf_anon_prepare,
    finish_fault,
    handle_userfault,
    file,
    lockedFaults,
  });
  const do_swap_page = swapFault(c, lockedFaults, do_wp_page, pgmajfault);

  const handle_pte_fault = b.add(
    routine('handle_pte_fault', ['vma', 'address', 'flags', 'pte', 'entry'], (v) => ({
      read_pte(k) {
        k.work(W.pte_walk);
        k.set(v.pte, pt.walk(k, k.peek(k.get(v.vma) + vm_mm), k.get(v.address)));
      },
      choose(k) {
        const pte = k.get(v.pte);
        // Mapped huge meanwhile.
        if (pt.huge(k, k.peek(k.get(v.vma) + vm_mm), k.get(v.address)) !== 0) return 'spurious';
        if (pte === 0) {
          return k.peek(k.get(v.vma) + vm_ops) === VM_OPS_ANON ? 'do_anonymous_page' : 'do_fault';
        }
        if (isSwapPte(pte)) return 'do_swap_page';
        if (!ptePresent(pte)) return 'handle_pte_marker';
        const breaks = k.get(v.flags) & (FAULT_FLAG_WRITE | FAULT_FLAG_UNSHARE);
        return breaks && !(pte & PTE_WRITE) ? 'do_wp_page' : 'spurious';
      },
      do_anonymous_page: inFrame((k) =>
        k.callThen('done', do_anonymous_page, k.get(v.vma), k.get(v.address), k.get(v.flags)),
      ),
      do_fault: inFrame((k) =>
        k.callThen('done', do_fault, k.get(v.vma), k.get(v.address), k.get(v.flags)),
      ),
      do_wp_page: inFrame((k) =>
        k.callThen('done', do_wp_page, k.get(v.vma), k.get(v.address), k.get(v.flags)),
      ),
      do_swap_page: inFrame((k) => {
        const { vma, address, flags, pte } = v;
        return k.callThen(
          'done',
          do_swap_page,
          k.get(vma),
          k.get(address),
          k.get(flags),
          k.get(pte),
        );
      }),
      done: inFrame((k) => k.ret(k.result())),
      spurious: inFrame((k) => k.ret(0)),
      handle_pte_marker(k) {
        if (k.get(v.pte) & PTE_MARKER_POISONED) return k.ret(VM_FAULT_HWPOISON);
        if (k.get(v.pte) & PTE_MARKER_GUARD) return k.ret(VM_FAULT_SIGSEGV);
        const anonymous = k.peek(k.get(v.vma) + vm_ops) === VM_OPS_ANON;
        const missing = anonymous ? 'do_anonymous_page' : 'do_fault';
        if (k.peek(k.get(v.vma) + vm_flags) & VM_UFFD_WP) return missing;
        // Left over from a registration that has ended.
        const mm = k.peek(k.get(v.vma) + vm_mm);
        k.set(v.entry, pt.find(k, mm, k.get(v.address)));
        if (k.get(v.entry) === 0) return 'spurious';
        return spinLock(k, pt.lockOf(mm, k.get(v.entry)));
      },
      pte_marker_clear(k) {
        if (k.load(k.get(v.entry)) === k.get(v.pte)) k.poke(k.get(v.entry), 0);
      },
      pte_unlock(k) {
        spinUnlock(k, pt.lockOf(k.peek(k.get(v.vma) + vm_mm), k.get(v.entry)));
        return 'spurious';
      },
    })),
  );

  const thp = hugeMemory(c, { vmf_anon_prepare, handle_userfault, isWpAsync, zeroWrite });
  const { hugetlb_fault, mutexOf } = hugetlbFault(
    c,
    shm,
    __vmf_anon_prepare,
    handle_userfault,
    isWpAsync,
  );
  const hugetlbLocked = lockedFaults === 'all';

  const handle_mm_fault = b.fn(
    { file: FILE, signature: '(vma, address, flags) -> vm_fault_t' },
    routine('handle_mm_fault', ['vma', 'address', 'flags'], (v) => ({
      handle_pmd_fault(k) {
        const vma = k.get(v.vma);
        const flags = k.get(v.flags);
        if (counts === 'every_try') k.count(pgfault);
        sanitizeFaultFlags(c, k, flags);
        if (flags & FAULT_FLAG_VMA_LOCK) lock.assertLocked(k, vma);
        const huge = k.peek(vma + vm_ops) === VM_OPS_HUGETLB;
        if (huge && flags & FAULT_FLAG_VMA_LOCK && !hugetlbLocked) {
          return k.callThen('retry', lock.vma_end_read, vma);
        }
        if (!huge && !thp.enabled) return 'handle_pte_fault';
        const routine = huge ? hugetlb_fault : thp.handle_pmd_fault;
        return k.call(routine, vma, k.get(v.address), k.get(v.flags));
      },
      fallback: inFrame((k) => {
        if (!(k.result() & VM_FAULT_FALLBACK)) return 'mm_account_fault';
      }),
      handle_pte_fault: inFrame((k) => {
        const vma = k.get(v.vma);
        return k.call(handle_pte_fault, vma, k.get(v.address), k.get(v.flags));
      }),
      mm_account_fault: inFrame((k) => {
        // A fault that will be tried again is counted when it is done.
        const done = !(k.result() & VM_FAULT_RETRY);
        if (done && counts === 'last_try') k.count(pgfault);
        return k.ret(k.result());
      }),
      retry: inFrame((k) => k.ret(VM_FAULT_RETRY)),
    })),
  );
  return { handle_mm_fault, __pte_alloc, hugetlbMutexOf: mutexOf };
}
