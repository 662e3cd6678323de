/** The surface of per-VMA locks, row by row, in every release with the option and without, and in the series' kernels. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { editionNamed, editions } from '../editions/index.ts';
import { instantiate } from './kernel.ts';
import type { Surface } from './surface.ts';
import { config, SMP64, SMP64_WITHOUT, UP64 } from './user-script.test-util.ts';

const MORE = { TRACEPOINTS: 'y', DEBUG_LOCK_ALLOC: 'y' };
const surfaceOf = (edition: string, options: Readonly<Record<string, string>>): Surface => {
  const found = editionNamed(edition);
  if (found === undefined) throw new Error(edition);
  return instantiate(found, config({ ...options, ...MORE })).surface;
};

/** Columns of the tables: each with the lock, then without. */
const RELEASES = ['v6.4', 'v6.6', 'v6.12', 'v6.15', 'v7.0'] as const;
const columns = RELEASES.flatMap((e) => [surfaceOf(e, SMP64), surfaceOf(e, SMP64_WITHOUT)]);
const v71 = [surfaceOf('v7.1', SMP64), surfaceOf('v7.1', SMP64_WITHOUT)];
const series = editions
  .filter((e) => e.parts.vmaLockIn === 'all builds')
  .flatMap((e) => [
    surfaceOf(e.name, SMP64),
    surfaceOf(e.name, { ...UP64, PER_VMA_LOCK_STATS: 'y' }),
  ]);

const stateOf = (s: Surface, name: string): string => {
  const f = s.functions.find((x) => x.name === name);
  if (f === undefined) return '-';
  return f.state === 'real' ? 'real' : (f.stub ?? '?');
};
const constantIn = (s: Surface, name: string): string => {
  const found = s.names.find((n) => n.name === name);
  return found === undefined ? '-' : (found.value ?? 'yes');
};
const fieldIn = (s: Surface, path: string): string => {
  const [struct, field] = path.split('.', 2);
  return (
    s.structs.find((x) => x.name === struct)?.fields.find((f) => f.name === field)?.type ?? '-'
  );
};

const W = 'asserts mmap_lock is held for writing';
const L = 'asserts mmap_lock';
const empty = 'empty';
const real = 'real';
const NULL = 'returns NULL';
const f = 'returns false';
const t = 'returns true';

