import type { Measurement, Surface, SurfaceFunction } from '../kernel/index.ts';
import type { CellResult, MatrixResult } from '../matrix/index.ts';

/**
 * A small result made by hand for tests: two editions, the lock present, stubbed and built in, a cell
 * that is another's twin and one that Kconfig rejects. Its figures are invented.
 */
export function fixtureResult(): MatrixResult {
  return {
    name: 'per-vma-lock',
    description: 'Where per-VMA locks are available, and what happens where they are not.',
    matrixFile: 'matrices/per-vma-lock.yaml',
    seed: 1,
    profile: 'generic-x86',
    axes: ['edition', '64BIT', 'SMP'],
    cells: [
      cell('v7.0', 'y', 'y', true, 'PER_VMA_LOCK is y: def_bool y (kconfig/v7.0/mm/Kconfig:12)'),
      cell(
        'v7.0',
        'y',
        'n',
        false,
        'PER_VMA_LOCK is n: depends on ARCH_SUPPORTS_PER_VMA_LOCK && MMU && SMP, and SMP is n (kconfig/v7.0/mm/Kconfig:13)',
      ),
      rejected(),
      cell('all-builds-v2', 'y', 'y', true, 'Part of every build of this edition.'),
      cell('all-builds-v2', 'y', 'n', true, 'Part of every build of this edition.'),
      twin(),
    ],
  };
}

function cell(
  edition: string,
  bits: string,
  smp: string,
  present: boolean,
  why: string,
): CellResult {
  const id = `${edition}:64BIT=${bits},SMP=${smp}`;
  const config = {
    '64BIT': bits,
    SMP: smp,
    ...(edition === 'v7.0' && { PER_VMA_LOCK: present ? 'y' : 'n' }),
  };
  const surface = surfaceOf(edition, smp, present);
  return {
    spec: {
      id,
      edition,
      axes: { '64BIT': bits, SMP: smp },
      set: { '64BIT': bits, SMP: smp },
      places: {
        edition: { line: 8, column: edition === 'v7.0' ? 13 : 19 },
        '64BIT': { line: 9, column: bits === 'y' ? 11 : 14 },
        SMP: { line: 10, column: smp === 'y' ? 9 : 12 },
      },
      cpus: smp === 'y' ? [1, 4] : [1],
      workloads: ['page_fault1', 'mixed'],
    },
    status: 'ok',
    refusals: [],
    notes: smp === 'n' ? ['SMP=n: CPU counts above 1 are left out.'] : [],
    kconfig: `kconfig/${edition}/Kconfig`,
    options: [
      { symbol: '64BIT', value: bits, why: `set to ${bits} by the cell` },
      { symbol: 'SMP', value: smp, why: `set to ${smp} by the cell` },
      {
        symbol: 'PER_VMA_LOCK',
        value: edition === 'v7.0' ? (present ? 'y' : 'n') : null,
        why: edition === 'v7.0' ? why : 'not defined by this Kconfig',
      },
    ],
    relevant: config,
    sameAs: null,
    lock: { present, option: null, why },
    surface,
    fallbackSites: surface.fallbackSites,
    measurements: ['page_fault1', 'mixed'].map((workload, i) =>
      measurement(edition, workload, config, present, smp === 'y', i),
    ),
  };
}

function surfaceOf(edition: string, smp: string, present: boolean): Surface {
  const functions: SurfaceFunction[] = [
    fn('lock_vma_under_rcu', present ? undefined : 'returns NULL', '(mm, address) -> vma'),
    fn('mmap_read_lock', undefined, '(mm)'),
    fn('vma_end_read', present ? undefined : 'empty', '(vma)'),
  ];
  if (present) functions.push(fn('vma_start_read_locked', undefined, '(vma) -> bool'));
  if (edition !== 'v7.0')
    functions.push(fn('vma_start_read_unlocked', undefined, '(mm, address) -> vma'));
  const size = present ? (smp === 'y' ? 192 : 152) : 136;
  return {
    functions,
    structs: [
      {
        name: 'vm_area_struct',
        file: 'include/linux/mm_types.h',
        size,
        align: present && smp === 'y' ? 64 : 8,
        slabObjectSize: 192,
        fields: [
          { name: 'vm_start', type: 'unsigned long', offset: 0, size: 8 },
          { name: 'vm_end', type: 'unsigned long', offset: 8, size: 8 },
          ...(present
            ? [
                { name: 'vm_lock_seq', type: 'unsigned int', offset: 24, size: 4 },
                { name: 'vm_refcnt', type: 'refcount_t', offset: smp === 'y' ? 128 : 132, size: 4 },
              ]
            : []),
        ],
      },
    ],
    counters: present ? [{ name: 'vma_lock_success', file: 'mm/vmstat.c' }] : [],
    names: [
      { name: 'SMP', kind: 'option', file: `kconfig/${edition}/Kconfig`, value: smp },
      ...(edition === 'v7.0'
        ? ([
            {
              name: 'PER_VMA_LOCK',
              kind: 'option',
              file: 'kconfig/v7.0/mm/Kconfig',
              value: present ? 'y' : 'n',
            },
            // Nothing depends on it in these kernels.
            { name: 'X86_PAE', kind: 'option', file: 'kconfig/v7.0/Kconfig' },
          ] as const)
        : []),
      {
        name: 'FAULT_FLAG_VMA_LOCK',
        kind: 'enumerator',
        file: 'include/linux/mm_types.h',
        value: '0x1000',
      },
      ...(present
        ? ([
            { name: 'VMA_LOCK_SUCCESS', kind: 'enumerator', file: 'include/linux/vm_event_item.h' },
          ] as const)
        : []),
    ],
    fallbackSites: [
      {
        site: 'do_user_addr_fault:lock_vma_under_rcu',
        file: 'arch/x86/mm/fault.c',
        caller: 'do_user_addr_fault',
        tries: 'lock_vma_under_rcu',
        trigger: 'it returns NULL or the fault asks for a retry',
        fallback: 'lock_mm_and_find_vma',
        taken: present ? 'sometimes' : 'always',
      },
      ...(edition === 'v7.0'
        ? [
            {
              site: 'find_tcp_vma:lock_vma_under_rcu',
              file: 'net/ipv4/tcp.c',
              caller: 'find_tcp_vma',
              tries: 'lock_vma_under_rcu',
              trigger: 'it returns NULL',
              fallback: 'mmap_read_lock and vma_lookup',
              taken: present ? ('sometimes' as const) : ('always' as const),
            },
          ]
        : []),
    ],
  };
}

