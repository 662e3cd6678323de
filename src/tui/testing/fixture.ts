import type { FallbackSite, Measurement, Surface } from '../../kernel/index.ts';
import type { CellResult, MatrixResult } from '../../matrix/index.ts';
import { buildReport, type Report } from '../../report/index.ts';

/**
 * A small matrix result made by formula, for the tests and the look of the screens. Its figures are
 * invented; only their shape is that of a real result.
 */

const EDITIONS = ['v6.12', 'v7.0', 'all-builds-v2'] as const;
const WORKLOADS = ['page_fault1', 'mixed'] as const;
const CPUS = [1, 2, 4, 8] as const;

/** The report of the invented result. */
export function fixtureReport(): Report {
  return buildReport(fixtureResult());
}

/** Three editions, both widths, with and without SMP, and one option set Kconfig refuses. */
export function fixtureResult(): MatrixResult {
  const cells = EDITIONS.flatMap((edition) =>
    ['y', 'n'].flatMap((wide) => ['y', 'n'].map((smp) => cellResult(edition, wide, smp))),
  );
  return {
    name: 'per-vma-lock',
    description: 'Where the per-VMA lock is there, and what it costs',
    matrixFile: 'matrices/per-vma-lock.yaml',
    seed: 1,
    profile: 'skylake',
    axes: ['edition', '64BIT', 'SMP'],
    cells: [...cells, rejectedCell()],
  };
}

function cellResult(edition: string, wide: string, smp: string): CellResult {
  const universal = edition === 'all-builds-v2';
  const lock = universal || (wide === 'y' && smp === 'y');
  const id = `${edition}:64BIT=${wide},SMP=${smp}`;
  const relevant = { SMP: smp, PER_VMA_LOCK: lock ? 'y' : 'n', '64BIT': wide };
  return {
    spec: {
      id,
      edition,
      axes: { '64BIT': wide, SMP: smp },
      set: { '64BIT': wide, SMP: smp },
      cpus: [...CPUS],
      workloads: [...WORKLOADS],
    },
    status: 'ok',
    refusals: [],
    notes:
      edition === 'v6.12' && smp === 'n'
        ? ['NR_CPUS is 1: figures for 2 CPUs and more are left out.']
        : [],
    kconfig: `kconfig/${edition}/Kconfig`,
    options: options(edition, wide, smp, lock),
    relevant,
    // An edition with the lock everywhere is the same 32-bit kernel with and without SMP in this fixture.
    sameAs: universal && wide === 'n' && smp === 'n' ? `${edition}:64BIT=n,SMP=y` : null,
    lock: { present: lock, option: null, why: lockWhy(universal, wide, smp) },
    surface: surface(edition, lock, wide, smp),
    fallbackSites: sites(universal, lock),
    measurements: WORKLOADS.map((workload) => measurement(edition, workload, lock, smp, relevant)),
  };
}

function lockWhy(universal: boolean, wide: string, smp: string): string {
  if (universal) return 'This edition has per-VMA locks in all builds; no option decides.';
  if (wide === 'n')
    return 'PER_VMA_LOCK=n: ARCH_SUPPORTS_PER_VMA_LOCK is n, which only X86_64 selects (mm/Kconfig:12).';
  if (smp === 'n') return 'PER_VMA_LOCK=n: depends on SMP, which is n (mm/Kconfig:17).';
  return 'PER_VMA_LOCK=y: def_bool y, all its dependencies hold (mm/Kconfig:15).';
}

function options(edition: string, wide: string, smp: string, lock: boolean): CellResult['options'] {
  const universal = edition === 'all-builds-v2';
  return [
    { symbol: '64BIT', value: wide, why: 'asked for' },
    { symbol: 'SMP', value: smp, why: 'asked for' },
    {
      symbol: 'X86_64',
      value: wide,
      why: `def_bool y, depends on 64BIT=${wide} (arch/x86/Kconfig:9)`,
    },
    {
      symbol: 'ARCH_SUPPORTS_PER_VMA_LOCK',
      value: universal ? null : wide,
      why: universal
        ? 'not defined in this edition'
        : `selected by X86_64=${wide} (arch/x86/Kconfig:30)`,
    },
    {
      symbol: 'PER_VMA_LOCK',
      value: universal ? null : lock ? 'y' : 'n',
      why: universal ? 'not defined in this edition' : lockWhy(false, wide, smp),
    },
    {
      symbol: 'PER_VMA_LOCK_STATS',
      value: universal || lock ? 'y' : 'n',
      why: 'set by the base configuration (mm/Kconfig.debug:4)',
    },
    { symbol: 'USERFAULTFD', value: 'y', why: 'set by the base configuration (init/Kconfig:40)' },
    {
      symbol: 'X86_USER_SHADOW_STACK',
      value: wide,
      why:
        wide === 'y'
          ? 'set by the base configuration (arch/x86/Kconfig:77)'
          : 'depends on X86_64, which is n (arch/x86/Kconfig:77)',
    },
    {
      symbol: 'ANDROID_BINDER_IPC',
      value: 'y',
      why: 'set by the base configuration (drivers/android/Kconfig:3)',
    },
  ];
}

