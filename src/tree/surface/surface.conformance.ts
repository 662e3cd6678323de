import { readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { beforeAll, expect, test } from 'vitest';
import { packagePath } from '../../input/index.ts';
import { loadParser } from '../c/parser.ts';
import { treeKconfig } from '../refs/architectures.ts';
import { scanTree } from '../scan/scan-tree.ts';
import { SourceTree } from '../source/source-tree.ts';
import { type FallbackSite, failingStubs, fallbackSites } from './fallbacks.ts';
import { type Surface, type SurfaceSide, surfaceOf } from './surface.ts';
import { variantSites } from './variant-sites.ts';

/** A whole Linux 6.12, not only its Kconfig files. */
const ROOT = process.env.KMATRIX_LINUX ?? join(tmpdir(), 'kmatrix-linux-6.12', 'linux-source-6.12');

/** What the preprocessor says of two builds that differ in PER_VMA_LOCK and its statistics alone. */
interface Truth {
  readonly functions: Record<string, { left: string; right: string }>;
  readonly fields: Record<string, { onlyLeft: string[] }>;
  readonly enumerators: readonly string[];
}

let tree: SourceTree;
let surface: Surface;
let sides: { left: SurfaceSide; right: SurfaceSide };
let truth: Truth;

beforeAll(async () => {
  tree = new SourceTree(ROOT, await scanTree(ROOT));
  const config = treeKconfig(tree, 'x86_64').config();
  config.load(readFileSync(join(ROOT, 'arch/x86/configs/x86_64_defconfig'), 'utf8'));
  config.apply('olddefconfig');
  for (const name of ['USERFAULTFD', 'BPF_SYSCALL', 'PER_VMA_LOCK_STATS']) config.set(name, 'y');
  expect(config.get('PER_VMA_LOCK_STATS')).toBe('y');
  const options = ['PER_VMA_LOCK', 'PER_VMA_LOCK_STATS'];
  sides = {
    left: { tree, values: (name) => config.get(name) },
    right: { tree, values: (name) => (options.includes(name) ? 'n' : config.get(name)) },
  };
  surface = await surfaceOf(sides.left, sides.right, { options, arch: 'x86' });
  const file = packagePath('src', 'tree', 'testdata', 'per-vma-lock-surface-6.12.json');
  truth = JSON.parse(readFileSync(file, 'utf8')) as Truth;
});

test('every function the preprocessor says is different is told, with what it is on each side', () => {
  const told = Object.fromEntries(
    Object.keys(truth.functions).map((name) => {
      const [one] = surface.functions.filter((change) => change.name === name);
      return [name, one && { left: one.left, right: one.right }];
    }),
  );
  expect(told).toEqual(truth.functions);
});

test('what else is told are functions of files the recorded builds were not asked about', () => {
  const others = surface.functions.filter(({ name }) => !(name in truth.functions));
  expect(others.map(({ file, name }) => `${file} ${name}`)).toEqual([
    'kernel/bpf/task_iter.c bpf_iter_task_vma_new',
    'mm/pagewalk.c process_vma_walk_lock',
  ]);
});

test('fields and enumerators are those of the debug information', () => {
  const fields = Map.groupBy(surface.fields, ({ struct }) => struct.replace('struct ', ''));
  const told = Object.fromEntries(
    [...fields].map(([name, list]) => [name, { onlyLeft: list.map(({ field }) => field).sort() }]),
  );
  expect(told).toEqual(truth.fields);
  expect(surface.enumerators.map(({ name }) => name.toLowerCase())).toEqual(truth.enumerators);
  expect(surface.unparsed).toEqual([]);
});

/** Read in the sources by hand; bpf's iterator has no other way. */
test('the callers that fall back are found', async () => {
  const sites = await fallbackSites(tree, failingStubs(surface));
  const shown = (one: FallbackSite): string => `${one.file} ${one.function} ${one.fallback}`.trim();
  expect(sites.map(shown)).toEqual([
    'arch/arm/mm/fault.c do_page_fault lock_mm_and_find_vma',
    'arch/arm64/mm/fault.c do_page_fault lock_mm_and_find_vma',
    'arch/powerpc/mm/fault.c ___do_page_fault lock_mm_and_find_vma',
    'arch/riscv/mm/fault.c handle_page_fault lock_mm_and_find_vma',
    'arch/s390/mm/fault.c do_exception mmap_read_lock',
    'arch/x86/mm/fault.c do_user_addr_fault lock_mm_and_find_vma',
    'kernel/bpf/task_iter.c bpf_iter_task_vma_find_next',
    'mm/userfaultfd.c uffd_lock_vma mmap_read_lock',
    'mm/userfaultfd.c uffd_move_lock mmap_read_lock',
    'net/ipv4/tcp.c find_tcp_vma mmap_read_lock',
  ]);
  expect(variantSites(await loadParser(), sides.left, sides.right, surface).map(shown)).toEqual([
    'mm/userfaultfd.c uffd_mfill_lock mmap_read_lock',
  ]);
});