function fn(name: string, stub: string | undefined, signature: string): SurfaceFunction {
  const file = 'include/linux/mmap_lock.h';
  return stub === undefined
    ? { name, kind: 'function', file, state: 'real', signature }
    : { name, kind: 'function', file, state: 'stub', stub, signature };
}

function measurement(
  edition: string,
  workload: string,
  config: Readonly<Record<string, string>>,
  present: boolean,
  smp: boolean,
  offset: number,
): Measurement {
  const base = 1_000_000 - offset * 400_000;
  const figure = (cpus: number, factor: number) => {
    const ops = Math.round(base * factor);
    return {
      cpus,
      ops_per_second: ops,
      p50_ns: Math.round(500 / factor) + cpus,
      p99_ns: Math.round(900 / factor) + cpus,
      mean_ns: Math.round(500 / factor) + cpus,
      max_ns: Math.round(1900 / factor) + cpus,
      latency: [0.25, 0.5, 0.75, 0.9, 0.99, 0.999].map((share) => {
        const ns = Math.round((400 + 500 * share ** 4) / factor) + cpus;
        return { share, ns, min: ns - 20, max: ns + 30 };
      }),
      spread: 0.02,
      runs: 5,
      min: Math.round(ops * 0.99),
      max: Math.round(ops * 1.01),
    };
  };
  return {
    edition,
    workload,
    profile: 'generic-x86',
    seed: 1,
    config,
    outcome: { kind: 'completed' },
    counters: {
      pgfault: 4096,
      ...(present && { vma_lock_abort: 1, vma_lock_success: 4090 }),
    },
    not_exported: [],
    mmap_lock: {
      read_acquired: present ? 6 : 4096,
      write_acquired: 3,
      read_failed: 0,
      write_failed: 0,
    },
    locks: [],
    mmap_lock_by: { read_trylock: present ? 6 : 4096, write_killable: 3 },
    vma_write_locks: present ? 2 : 0,
    fallbacks: [
      { site: 'do_user_addr_fault:lock_vma_under_rcu', hits: present ? 6 : 4096 },
      ...(edition === 'v7.0' ? [{ site: 'find_tcp_vma:lock_vma_under_rcu', hits: 0 }] : []),
    ],
    performance: [figure(1, present ? 1 : 0.95), ...(smp ? [figure(4, present ? 3.9 : 2.1)] : [])],
  };
}

function rejected(): CellResult {
  const base = cell('v7.0', 'n', 'y', false, '');
  return {
    ...base,
    spec: {
      ...base.spec,
      set: { ...base.spec.set, X86_USER_SHADOW_STACK: 'y' },
      places: { ...base.spec.places, X86_USER_SHADOW_STACK: { line: 15, column: 28 } },
    },
    status: 'rejected',
    refusals: [
      {
        symbol: 'X86_USER_SHADOW_STACK',
        wanted: 'y',
        got: 'n',
        reason:
          'X86_USER_SHADOW_STACK depends on X86_64, which is n (kconfig/v7.0/arch/x86/Kconfig:40)',
      },
    ],
    relevant: null,
    lock: null,
    surface: null,
    fallbackSites: [],
    measurements: [],
  };
}

function twin(): CellResult {
  const original = cell('all-builds-v2', 'y', 'y', true, 'Part of every build of this edition.');
  const id = 'all-builds-v2:64BIT=y,SMP=y,NET=y';
  return {
    ...original,
    spec: {
      ...original.spec,
      id,
      axes: { ...original.spec.axes },
      set: { ...original.spec.set, NET: 'y' },
    },
    sameAs: original.spec.id,
  };
}
