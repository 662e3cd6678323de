import { expect, it } from 'vitest';
import { loadParser } from '../c/parser.ts';
import { patchTree } from '../patch/overlay.ts';
import { parsePatches } from '../patch/parse-patch.ts';
import { scanTree } from '../scan/scan-tree.ts';
import { SourceTree } from '../source/source-tree.ts';
import { PASTING_HEADER } from '../testing/conventions.test-util.ts';
import { folderOf } from '../testing/folder.test-util.ts';
import { failingStubs, fallbackSites, surfaceFallbacks } from './fallbacks.ts';
import { type Surface, surfaceOf } from './surface.ts';
import { variantSites } from './variant-sites.ts';

const FILES: Record<string, string> = {
  Kconfig:
    'config LOCK\n\tbool "lock"\nconfig MM\n\ttristate "mm"\nconfig LEVELS\n\tint "levels"\n',
  Kbuild: 'obj-y += mm/\n',
  'mm/Makefile': 'obj-y += lock.o user.o ops.o\nobj-$(CONFIG_LOCK) += only.o\n',
  'include/lock.h': `#ifndef _LOCK_H
#define _LOCK_H
struct vma {
	int start;
#ifdef CONFIG_LOCK
	unsigned int seq;
	struct {
		int a, *b[4];
		int (*call)(int);
	};
	union { int c; } named;
#endif
	u8 bits:3;
};
enum event {
	FIRST,
#ifdef CONFIG_LOCK
	LOCKED = 4, /* , NOT */
#endif
	LAST,
};
#ifdef CONFIG_LOCK
struct vma *lock_vma(int address);
static inline void start_write(struct vma *vma)
{
	vma->seq = 1;
}
#define count(x) really(x)
static __always_inline int killable(struct vma *vma) { return wait(vma); }
#else
static inline struct vma *lock_vma(int address) { return NULL; }
static inline void start_write(struct vma *vma) { }
#define count(x) do { } while (0)
static inline int killable(struct vma *vma, int flags)
{
	return -EINTR;
}
#endif
#define counted(x) count(x)
static inline bool same(void) { return IS_ENABLED(CONFIG_LOCK); }
#endif
`,
  'mm/lock.c': `#ifdef CONFIG_LOCK
struct vma *lock_vma(int address)
{
	return find(address);
}
#endif
#if CONFIG_LEVELS > 3
int levels(void) { return 4; }
#else
int levels(void) { return 3; }
#endif
`,
  'mm/user.c': `int fault(void)
{
	/* count(x) */
	counted(1);
	return 0;
}
int other(void) { return recount(1); }
int direct(void) { if (a) count(2); }
`,
  'mm/ops.c': `static const struct ops ops = {
	.open = open, .read = read, .write = write, .poll = poll, .mmap = mmap, .flush = flush,
#ifdef CONFIG_LOCK
	.lock = lock_vma,
#endif
	.release = release, .fsync = fsync, .fasync = fasync, .splice_read = splice_read,
};
#ifdef CONFIG_LOCK
struct lock;
static DEFINE_PER_CPU(int, locks) = 1;
int tries = 3;
#else
int tries = 1;
#endif
int still[] = { 1, 2, 3 };
`,
  'mm/only.c': 'int only(void) { return 1 + 1; }\n',
  'arch/other/lock.c': '#ifdef CONFIG_LOCK\nint foreign(void) { f(); }\n#endif\n',
};

async function treeOf(files: Record<string, string>): Promise<SourceTree> {
  const root = folderOf(files);
  return new SourceTree(root, await scanTree(root, { jobs: 1 }));
}

const functions = (surface: Surface): string[] =>
  surface.functions.map(
    ({ file, name, left, right, differs, stub, macros }) =>
      `${file} ${name} ${left} ${right} ${differs} ${stub ?? macros ?? ''}`,
  );

const values =
  (all: Record<string, string>) =>
  (name: string): string =>
    all[name] ?? 'n';

it('tells what two configurations differ in', async () => {
  const tree = await treeOf(FILES);
  const surface = await surfaceOf(
    { tree, values: values({ LOCK: 'y', LEVELS: '4' }) },
    { tree, values: values({ LEVELS: '3' }) },
    { options: ['LOCK', 'LEVELS'], arch: 'x86', jobs: 1 },
  );
  expect(functions(surface)).toEqual([
    'include/lock.h killable code stub-constant signature return-EINTR;',
    'include/lock.h same stub-constant stub-constant body return 1;',
    'include/lock.h start_write code stub-empty body (nothing)',
    'mm/lock.c levels stub-constant stub-constant body return 4;',
    'mm/lock.c lock_vma code stub-constant body return NULL;',
    'mm/only.c only code absent presence ',
    'mm/user.c direct code code macro count',
    'mm/user.c fault code code macro counted',
  ]);
  expect(surface.structs).toEqual([
    {
      name: 'struct vma',
      file: 'include/lock.h',
      left: { size: null, fields: ['start', 'seq', 'a', 'b', 'call', 'named', 'bits'] },
      right: { size: null, fields: ['start', 'bits'] },
    },
  ]);
  expect(surface.fields.map(({ field, left, right }) => `${field}: ${left} ${right}`)).toEqual([
    'seq: unsigned int seq; null',
    'a: int a,*b[4]; null',
    'b: int a,*b[4]; null',
    'call: int(*call)(int); null',
    'named: union{int c;}named; null',
  ]);
  expect(surface.enumerators).toEqual([
    { name: 'LOCKED', file: 'include/lock.h', left: 'event', right: null },
  ]);
  expect(surface.macros.map(({ name }) => name)).toEqual(['count']);
  expect(surface.variables.map(({ name, left, right }) => `${name}: ${left} ${right}`)).toEqual([
    'ops: ...mmap=mmap,.flush=flush,.lock=lock_vma,.release... ...mmap=mmap,.flush=flush,.release...',
    'DEFINE_PER_CPU(int,locks): static DEFINE_PER_CPU(int,locks)=1; null',
    'tries: int tries=3; int tries=1;',
  ]);
  expect(surface.objects).toEqual([{ name: 'mm/only.o', left: true, right: false }]);
  expect(surface.unparsed).toEqual([]);
});

