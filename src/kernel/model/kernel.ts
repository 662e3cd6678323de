/** Putting a kernel together: an edition's parts, under a configuration, in a machine of a given size. */
import { x86Fault, x86FaultSites } from './arch/x86/fault.ts';
import { shadowStacks } from './arch/x86/shstk.ts';
import { binder, binderAlloc } from './callers/binder/index.ts';
import { bpf } from './callers/bpf/index.ts';
import { procMaps } from './callers/proc-maps.ts';
import { tcpZerocopyReceive } from './callers/tcp.ts';
import { uprobeCalls, uprobeCore } from './callers/uprobes/index.ts';
import { vmaLookup } from './callers/vma-lookup.ts';
import type { Edition, EditionParts } from './edition.ts';
import { KernelBuilder, type KernelConfig } from './kernel-builder.ts';
import { registerLayouts } from './layout/index.ts';
import { type Exec, TASK, wordStruct } from './machine/index.ts';
import { type MachineSize, type MachineSpec, USER_REGISTERS } from './machine-spec.ts';
import { type AnonVma, anonVma } from './mm/anon-vma.ts';
import { exitMmap } from './mm/exit-mmap.ts';
import { fault } from './mm/fault.ts';
import { findVma } from './mm/find-vma.ts';
import { guard } from './mm/guard.ts';
import { gupRoutines } from './mm/gup/index.ts';
import { hugePages } from './mm/huge-pages.ts';
import { vmInsertPage } from './mm/insert-page.ts';
import { khugepaged } from './mm/khugepaged.ts';
import { buildLock, vmaLockStats } from './mm/lock/index.ts';
import type { VmaLock } from './mm/lock/vma-lock.ts';
import type { MmCore } from './mm/mm-core.ts';
import { mmPool } from './mm/mm-pool.ts';
import { fileMapping } from './mm/mmap-file.ts';
import { mmapLock } from './mm/mmap-lock.ts';
import { movePageTables } from './mm/move-page-tables.ts';
import { pageTables } from './mm/page-table.ts';
import { pages } from './mm/pages.ts';
import { rmapLocks } from './mm/rmap-locks.ts';
import { type Shmem, shmem } from './mm/shmem.ts';
import { softDirty } from './mm/soft-dirty.ts';
import { splitHugePmd } from './mm/split-huge-pmd.ts';
import { mmStruct, type VmaLockKind, vmaStruct } from './mm/structs.ts';
import { swap } from './mm/swap.ts';
import { syscalls } from './mm/syscalls.ts';
import { type ShmIds, shmIds as shmIdsOf } from './mm/sysv-ipc.ts';
import { userfault, userfaultCtx } from './mm/userfaultfd/index.ts';
import { vmaAlloc } from './mm/vma.ts';
import { vmaEdit } from './mm/vma-edit/index.ts';
import { vmaTree } from './mm/vma-tree.ts';
import { nullField } from './null-field.ts';
import { bootProcesses, imagePages } from './process.ts';
import { STATIC_PROGRAM } from './program.ts';
import type { Surface } from './surface.ts';
import { rcu } from './sync/rcu.ts';
import { RWSEM, rwsem } from './sync/rwsem/index.ts';
import { slab } from './sync/slab.ts';
import { binaries } from './task/exec/binaries.ts';
import { taskRoutines } from './task/index.ts';
import { type Signals, signalStructs } from './task/signal.ts';
import { fileOps } from './user/file-ops.ts';
import { mmOps } from './user/mm-ops.ts';
import { userOps } from './user/ops.ts';
import { pipeOps } from './user/pipe-ops.ts';

/** Whether the per-VMA lock is in a kernel, and by what. */
export interface LockState {
  readonly present: boolean;
  /** The option that decides it; `null` where the edition's design does. */
  readonly option: string | null;
  readonly why: string;
}

/** An edition instantiated with a configuration. */
export interface Kernel {
  readonly edition: Edition;
  /** Options the parts looked at, with their values, in name order: kernels equal in these are the same kernel. */
  readonly relevant: Readonly<Record<string, string>>;
  readonly surface: Surface;
  readonly lock: LockState;
  /** Lays the kernel out in a machine of the given size. */
  build(size: MachineSize): MachineSpec;
}

