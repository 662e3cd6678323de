import { relative } from 'node:path';
import { expect, it } from 'vitest';
import { scanTree } from '../scan/scan-tree.ts';
import { SourceTree } from '../source/source-tree.ts';
import { folderOf } from '../testing/folder.test-util.ts';
import { lines, treeOf } from '../testing/references.test-util.ts';
import { treeKconfig } from './architectures.ts';
import { cReferences } from './c-references.ts';
import { findDangling, findReferences } from './find.ts';
import { readReferences } from './read-references.ts';
import { askedOf } from './references-task.ts';

const FILES: Record<string, string> = {
  Kconfig: `
config MMU
	def_bool y
config SMP
	bool "smp"
config VMA_LOCK
	def_bool y
	depends on SMP && MMU && OLD_NAME
	select MODULES if GONE_TOO
config STATS
	bool "stats"
	depends on VMA_LOCK
config MODULES
	bool "modules"
	modules
config DRV
	tristate "driver"
	depends on SMP
`,
  Kbuild: 'obj-y += mm/\nobj-$(CONFIG_DRV) += drv/\n',
  'mm/Makefile': 'obj-y += a.o\nobj-$(CONFIG_STATS) += stats.o\nobj-$(CONFIG_GONE_TOO) += gone.o\n',
  'mm/a.c': `#include <a.h>
#ifdef CONFIG_SMP
static int f(int a)
{
#if defined(CONFIG_SMP) && !defined(CONFIG_MMU)
	return 1;
#endif
	if (IS_ENABLED(CONFIG_SMP))
		return CONFIG_SMP; /* CONFIG_SMP */
}
#else
struct s {
#ifdef CONFIG_STATS
	int stats;
#endif
};
#endif
#ifdef CONFIG_DRV_MODULE
#define FINE "CONFIG_SMP"
#endif
#ifndef CONFIG_MMU
int never;
#endif
`,
  'mm/stats.c': 'int a = IS_ENABLED(CONFIG_VMA_LOCK);\nint b = IS_MODULE(CONFIG_SMP);\n',
  'drv/Makefile':
    'obj-$(CONFIG_DRV) += drv.o\nifdef CONFIG_SMP # CONFIG_SMP\nccflags-y += -DCONFIG_SMP\nendif\n',
  'drv/drv.c': '#ifdef MODULE\n#if IS_REACHABLE(CONFIG_SMP)\n#endif\n#endif\n',
  'doc.rst': 'CONFIG_SMP and CONFIG_OLD_NAME\n',
  arch_defconfig: 'CONFIG_SMP=y\n# CONFIG_GONE_TOO is not set\n',
};

it('finds every reference with kind, place, condition and state', async () => {
  const tree = await treeOf({ ...FILES, Kconfig: FILES.Kconfig!.replace(' && OLD_NAME', '') });
  expect(lines(findReferences(tree, 'SMP'))).toEqual([
    'Kconfig:4 config in null if always: live',
    'Kconfig:8 depends on in VMA_LOCK if always: live',
    'Kconfig:18 depends on in DRV if always: live',
    'arch_defconfig:1 defconfig in null if always: live',
    'doc.rst:1 documentation in null if always: live',
    'drv/Makefile:2 conditional in null if always: live',
    'drv/Makefile:2 comment in null if always: live',
    'drv/Makefile:3 makefile in null if SMP!=n: live',
    'drv/drv.c:2 if in null if DRV!=n && defined(MODULE): always',
    'mm/a.c:2 ifdef in null if always: live',
    'mm/a.c:5 if in f() if SMP: dead',
    'mm/a.c:8 IS_ENABLED in f() if SMP: always',
    'mm/a.c:9 value in f() if SMP: live',
    'mm/a.c:9 comment in f() if SMP: live',
    'mm/a.c:19 string in FINE if DRV=m: live',
    'mm/stats.c:2 IS_MODULE in b if STATS!=n: dead',
  ]);
  expect(lines(findReferences(tree, 'STATS'))).toContain(
    'mm/a.c:13 ifdef in struct s if !SMP: dead',
  );
  expect(lines(findReferences(tree, 'VMA_LOCK'))).toContain(
    'mm/stats.c:1 IS_ENABLED in a if STATS!=n: always',
  );
  expect(lines(findReferences(tree, 'DRV'))).toContain('mm/a.c:18 ifdef in null if always: live');
  expect(lines(findReferences(tree, 'MMU'))).toContain('mm/a.c:21 ifndef in null if always: dead');
});