it('compares a tree with the same tree under a patch, and with another tree', async () => {
  const tree = await treeOf(FILES);
  const patch = `--- a/mm/user.c
+++ b/mm/user.c
@@ -5,4 +5,3 @@
 	return 0;
 }
-int other(void) { return recount(1); }
-int direct(void) { if (a) count(2); }
+int direct(void) { if (b) count(2); }
`;
  const on = values({ LOCK: 'y' });
  const { tree: patched } = patchTree(tree, parsePatches(patch, 'p'));
  const options = { options: [], arch: 'x86', jobs: 1 };
  const expected = ['mm/user.c direct code code body ', 'mm/user.c other code absent presence '];
  const under = await surfaceOf({ tree, values: on }, { tree: patched, values: on }, options);
  expect(functions(under)).toEqual(expected);
  const other = await treeOf({ ...FILES, 'mm/user.c': patched.text('mm/user.c')! });
  const beside = await surfaceOf({ tree, values: on }, { tree: other, values: on }, options);
  expect(functions(beside)).toEqual(expected);
});

it('attributes with arguments are no part of what callers see', async () => {
  const tree = await treeOf({
    Kconfig: 'config LOCK\n\tbool "lock"\n',
    Kbuild: 'obj-y += a.o\n',
    'a.c': `#ifdef CONFIG_LOCK
void take(int *lock) __acquires(lock) __must_hold(lock) { a(); }
__printf(1, 2) void say(const char *text, ...) { a(); }
void __other(int a) { a(); }
#else
void take(int *lock) { a(); }
void say(const char *text, ...) { b(); }
void __other(long a) { a(); }
#endif
`,
  });
  const { functions: found } = await surfaceOf(
    { tree, values: values({ LOCK: 'y' }) },
    { tree, values: values({}) },
    { options: ['LOCK'], arch: 'x86', jobs: 1 },
  );
  expect(found.map(({ name, differs }) => `${name} ${differs}`)).toEqual([
    '__other signature',
    'say body',
  ]);
});

it('what an architecture gives itself is nothing of the headers for all', async () => {
  const tree = await treeOf({
    Kconfig: 'config HUGE\n\tbool "huge"\n',
    Kbuild: 'obj-y += mm/\n',
    'mm/Makefile': 'obj-y += a.o\n',
    'mm/a.c': '#include <linux/p.h>\n',
    'arch/x86/include/asm/p.h': `#define mkwrite mkwrite
#ifdef CONFIG_HUGE
#define only_huge(x) x
#endif
#ifndef MOST
#define MOST 2
#endif
`,
    'include/linux/p.h': `#include <asm/p.h>
#ifdef CONFIG_HUGE
#ifndef mkwrite
static inline int mkwrite(int p) { return p + 1; }
#endif
#ifndef MOST
#define MOST 1
#endif
#ifndef other
static inline int other(int p) { return p + 1; }
#endif
#endif
#ifndef only_huge
static inline int only_huge(int p) { return p + 1; }
#endif
`,
  });
  const { functions: found, macros } = await surfaceOf(
    { tree, values: values({ HUGE: 'y' }) },
    { tree, values: values({}) },
    { options: ['HUGE'], arch: 'x86', jobs: 1 },
  );
  expect(found.map(({ name, left, right }) => `${name} ${left} ${right}`)).toEqual([
    'only_huge absent code',
    'other code absent',
  ]);
  expect(macros.map(({ name, file }) => `${name} ${file}`)).toEqual([
    'only_huge arch/x86/include/asm/p.h',
  ]);
});

it('a header that only the other configuration includes is not there', async () => {
  const tree = await treeOf({
    Kconfig: 'config RT\n\tbool "rt"\nconfig DEBUG\n\tbool "debug"\n',
    Kbuild: 'obj-y += a.o\nobj-$(CONFIG_OFF) += b.o\n',
    'a.c': '#include <linux/spin.h>\n#ifdef CONFIG_RT\n#include <linux/often.h>\n#endif\n',
    'b.c': '#include <linux/often.h>\n',
    'include/linux/spin.h': `#ifndef CONFIG_RT
int spin(void);
#else
#include <linux/spin_rt.h>
#endif
`,
    'include/linux/spin_rt.h': `#include <linux/types.h>
#include <linux/rw_rt.h>
static inline int spin_rt(void) { return f(); }
`,
    'include/linux/rw_rt.h': `#include <linux/spin_rt.h>
#ifdef CONFIG_DEBUG
static inline int debug_rt(void) { return f(); }
#endif
static inline int rw_rt(void) { return f(); }
`,
    'include/linux/types.h': '#ifdef CONFIG_RT\nint types;\n#endif\n',
    'include/linux/often.h': 'static inline int often(void) { return f(); }\n',
  });
  const told = async (
    left: Record<string, string>,
    right: Record<string, string>,
    options: string[],
  ): Promise<string[]> => {
    const sides = [left, right].map((all) => ({ tree, values: values(all) }));
    const [l, r] = sides as [(typeof sides)[0], (typeof sides)[0]];
    const surface = await surfaceOf(l, r, { options, arch: 'x86', jobs: 1 });
    return surface.functions.map((one) => `${one.name} ${one.left} ${one.right}`);
  };
  expect(await told({ RT: 'y' }, {}, ['RT'])).toEqual(['rw_rt code absent', 'spin_rt code absent']);
  expect(await told({ DEBUG: 'y' }, {}, ['RT', 'DEBUG'])).toEqual([]);
  expect(await told({ RT: 'y', DEBUG: 'y' }, { RT: 'y' }, ['DEBUG'])).toEqual([
    'debug_rt code absent',
  ]);
});