/** What a built kernel shows beside its machine: for invariants in tests. */
export interface Internals {
  readonly core: MmCore;
  readonly shm: Shmem;
  readonly shmIds: ShmIds;
  readonly anon: AnonVma;
  readonly signals: Signals;
  /** Page frames that drivers hold a reference to beside their mappings. */
  held(k: Exec): readonly number[];
}

const SMALLEST: MachineSize = {
  threads: 1,
  processOf: [0],
  vmas: 8,
  pages: 64,
  pageTables: 16,
};

/** Instantiates an edition with a resolved option set. `parts`: what the kernel has otherwise than its edition. */
export function instantiate(
  named: Edition,
  config: KernelConfig,
  parts?: Partial<EditionParts>,
): Kernel {
  const edition = parts ? { ...named, parts: { ...named.parts, ...parts } } : named;
  const { builder } = assemble(edition, config, SMALLEST);
  const relevant = builder.relevant();
  const present = builder.isReal('lock_vma_under_rcu');
  const always = edition.parts.vmaLockIn === 'all builds';
  return {
    edition,
    relevant,
    surface: builder.surface(),
    lock: {
      present,
      option: always ? null : 'PER_VMA_LOCK',
      why: always
        ? `${edition.name} builds per-VMA locks into every kernel`
        : `PER_VMA_LOCK is ${relevant.PER_VMA_LOCK}`,
    },
    build: (size) => assemble(edition, config, size).spec,
  };
}

/** As {@link Kernel.build}, with a view of the insides. For tests. */
export function buildWithInternals(
  edition: Edition,
  config: KernelConfig,
  size: MachineSize,
): MachineSpec & Internals {
  const { spec, core, shm, shmIds, anon, signals, held } = assemble(edition, config, size);
  return { ...spec, core, shm, shmIds, anon, signals, held };
}