it('an option that cannot be on makes what depends on it dead', async () => {
  const tree = await treeOf(FILES);
  expect(lines(findReferences(tree, 'VMA_LOCK'))).toEqual([
    'Kconfig:6 config in null if always: live',
    'Kconfig:12 depends on in STATS if always: live',
    'mm/stats.c:1 IS_ENABLED in a if STATS!=n: dead',
  ]);
});

it('lists options nobody defines', async () => {
  const tree = await treeOf(FILES);
  expect((await findDangling(tree)).map((one) => [one.symbol, ...lines(one)])).toEqual([
    [
      'GONE_TOO',
      'Kconfig:9 select in VMA_LOCK if always: dangling',
      'arch_defconfig:2 defconfig in null if always: dangling',
      'mm/Makefile:3 object in null if always: dangling',
    ],
    [
      'OLD_NAME',
      'Kconfig:8 depends on in VMA_LOCK if always: dangling',
      'doc.rst:1 documentation in null if always: dangling',
    ],
  ]);
});

it('says so when the Kconfig of no architecture can be read', async () => {
  const wrong = 'source "init/Kconfig"\n';
  const tree = await treeOf({
    ...FILES,
    Kconfig: 'source "arch/$(SRCARCH)/Kconfig"\nsource "all/Kconfig"\n',
    'all/Kconfig': FILES.Kconfig!,
    Makefile: 'VERSION = 6\nPATCHLEVEL = 12\n',
    'arch/x86/Kconfig': wrong,
    'arch/arm64/Kconfig': wrong,
  });
  expect(() => findReferences(tree, 'SMP')).toThrow(/init\/Kconfig/);
});

it('reads the options of a kernel in the language its version had, and of a project with one tree for all', async () => {
  const choice =
    'config SMP\n\tbool "smp"\nchoice\n\tprompt "one"\nconfig ONE\n\ttristate "one"\nendchoice\n';
  const old = await treeOf({
    Kconfig: 'source "arch/$(SRCARCH)/Kconfig"\n',
    Makefile: 'VERSION = 6\nPATCHLEVEL = 1\n',
    'arch/x86/Kconfig': choice,
    'a.c': '#ifndef CONFIG_SMP\n#ifdef CONFIG_SMP\n#endif\n#endif\n',
  });
  expect(lines(findReferences(old, 'SMP')).slice(0, 2)).toEqual([
    'a.c:1 ifndef in null if always: live',
    'a.c:2 ifdef in null if !SMP: dead',
  ]);
  const other = await treeOf({
    Kconfig: 'source "arch/Kconfig"\n',
    'arch/Kconfig': 'source "arch/arm/Kconfig"\nsource "arch/x86/Kconfig"\n',
    'arch/arm/Kconfig': choice,
    'arch/x86/Kconfig':
      'config X86\n\tdef_bool !SMP\nconfig VERSION\n\tint\n\tdefault $(shell,scripts/version.sh $(CC)) if X86\n',
    'arch/x86/a.c': '#if defined(CONFIG_X86) && defined(CONFIG_SMP)\n#endif\n',
  });
  expect(lines(findReferences(other, 'SMP')).at(-1)).toBe(
    'arch/x86/a.c:1 if in null if always: dead',
  );
});

