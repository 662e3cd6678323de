import type { SurfaceStruct } from '../surface.ts';
import {
  ATOMIC,
  ATOMIC_LONG,
  ATOMIC64,
  bitmap,
  HLIST_HEAD,
  INT,
  LIST_HEAD,
  RCU_HEAD,
  RCUWAIT,
  ULONG,
  VM_FLAGS,
} from './basic-types.ts';
import {
  type AggregateType,
  anonymous,
  array,
  field,
  integer,
  layout,
  type Member,
  pointer,
  struct,
  when,
} from './c-layout.ts';
import { type LayoutContext, since } from './context.ts';
import { mapleTree, mutex, rwsem, seqcount, spinlock, workStruct } from './lock-types.ts';
import { cidMembers } from './mm-cid.ts';
import { mmContext } from './mm-context.ts';
import { percpuCounter } from './percpu-counter.ts';

/** MM_FILEPAGES, MM_ANONPAGES, MM_SWAPENTS, MM_SHMEMPAGES (include/linux/mm_types_task.h). */
const NR_MM_COUNTERS = 4;

const smp = (c: LayoutContext): boolean => c.cacheLineInSmp !== undefined;
const is70 = (c: LayoutContext): boolean => since(c, '7.0');

/** Whether 32-bit programs can run: IA32_EMULATION, or a 32-bit kernel. */
function has32BitPrograms(c: LayoutContext): boolean {
  const emulated = c.on('IA32_EMULATION', c.abi.word === 8);
  return c.abi.word === 4 || emulated;
}

/** AT_VECTOR_SIZE (include/linux/auxvec.h, arch/x86/include/uapi/asm/auxvec.h): pairs, one of them the end. */
function auxvWords(c: LayoutContext): number {
  const base = is70(c) ? 24 : 22;
  return 2 * (base + (has32BitPrograms(c) ? 3 : 2) + 1);
}

/** Where the address space lies, and who uses it. */
function head(c: LayoutContext): readonly Member[] {
  const count = field('mm_count', ATOMIC);
  return [
    // A line of its own since 6.5: written on every context switch to a lazy user.
    ...when(since(c, '6.6'), () => [anonymous(struct(undefined, [count], c.cacheLineInSmp))]),
    field('mm_mt', mapleTree(c)),
    ...when(c.on('MMU', !since(c, '6.12')), [
      field('get_unmapped_area', pointer('unsigned long (struct file *, …)')),
    ]),
    field('mmap_base', ULONG),
    field('mmap_legacy_base', ULONG),
    ...when(c.on('HAVE_ARCH_COMPAT_MMAP_BASES', c.abi.word === 8), [
      field('mmap_compat_base', ULONG),
      field('mmap_compat_legacy_base', ULONG),
    ]),
    field('task_size', ULONG),
    field('pgd', pointer('pgd_t')),
    ...when(c.on('MEMBARRIER'), [field('membarrier_state', ATOMIC)]),
    field('mm_users', ATOMIC),
    ...when(!since(c, '6.6'), [count]),
    ...cidMembers(c),
    ...when(c.on('MMU'), [field('pgtables_bytes', ATOMIC_LONG)]),
    field('map_count', INT),
    field('page_table_lock', spinlock(c)),
    field('mmap_lock', rwsem(c)),
    field('mmlist', LIST_HEAD),
  ];
}

/** What per-VMA locks keep in the mm. The sequence was a plain number before 6.14. */
function lockMembers(c: LayoutContext): readonly Member[] {
  const sequence = () => (since(c, '6.12') ? seqcount(c) : INT);
  return [
    ...when(c.lock === 'refcount', [field('vma_writer_wait', RCUWAIT)]),
    ...when(c.lock !== 'absent', () => [field('mm_lock_seq', sequence())]),
  ];
}

function futex(c: LayoutContext): readonly Member[] {
  // A repair that the stable series of 6.12 has.
  const hash = c.on('FUTEX_PRIVATE_HASH', is70(c));
  if (c.tree === '6.12') return when(c.on('FUTEX'), [field('futex_unique_id', ATOMIC64)]);
  return when(hash, () => [
    field('futex_hash_lock', mutex(c)),
    field('futex_phash', pointer('struct futex_private_hash')),
    field('futex_phash_new', pointer('struct futex_private_hash')),
    field('futex_batches', ULONG),
    field('futex_rcu', RCU_HEAD),
    field('futex_atomic', ATOMIC_LONG),
    field('futex_ref', pointer('unsigned int')),
  ]);
}

const ulongs = (...names: string[]): readonly Member[] => names.map((name) => field(name, ULONG));

/** Sizes, the program's areas, and its resident pages. */
function accounting(c: LayoutContext): readonly Member[] {
  return [
    ...ulongs('hiwater_rss', 'hiwater_vm', 'total_vm', 'locked_vm'),
    field('pinned_vm', ATOMIC64),
    ...ulongs('data_vm', 'exec_vm', 'stack_vm'),
    field('def_flags', is70(c) ? VM_FLAGS : ULONG),
    field('write_protect_seq', seqcount(c)),
    field('arg_lock', spinlock(c)),
    ...ulongs('start_code', 'end_code', 'start_data', 'end_data'),
    ...ulongs('start_brk', 'brk', 'start_stack'),
    ...ulongs('arg_start', 'arg_end', 'env_start', 'env_end'),
    field('saved_auxv', array(ULONG, auxvWords(c))),
    field('rss_stat', array(percpuCounter(c), NR_MM_COUNTERS)),
    field('binfmt', pointer('struct linux_binfmt')),
    field('context', mmContext(c)),
    // 64 flags in 7.0, so two words on a 32-bit kernel.
    field('flags', is70(c) ? bitmap('mm_flags_t', 64, c) : ULONG),
  ];
}