it('a header of asm-generic is there where the architecture has none of its own, or includes it', async () => {
  const generic = (name: string): string =>
    `#ifdef CONFIG_RT\nstatic inline int ${name}(void) { return f(); }\n#endif\n`;
  const tree = await treeOf({
    Kconfig: 'config RT\n\tbool "rt"\n',
    Kbuild: 'obj-y += a.o\n',
    'a.c': '#include <asm/own.h>\n#include <asm/taken.h>\n#include <asm/more.h>\n',
    'include/asm-generic/Kbuild': 'mandatory-y += own.h\nmandatory-y += taken.h\n',
    'include/asm-generic/own.h': generic('generic_own'),
    'include/asm-generic/taken.h': generic('generic_taken'),
    'include/asm-generic/more.h': generic('generic_more'),
    'arch/x86/include/asm/own.h': '#ifdef CONFIG_RT\n#define own_rt 1\n#endif\n',
    'arch/x86/include/asm/more.h': '#include <asm-generic/more.h>\n',
  });
  const sides = [{ RT: 'y' }, {}].map((all) => ({ tree, values: values(all) }));
  const [left, right] = sides as [(typeof sides)[0], (typeof sides)[0]];
  const { functions, macros } = await surfaceOf(left, right, {
    ...{ options: ['RT'], arch: 'x86', jobs: 1 },
  });
  expect(functions.map(({ name }) => name)).toEqual(['generic_more', 'generic_taken']);
  expect(macros.map(({ name }) => name)).toEqual(['own_rt']);
});

it('a body in a header of the architecture that asks by IS_ENABLED differs by the option', async () => {
  const tree = await treeOf({
    Kconfig: 'config OFFSET\n\tbool "offset"\n',
    Kbuild: 'obj-y += a.o\n',
    'a.c': '#include <linux/entry.h>\n',
    'arch/x86/include/asm/entry.h': `static inline void prepare(unsigned long work)
{
	if (IS_ENABLED(CONFIG_OFFSET))
		choose(rdtsc());
	clear(work);
}
#define prepare prepare
static inline void same(void) { f(); }
`,
    'include/linux/entry.h': `#include <asm/entry.h>
#ifndef prepare
static inline void prepare(unsigned long work) { if (IS_ENABLED(CONFIG_OFFSET)) f(); }
#endif
`,
  });
  const { functions } = await surfaceOf(
    { tree, values: values({ OFFSET: 'y' }) },
    { tree, values: values({}) },
    { options: ['OFFSET'], arch: 'x86', jobs: 1 },
  );
  expect(functions).toEqual([
    {
      name: 'prepare',
      file: 'arch/x86/include/asm/entry.h',
      left: 'code',
      right: 'code',
      stub: null,
      differs: 'body',
    },
  ]);
});