it.each([
  ['a kernel', { Makefile: 'VERSION = 6\nPATCHLEVEL = 12\n' }, 'x86'],
  ['another project', {}, ''],
])('reads changed options of %s however its folder is named', async (_, more, arch) => {
  const { root, index } = await treeOf({
    Kconfig: 'source "arch/$(SRCARCH)/Kconfig"\n',
    'arch/x86/Kconfig': 'config SMP\n\tbool "smp"\n',
    ...more,
  });
  const changed = new Map([['arch/x86/Kconfig', Buffer.from('config UP\n\tbool "up"\n')]]);
  const environment = { SRCARCH: 'x86' };
  for (const name of [root, relative(process.cwd(), root), `${root}/arch/..`]) {
    const tree = new SourceTree(name, index, changed, environment);
    const { symbols } = treeKconfig(tree, arch);
    expect(symbols.get('UP')?.defined).toBe(true);
    expect(symbols.get('SMP')).toBeUndefined();
  }
});

it('says what is wrong with a Kconfig file it has to understand', async () => {
  const tree = await treeOf({ ...FILES, Kconfig: 'config SMP\n\tbool "smp\n\tfrobnicate\n' });
  expect(() => findReferences(tree, 'SMP')).toThrow(/Kconfig:\d/);
});

it('takes a project whose options begin with Config.in as BusyBox has it', async () => {
  const root = folderOf({
    'Config.in': 'config IPV6\n\tbool "six"\nsource lib/Config.in\n',
    'lib/Config.in': 'config FANCY\n\tbool "fancy"\n\tdepends on IPV6 && GONE\n',
    'lib/a.c': '#ifdef CONFIG_FANCY\nint a;\n#endif\n',
  });
  const tree = new SourceTree(root, await scanTree(root, { jobs: 1 }));
  expect(findReferences(tree, 'FANCY').references).toMatchObject([
    { file: 'lib/Config.in', line: 1, kind: 'config' },
    { file: 'lib/a.c', line: 1, kind: 'ifdef', state: 'dead' },
  ]);
  expect((await findDangling(tree)).map(({ symbol }) => symbol)).toEqual(['GONE']);
});

it('takes a macro of that name that is handed arguments for no option', async () => {
  const root = folderOf({
    Kconfig: 'config SMP\n\tbool "smp"\n',
    'a.c': `#if CONFIG_IS_ENABLED(SMP)
int a = CONFIG_VAL(SMP);
#endif
int b = CONFIG_OLD; /* CONFIG_NEWS(x) */
`,
    'k.h': '#define CONFIG_IS_ENABLED(x) 1\n#define CONFIG_SPACED (1)\n',
    'doc.rst': 'CONFIG_NEWS(x), CONFIG_IS_ENABLED()\n',
  });
  const cache = folderOf({});
  for (const options of [{}, { cache }, { cache }]) {
    const tree = new SourceTree(root, await scanTree(root, options));
    const names = (await findDangling(tree, options)).map(({ symbol }) => symbol);
    expect(names).toEqual(['NEWS', 'OLD', 'SPACED']);
  }
});

it('tells what a hundred thousand mentions are in without a look at all of them for each', () => {
  const text = '#define CONFIG_X CONFIG_Y\n'.repeat(100_000);
  const spots = [...text.matchAll(/CONFIG_([XY])/g)].map(({ index, 1: symbol = '' }) => ({
    offset: index + 'CONFIG_'.length,
    symbol,
  }));
  const found = cReferences('a.c', text, spots, () => false);
  expect(found).toHaveLength(200_000);
  expect(found.at(-1)).toMatchObject({ line: 100_000, in: 'CONFIG_X', kind: 'value' });
});

it('reads a tree that is no kernel for each of its architectures, as its Makefile would', async () => {
  const tree = await treeOf({
    Kconfig: 'source "arch/$(SRCARCH)/Kconfig"\nconfig OPT\n\tbool "a"\n\tdepends on X\n',
    Makefile: 'export RELEASE = 1\n',
    'arch/x86/Kconfig': 'config X\n\tdef_bool y\n',
    'arch/arm/Kconfig': 'config X\n\tbool\n',
    'arch/x86/a.c': '#ifdef CONFIG_OPT\n#endif\n',
    'arch/arm/a.c': '#ifdef CONFIG_OPT\n#endif\n',
  });
  const found = findReferences(tree, 'OPT').references;
  expect(
    found.filter(({ kind }) => kind === 'ifdef').map(({ file, state }) => [file, state]),
  ).toEqual([
    ['arch/arm/a.c', 'dead'],
    ['arch/x86/a.c', 'live'],
  ]);
});

