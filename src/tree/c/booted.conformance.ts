import { readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { beforeAll, expect, it } from 'vitest';
import { packagePath } from '../../input/index.ts';
import { autoconfOf } from '../preprocess/autoconf.ts';
import { dataModelOf } from '../preprocess/compiler.ts';
import { unitOf } from '../preprocess/configuration.ts';
import { KernelFiles } from '../preprocess/kernel-files.ts';
import { itemsOfFile } from '../preprocess/tokens.ts';
import { treeKconfig } from '../refs/architectures.ts';
import { scanTree } from '../scan/scan-tree.ts';
import { SourceTree } from '../source/source-tree.ts';
import { generatedFiles } from './bounds.ts';
import { Unsized } from './constant.ts';
import { Declared } from './declared.ts';
import { Layouts } from './layout.ts';
import { loadParser, type SyntaxParser } from './parser.ts';
import { Types } from './records.ts';

/** A whole Linux 6.12, not only its Kconfig files. */
const ROOT = process.env.KMATRIX_LINUX ?? join(tmpdir(), 'kmatrix-linux-6.12', 'linux-source-6.12');

/** What the debug information of booted kernels says: of each struct its size, and offset and size of its members. */
type Recorded = Record<
  string,
  Record<string, { size: number; fields: Record<string, [number, number]> }>
>;

/** What the recorded kernels have beside the defconfig, as the members of their structs show. */
const COMMON = {
  NUMA: 'n',
  SWAP: 'n',
  USERFAULTFD: 'y',
  KSM: 'y',
  MEMCG: 'y',
  PREEMPT_NONE: 'y',
  PER_VMA_LOCK_STATS: 'y',
  DRM: 'n',
  IOMMU_SUPPORT: 'n',
  UPROBE_EVENTS: 'n',
  EXPERT: 'y',
  MODIFY_LDT_SYSCALL: 'n',
  TRANSPARENT_HUGEPAGE: 'y',
  HUGETLBFS: 'y',
} as const;

let tree: SourceTree;
let parser: SyntaxParser;
let recorded: Recorded;

beforeAll(async () => {
  tree = new SourceTree(ROOT, await scanTree(ROOT));
  parser = await loadParser();
  recorded = JSON.parse(
    readFileSync(packagePath('src', 'tree', 'testdata', 'struct-layouts-6.12.json'), 'utf8'),
  ) as Recorded;
});

it.each([
  ['x86_64 SMP, PER_VMA_LOCK=y', 'x86_64', {}, []],
  ['x86_64 SMP=n', 'x86_64', { SMP: 'n' }, []],
  ['i386 SMP', 'i386', {}, []],
  ['i386 SMP=n', 'i386', { SMP: 'n' }, []],
  // The option cannot be set: its line in Kconfig was changed.
  [
    'x86_64 SMP, PER_VMA_LOCK=n (one Kconfig line changed)',
    'x86_64',
    {},
    ['PER_VMA_LOCK', 'PER_VMA_LOCK_STATS'],
  ],
] as const)('%s: structs lie as in the booted kernel', (what, arch, more, off) => {
  const config = treeKconfig(tree, arch).config();
  config.load(readFileSync(join(ROOT, `arch/x86/configs/${arch}_defconfig`), 'utf8'));
  config.apply('olddefconfig');
  for (const [name, value] of Object.entries({ ...COMMON, ...more })) config.set(name, value);
  const forced = new Map<string, string>(off.map((name) => [name, 'n']));
  const configuration = {
    arch: 'x86',
    values: (name: string) => forced.get(name) ?? config.get(name),
    autoconf: autoconfOf(config.write(), forced),
  };
  const files = new KernelFiles(tree);
  const generated = generatedFiles(files, configuration, parser);
  const unit = unitOf(files, 'mm.c', configuration, generated, {
    items: itemsOfFile('#include <linux/mm.h>\n'),
  });
  const declared = new Declared(unit);
  const layouts = new Layouts(
    new Types(declared, parser),
    dataModelOf('x86', configuration.values),
    parser,
  );
  expect(Object.keys(recorded[what] ?? {})).toContain('mm_struct');
  for (const [name, { size, fields }] of Object.entries(recorded[what] ?? {})) {
    const layout = layouts.of(`struct ${name}`);
    if (layout instanceof Unsized) throw layout;
    const own = Object.fromEntries(layout.members.map((one) => [one.name, [one.offset, one.size]]));
    // Members of a struct that has a name itself are not those of the outer one here.
    const inner = Object.keys(fields).filter((field) => /^rb(?:_subtree_last)?$/.test(field));
    const theirs = Object.fromEntries(
      Object.entries(fields).filter(([field]) => !inner.includes(field)),
    );
    expect({ name, size: layout.size, ...own }).toMatchObject({ name, size, ...theirs });
  }
});
