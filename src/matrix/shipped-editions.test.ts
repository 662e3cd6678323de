/** Values of the options that decide about per-VMA locks, in every shipped option set, for every width and CPU mode. */
import { describe, expect, test } from 'vitest';
import { editions, instantiate } from '../kernel/index.ts';
import { shippedOptions } from './option-source.ts';
import { Resolver } from './resolve.ts';

const shipped = shippedOptions();
/** Columns of the tables below. */
const KERNELS = [
  { '64BIT': 'y', SMP: 'y' },
  { '64BIT': 'y', SMP: 'n' },
  { '64BIT': 'n', SMP: 'y' },
  { '64BIT': 'n', SMP: 'n' },
] as const;
/** What is asked for everywhere; where Kconfig does not offer it, it stays off. */
const ASKED = {
  PER_VMA_LOCK_STATS: 'y',
  X86_USER_SHADOW_STACK: 'y',
  USERFAULTFD: 'y',
  ANON_VMA_NAME: 'y',
  NUMA: 'y',
};

const RELEASES = ['v6.4', 'v6.6', 'v6.12', 'v6.15', 'v7.0', 'v7.1'] as const;
const SERIES = ['all-builds-v1', 'all-builds-v2', 'all-builds-v2-fixed'] as const;
type Name = (typeof RELEASES)[number] | (typeof SERIES)[number];
const except = (...names: Name[]): Name[] =>
  [...RELEASES, ...SERIES].filter((n) => !names.includes(n));

/** Symbol, value in each kernel, and the editions it is so in. In the others it must not be defined, or have another row. */
const TABLE: readonly [string, readonly string[], readonly Name[]][] = [
  ['ARCH_SUPPORTS_PER_VMA_LOCK', ['y', 'y', 'n', 'n'], RELEASES],
  ['PER_VMA_LOCK', ['y', 'n', 'n', 'n'], RELEASES],
  ['PER_VMA_LOCK_STATS', ['y', 'n', 'n', 'n'], RELEASES],
  ['PER_VMA_LOCK_STATS', ['y', 'y', 'y', 'y'], SERIES],
  ['X86_USER_SHADOW_STACK', ['y', 'y', 'n', 'n'], except('v6.4', 'v7.1')],
  ['X86_USER_SHADOW_STACK', ['y', 'n', 'n', 'n'], ['v7.1']],
  ['LOCK_MM_AND_FIND_VMA', ['y', 'y', 'y', 'y'], except('v6.4')],
  ['MMU', ['y', 'y', 'y', 'y'], except()],
  ['USERFAULTFD', ['y', 'y', 'y', 'y'], except()],
  ['HAVE_ARCH_USERFAULTFD_WP', ['y', 'y', 'n', 'n'], except()],
  ['HAVE_ARCH_USERFAULTFD_MINOR', ['y', 'y', 'n', 'n'], except()],
  ['ANON_VMA_NAME', ['y', 'y', 'y', 'y'], except()],
  ['NUMA', ['y', 'n', 'n', 'n'], except()],
  ['RWSEM_SPIN_ON_OWNER', ['y', 'n', 'y', 'n'], except()],
  ['X86_L1_CACHE_SHIFT', ['6', '6', '5', '5'], except()],
  ['SPLIT_PTLOCK_CPUS', ['4', '4', '4', '4'], ['v6.4', 'v6.6']],
  ['SPLIT_PTE_PTLOCKS', ['y', 'n', 'y', 'n'], except('v6.4', 'v6.6')],
  ['IOMMU_MM_DATA', ['n', 'n', 'n', 'n'], except('v6.4', 'v6.6')],
  ['X86_5LEVEL', ['y', 'y', 'n', 'n'], ['v6.4', 'v6.6', 'v6.12', 'v6.15']],
  ['FUTEX_PRIVATE_HASH', ['y', 'y', 'y', 'y'], except('v6.4', 'v6.6', 'v6.12', 'v6.15')],
  ['MM_ID', ['n', 'n', 'n', 'n'], except('v6.4', 'v6.6', 'v6.12')],
  ['BROADCAST_TLB_FLUSH', ['y', 'y', 'n', 'n'], except('v6.4', 'v6.6', 'v6.12')],
  ['ARCH_SUPPORTS_RT', ['n', 'n', 'n', 'n'], ['v6.4', 'v6.6']],
  ['ARCH_SUPPORTS_RT', ['y', 'y', 'y', 'y'], except('v6.4', 'v6.6')],
];
const symbols = [...new Set(TABLE.map(([symbol]) => symbol))];

test('every edition has an option set, and there is one for no other', () => {
  expect(editions.map((e) => e.name).sort()).toEqual([...RELEASES, ...SERIES].sort());
  expect(shipped.editionNames(editions)).toEqual(editions.map((e) => e.name));
});

describe.each(editions)('$name', (edition) => {
  const options = shipped.optionsOf(edition);
  const resolved = KERNELS.map((kernel) => {
    const spec = {
      id: 'x',
      edition: edition.name,
      axes: {},
      set: { ...kernel, ...ASKED },
      cpus: [1],
      workloads: [],
    };
    return new Resolver(options, { kind: 'mode', mode: 'alldefconfig' }).resolve(spec, []).config;
  });

  test.each(symbols)('%s', (symbol) => {
    const row = TABLE.find(
      ([s, , names]) => s === symbol && (names as Name[]).includes(edition.name as Name),
    );
    const defined = options.kconfig.symbols.get(symbol)?.defined ?? false;
    expect(defined ? resolved.map((config) => config.get(symbol)) : undefined).toEqual(row?.[1]);
  });
});

/**
 * Sizes of vm_area_struct and mm_struct measured on an unmodified 7.0 tinyconfig, without the lock and with it. The 64-bit ones were
 * made of the 32-bit one, so what only 64-bit kernels have is at its default.
 */
const MEASURED = [
  [{ '64BIT': 'y', SMP: 'y' }, [192, 1152], [192, 1152]],
  [{ '64BIT': 'y', SMP: 'n' }, [136, 920], [152, 936]],
  [{ '64BIT': 'n', SMP: 'y' }, [68, 640], [96, 640]],
  [{ '64BIT': 'n', SMP: 'n' }, [68, 504], [76, 512]],
] as const;

describe.each(MEASURED)('a tiny kernel of %o, through Kconfig', (kernel, in70, inSeries) => {
  test.each([
    ['v7.0', in70],
    ['v7.1', in70],
    ...SERIES.map((name) => [name, inSeries] as const),
  ] as const)('%s', (name, sizes) => {
    const edition = editions.find((e) => e.name === name)!;
    const keys = kernel['64BIT'] === 'y' ? { X86_INTEL_MEMORY_PROTECTION_KEYS: 'y' } : {};
    const set = { ...kernel, EXPERT: 'y', ...keys };
    const spec = { id: 'x', edition: name, axes: {}, set, cpus: [1], workloads: [] };
    const base = { kind: 'mode', mode: 'allnoconfig' } as const;
    const { config } = new Resolver(shipped.optionsOf(edition), base).resolve(spec, []);
    const { structs } = instantiate(edition, config).surface;
    const size = (struct: string) => structs.find((s) => s.name === struct)?.size;
    expect([size('vm_area_struct'), size('mm_struct')]).toEqual(sizes);
  });
});