/** `y, n` of 6.4, 6.6, 6.12, 6.15 and 7.0. */
const FUNCTIONS: readonly [string, ...string[]][] = [
  ['vma_start_read', real, f, real, f, real, f, real, NULL, real, '-'],
  ['vma_start_read_locked', '-', '-', '-', '-', '-', '-', real, '-', real, '-'],
  ['vma_start_read_locked_nested', '-', '-', '-', '-', '-', '-', real, '-', real, '-'],
  ['vma_end_read', real, empty, real, empty, real, empty, real, empty, real, empty],
  ['vma_start_write', real, empty, real, empty, real, empty, real, empty, real, empty],
  ['vma_try_start_write', real, t, '-', '-', '-', '-', '-', '-', '-', '-'],
  ['vma_start_write_killable', '-', '-', '-', '-', '-', '-', '-', '-', real, 'returns 0'],
  ['__vma_start_write', '-', '-', '-', '-', '-', '-', real, '-', real, '-'],
  ['vma_end_write_all', real, empty, real, empty, real, real, real, real, real, real],
  ['mm_lock_seqcount_init', '-', '-', '-', '-', real, empty, real, empty, real, empty],
  ['mm_lock_seqcount_begin', '-', '-', '-', '-', real, empty, real, empty, real, empty],
  ['mm_lock_seqcount_end', '-', '-', '-', '-', real, empty, real, empty, real, empty],
  ['mmap_lock_speculate_try_begin', '-', '-', '-', '-', '-', '-', real, f, real, f],
  ['mmap_lock_speculate_retry', '-', '-', '-', '-', '-', '-', real, t, real, t],
  ['lock_vma_under_rcu', real, '-', real, NULL, real, NULL, real, NULL, real, NULL],
  ['lock_next_vma', '-', '-', '-', '-', '-', '-', '-', '-', real, '-'],
  ['vma_lock_init', '-', '-', '-', '-', '-', '-', real, empty, real, empty],
  ['vma_lock_alloc', real, t, real, t, real, t, '-', '-', '-', '-'],
  ['vma_lock_free', real, empty, real, empty, real, empty, '-', '-', '-', '-'],
  ['vma_assert_write_locked', real, empty, real, W, real, W, real, W, real, W],
  ['vma_assert_locked', '-', '-', real, L, real, L, real, L, real, L],
  ['vma_assert_stabilised', '-', '-', '-', '-', '-', '-', '-', '-', real, L],
  ['vma_is_attached', '-', '-', '-', '-', '-', '-', '-', '-', real, '-'],
  ['vma_assert_attached', '-', '-', '-', '-', '-', '-', real, empty, real, empty],
  ['vma_assert_detached', '-', '-', '-', '-', '-', '-', real, empty, real, empty],
  ['vma_mark_attached', '-', '-', '-', '-', '-', '-', real, empty, real, empty],
  ['vma_mark_detached', real, empty, real, empty, real, empty, real, empty, real, empty],
  ['vma_refcount_put', '-', '-', '-', '-', '-', '-', real, '-', real, '-'],
  ['is_vma_writer_only', '-', '-', '-', '-', '-', '-', real, '-', '-', '-'],
  ['__vma_are_readers_excluded', '-', '-', '-', '-', '-', '-', '-', '-', real, '-'],
  ['__vma_exclude_readers_for_detach', '-', '-', '-', '-', '-', '-', '-', '-', real, '-'],
  ['__vma_raw_mm_seqnum', '-', '-', '-', '-', '-', '-', '-', '-', real, '-'],
  ['__is_vma_write_locked', real, '-', real, '-', real, '-', real, '-', real, '-'],
  ['vm_area_free_rcu_cb', real, '-', real, '-', real, '-', '-', '-', '-', '-'],
  ['release_fault_lock', '-', '-', real, real, real, real, real, real, real, real],
  ['assert_fault_locked', '-', '-', real, real, real, real, real, real, real, real],
  ['sanitize_fault_flags', real, real, real, real, real, real, real, real, real, real],
  ['process_vma_walk_lock', '-', '-', real, empty, real, empty, real, empty, real, empty],
  ['uffd_lock_vma', '-', '-', '-', '-', real, '-', real, '-', real, '-'],
  ['uffd_mfill_lock', '-', '-', '-', '-', real, real, real, real, real, real],
  ['uffd_mfill_unlock', '-', '-', '-', '-', real, real, real, real, real, real],
  ['uffd_move_lock', '-', '-', '-', '-', real, real, real, real, real, real],
  ['uffd_move_unlock', '-', '-', '-', '-', real, real, real, real, real, real],
  ['lock_vma_range', '-', '-', '-', '-', '-', '-', '-', '-', real, real],
  ['get_next_vma', '-', '-', '-', '-', '-', '-', '-', '-', real, real],
  ['fallback_to_mmap_lock', '-', '-', '-', '-', '-', '-', '-', '-', real, f],
  ['query_vma_setup', '-', '-', '-', '-', '-', '-', '-', '-', real, real],
  ['query_vma_find_by_addr', '-', '-', '-', '-', '-', '-', '-', '-', real, real],
  ['count_vm_vma_lock_event', real, empty, real, empty, real, empty, real, empty, real, empty],
  ['lock_mm_and_find_vma', '-', '-', real, real, real, real, real, real, real, real],
];