function hugePages(c: LayoutContext): readonly Member[] {
  const thp = c.on('TRANSPARENT_HUGEPAGE');
  // SPLIT_PMD_PTLOCKS needs many CPUs; without SMP it is not worth asking for.
  const split = splitPmdLocks(c, thp && smp(c));
  return when(thp && !split, [field('pmd_huge_pte', pointer('struct page'))]);
}

/** Whether each table of huge pages has a lock of its own. Before 6.12 a macro of include/linux/mm_types_task.h decided. */
function splitPmdLocks(c: LayoutContext, asked: boolean): boolean {
  const macro = asked && !since(c, '6.12');
  const option = c.on('SPLIT_PMD_PTLOCKS', asked && !macro);
  const many = (c.number('NR_CPUS', macro) ?? 1) >= (c.number('SPLIT_PTLOCK_CPUS', macro) ?? 4);
  const enabled = c.on('ARCH_ENABLE_SPLIT_PMD_PTLOCK', macro && many);
  return option || enabled;
}

/** struct uprobes_state (include/linux/uprobes.h): empty without UPROBES. */
function uprobesState(c: LayoutContext): AggregateType {
  return struct(
    'struct uprobes_state',
    when(c.on('UPROBES'), () => [
      field('xol_area', pointer('struct xol_area')),
      ...when(is70(c) && c.abi.word === 8, [field('head_tramps', HLIST_HEAD)]),
    ]),
  );
}

/** What the subsystems hang on an address space. */
function attached(c: LayoutContext): readonly Member[] {
  return [
    ...when(c.on('AIO'), () => [
      field('ioctx_lock', spinlock(c)),
      field('ioctx_table', pointer('struct kioctx_table')),
    ]),
    ...when(c.on('MEMCG'), [field('owner', pointer('struct task_struct'))]),
    field('user_ns', pointer('struct user_namespace')),
    field('exe_file', pointer('struct file')),
    ...when(c.on('MMU_NOTIFIER'), [
      field('notifier_subscriptions', pointer('struct mmu_notifier_subscriptions')),
    ]),
    ...hugePages(c),
    ...when(c.on('NUMA_BALANCING', c.on('NUMA')), [
      ...ulongs('numa_next_scan', 'numa_scan_offset'),
      field('numa_scan_seq', INT),
    ]),
    field('tlb_flush_pending', ATOMIC),
    // ARCH_WANT_BATCHED_UNMAP_TLB_FLUSH, which x86 selects in every configuration.
    field('tlb_flush_batched', ATOMIC),
    field('uprobes_state', uprobesState(c)),
    ...when(c.on('PREEMPT_RT'), [field('delayed_drop', RCU_HEAD)]),
    ...when(c.on('HUGETLB_PAGE'), [field('hugetlb_usage', ATOMIC_LONG)]),
    field('async_put_work', workStruct(c)),
    ...when(c.on('IOMMU_MM_DATA', since(c, '6.12')), [
      field('iommu_mm', pointer('struct iommu_mm_data')),
    ]),
    ...when(c.on('IOMMU_SVA', !since(c, '6.12')), [field('pasid', integer('u32', 4))]),
    ...when(c.on('KSM'), [
      ...ulongs('ksm_merging_pages', 'ksm_rmap_items'),
      ...when(since(c, '6.6'), [field('ksm_zero_pages', since(c, '6.12') ? ATOMIC_LONG : ULONG)]),
    ]),
    ...when(
      [c.on('LRU_GEN_WALKS_MMU', since(c, '6.12')), c.on('LRU_GEN', !since(c, '6.12'))].includes(
        true,
      ),
      () => [lruGen(c)],
    ),
    // MM_ID has no prompt; TRANSPARENT_HUGEPAGE selects it. mm_id_t has 15 bits and a lock bit on 32-bit kernels.
    ...when(c.on('MM_ID', since(c, '6.15')), [
      field('mm_id', integer('mm_id_t', c.abi.word === 8 ? 4 : 2)),
    ]),
  ];
}

function lruGen(c: LayoutContext): Member {
  return field(
    'lru_gen',
    struct(undefined, [
      field('list', LIST_HEAD),
      field('bitmap', ULONG),
      ...when(c.on('MEMCG'), [field('memcg', pointer('struct mem_cgroup'))]),
    ]),
  );
}

/**
 * struct mm_struct (include/linux/mm_types.h). An object of its cache is larger than the structure by bitmaps of the
 * machine's CPUs (kernel/fork.c, mm_cache_init), which no configuration tells; so no slab object size is given.
 */
export function mmStructLayout(c: LayoutContext): SurfaceStruct {
  const body = struct(undefined, [
    ...head(c),
    ...lockMembers(c),
    ...futex(c),
    ...accounting(c),
    ...attached(c),
  ]);
  // Where the CPU bitmap begins.
  const tail = is70(c)
    ? field('flexible_array', array(integer('char', 1), 0), c.abi.word)
    : field('cpu_bitmap', array(ULONG, 0));
  return {
    name: 'mm_struct',
    file: 'include/linux/mm_types.h',
    ...layout([anonymous(body), tail], c.abi),
  };
}