function assemble(
  edition: Edition,
  config: KernelConfig,
  size: MachineSize,
): { builder: KernelBuilder; spec: MachineSpec } & Internals {
  const { parts } = edition;
  // The files of programs are there whatever a workload needs.
  const programs = size.programs ?? [STATIC_PROGRAM];
  const b = new KernelBuilder(config, { ...size, pages: size.pages + imagePages(programs) });
  const always = parts.vmaLockIn === 'all builds';
  const lockKind: VmaLockKind =
    b.enabled('PER_VMA_LOCK', !always) || always ? parts.vmaLock : 'absent';
  const MM = mmStruct(lockKind);
  const VMA = vmaStruct(lockKind, {
    names: b.enabled('ANON_VMA_NAME'),
    policies: b.enabled('NUMA'),
  });

  const processes = 1 + Math.max(...size.processOf);
  const mms = Array.from({ length: processes + (size.forks ?? 0) }, (_, i) =>
    b.memory.object(MM, `mm#${i}`),
  );
  let lock: VmaLock;
  const vmas = slab(b, VMA, size.vmas, 'vma');
  const tree = vmaTree(b, mms, MM.at.tree);
  // vm_area_free_rcu_cb: until now a reader that found the VMA too late may have been trying its lock.
  const grace = rcu(b, size.vmas, (k, vma) => {
    lock.assertDetached(k, vma);
    vmas.free(k, vma);
  });
  const rw = rwsem(b, parts.rwsemReaders);
  const mmap = mmapLock(b, MM, rw, parts.mmLockSeq, lockKind !== 'absent');

  const pgfault = b.event('pgfault');
  b.declareCounter('pgfault', 'include/linux/vm_event_item.h', pgfault, true);
  const pgreuse = b.event('pgreuse');
  b.declareCounter('pgreuse', 'include/linux/vm_event_item.h', pgreuse, true);
  const pgmajfault = b.event('pgmajfault');
  b.declareCounter('pgmajfault', 'include/linux/vm_event_item.h', pgmajfault, true);
  const stats = vmaLockStats(b);
  const built = buildLock(b, parts, {
    kind: lockKind,
    MM,
    VMA,
    rw,
    mmap,
    rcu: grace,
    tree,
    stats,
  });
  lock = built.lock;
  const { waiting, nextVma } = built;

  const pt = pageTables(b, MM.at.pgd, MM.at.page_table_lock);
  const frames = hugePages(b, pages(b), pt.span);
  const core: MmCore = {
    b,
    lockKind,
    lockingWriters: parts.lockingWriters,
    release: parts.structures,
    MM,
    VMA,
    rw,
    rcu: grace,
    mmap,
    lock,
    stats: lockKind === 'absent' ? undefined : stats,
    tree,
    vmas,
    pages: frames,
    pt,
    swap: swap(b, frames, mms),
    softDirty: softDirty(b),
    split_huge_pmd: splitHugePmd(b, frames, pt),
    mms,
  };

  const anon = anonVma(core);
  const shm = shmem(core);
  const shmIds = shmIdsOf(core);
  const alloc = vmaAlloc(core, lockKind === 'rwsem' ? 'call_rcu' : 'at-once', parts.vmaAllocFile);
  const sites = x86FaultSites(core, parts.stackExpansion, parts.accessError);
  const find = findVma(core, anon, parts.stackExpansion, sites.stackGrowth);
  const uffdCtx = b.enabled('USERFAULTFD') ? userfaultCtx(core) : undefined;
  const faults = fault(core, anon, shm, {
    zeroWrite: parts.hugeZeroWrite,
    lockedFaults: parts.lockedFaults,
    counts: parts.faultCount,
    pgfault,
    pgreuse,
    pgmajfault,
    uffd: uffdCtx,
  });
  const gup = gupRoutines(core, find, faults, shm);
  const x86 = x86Fault(core, sites, find, faults, parts.accessError);
  const binderBuffers = b.enabled('ANDROID_BINDER_IPC') ? binderAlloc(core) : undefined;
  const edit = vmaEdit(
    core,
    alloc,
    anon,
    shm,
    shmIds.__shm_close,
    parts.unfaultedMerge,
    (k, vma) => binderBuffers?.vmaClose(k, vma),
    uffdCtx?.events,
  );

  // Closes what a process has open (exit_files) when nobody has its mm any more.
  const pool = mmPool(core, processes, exitMmap(core, edit).exit_mmap, (k, mm) => {
    uffdCtx?.userfaultfd_release(k, mm);
    binderBuffers?.release(k, mm);
  });
  const huge = khugepaged(core, anon, find);
  const guards = guard(core, {
    anon,
    __pte_alloc: faults.__pte_alloc,
    zap_page_range: edit.zap_page_range,
  });
  const probes = uprobeCore(core, { anon, shm, gup, mmput: pool.mmput });
  const sys = syscalls(
    core,
    alloc,
    edit,
    shm,
    anon,
    find,
    parts.madvise,
    parts.madviseGuard,
    guards,
    huge,
    gup,
    binderBuffers,
    probes?.uprobe_mmap,
  );
  const uffd = userfault(core, uffdCtx, {
    anon,
    shm,
    edit,
    __pte_alloc: faults.__pte_alloc,
    hugetlbMutexOf: faults.hugetlbMutexOf,
    do_user_addr_fault: x86.do_user_addr_fault,
    lock: parts.uffdLock,
    ioctls: parts.uffdIoctls,
  });
  const insertPage = vmInsertPage(core, faults.__pte_alloc);
  const mapping = fileMapping(core, shm, sys, edit);
  const files = fileOps(core, shm, shmIds, sys, mapping, gup, edit);
  const images = binaries(core, shm, programs);
  const uprobes = uprobeCalls(core, parts.uprobes, probes, {
    x86,
    gup,
    mmap_region: sys.mmap_region,
  });
  const shstk = shadowStacks(core, parts.shadowStack, {
    x86,
    find,
    gup,
    lookup: waiting,
    mmap_region: sys.mmap_region,
    __vm_munmap: sys.__vm_munmap,
  });
  const move_page_tables = movePageTables(core, faults, rmapLocks(core, anon, shm));
  const signal = signalStructs(b);
  const ops = userOps(core, x86, sys, {
    ...files,
    tcp_zerocopy_receive: tcpZerocopyReceive(core, edit, parts.tcp, insertPage, waiting),
    ...binder(core, parts.binder, parts.binderShrinker, {
      alloc: binderBuffers,
      gup,
      vm_insert_page: insertPage,
      mmput: pool.mmput,
      lookup: waiting,
      edit,
    }),
    mm: mmOps(core, {
      alloc,
      anon,
      shm,
      edit,
      move_page_tables,
      find,
      gup,
      sys,
      processMadvise: parts.processMadvise,
      mseal: parts.mseal,
      mmput: pool.mmput,
      signals: signal,
      futexMpol: parts.futexMpol,
      scanProtection:
        uffd.uffd_wp_range === undefined
          ? undefined
          : {
              uffd_wp_range: uffd.uffd_wp_range,
              isWpAsync: (k, mm) => uffdCtx?.isWpAsync(k, mm) ?? false,
            },
    }),
    pipes: pipeOps(core),
    ...uffd,
    ...shstk,
    ...uprobes,
    ...bpf(core, parts.bpfTaskVma, { find, shm, mmput: pool.mmput }),
    ...procMaps(core, find, parts.procMaps, nextVma, parts.procmapQuery),
    ...vmaLookup(core, waiting),
  });

  const tasks = taskRoutines(core, {
    mmPool: pool,
    shadowStacks: shstk.threads,
    inheritCode: (k, from, to) => uprobes.inherit(k, from, to),
    forgetCode: (k, mm) => uprobes.forget(k, mm),
    signals: signal,
    exec: {
      binaries: images,
      edit,
      find,
      gup,
      sys,
      vm_mmap: mapping.vm_mmap_file,
      move_page_tables,
    },
    anon,
    shm,
    alloc,
    x86,
    pfnmapFork: parts.pfnmapFork,
    user: ops,
    uffd: uffdCtx,
    userRegister: (tid, index) => firstRegister + tid * registerStride + index,
    registers: USER_REGISTERS,
  });

  registerLayouts(b, { tree: parts.structures, lock: lockKind });

  bootProcesses(core, anon, shm, images, mms.slice(0, processes), parts.mmLockSeq);
  b.onBoot((k: Exec) => {
    b.tasks.forEach((task, tid) => {
      const process = size.processOf[tid];
      if (process === undefined) return;
      const mm = mms[process] as number;
      k.poke(task + TASK.at.mm, mm);
      k.poke(mm + MM.at.mm_users, k.peek(mm + MM.at.mm_users) + 1);
    });
  });

  const registers = wordStruct('user_registers', { r: { array: USER_REGISTERS } });
  const firstRegister = b.memory.pool(registers, size.threads, 'user');
  const registerStride = Math.ceil(USER_REGISTERS / 16) * 16;
  const uniprocessor = !b.enabled('SMP');

  const spec: MachineSpec = {
    size,
    memory: b.memory,
    get words() {
      return b.memory.size;
    },
    routines: b.routines,
    area: b.area,
    events: {
      names: b.eventNames,
      vmstat: b.vmstat,
      exported: b.exported,
      mmapLock: mmap.events,
      mmapLockBy: mmap.acquiredBy,
      vmaWriteLocks: lock.writeLocks,
      fallbacks: b.fallbackEvents,
    },
    user: { ...ops, execve: tasks.execve },
    tasks,
    userRegister: (tid, index) => firstRegister + tid * registerStride + index,
    waits: b.waits,
    lacking: b.lacking,
    nullField: (variable, words) =>
      nullField(variable, words, { vma: VMA, mm: MM, sem: RWSEM }, b.surface().structs),
    uniprocessor,
    timeSlices: parts.timeSlices,
    addRoutine: (r) => b.add(r),
    boot: (k) => b.boot(k),
  };
  return {
    builder: b,
    spec,
    core,
    shm,
    shmIds,
    anon,
    signals: signal,
    held: (k) => binderBuffers?.held(k) ?? [],
  };
}