const yes = 'yes';
const FLAG = '0x40000000';
const LIMIT = '0x3fffffff';
const NAMES: readonly [string, ...string[]][] = [
  ['FAULT_FLAG_VMA_LOCK', ...Array<string>(10).fill('0x1000')],
  ['VMA_LOCK_OFFSET', '-', '-', '-', '-', '-', '-', FLAG, FLAG, '-', '-'],
  ['VMA_REF_LIMIT', '-', '-', '-', '-', '-', '-', LIMIT, LIMIT, '-', '-'],
  ['VM_REFCNT_EXCLUDE_READERS_BIT', '-', '-', '-', '-', '-', '-', '-', '-', '30', '30'],
  ['VM_REFCNT_EXCLUDE_READERS_FLAG', '-', '-', '-', '-', '-', '-', '-', '-', FLAG, FLAG],
  ['VM_REFCNT_LIMIT', '-', '-', '-', '-', '-', '-', '-', '-', LIMIT, LIMIT],
  ['VMA_LOCK_SUCCESS', yes, '-', yes, '-', yes, '-', yes, '-', yes, '-'],
  ['VMA_LOCK_ABORT', yes, '-', yes, '-', yes, '-', yes, '-', yes, '-'],
  ['VMA_LOCK_RETRY', yes, '-', yes, '-', yes, '-', yes, '-', yes, '-'],
  ['VMA_LOCK_MISS', yes, '-', yes, '-', yes, '-', yes, '-', yes, '-'],
  ['mmap_lock_start_locking', ...Array<string>(10).fill(yes)],
  ['mmap_lock_acquire_returned', ...Array<string>(10).fill(yes)],
  ['mmap_lock_released', ...Array<string>(10).fill(yes)],
  ['vm_area_cachep', ...Array<string>(10).fill(yes)],
  ['vma_lock_cachep', yes, '-', yes, '-', yes, '-', '-', '-', '-', '-'],
  ['PGWALK_WRLOCK_VERIFY', '-', '-', yes, yes, yes, yes, yes, yes, yes, yes],
  ['PGWALK_VMA_RDLOCK_VERIFY', '-', '-', '-', '-', '-', '-', '-', '-', yes, yes],
  ['PROCMAP_QUERY', '-', '-', '-', '-', yes, yes, yes, yes, yes, yes],
  ['UFFDIO_COPY', ...Array<string>(10).fill(yes)],
  ['UFFDIO_POISON', '-', '-', yes, yes, yes, yes, yes, yes, yes, yes],
  ['UFFDIO_MOVE', '-', '-', '-', '-', yes, yes, yes, yes, yes, yes],
];

const lockPtr = 'struct vma_lock *';
const seq = 'seqcount_t';
const dep = 'struct lockdep_map';
const FIELDS: readonly [string, ...string[]][] = [
  ['vm_area_struct.vm_lock', lockPtr, '-', lockPtr, '-', lockPtr, '-', '-', '-', '-', '-'],
  [
    'vm_area_struct.vm_lock_seq',
    'int',
    '-',
    'int',
    '-',
    ...Array(3).fill(['unsigned int', '-']).flat(),
  ],
  ['vm_area_struct.detached', 'bool', '-', 'bool', '-', 'bool', '-', '-', '-', '-', '-'],
  ['vm_area_struct.vm_rcu', ...Array(3).fill(['struct rcu_head', '-']).flat(), '-', '-', '-', '-'],
  [
    'vm_area_struct.vm_freeptr',
    ...Array<string>(6).fill('-'),
    ...Array<string>(4).fill('freeptr_t'),
  ],
  ['vm_area_struct.vm_refcnt', ...Array<string>(6).fill('-'), 'refcount_t', '-', 'refcount_t', '-'],
  ['vm_area_struct.vmlock_dep_map', ...Array<string>(6).fill('-'), dep, '-', dep, '-'],
  ['mm_struct.mm_lock_seq', 'int', '-', 'int', '-', seq, '-', seq, '-', seq, '-'],
  [
    'mm_struct.vma_writer_wait',
    ...Array<string>(6).fill('-'),
    'struct rcuwait',
    '-',
    'struct rcuwait',
    '-',
  ],
  ['proc_maps_locking_ctx.mmap_locked', ...Array<string>(8).fill('-'), 'bool', '-'],
  [
    'proc_maps_locking_ctx.locked_vma',
    ...Array<string>(8).fill('-'),
    'struct vm_area_struct *',
    '-',
  ],
  ['vma_lock.lock', ...Array(3).fill(['struct rw_semaphore', '-']).flat(), '-', '-', '-', '-'],
];

describe.each([
  ['functions and macros', FUNCTIONS, stateOf],
  ['constants, ioctls, trace points and variables', NAMES, constantIn],
  ['members', FIELDS, fieldIn],
] as const)('%s', (_, table, look) => {
  it.each(table)('%s', (name, ...states) => {
    expect(columns.map((s) => look(s, name))).toEqual(states);
    expect(v71.map((s) => look(s, name))).toEqual(states.slice(-2));
    // The series makes every build what 7.0 is with the lock.
    for (const s of series) expect(look(s, name)).toBe(states.at(-2));
  });
});

describe('what only the series has', () => {
  const having = (name: string) =>
    editions.filter((e) => stateOf(surfaceOf(e.name, UP64), name) === 'real').map((e) => e.name);

  it('is the lookup that waits, under the name of its version', () => {
    expect(having('lock_vma_under_rcu_wait')).toEqual(['all-builds-v1']);
    expect(having('vma_start_read_unlocked')).toEqual(['all-builds-v2', 'all-builds-v2-fixed']);
  });

  it('and no fallback of binder and tcp', () => {
    const sites = (s: Surface) => s.fallbackSites.map((x) => x.site);
    for (const s of series) {
      expect(sites(s).filter((x) => /^(binder_page_insert|find_tcp_vma):/.test(x))).toEqual([]);
    }
  });
});

