import type { SurfaceStruct } from '../surface.ts';
import {
  ATOMIC_LONG,
  BOOL,
  bitmap,
  FREEPTR,
  INT,
  LIST_HEAD,
  pgprot,
  RB_NODE,
  RCU_HEAD,
  REFCOUNT,
  UINT,
  ULONG,
  userfaultfdCtx,
  VM_FLAGS,
} from './basic-types.ts';
import { anonymous, field, layout, type Member, pointer, struct, union, when } from './c-layout.ts';
import { type LayoutContext, since } from './context.ts';
import { lockdepMap } from './lock-types.ts';
import { slabObjectSize } from './slab-size.ts';
import { withOption } from './with-option.ts';

const RANGE = anonymous(struct(undefined, [field('vm_start', ULONG), field('vm_end', ULONG)]));

/** Linkage into the interval tree of the file's mappings. */
const SHARED = field(
  'shared',
  struct(undefined, [field('rb', RB_NODE), field('rb_subtree_last', ULONG)]),
);

const ANON: readonly Member[] = [
  field('anon_vma_chain', LIST_HEAD),
  field('anon_vma', pointer('struct anon_vma')),
  field('vm_ops', pointer('const struct vm_operations_struct')),
  field('vm_pgoff', ULONG),
  field('vm_file', pointer('struct file')),
  field('vm_private_data', pointer('void')),
];

const anonName = (c: LayoutContext): readonly Member[] =>
  when(c.on('ANON_VMA_NAME'), [field('anon_name', pointer('struct anon_vma_name'))]);

/** Swap, no-MMU and NUMA members. */
function placement(c: LayoutContext): readonly Member[] {
  return [
    ...when(c.on('SWAP'), [field('swap_readahead_info', ATOMIC_LONG)]),
    ...when(!c.on('MMU'), [field('vm_region', pointer('struct vm_region'))]),
    ...withOption(c, 'NUMA', (d) => [
      field('vm_policy', pointer('struct mempolicy')),
      // NUMA_BALANCING depends on NUMA.
      ...when(d.on('NUMA_BALANCING'), [field('numab_state', pointer('struct vma_numab_state'))]),
    ]),
  ];
}

/** The lock's members while it is a semaphore beside the VMA. 6.10 moved `detached` into the hole in front. */
function semaphoreLock(c: LayoutContext): readonly Member[] {
  const detached = field('detached', BOOL);
  const lock = field('vm_lock', pointer('struct vma_lock'));
  return since(c, '6.12')
    ? [detached, field('vm_lock_seq', UINT), lock]
    : [field('vm_lock_seq', INT), lock, detached];
}

/** Up to 6.14. */
function membersWithSemaphore(c: LayoutContext): readonly Member[] {
  const locked = c.lock !== 'absent';
  return [
    // Freed through call_rcu(), which needs room for its callback, when readers may hold no reference.
    anonymous(union(undefined, [RANGE, ...when(locked, [field('vm_rcu', RCU_HEAD)])])),
    field('vm_mm', pointer('struct mm_struct')),
    field('vm_page_prot', pgprot(c)),
    anonymous(union(undefined, [field('vm_flags', VM_FLAGS), field('__vm_flags', VM_FLAGS)])),
    ...when(locked, () => semaphoreLock(c)),
    SHARED,
    ...ANON,
    ...anonName(c),
    ...placement(c),
    field('vm_userfaultfd_ctx', userfaultfdCtx(c)),
  ];
}

/** Since 6.15. */
function membersWithCount(c: LayoutContext): readonly Member[] {
  const locked = c.lock !== 'absent';
  return [
    anonymous(union(undefined, [RANGE, field('vm_freeptr', FREEPTR)])),
    field('vm_mm', pointer('struct mm_struct')),
    field('vm_page_prot', pgprot(c)),
    anonymous(
      union(undefined, [
        field('vm_flags', VM_FLAGS),
        since(c, '7.0')
          ? field('flags', bitmap('vma_flags_t', 8 * c.abi.word, c))
          : field('__vm_flags', VM_FLAGS),
      ]),
    ),
    ...when(locked, [field('vm_lock_seq', UINT)]),
    ...ANON,
    ...placement(c),
    ...when(locked, () => [
      field('vm_refcnt', REFCOUNT, c.cacheLineInSmp),
      ...when(c.on('DEBUG_LOCK_ALLOC'), () => [field('vmlock_dep_map', lockdepMap(c))]),
    ]),
    SHARED,
    ...anonName(c),
    field('vm_userfaultfd_ctx', userfaultfdCtx(c)),
    // Since 6.16. __HAVE_PFNMAP_TRACKING: x86 has it in every configuration (arch/x86/include/asm/pgtable_types.h).
    ...when(since(c, '7.0'), [field('pfnmap_track_ctx', pointer('struct pfnmap_track_ctx'))]),
  ];
}

/**
 * struct vm_area_struct (include/linux/mm_types.h). Its cache: up to 6.12 (kernel/fork.c) objects lie packed at the
 * structure's own alignment; since 6.15 (later in mm/vma_init.c) SLAB_HWCACHE_ALIGN, with and without the lock, and the
 * free pointer of SLAB_TYPESAFE_BY_RCU inside the object at `vm_freeptr`, so it costs no room.
 */
export function vmAreaStruct(c: LayoutContext): SurfaceStruct {
  const counted = since(c, '6.15');
  const members = counted ? membersWithCount(c) : membersWithSemaphore(c);
  const { size, align, fields } = layout(members, c.abi);
  // With SLAB_HWCACHE_ALIGN kmem_cache_create() is given no alignment: the cache line is it.
  const cache = counted
    ? { size, align: 1, hwcacheAlign: true }
    : { size, align, hwcacheAlign: false };
  return {
    name: 'vm_area_struct',
    file: 'include/linux/mm_types.h',
    size,
    align,
    slabObjectSize: slabObjectSize(cache, c.abi),
    fields,
  };
}