it('knows the numbers that headers of the architecture make of options', async () => {
  const asked = (name: string, question: string): string =>
    `#if ${question}\nstatic inline int ${name}(void) { return f(); }\n#endif\n`;
  const tree = await treeOf({
    Kconfig: 'config SHIFT\n\tint "shift"\n',
    Kbuild: 'obj-y += a.o\n',
    'a.c': '#include <asm/cache.h>\n#include <linux/net.h>\n',
    'arch/x86/include/asm/cache.h': `#define L1_SHIFT (CONFIG_SHIFT)
#define L1_BYTES (1 << L1_SHIFT) /* of a line */
#define L1_OTHER L1_NOWHERE
#define L1_CALL(x) 6
${Array.from({ length: 40 }, (_, i) => `#define L1_${i} (L1_${i + 1} + L1_${i + 1})\n`).join('')}#define L1_40 L1_0
`,
    'arch/x86/include/asm/a.h': '#define L1_TWO 1\n',
    'arch/x86/include/asm/b.h': '#define L1_TWO 2\n',
    'include/linux/net.h':
      asked('narrow', 'L1_BYTES < 128') +
      asked('wide', 'L1_BYTES >= 128') +
      asked('six', 'L1_SHIFT == 6') +
      asked('other', 'CONFIG_SHIFT == 6 && L1_OTHER == 0') +
      asked('call', 'CONFIG_SHIFT == 6 && L1_CALL') +
      asked('two', 'CONFIG_SHIFT == 6 && L1_TWO == 2') +
      asked('doubled', 'CONFIG_SHIFT == 6 && L1_0 == 2'),
  });
  const { functions } = await surfaceOf(
    { tree, values: values({ SHIFT: '6' }) },
    { tree, values: values({ SHIFT: '7' }) },
    { options: ['SHIFT'], arch: 'x86', jobs: 1 },
  );
  expect(functions.map(({ name, left }) => `${name} ${left}`)).toEqual([
    'narrow code',
    'six code',
    'wide absent',
  ]);
});

it('knows the numbers that headers for all make of options', async () => {
  const asked = (name: string, question: string): string =>
    `#if ${question}\nstatic inline int ${name}(void) { return f(); }\n#endif\n`;
  const tree = await treeOf({
    Kconfig: 'config CPUS\n\tint "cpus"\nconfig SHIFT\n\tint "shift"\nconfig WIDE\n\tbool "wide"\n',
    Kbuild: 'obj-y += a.o b.o\n',
    'a.c': `#include <linux/net.h>
#include <linux/wide.h>
${asked('by_size', 'PAGE_SIZE > 4096 && CONFIG_SHIFT')}`,
    // Mentions no option.
    'b.c': `#include <linux/net.h>\n${asked('many_nodes', 'NODES > 1')}${asked('others', 'OTHERS > 1')}`,
    'include/linux/const.h': '#define __AC(X,Y) (X##Y)\n#define _AC(X,Y) __AC(X, Y)\n',
    'include/linux/threads.h': `#ifndef CONFIG_CPUS
#define CONFIG_CPUS 1
#endif
#define CPUS \\
	CONFIG_CPUS
#define NODES (1 << (CPUS - 1))
`,
    'include/linux/net.h': `#include <linux/threads.h>
#include <linux/size.h>
#include <linux/several.h>
#include <linux/rate.h>
#include <linux/later.h>
${asked('single', 'CPUS == 1')}${asked('many', '!(CPUS <= 1) && NODES % 2 == 0')}
${asked('two', 'CONFIG_CPUS > 1 && SEVERAL == 2')}
${asked('fast', 'RATE > 100')}
${asked('width', 'CONFIG_CPUS > 1 && WORD == 8')}
`,
    'include/linux/size.h': `#include <linux/const.h>
#define PAGE_SHIFT CONFIG_SHIFT
#define PAGE_SIZE (_AC(1,UL) << PAGE_SHIFT)
`,
    // Includes nothing: whoever includes it has done so.
    'include/linux/later.h': asked('later', 'CPUS > 1'),
    // Of one name, in one configuration.
    'include/linux/several.h': '#include <linux/one.h>\n#include <linux/two.h>\n',
    'include/linux/one.h': '#define SEVERAL 1\n',
    'include/linux/two.h': '#define SEVERAL 2\n',
    // A rate unless somebody gives another, and one anew.
    'include/linux/rate.h': `#include <asm-generic/rate.h>
#undef RATE
#define RATE (CONFIG_CPUS * 60)
`,
    'include/asm-generic/rate.h': '#ifndef RATE\n#define RATE 50\n#endif\n',
    'include/linux/wide.h':
      '#ifdef CONFIG_WIDE\n#include <asm/wide_64.h>\n#else\n#include <asm/wide_32.h>\n#endif\n' +
      asked('wide', 'WORD == 8'),
    'arch/x86/include/asm/wide_64.h': '#define WORD 8\n',
    'arch/x86/include/asm/wide_32.h': '#define WORD 4\n',
  });
  const told = async (left: Record<string, string>, right: Record<string, string>) => {
    const options = [...new Set([...Object.keys(left), ...Object.keys(right)])];
    const { functions, unanswered } = await surfaceOf(
      { tree, values: values(left) },
      { tree, values: values(right) },
      { options, arch: 'x86', jobs: 1 },
    );
    const rows = functions.map((one) => `${one.name} ${one.left} ${one.right}`);
    return [...rows, ...unanswered.map((one) => `${one.file}:${one.line} ${one.condition}`)];
  };
  expect(await told({ CPUS: '2', SHIFT: '12' }, { SHIFT: '12' })).toEqual([
    'many_nodes code absent',
    'later code absent',
    'fast code absent',
    'many code absent',
    'single absent code',
    'include/linux/net.h:13 CONFIG_CPUS > 1 && SEVERAL == 2',
    'include/linux/net.h:21 CONFIG_CPUS > 1 && WORD == 8',
  ]);
  expect(await told({ SHIFT: '16' }, { SHIFT: '12' })).toEqual(['by_size code absent']);
  expect(await told({ WIDE: 'y' }, {})).toEqual(['wide code absent']);
});

it('says which conditions nobody can answer, where something could be different by them', async () => {
  const tree = await treeOf({
    Kconfig: 'config RT\n\tbool "rt"\n',
    Kbuild: 'obj-y += a.o\nobj-$(CONFIG_RT) += only.o\n',
    'a.c': `#if MADE > 3
int without;
#endif
#if MADE > 4
#ifdef CONFIG_RT
int with_option;
#endif
#endif
#if MADE > 5 && defined(CONFIG_RT)
int asks_option;
#endif
#if !(MADE > 6)
int taken;
#endif
#ifdef CONFIG_RT
#if MADE > 7
#endif
#define SIZE made()
#else
#define SIZE 3
#endif
#if SIZE > 4
int sized;
#endif
#if USED(4)
int used;
#endif
`,
    'only.c': '#if MADE > 8\nint only;\n#endif\n#if MADE > 9\n#error "no"\n#endif\n',
  });
  const { unanswered, variables } = await surfaceOf(
    { tree, values: values({ RT: 'y' }) },
    { tree, values: values({}) },
    { options: ['RT'], arch: 'x86', jobs: 1 },
  );
  expect(unanswered).toEqual(
    [
      ['a.c', 4, 'MADE > 4'],
      ['a.c', 9, 'MADE > 5 && RT'],
      ['a.c', 16, 'MADE > 7'],
      ['a.c', 22, 'SIZE > 4'],
      ['only.c', 1, 'MADE > 8'],
    ].map(([file, line, condition]) => ({ file, line, condition })),
  );
  expect(variables).toEqual([]);
});

it('says which conditions hang on what make or a header may define', async () => {
  const tree = await treeOf({
    Kconfig: 'config RT\n\tbool "rt"\nconfig OFF\n\tbool "off"\n',
    Kbuild: 'obj-y += a/\n',
    Makefile: 'KBUILD_CFLAGS_MODULE := -DMODULE\nKBUILD_AFLAGS := -g \\\n\t-DASSEMBLY\n',
    'arch/x86/Makefile': 'KBUILD_CFLAGS += -DWIDE\n',
    'a/Makefile':
      'obj-y += a.o\nccflags-y += -DTRACED=1 -I x\nccflags-$(CONFIG_OFF) += -DNEVER\nifdef CONFIG_OFF\nccflags-y += -DNOR\nendif\nCFLAGS_a.o := -DOWN\n',
    'include/linux/perhaps.h': '#if MADE > 2\n#define PERHAPS\n#endif\n',
    'a/a.c': `#include <linux/perhaps.h>
${['TRACED', 'OWN', 'WIDE', 'PERHAPS', 'NEVER', 'NOR', 'MODULE', 'ASSEMBLY', 'NOBODY', '__x86_64__']
  .map((name) => `#if defined(${name}) && defined(CONFIG_RT)\nint by_${name};\n#endif\n`)
  .join('')}#define OWN
#ifdef OWN
int own(void) { return CONFIG_RT; }
#endif
#ifdef TRACED
int same;
#endif
`,
  });
  const { unanswered } = await surfaceOf(
    { tree, values: values({ RT: 'y' }) },
    { tree, values: values({}) },
    { options: ['RT'], arch: 'x86', jobs: 1 },
  );
  expect(unanswered.map(({ file, condition }) => `${file} ${condition}`)).toEqual(
    ['TRACED', 'OWN', 'WIDE', 'PERHAPS'].map((name) => `a/a.c defined(${name}) && RT`),
  );
});

it('knows macros that headers define which were included before a question', async () => {
  const asked = (name: string, macro: string): string =>
    `#ifdef ${macro}\nint ${name}(void) { return x(CONFIG_ONE); }\n#endif\n`;
  const tree = await treeOf({
    Kconfig: 'config ONE\n\tbool "one"\nconfig TWO\n\tbool "two"\n',
    Makefile: 'obj-y += a.o\nUSERINCLUDE := -include $(srctree)/include/linux/ahead.h\n',
    'include/linux/ahead.h': '#define AHEAD\n',
    'include/linux/a.h': `#include <linux/b.h>
#ifdef CONFIG_ONE
#define BY_ONE
#else
#define BY_OTHER
#endif
#ifdef UNKNOWN
#include <linux/perhaps.h>
#else
#include <linux/sure.h>
#endif
#if OPEN > 2
#define OPEN_TOO
#endif
`,
    'include/linux/b.h': '#define DEEP\n#define UNDONE\n#undef UNDONE\n',
    'include/linux/perhaps.h': '#define PERHAPS\n',
    'include/linux/sure.h': '#define SURE\n',
    'include/linux/later.h': '#define LATER\n',
    'include/linux/round.h': '#include <linux/turn.h>\n#define ROUND\n',
    'include/linux/turn.h': `#include <linux/round.h>\n${asked('round', 'ROUND')}${asked('turned', 'DEEP')}#include <linux/b.h>\n`,
    'include/linux/user.h': `#include <linux/a.h>\n${asked('in_header', 'DEEP')}`,
    'a.c': `#include <linux/a.h>
#ifdef CONFIG_TWO
#include <linux/b.h>
#endif
#include <linux/user.h>
#include <linux/turn.h>
${[
  'AHEAD',
  'BY_ONE',
  'BY_OTHER',
  'DEEP',
  'UNDONE',
  'PERHAPS',
  'SURE',
  'LATER',
  'OPEN_TOO',
  'NOBODYS',
]
  .map((macro) => asked(macro.toLowerCase(), macro))
  .join('')}#include <linux/later.h>
`,
  });
  const side = (one: string) => ({ tree, values: (name: string) => (name === 'ONE' ? one : 'n') });
  const { functions } = await surfaceOf(side('y'), side('n'), {
    options: ['ONE'],
    arch: 'x86',
    jobs: 1,
  });
  expect(functions.map(({ name, left, right }) => `${name} ${left} ${right}`)).toEqual([
    'ahead code code',
    'by_one code absent',
    'by_other absent code',
    'deep code code',
    'sure code code',
    'in_header code code',
  ]);
});

/** Where options are told by conventions of a project, as BusyBox and U-Boot have them. */
const BY_CONVENTION: Record<string, string> = {
  Makefile: 'obj-y += lib/\n',
  'lib/Makefile': 'obj-y += lib.o\n',
  'scripts/kconfig/confdata.c': `w("#define CONFIG_%s 1\\n");
w("#define ENABLE_%s 1\\n");
w("#define IF_%s(...) __VA_ARGS__\\n");
w("#define IF_NOT_%s(...)\\n");
w("#undef CONFIG_%s\\n");
w("#define ENABLE_%s 0\\n");
w("#define IF_%s(...)\\n");
w("#define IF_NOT_%s(...) __VA_ARGS__\\n");
`,
  'include/linux/kconfig.h': PASTING_HEADER,
  Kconfig:
    'config FAST\n\tbool "fast"\nconfig SPL_FAST\n\tbool "in SPL"\nconfig OLD\n\tbool "old"\n',
  'lib/lib.c': `int plain(void) { return ENABLE_OLD ? 1 : 2; }
#if ENABLE_FAST && !ENABLE_OLD
int fast(void) { return 1; }
#endif
#if CONFIG_IS_ENABLED(FAST)
int in_this_build(void) { return 2; }
#endif
int taken(int a) { IF_FAST(return quick(a, ")");) IF_NOT_FAST(return slow(a);
	) return 0; }
int called(void) { return CONFIG_IS_ENABLED( FAST ) + ENABLE_FASTER; }
int same(void) { return IF_OTHER(1) 0; }
`,
};

it('answers questions after options by the conventions of a project', async () => {
  const tree = await treeOf(BY_CONVENTION);
  const side = (fast: string) => ({
    tree,
    values: (name: string) => (name === 'FAST' ? fast : 'n'),
  });
  const { functions, unanswered } = await surfaceOf(side('y'), side('n'), {
    options: ['FAST'],
    arch: '',
    jobs: 1,
  });
  expect(functions.map(({ name, left, right }) => `${name} ${left} ${right}`)).toEqual([
    'called code code',
    'fast stub-constant absent',
    'in_this_build stub-constant absent',
    'taken code code',
  ]);
  expect(unanswered).toEqual([]);
});

it('knows what a compiler of the kernel defines', async () => {
  const asked = (name: string): string => `#if ${name}\nint ${name.replace(/\W/g, '_')};\n#endif\n`;
  const tree = await treeOf({
    Kconfig: 'config FORTIFY\n\tbool "fortify"\nconfig 64BIT\n\tbool "wide"\n',
    Kbuild: 'obj-y += a.o\n',
    'a.c': `#ifdef CONFIG_FORTIFY\n${[
      'defined(__OPTIMIZE__)',
      'defined(__x86_64__)',
      'defined(__i386__)',
      'defined(MODULE)',
      '__SIZEOF_LONG__ == 8',
      '__SIZEOF_LONG__ == 4',
      'defined(__SANITIZE_THREAD__)',
      'defined(__SANITIZE_ADDRESS__)',
    ]
      .map(asked)
      .join('')}#endif\n`,
  });
  const { variables } = await surfaceOf(
    { tree, values: values({ FORTIFY: 'y', '64BIT': 'y', KCSAN: 'y' }) },
    { tree, values: values({ '64BIT': 'y' }) },
    { options: ['FORTIFY'], arch: 'x86', jobs: 1 },
  );
  expect(variables.map(({ name }) => name)).toEqual([
    'defined___OPTIMIZE___',
    'defined___x86_64___',
    '__SIZEOF_LONG______8',
    'defined___SANITIZE_THREAD___',
  ]);
});

it('a function that a macro or assembly makes is real where it is declared', async () => {
  const tree = await treeOf({
    Kconfig: 'config LOCK\n\tbool "lock"\n',
    Kbuild: 'obj-y += a.o b.o\n',
    'include/a.h': `#ifdef CONFIG_LOCK
void _warn(const char *text);
void thunk(void);
void nobody_makes(void);
DECLARE_CALL(resched, f);
#else
static inline void _warn(const char *text) { }
static inline void thunk(void) { }
static inline void nobody_makes(void) { }
static inline void resched(void) { }
#endif
`,
    'a.c': `#ifdef CONFIG_LOCK
#define define_level(name, level) void name(const char *text) { say(level, text); }
define_level(_warn, 4);
DEFINE_CALL(resched, f);
#endif
`,
    'b.S': '#ifdef CONFIG_LOCK\nSYM_CODE_START(thunk)\n\tret\nSYM_CODE_END(thunk)\n#endif\n',
  });
  const { functions: found } = await surfaceOf(
    { tree, values: values({ LOCK: 'y' }) },
    { tree, values: values({}) },
    { options: ['LOCK'], arch: 'x86', jobs: 1 },
  );
  expect(
    found.map(({ name, left, right, differs }) => `${name} ${left} ${right} ${differs}`),
  ).toEqual([
    '_warn code stub-empty body',
    'nobody_makes absent stub-empty presence',
    'resched absent stub-empty presence',
    'thunk code stub-empty body',
  ]);
});

it('takes labels and values of assembly for nothing of C', async () => {
  const tree = await treeOf({
    Kconfig: 'config LOCK\n\tbool "lock"\n',
    Kbuild: 'obj-y += a.o\n',
    'a.S': `BOOTSEG = 0x07C0
#ifdef CONFIG_LOCK
WORDS = 4
#define REGISTER %xmm3
.if WORDS == 4
	vmovdqu8 (%rax){%k1}{z}, %xmm1;
#endif
SYM_FUNC_START(f)
	RET; {
SYM_FUNC_END(f)
`,
  });
  const surface = await surfaceOf(
    { tree, values: values({ LOCK: 'y' }) },
    { tree, values: values({}) },
    { options: ['LOCK'], arch: 'x86', jobs: 1 },
  );
  expect(surface).toMatchObject({ functions: [], variables: [], unparsed: [] });
  expect(surface.macros.map(({ name }) => name)).toEqual(['REGISTER']);
});

it('lists what is nested too deeply, in types, too', async () => {
  const deep = (open: string, close: string) => open.repeat(5000) + close.repeat(5000);
  const tree = await treeOf({
    Kconfig: 'config LOCK\n\tbool\n',
    Kbuild: 'obj-y += a.o b.o\n',
    'a.c': `#ifdef CONFIG_LOCK\nint f(void) ${deep('{', '}')}\n#endif\n`,
    'b.c': `#ifdef CONFIG_LOCK\nstruct s { ${deep('struct { ', '}; ')} };\n#endif\n`,
  });
  const { functions: found, unparsed } = await surfaceOf(
    { tree, values: values({ LOCK: 'y' }) },
    { tree, values: values({}) },
    { options: ['LOCK'], arch: 'x86', jobs: 1 },
  );
  expect(found).toEqual([]);
  expect(unparsed).toEqual(['a.c', 'b.c'].map((path) => ({ path, reason: 'nested too deeply' })));
});

it('lists what cannot be parsed', async () => {
  const tree = await treeOf({
    Kconfig: 'config LOCK\n\tbool "lock"\n',
    'a.c': '#ifdef CONFIG_LOCK\nint f(void) { {\n#endif\n',
    'b.c': '#ifdef CONFIG_LOCK\n',
  });
  const { unparsed } = await surfaceOf(
    { tree, values: values({ LOCK: 'y' }) },
    { tree, values: values({}) },
    { options: ['LOCK'], arch: 'x86', jobs: 1 },
  );
  expect(unparsed).toEqual([
    { path: 'a.c', reason: 'braces do not add up' },
    { path: 'b.c', reason: 'conditionals do not add up' },
  ]);
});

it('names sources in Rust that are compiled and mention what differs: they are not compared', async () => {
  const files = {
    Kconfig: 'config LOCK\n\tbool "lock"\nconfig RUST\n\tbool "rust"\n',
    Kbuild: 'obj-$(CONFIG_RUST) += rust/\n',
    'rust/Makefile': 'obj-$(CONFIG_RUST) += kernel.o\n',
    'rust/kernel/mm.rs': '#[cfg(CONFIG_LOCK)]\nfn a() {}\n',
    'rust/kernel/io.rs': 'fn b() {}\n',
  };
  const tree = await treeOf(files);
  const options = { options: ['LOCK'], arch: 'x86', jobs: 1 };
  const unparsed = async (right: typeof tree, RUST: string, own = options) =>
    (
      await surfaceOf(
        { tree, values: values({ LOCK: 'y', RUST }) },
        { tree: right, values: values({ RUST }) },
        own,
      )
    ).unparsed;
  const reason = 'Rust is not compared';
  expect(await unparsed(tree, 'y')).toEqual([{ path: 'rust/kernel/mm.rs', reason }]);
  expect(await unparsed(tree, 'n')).toEqual([]);
  const later = await treeOf({ ...files, 'rust/kernel/io.rs': 'fn c() {}\n' });
  expect(await unparsed(later, 'y', { ...options, options: [] })).toEqual([
    { path: 'rust/kernel/io.rs', reason },
  ]);
});

it('finds who falls back to a lock of the same object, in every architecture', async () => {
  const tree = await treeOf({
    Kconfig: 'config LOCK\n\tbool "lock"\n',
    'lock.h':
      '#ifdef CONFIG_LOCK\nbool try_it(struct mm *mm);\nint done(struct mm *mm);\nbool again(struct mm *mm);\n#else\nbool try_it(struct mm *mm) { return false; }\nint done(struct mm *mm) { return 0; }\nbool again(struct mm *mm) { return true; }\nvoid ended(struct mm *mm) { }\n#endif\n',
    'lock.c':
      '#ifdef CONFIG_LOCK\nbool try_it(struct mm *mm) { return f(mm); }\nint done(struct mm *mm) { return f(mm); }\nbool again(struct mm *mm) { return f(mm); }\nvoid ended(struct mm *mm) { g(mm); }\n#endif\n',
    'arch/far/fault.c':
      '#ifdef CONFIG_FAR\nint fault(void)\n{\n\tif (try_it(mm))\n\t\treturn;\n\tlock_whole(mm, 1);\n\tunlock_whole(mm);\n}\n#endif\n',
    'drv.c':
      'int pages(struct a *a)\n{\n\tx = try_it(a->mm);\n\tif (!x && !read_trylock(a->mm)) return;\n}\n',
    'by.c':
      'static int fast(void)\n{\n\tif (!try_it(mm)) return 0;\n\treturn !again(mm);\n}\nint slow(void)\n{\n\tif (fast()) return 1;\n\tguard(read_lock)(mm);\n}\nint whole(void) { if (done(mm)) return 1; }\n',
    'not.c':
      'int a(void) { if (!try_it(mm)) read_lock(file); }\nint b(void) { if (!ended(mm)) read_lock(mm); }\nint c(void) { if (!try_it(mm)) assert_locked(mm); }\n',
  });
  const surface = await surfaceOf(
    { tree, values: values({ LOCK: 'y' }) },
    { tree, values: values({}) },
    { options: ['LOCK'], arch: 'near', jobs: 1 },
  );
  expect(failingStubs(surface)).toEqual(['try_it']);
  expect(await fallbackSites(tree, failingStubs(surface), { ...surface, jobs: 1 })).toEqual([
    {
      function: 'fault',
      file: 'arch/far/fault.c',
      line: 4,
      call: 'try_it',
      fallback: ['lock_whole'],
      condition: 'FAR',
    },
    {
      function: 'fast',
      file: 'by.c',
      line: 3,
      call: 'try_it',
      fallback: ['read_lock'],
      by: 'slow',
      condition: 'always',
    },
    {
      function: 'pages',
      file: 'drv.c',
      line: 3,
      call: 'try_it',
      fallback: ['read_trylock'],
      condition: 'always',
    },
  ]);
});

it('finds who falls back in Rust, by what the methods of its types call', async () => {
  const tree = await treeOf({
    Kconfig: 'config LOCK\n\tbool "lock"\nconfig DRIVER\n\ttristate "driver"\n',
    Makefile: 'obj-$(CONFIG_DRIVER) += driver/\n',
    'driver/Makefile': 'obj-$(CONFIG_DRIVER) += main.o\n',
    'lock.h':
      '#ifdef CONFIG_LOCK\nbool try_it(struct mm *mm);\n#else\nbool try_it(struct mm *mm) { return false; }\n#endif\n',
    'lock.c': '#ifdef CONFIG_LOCK\nbool try_it(struct mm *mm) { return f(mm); }\n#endif\n',
    'rust/mm.rs': `impl Mm {
    pub fn attempt(&self) -> Option<Fine> {
        #[cfg(CONFIG_LOCK)]
        if unsafe { bindings::try_it(self.as_raw()) } { return Some(Fine); }
        None
    }
    pub fn read(&self) -> Whole { unsafe { bindings::read_lock(self.as_raw()) } }
    pub fn get(&self) { unsafe { bindings::mmget(self.as_raw()) } }
}
`,
    'rust/other.rs':
      'impl Other { pub fn write(&self) { unsafe { bindings::write_lock(self.0) } } }\n',
    'driver/main.rs': 'mod range;\n',
    'driver/range.rs': `fn inserts(r: &Range) -> Result {
    r.mm.get();
    let vma = if let Some(fine) = r.mm.attempt() { fine.vma() } else { r.mm.read().vma() };
    other.write();
}
#[cfg(CONFIG_NUMA)]
fn fails(mm: &Mm) { if Mm::attempt(&mm).is_none() { return; } }
fn no_call() { log!("{}", mm.attempt()); attempt_not(mm); Other::attempt(mm); }
fn itself(mm: *mut mm) { if !bindings::try_it(mm) { bindings::write_trylock(mm); bindings::assert_locked(mm); } }
`,
  });
  const surface = await surfaceOf(
    { tree, values: values({ LOCK: 'y' }) },
    { tree, values: values({}) },
    { options: ['LOCK'], arch: 'near', jobs: 1 },
  );
  const site = { file: 'driver/range.rs', call: 'try_it' };
  expect(await fallbackSites(tree, failingStubs(surface), { ...surface, jobs: 1 })).toEqual([
    { ...site, function: 'inserts', line: 3, fallback: ['read_lock'], condition: 'DRIVER!=n' },
    { ...site, function: 'fails', line: 7, fallback: [], condition: 'DRIVER!=n && NUMA!=n' },
    { ...site, function: 'itself', line: 9, fallback: ['write_trylock'], condition: 'DRIVER!=n' },
  ]);
});

it('follows no method whose name several types have', async () => {
  const tree = await treeOf({
    Kconfig: 'config LOCK\n\tbool "lock"\n',
    'mm.rs': 'impl Mm { fn attempt(&self) { bindings::try_it(self.0) } }\n',
    'file.rs': 'impl File { fn attempt(&self) { open(self) } }\n',
    'a.c': 'void a(struct mm *mm) { if (!try_it(mm)) read_lock(mm); }\n',
    'user.rs': 'fn a(f: File) { f.attempt(); }\nfn b(mm: Mm) { Mm::attempt(&mm); mm.lock(); }\n',
  });
  expect(await fallbackSites(tree, ['try_it'], { jobs: 1 })).toEqual([
    {
      function: 'a',
      file: 'a.c',
      line: 1,
      call: 'try_it',
      fallback: ['read_lock'],
      condition: 'always',
    },
    {
      function: 'b',
      file: 'user.rs',
      line: 2,
      call: 'try_it',
      fallback: [],
      condition: 'always',
    },
  ]);
});

it('finds where the preprocessor chooses between a finer lock and the whole', async () => {
  const tree = await treeOf({
    Kconfig: 'config LOCK\n\tbool "lock"\n',
    'a.c': `#ifdef CONFIG_LOCK
static int lock_one(struct mm *mm) { return fine(mm); }
static int get(struct mm *mm)
{
	return lock_one(mm);
}
static int unrelated(void) { return lock_table(); }
#else
static int get(struct mm *mm)
{
	read_lock(mm);
	return 0;
}
#endif
`,
    'c.c': `#ifdef CONFIG_LOCK
int lock_third(struct mm *mm) { return fine(mm); }
static void reset_lock(struct mm *mm) { mm->locked = 0; }
static bool begin(struct mm *mm) { reset_lock(mm); return true; }
static bool read_lock_all(struct mm *mm) { return read_lock(mm); }
static int step(struct mm *mm)
{
	if (lock_third(mm) == -EAGAIN)
		read_lock(mm);
}
#else
static bool lock_ctx(struct mm *mm) { return read_lock_killable(mm); }
static bool begin(struct mm *mm)
{
	return lock_ctx(mm);
}
static bool read_lock_all(struct mm *mm) { return false; }
static int step(struct mm *mm) { return next(mm); }
#endif
int user(struct mm *mm) { return read_lock_all(mm); }
int run(struct mm *mm) { begin(mm); return user(mm) && step(mm); }
`,
    'b.c': `#ifdef CONFIG_LOCK
int lock_next(struct mm *mm) { return fine(mm); }
static int whole(struct mm *mm)
{
	return read_lock(mm);
}
static int next(struct mm *mm) { return lock_next(mm); }
int run(struct mm *mm) { if (!next(mm)) whole(mm); }
int apart(struct mm *mm) { read_lock(mm); }
int gained(struct mm *mm) { if (!mm->fine) return read_lock(mm); return lock_next(mm); }
#else
int apart(struct mm *mm) { return 0; }
static int whole(struct mm *mm) { return 0; }
static int next(struct mm *mm) { return step(mm); }
#endif
`,
  });
  const left = { tree, values: values({ LOCK: 'y' }) };
  const right = { tree, values: values({}) };
  const surface = await surfaceOf(left, right, { options: ['LOCK'], arch: '', jobs: 1 });
  expect(variantSites(await loadParser(), left, right, surface)).toEqual([
    {
      function: 'get',
      file: 'a.c',
      line: 9,
      call: 'lock_one',
      fallback: ['read_lock'],
      condition: '!LOCK',
    },
    {
      function: 'whole',
      file: 'b.c',
      line: 3,
      call: 'lock_next',
      fallback: ['read_lock'],
      condition: 'LOCK',
    },
    ...[
      ['begin', 13, '!LOCK', ['lock_ctx', 'read_lock_killable']],
      ['read_lock_all', 5, 'LOCK', ['read_lock']],
      ['step', 6, 'LOCK', ['read_lock']],
    ].map(([name, line, condition, fallback]) => ({
      function: name,
      file: 'c.c',
      line,
      call: 'lock_third',
      fallback,
      condition,
    })),
  ]);
  const all = await surfaceFallbacks(left, right, surface, { jobs: 1 });
  expect(all.map((one) => one.function)).not.toContain('user');
});