function surface(edition: string, lock: boolean, wide: string, smp: string): Surface {
  const header = 'include/linux/mmap_lock.h';
  const real = (name: string, signature: string, file = header): Surface['functions'][number] => ({
    name,
    kind: 'function',
    file,
    state: 'real',
    signature,
  });
  const stub = (name: string, signature: string, does: string): Surface['functions'][number] => ({
    ...real(name, signature),
    state: 'stub',
    stub: does,
  });
  return {
    functions: [
      lock
        ? real('lock_vma_under_rcu', '(mm, address) -> vma', 'mm/mmap_lock.c')
        : stub('lock_vma_under_rcu', '(mm, address) -> vma', 'returns NULL'),
      real('mmap_read_lock', '(mm)'),
      real('mmap_write_lock', '(mm)'),
      lock
        ? real('mmap_lock_speculate_try_begin', '(mm, seq) -> bool')
        : stub('mmap_lock_speculate_try_begin', '(mm, seq) -> bool', 'returns false'),
      lock ? real('vma_end_read', '(vma)') : stub('vma_end_read', '(vma)', 'empty'),
      ...(edition === 'all-builds-v2'
        ? [real('vma_start_read_unlocked', '(mm, address) -> vma', 'mm/mmap_lock.c')]
        : []),
      lock ? real('vma_start_write', '(vma)') : stub('vma_start_write', '(vma)', 'empty'),
      { ...real('FAULT_FLAG_VMA_LOCK', '1 << 12', 'include/linux/mm_types.h'), kind: 'macro' },
    ],
    structs: [vmaLayout(lock, wide === 'y' ? 8 : 4, smp)],
    counters: lock
      ? ['vma_lock_abort', 'vma_lock_miss', 'vma_lock_retry', 'vma_lock_success'].map((name) => ({
          name,
          file: 'mm/vmstat.c',
        }))
      : [],
    names: [
      ...(edition === 'all-builds-v2'
        ? []
        : ([
            {
              name: 'PER_VMA_LOCK',
              kind: 'option',
              file: 'mm/Kconfig',
              value: lock ? 'y' : 'n',
            },
          ] as const)),
      ...(edition === 'v6.12'
        ? ([{ name: 'SPLIT_PTLOCK_CPUS', kind: 'option', file: 'mm/Kconfig', value: '4' }] as const)
        : []),
      { name: 'UFFDIO_MOVE', kind: 'ioctl', file: 'include/uapi/linux/userfaultfd.h' },
    ],
    fallbackSites: sites(edition === 'all-builds-v2', lock),
  };
}

function vmaLayout(lock: boolean, pointer: number, smp: string): Surface['structs'][number] {
  const members: (readonly [string, string, number])[] = [
    ['vm_start', 'unsigned long', pointer],
    ['vm_end', 'unsigned long', pointer],
    ['vm_mm', 'struct mm_struct *', pointer],
    ['vm_page_prot', 'pgprot_t', pointer],
    ['vm_flags', 'vm_flags_t', pointer],
    ...(lock ? ([['vm_lock_seq', 'unsigned int', 4]] as const) : []),
    ['anon_vma_chain', 'struct list_head', 2 * pointer],
    ['anon_vma', 'struct anon_vma *', pointer],
    ['vm_ops', 'const struct vm_operations_struct *', pointer],
    ['vm_pgoff', 'unsigned long', pointer],
    ['vm_file', 'struct file *', pointer],
    ...(lock ? ([['vm_refcnt', 'refcount_t', 4]] as const) : []),
  ];
  let offset = 0;
  const fields = members.map(([name, type, size]) => {
    offset = Math.ceil(offset / size) * size;
    const field = { name, type, offset, size };
    offset += size;
    return field;
  });
  const align = lock && smp === 'y' ? 64 : pointer;
  return {
    name: 'vm_area_struct',
    file: 'include/linux/mm_types.h',
    size: Math.ceil(offset / align) * align,
    align,
    slabObjectSize: 192,
    fields,
  };
}

