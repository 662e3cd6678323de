/** What changed in the structures between releases, as their public headers declare them. */
import { describe, expect, it } from 'vitest';
import type { Tree } from './context.ts';
import { type Options, structsOf } from './structs-of.test-util.ts';

const on = (...names: string[]): Options => Object.fromEntries(names.map((n) => [n, 'y']));
const COMMON = on('MMU', 'SWAP', 'MEMBARRIER', 'FUTEX', 'AIO', 'MMU_NOTIFIER', 'HUGETLB_PAGE');
const SMP = on('SMP', 'HOTPLUG_CPU', 'RWSEM_SPIN_ON_OWNER', 'MUTEX_SPIN_ON_OWNER', 'SCHED_MM_CID');
const X86_64: Options = { ...COMMON, ...on('64BIT', 'HAVE_ARCH_COMPAT_MMAP_BASES') };
const I386: Options = { ...COMMON, X86_L1_CACHE_SHIFT: '5' };
const SMP64 = { ...X86_64, ...SMP };

const TREES: readonly Tree[] = ['6.4', '6.6', '6.12', '6.15', '7.0'];
const lockOf = (tree: Tree) => (tree === '6.15' || tree === '7.0' ? 'refcount' : 'rwsem');
const built = (tree: Tree, options: Options) =>
  structsOf(options, { tree, lock: lockOf(tree) }).structs;
const names = (tree: Tree, options: Options, struct: string): readonly string[] =>
  built(tree, options)
    .get(struct)!
    .fields.map((f) => f.name);
const field = (tree: Tree, options: Options, struct: string, name: string) =>
  built(tree, options)
    .get(struct)!
    .fields.find((f) => f.name === name);

describe('vm_area_struct', () => {
  it('keeps the lock beside the VMA up to 6.14 and in it since 6.15', () => {
    for (const tree of TREES) {
      const fields = names(tree, SMP64, 'vm_area_struct');
      const beside = lockOf(tree) === 'rwsem';
      expect(fields.includes('vm_lock'), tree).toBe(beside);
      expect(fields.includes('detached'), tree).toBe(beside);
      expect(fields.includes('vm_rcu'), tree).toBe(beside);
      expect(fields.includes('vm_refcnt'), tree).toBe(!beside);
      expect(fields.includes('vm_freeptr'), tree).toBe(!beside);
      expect(built(tree, SMP64).has('vma_lock'), tree).toBe(beside);
    }
  });

  it('has `detached` behind the lock at first, before it later', () => {
    const order = (tree: Tree) =>
      names(tree, SMP64, 'vm_area_struct').filter((n) => /^(detached|vm_lock.*)$/.test(n));
    expect(order('6.4')).toEqual(['vm_lock_seq', 'vm_lock', 'detached']);
    expect(order('6.6')).toEqual(order('6.4'));
    expect(order('6.12')).toEqual(['detached', 'vm_lock_seq', 'vm_lock']);
  });

  it('has them where pahole showed them before and after they were moved together', () => {
    const at = (tree: Tree) =>
      ['detached', 'vm_lock_seq', 'vm_lock'].map(
        (name) => field(tree, SMP64, 'vm_area_struct', name)?.offset,
      );
    // The mail of the patch that moved `detached` in 6.10.
    expect(at('6.6')).toEqual([56, 40, 48]);
    expect(at('6.12')).toEqual([40, 44, 48]);
  });

  it('is larger by the lock: a hole each for the sequence and the mark until they stand together', () => {
    const size = (tree: Tree, lock: 'absent' | 'rwsem' | 'refcount') =>
      structsOf(SMP64, { tree, lock }).structs.get('vm_area_struct')!.size;
    expect(size('6.4', 'rwsem') - size('6.4', 'absent')).toBe(24);
    expect(size('6.6', 'rwsem') - size('6.6', 'absent')).toBe(24);
    expect(size('6.12', 'rwsem') - size('6.12', 'absent')).toBe(16);
    expect(size('6.15', 'refcount')).toBe(192);
    expect(size('6.15', 'absent')).toBe(136);
  });

  it('is as large with the count in 32-bit kernels as 7.0 without what came later', () => {
    const of = (tree: Tree) =>
      structsOf(I386, { tree, lock: 'refcount' }).structs.get('vm_area_struct')!;
    expect(of('7.0').size - of('6.15').size).toBe(4);
    expect(of('6.15').fields.some((f) => f.name === 'pfnmap_track_ctx')).toBe(false);
  });

  it('is packed in its slab cache until VMAs are reused without a grace period', () => {
    const slab = (tree: Tree) => built(tree, SMP64).get('vm_area_struct')!.slabObjectSize;
    expect(TREES.map(slab)).toEqual([160, 160, 152, 192, 192]);
  });
});

describe('mm_struct', () => {
  it('counts write sections in a plain number before it has a seqcount', () => {
    const type = (tree: Tree) => field(tree, SMP64, 'mm_struct', 'mm_lock_seq')?.type;
    expect(TREES.map(type)).toEqual(['int', 'int', 'seqcount_t', 'seqcount_t', 'seqcount_t']);
  });

  it('has mm_count on a line of its own since 6.6', () => {
    expect(field('6.4', SMP64, 'mm_struct', 'mm_mt')?.offset).toBe(0);
    for (const tree of TREES.slice(1)) {
      expect(field(tree, SMP64, 'mm_struct', 'mm_count')?.offset, tree).toBe(0);
      expect(field(tree, SMP64, 'mm_struct', 'mm_mt')?.offset, tree).toBe(64);
    }
  });

  it('has the members each release brought and dropped', () => {
    const all = {
      ...SMP64,
      ...on('KSM', 'MM_ID', 'LRU_GEN', 'LRU_GEN_WALKS_MMU', 'IOMMU_SVA', 'IOMMU_MM_DATA'),
    };
    const where = (name: string) => TREES.filter((t) => names(t, all, 'mm_struct').includes(name));
    expect(where('get_unmapped_area')).toEqual(['6.4', '6.6']);
    expect(where('pasid')).toEqual(['6.4', '6.6']);
    expect(where('iommu_mm')).toEqual(['6.12', '6.15', '7.0']);
    expect(where('ksm_zero_pages')).toEqual(['6.6', '6.12', '6.15', '7.0']);
    expect(where('vma_writer_wait')).toEqual(['6.15', '7.0']);
    expect(where('max_nr_cid')).toEqual(['6.15']);
    expect(where('mm_id')).toEqual(['6.15', '7.0']);
    expect(where('lru_gen.list')).toEqual(TREES);
  });

  it('asks a macro about locks of huge page tables where there was no option for it', () => {
    const huge = { ...SMP64, ...on('TRANSPARENT_HUGEPAGE', 'ARCH_ENABLE_SPLIT_PMD_PTLOCK') };
    const deposited = (tree: Tree, options: Options) =>
      names(tree, options, 'mm_struct').includes('pmd_huge_pte');
    expect(deposited('6.6', { ...huge, NR_CPUS: '64' })).toBe(false);
    expect(deposited('6.6', { ...huge, NR_CPUS: '2' })).toBe(true);
    expect(deposited('6.12', { ...huge, NR_CPUS: '64' })).toBe(true);
    expect(deposited('6.12', { ...huge, SPLIT_PMD_PTLOCKS: 'y' })).toBe(false);
  });
});
