/** Layouts of 7.0 against sizes measured on an unmodified tree, with the lock's Kconfig dependency alone changed. */
import { describe, expect, it } from 'vitest';
import { editionNamed, editions } from '../../editions/index.ts';
import { instantiate } from '../kernel.ts';
import { config } from '../user-script.test-util.ts';
import { type Options, structsOf } from './structs-of.test-util.ts';

const on = (...names: string[]): Options => Object.fromEntries(names.map((n) => [n, 'y']));

const SMP = on('SMP', 'HOTPLUG_CPU', 'RWSEM_SPIN_ON_OWNER', 'MUTEX_SPIN_ON_OWNER');
// 7.0's def_bool y for CPU_SUP_AMD.
const X86_64 = { ...on('64BIT', 'BROADCAST_TLB_FLUSH'), X86_L1_CACHE_SHIFT: '6' };
const I386 = { X86_L1_CACHE_SHIFT: '5' };
const TINY = on('MMU');
// allnoconfig configures a 32-bit kernel. Made 64-bit afterwards, what only 64-bit kernels have is at its default: so
// 6.12's Kconfig does it, and without the keys mm_struct would be 8 short.
const TINY_64 = { ...TINY, ...on('X86_INTEL_MEMORY_PROTECTION_KEYS') };
const DEF = on(
  ...['MMU', 'SWAP', 'MEMBARRIER', 'FUTEX', 'FUTEX_PRIVATE_HASH', 'AIO', 'MMU_NOTIFIER', 'UPROBES'],
  ...['HUGETLB_PAGE', 'MODIFY_LDT_SYSCALL'],
);
const DEF_64 = {
  ...DEF,
  ...on('IOMMU_MM_DATA', 'IA32_EMULATION', 'HAVE_ARCH_COMPAT_MMAP_BASES'),
  ...on('X86_INTEL_MEMORY_PROTECTION_KEYS'),
};

/** Without the lock and with it. */
type Pair = readonly [absent: number, refcount: number];

const MEASURED: readonly { what: string; options: Options; vma: Pair; mm: Pair }[] = [
  {
    what: 'x86_64 tinyconfig, SMP=n',
    options: { ...X86_64, ...TINY_64 },
    vma: [136, 152],
    mm: [920, 936],
  },
  {
    what: 'x86_64 defconfig, SMP=n',
    options: { ...X86_64, ...DEF_64 },
    vma: [144, 160],
    mm: [1120, 1136],
  },
  { what: 'i386 tinyconfig, SMP=n', options: { ...I386, ...TINY }, vma: [68, 76], mm: [504, 512] },
  { what: 'i386 defconfig, SMP=n', options: { ...I386, ...DEF }, vma: [72, 80], mm: [592, 600] },
  {
    what: 'i386 tinyconfig, SMP=y',
    options: { ...I386, ...TINY, ...SMP },
    vma: [68, 96],
    mm: [640, 640],
  },
  {
    what: 'i386 defconfig, SMP=y',
    options: { ...I386, ...DEF, ...SMP, ...on('SCHED_MM_CID') },
    vma: [72, 96],
    mm: [864, 864],
  },
  {
    what: 'x86_64 tinyconfig, SMP=y',
    options: { ...X86_64, ...TINY_64, ...SMP },
    vma: [136, 192],
    mm: [1152, 1152],
  },
  {
    what: 'x86_64 defconfig, SMP=y',
    options: { ...X86_64, ...DEF_64, ...SMP, ...on('SCHED_MM_CID', 'NUMA', 'SPLIT_PMD_PTLOCKS') },
    vma: [152, 192],
    mm: [1600, 1664],
  },
];

const both = (options: Options) =>
  (['absent', 'refcount'] as const).map(
    (lock) => structsOf(options, { tree: '7.0', lock }).structs,
  );

const sizes = (options: Options, name: string) => both(options).map((s) => s.get(name)!.size);

describe.each(MEASURED)('$what', ({ options, vma, mm }) => {
  it('vm_area_struct without the lock and with it', () => {
    expect(sizes(options, 'vm_area_struct')).toEqual(vma);
  });

  it('mm_struct without the lock and with it', () => {
    expect(sizes(options, 'mm_struct')).toEqual(mm);
  });

  it('v7.0 without the lock, and every kernel of the series', () => {
    for (const { name, parts } of editions) {
      const always = parts.vmaLockIn === 'all builds';
      if (!always && name !== 'v7.0') continue;
      const { structs } = instantiate(editionNamed(name)!, config(options)).surface;
      const size = (struct: string) => structs.find((x) => x.name === struct)?.size;
      const column = always ? 1 : 0;
      expect(size('vm_area_struct'), name).toBe(vma[column]);
      expect(size('mm_struct'), name).toBe(mm[column]);
    }
  });

  it('every structure is whole: fields aligned, none past the end', () => {
    for (const structs of both(options)) {
      for (const { size, align, fields } of structs.values()) {
        expect(size % align).toBe(0);
        for (const f of fields) expect(f.offset + f.size).toBeLessThanOrEqual(size);
      }
    }
  });
});

describe('vm_area_struct of 7.0', () => {
  const fieldOf = (options: Options, name: string) => {
    const fields = both(options)[1]!.get('vm_area_struct')!.fields;
    return fields.find((f) => f.name === name)!;
  };

  it('has vm_refcnt on a line of its own with SMP only', () => {
    expect(fieldOf({ ...X86_64, ...TINY, ...SMP }, 'vm_refcnt').offset).toBe(128);
    expect(fieldOf({ ...I386, ...TINY, ...SMP }, 'vm_refcnt').offset).toBe(64);
    expect(fieldOf({ ...X86_64, ...TINY }, 'vm_refcnt').offset % 64).not.toBe(0);
  });

  it('has room for the free pointer with and without the lock', () => {
    for (const structs of both({ ...X86_64, ...TINY })) {
      const names = structs.get('vm_area_struct')!.fields.map((f) => f.name);
      expect(names).toContain('vm_freeptr');
    }
  });

  it.each(MEASURED)('$what: takes the same room in the slab with the lock', ({ options }) => {
    const [without, withLock] = both(options).map((s) => s.get('vm_area_struct')!.slabObjectSize);
    expect(withLock).toBe(without);
    expect(without).toBe(options['64BIT'] === 'y' ? 192 : 128);
  });
});