function sites(universal: boolean, lock: boolean): FallbackSite[] {
  const taken = lock ? 'sometimes' : 'always';
  return [
    {
      site: 'binder_page_insert:lock_vma_under_rcu',
      file: 'drivers/android/binder_alloc.c',
      caller: 'binder_page_insert',
      tries: 'lock_vma_under_rcu',
      trigger: 'the VMA is write-locked or gone',
      fallback: universal ? 'none' : 'mmap_read_lock and vma_lookup',
      taken: universal ? 'never' : taken,
    },
    {
      site: 'do_user_addr_fault:lock_vma_under_rcu',
      file: 'arch/x86/mm/fault.c',
      caller: 'do_user_addr_fault',
      tries: 'lock_vma_under_rcu',
      trigger: 'no VMA could be locked without waiting',
      fallback: 'lock_mm_and_find_vma, the fault is handled under mmap_lock',
      taken,
    },
    {
      site: 'find_tcp_vma:lock_vma_under_rcu',
      file: 'net/ipv4/tcp.c',
      caller: 'find_tcp_vma',
      tries: 'lock_vma_under_rcu',
      trigger: 'the VMA is write-locked or gone',
      fallback: universal ? 'none' : 'mmap_read_lock and vma_lookup',
      taken: universal ? 'never' : taken,
    },
  ];
}

function measurement(
  edition: string,
  workload: (typeof WORKLOADS)[number],
  lock: boolean,
  smp: string,
  config: Readonly<Record<string, string>>,
): Measurement {
  const mixed = workload === 'mixed';
  const faults = mixed ? 40_000 : 100_000;
  const missed = lock ? (mixed ? 1_250 : 12) : faults;
  const cpus = smp === 'y' ? CPUS : CPUS.slice(0, 1);
  const base = (mixed ? 380_000 : 910_000) * (edition === 'v6.12' ? 0.97 : 1);
  return {
    edition,
    workload,
    profile: 'skylake',
    seed: 1,
    config,
    outcome: { kind: 'completed' },
    not_exported: [],
    counters: {
      pgfault: faults,
      ...(lock && {
        vma_lock_abort: mixed ? 1_250 : 12,
        vma_lock_miss: 0,
        vma_lock_retry: mixed ? 96 : 0,
        vma_lock_success: faults - missed,
      }),
    },
    mmap_lock: {
      read_acquired: missed,
      write_acquired: mixed ? 5_000 : 2,
      read_failed: 0,
      write_failed: 0,
    },
    locks: [],
    mmap_lock_by: { read_trylock: missed, write_killable: mixed ? 5_000 : 2 },
    vma_write_locks: lock ? (mixed ? 5_000 : 2) : 0,
    fallbacks: [{ site: 'do_user_addr_fault:lock_vma_under_rcu', hits: missed }],
    performance: cpus.map((count) => {
      // With the lock faults scale almost with the CPUs; on mmap_lock alone they soon stop to.
      const rate = Math.round(base * (lock ? count ** 0.93 : count / (1 + 0.42 * (count - 1))));
      const half = count === 1 ? 0.004 : 0.012;
      return {
        cpus: count,
        ops_per_second: rate,
        p50_ns: Math.round((count * 1e9) / rate),
        p99_ns: Math.round(((count * 1e9) / rate) * (lock ? 1.9 : 3.4)),
        mean_ns: Math.round((count * 1e9) / rate),
        max_ns: Math.round(((count * 1e9) / rate) * (lock ? 2.5 : 5)),
        spread: 2 * half,
        runs: 5,
        min: Math.round(rate * (1 - half)),
        max: Math.round(rate * (1 + half)),
      };
    }),
  };
}

function rejectedCell(): CellResult {
  const set = { '64BIT': 'n', SMP: 'y', PER_VMA_LOCK: 'y' };
  return {
    spec: {
      id: 'v7.0:64BIT=n,SMP=y,PER_VMA_LOCK=y',
      edition: 'v7.0',
      axes: { '64BIT': 'n', SMP: 'y' },
      set,
      cpus: [...CPUS],
      workloads: [...WORKLOADS],
    },
    status: 'rejected',
    refusals: [
      {
        symbol: 'PER_VMA_LOCK',
        wanted: 'y',
        got: 'n',
        reason:
          'PER_VMA_LOCK has no prompt and depends on ARCH_SUPPORTS_PER_VMA_LOCK, which is n (mm/Kconfig:15).',
      },
    ],
    notes: [],
    kconfig: 'kconfig/v7.0/Kconfig',
    options: options('v7.0', 'n', 'y', false),
    relevant: null,
    sameAs: null,
    lock: null,
    surface: null,
    fallbackSites: [],
    measurements: [],
  };
}