describe('options', () => {
  const optionsOf = (
    edition: string,
    get: (name: string) => string,
    defined: (name: string) => boolean,
  ) =>
    instantiate(editionNamed(edition)!, {
      get,
      definedIn: (name) => (defined(name) ? `of/${name}` : undefined),
    }).surface.names.filter((n) => n.kind === 'option');
  const names = (edition: string, get: (name: string) => string) =>
    optionsOf(edition, get, () => true).map((o) => o.name);
  const all = names('v7.0', () => 'y');

  it('are the same in every edition, whatever is on: what is absent is what Kconfig does not define', () => {
    fc.assert(
      fc.property(
        fc.constantFrom(...editions.map((e) => e.name)),
        fc.array(fc.constantFrom(...all), { maxLength: all.length }),
        fc.boolean(),
        (edition, listed, on) => {
          const others = new Set(listed);
          expect(names(edition, (name) => (others.has(name) === on ? 'y' : 'n'))).toEqual(all);
        },
      ),
      { numRuns: 40 },
    );
  });

  it('have a value where the kernel depends on them, and the file that defines them', () => {
    const find = (get: Record<string, string>, name: string) =>
      optionsOf(
        'v7.0',
        (n) => get[n] ?? '',
        (n) => n !== 'NUMA',
      ).find((o) => o.name === name);
    const on = { ...SMP64, NR_CPUS: '8' };
    expect(find(on, 'PER_VMA_LOCK')).toEqual({
      name: 'PER_VMA_LOCK',
      kind: 'option',
      file: 'of/PER_VMA_LOCK',
      value: 'y',
    });
    expect(find({}, 'PER_VMA_LOCK')?.value).toBe('n');
    expect(find({ SMP: 'y', NR_CPUS: '8' }, 'NR_CPUS')?.value).toBe('8');
    // Nothing depends on it in a 64-bit kernel, and kernels that differ in it are one kernel.
    expect(find({ ...on, X86_PAE: 'y' }, 'X86_PAE')).toEqual({
      name: 'X86_PAE',
      kind: 'option',
      file: 'of/X86_PAE',
    });
    expect(find(on, 'NUMA')).toBeUndefined();
  });

  it('are not listed where only values are known', () => {
    for (const s of columns) expect(s.names.filter((n) => n.kind === 'option')).toEqual([]);
  });
});

describe('where things stand', () => {
  const fileOf = (s: Surface, name: string) => s.functions.find((x) => x.name === name)?.file;
  const y = (name: string) => RELEASES.map((_, i) => fileOf(columns[2 * i] as Surface, name));

  it('moved with the lock into files of its own', () => {
    const [mm, own] = ['include/linux/mm.h', 'include/linux/mmap_lock.h'];
    expect(y('vma_start_write')).toEqual([mm, mm, mm, mm, own]);
    expect(y('vma_start_read')).toEqual([mm, mm, mm, mm, 'mm/mmap_lock.c']);
    const memory = 'mm/memory.c';
    expect(y('lock_vma_under_rcu')).toEqual([memory, memory, memory, memory, 'mm/mmap_lock.c']);
    expect(y('lock_mm_and_find_vma')).toEqual([
      undefined,
      memory,
      memory,
      memory,
      'mm/mmap_lock.c',
    ]);
    expect(y('vma_mark_detached')).toEqual([mm, mm, mm, memory, own]);
    expect(y('vm_area_alloc').at(-1)).toBe('mm/vma_init.c');
    expect(new Set(y('vm_area_alloc').slice(0, -1))).toEqual(new Set(['kernel/fork.c']));
  });

  it('no trace point is declared without TRACEPOINTS', () => {
    const e = editionNamed('v7.0')!;
    const { names } = instantiate(e, config({ ...SMP64, TRACEPOINTS: 'n' })).surface;
    expect(names.filter((n) => n.kind === 'trace point')).toEqual([]);
  });

  it('no userfaultfd ioctl is served without USERFAULTFD', () => {
    for (const e of editions) {
      const { names } = instantiate(e, config({ ...SMP64, USERFAULTFD: 'n' })).surface;
      expect(names.filter((n) => n.name.startsWith('UFFDIO_'))).toEqual([]);
    }
  });
});