it('leaves open what nobody knows of the toolchain and the surroundings of a project', async () => {
  const tree = await treeOf({
    Kconfig:
      'success = $(shell,($(1)) >/dev/null && echo "y" || echo "n")\n' +
      'config CC_CAN\n\tdef_bool $(success,probe)\n' +
      'config HAVE\n\tbool\n\toption env="HAVE"\n' +
      'config OPT\n\tbool "a"\n\tdepends on $(success,probe) && HAVE\n' +
      'config NEVER\n\tbool\n',
    'a.c': '#ifdef CONFIG_OPT\n#ifdef CONFIG_CC_CAN\n#endif\n#endif\n#ifdef CONFIG_NEVER\n#endif\n',
  });
  const state = (name: string): string[] =>
    findReferences(tree, name)
      .references.filter(({ kind }) => kind === 'ifdef')
      .map((one) => one.state);
  expect(['OPT', 'CC_CAN', 'NEVER'].map(state)).toEqual([['live'], ['always'], ['dead']]);
});

it('reads options of a project that has no prompts', async () => {
  const tree = await treeOf({
    Kconfig: 'source hw/Kconfig\n',
    'hw/Kconfig': 'source net/Kconfig\n',
    'hw/net/Kconfig': 'config CARD\n    depends on BUS\nconfig BUS\n    bool\n',
    'scripts/minikconf.py': '',
    'hw/net/card.c': '#ifdef CONFIG_CARD\n#endif\n',
  });
  expect(lines(findReferences(tree, 'CARD'))).toContain(
    'hw/net/card.c:1 ifdef in null if always: live',
  );
});

it('tells the function of assembly a mention is in, and none in the script of a linker', async () => {
  const tree = await treeOf({
    Kconfig: 'config SMP\n\tbool "smp"\n',
    'a.S': `SYM_FUNC_START(one)
	b out
#ifdef CONFIG_SMP
	nop
#endif
SYM_FUNC_END(one)
#ifdef CONFIG_SMP
#define WORDS(x) \\
	CONFIG_SMP + x
#endif
`,
    'b.lds.S': 'OUTPUT_ARCH(x)\njiffies = jiffies_64;\nSECTIONS\n{\n#ifdef CONFIG_SMP\n#endif\n}\n',
  });
  const expected = [
    'a.S:3 ifdef in one() if always: live',
    'a.S:7 ifdef in null if always: live',
    'a.S:9 value in WORDS if SMP: live',
    'b.lds.S:5 ifdef in null if always: live',
  ];
  expect(lines(findReferences(tree, 'SMP')).slice(1)).toEqual(expected);
  const inThreads = await readReferences(
    tree,
    ['a.S', 'b.lds.S'].map((path) => ({
      path,
      spots: tree.index
        .mentions('SMP')
        .filter((one) => one.path === path)
        .map((one) => ({ ...one, symbol: 'SMP' })),
    })),
    askedOf(tree),
    { jobs: 1 },
  );
  expect(inThreads.flat().map((one) => one.in)).toEqual(['one()', undefined, 'WORDS', undefined]);
});

it('of mentions below a hundred thousand conditionals conditions are told that can be printed', async () => {
  const depth = 100_000;
  const open = Array.from({ length: depth }, (_, i) => `#if defined(CONFIG_A${i})\n`).join('');
  const tree = await treeOf({
    Kconfig: 'config SMP\n\tbool "smp"\n',
    'a.c': `${open}${'#endif\n'.repeat(depth)}`,
  });
  const lists = await findDangling(tree);
  const longest = lists.map(({ references }) => references[0]?.condition.length ?? 0);
  expect(lists.length).toBe(depth);
  expect(longest.reduce((a, b) => a + b)).toBeLessThan(2 ** 28);
});
