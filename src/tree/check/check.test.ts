import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { scanTree } from '../scan/scan-tree.ts';
import { SourceTree } from '../source/source-tree.ts';
import { write } from '../testing/folder.test-util.ts';
import { treeOf } from '../testing/references.test-util.ts';
import type { CheckCell, CheckedFile } from './api.ts';
import { checkFiles } from './check.ts';
import { SMALL_TREE } from './small-tree.test-util.ts';

function cell(id: string, module = true): CheckCell {
  const on = id.split(',').filter((name) => name !== '');
  return {
    id,
    arch: '',
    module,
    values: (name) => (on.includes(name) ? 'y' : 'n'),
    autoconf: on.map((name) => `#define CONFIG_${name} 1\n`).join(''),
  };
}

const HEAD = '#include <linux/lock.h>\n';

const gplOnly = (license: string): string => `${HEAD}
int f(struct vma *vma) { return inside(1) + policy(vma, 1) + (lock_vma(2) != vma); }
MODULE_LICENSE("${license}");
`;

const DRIVERS: Readonly<Record<string, string>> = {
  states: `${HEAD}
static int f(struct vma *vma)
{
	struct vma *v = lock_vma(vma->start);
	end_read(v);
	count(1);
	return killable(v, 2) + always(v);
}
MODULE_LICENSE("GPL");
`,
  absent: `${HEAD}#include <linux/none.h>
int f(struct vma *a, vma_t b)
{
	only_locked();
	nobody(3);
	return a->seq + b->seq + LOCKED + b->flags + FIRST;
}
`,
  guards: `${HEAD}
int f(struct vma *vma)
{
#ifdef CONFIG_LOCK
	only_locked();
	vma->seq = 1;
#endif
	if (IS_ENABLED(CONFIG_NUMA) && vma)
		return policy(vma, 1);
	if (vma->flags & NUMA_FLAG)
		return policy(vma, 3);
	return IS_ENABLED(CONFIG_NUMA) ? policy(vma, 2) : 0;
}
#if LINUX_VERSION_CODE
#endif
`,
  own: `${HEAD}
#ifndef CONFIG_LOCK
static void only_locked(void) { }
#endif
#define own(a) always(a)
struct mine { struct list list; int seq; };
static int __init f(struct mine *m, int LOCKED)
{
	struct list *pos;
	int always = 1;
	list_each(pos, &m->list) {
		struct mine *other = list_member(pos, struct mine, list);
		if (other->seq == LOCKED)
			goto policy;
	}
policy:
	only_locked();
	return always;
}
`,
  callbacks: `${HEAD}
static void gone(struct vma *vma) { }
static void each(struct vma *vma, unsigned int flags) { }
static u32 counted(void) { return 1; }
static int cast(int a) { return a; }
static const struct ops ops = {
	.remove = gone,
	.inner = { .walk = each, .count = &counted },
};
int f(struct ops *o, struct vma *vma)
{
	o->remove = (void *)cast;
	o->inner.count = counted;
	walk_more(vma, each);
	walk(vma, vma ? each : NULL, NULL);
	return walk_all(vma, each);
}
MODULE_LICENSE("GPL");
`,
  version: `#include <linux/version.h>
${HEAD}#if LINUX_VERSION_CODE >= KERNEL_VERSION(6, 13, 0)
int f(void) { return nobody(); }
#elif LINUX_VERSION_CODE == KERNEL_VERSION(6, 12, 3)
int f(void) { return always(NULL); }
#endif
`,
  read: `${HEAD}#define least(type, a, b) ((type)(a) < (type)(b) ? (a) : (b))
int f(int a)
{
	switch (a) {
	case 0x6052 ... 0x6152: return least(unsigned int, a, 3);
	case 7: return least(const unsigned long, a, 4);
	}
	if (0)
		only_locked();
	return 1;
}
`,
  unread: `${HEAD}int f(void) { return 1 +; }
int g(void) {
`,
  large: `${HEAD}${'"{(;\n'.repeat(1 << 20)}`,
  deep: `${HEAD}int f(int a) { return ${'(-'.repeat(3000)}a${')'.repeat(3000)}; }\n${'int g(int (*'.repeat(300)}`,
  long: `${HEAD}int a[] = { ${'1, '.repeat(1_500_000)} };\nint f(void) { return nobody(); }\n`,
  chosen: `${HEAD}
#ifdef CONFIG_LOCK
int f(void) { for_states(); for_others(); return 0; }
#endif
MODULE_LICENSE("GPL");
`,
  composite: `${HEAD}#include "made.h"
#include "part.h"
int f(void)
{
	static const struct { const char *name; int *only_here; } options[] = { { "a" } };
	*(options[0].only_here) = part(1) + far_linked(2) + far_made(3);
	return made(1);
}
MODULE_LICENSE("GPL");
`,
  including: `${HEAD}static int helper(struct vma *vma) { return 1; }
#ifdef CONFIG_LOCK
#include "included.c"
#endif
MODULE_LICENSE("GPL");
`,
  included: `static int inner(struct vma *vma) { return helper(vma) + always(vma); }
`,
  thrown: `${HEAD}#define nothing(x...)
#define both(v) (v), 1
#define typeof_of(x) typeof(x)
#define own_auto __auto_type
int g(struct vma *) __attribute__((weak, alias("f")));
static int is_module(void) { return 1; }
int f(struct vma *vma)
{
	typeof_of(&f) other = f;
	own_auto third = f;
	third(vma);
	*vma = (struct vma){ .flags = nothing(vma->flags_of_mine) 1, .start = nothing(vma.start) 2 };
	nothing(vma->thrown_away);
	if (is_module()) {
		other(vma);
		goto out;
	}
	policy(both(vma));
	vma->flags = 1;
out:
	return always(vma);
}
MODULE_LICENSE("GPL");
`,
  hooks: `${HEAD}#include "hooks.h"
static void own(struct vma *vma) { }
static void (*mine)(int);
static struct nested nested = { .id = 1, .inner = { .walk = own } };
static const unnamed_t unnamed = { .walk = own };
static const struct listed list[] = {
	{ "a", { 1, 2 }, own, NULL },
	{ .pad = { 1, 2 }, own },
	{ "b", 1, 2, own },
};
void f(struct nested *n)
{
	n->inner.walk = own;
	hook = own;
	mine = own;
	run(NULL, own);
}
`,
  way: `${HEAD}#include "part.h"
int f(struct row *row) { return row->first_cell->on + row->first_cell->off; }
`,
  operator: `${HEAD}#include "part.h"
#define compared(a, sign, b) ((a) sign (b))
#define sum(a, b) ((a) + (b))
int f(int a) { return compared(a, ==, always(NULL)) + sum(__builtin_offsetof(struct row,
	cells[a].on), 16); }
`,
  proprietary: gplOnly('Proprietary'),
  dual: gplOnly('Dual BSD/GPL'),
};

/** Files of the tree beside the drivers. */
const BESIDE: Readonly<Record<string, string>> = {
  'driver/Makefile':
    'obj-m += big.o including.o\nbig-y := composite.o sub/part.o\nFAR := ../far\nbig-y += $(FAR)/linked.o shared/made.o\n$(obj)/shared/%.o: $(srctree)/far/%.c FORCE\n\tcc\n$(obj)/made.h: $(src)/made.tbl\n\tsed x $< > $@\n',
  'far/Makefile': 'obj-y += other.o\n',
  'far/made.c': 'int far_made(int a) { return a + 3; }\n',
  'far/linked.c': 'int far_linked(int a) { return a + 2; }\n',
  'driver/part.h':
    'int part(int);\nint far_linked(int);\nint far_made(int);\nstruct cell { int on; };\nstruct row { struct cell *cells[3]; };\n#define first_cell cells[0]\n',
  'driver/hooks.h': `#ifdef CONFIG_LOCK
#define TAKES struct vma *vma
#else
#define TAKES struct vma *vma, int more
#endif
struct nested { int id; struct { void (*walk)(TAKES); int (*never)(void); } inner; };
typedef struct { const char *name; void (*walk)(TAKES); } unnamed_t;
struct listed { const char *name; int pad[2]; void (*walk)(TAKES); void (*last)(void); };
extern void (*hook)(TAKES);
int run(struct vma *vma, void (each)(struct vma *vma));
`,
  'driver/sub/part.c': 'int part(int a) { return a + 1; }\n',
};

const MODULES = [cell('LOCK,NUMA'), cell(''), cell('LOCK')];
const BUILTIN = [cell('LOCK,NUMA', false), cell('', false)];
let checked: Map<string, CheckedFile>;
let builtin: Map<string, CheckedFile>;

// Once for all of them: each call starts threads.
beforeAll(async () => {
  const root = mkdtempSync(join(tmpdir(), 'kmatrix-check-'));
  const texts = Object.entries(DRIVERS).map(([name, text]) => [`driver/${name}.c`, text] as const);
  for (const [path, text] of [...Object.entries({ ...SMALL_TREE, ...BESIDE }), ...texts]) {
    write(root, path, text);
  }
  const tree = new SourceTree(root, await scanTree(root, { jobs: 1 }));
  const paths = texts.map(([path]) => join(root, path));
  const files = await checkFiles(tree, paths, [...MODULES, ...BUILTIN], { jobs: 1 });
  const part = (from: number, to?: number): Map<string, CheckedFile> =>
    new Map(
      files.map((file, at) => {
        const apis = file.apis.map((api) => ({ ...api, cells: api.cells.slice(from, to) }));
        return [Object.keys(DRIVERS)[at] as string, { ...file, apis }];
      }),
    );
  [checked, builtin] = [part(0, MODULES.length), part(MODULES.length)];
  rmSync(root, { recursive: true });
}, 60_000);

const driver = (name: string): CheckedFile => checked.get(name) as CheckedFile;

/** An API as a line: name, then for each configuration the state, `!` where it breaks, in parentheses if unused. */
function shown({ apis }: CheckedFile): Record<string, string> {
  return Object.fromEntries(
    apis.map(({ name, cells }) => [
      name,
      cells
        .map(({ state, breaks, changed, places }) => {
          const word = `${state}${changed ? '~' : ''}${breaks ? '!' : ''}`;
          return places.length === 0 ? `(${word})` : word;
        })
        .join(' '),
    ]),
  );
}

describe('what an API is', () => {
  it('real, a stub, changed, called with what it does not take', () => {
    const file = driver('states');
    expect(shown(file)).toEqual({
      'struct vma.start': 'real real real',
      always: 'real real real',
      count: 'real stub real',
      end_read: 'real stub real',
      killable: 'real misfit~! real',
      lock_vma: 'real stub real',
    });
    const of = (name: string) => file.apis.find((api) => api.name === name);
    expect(of('lock_vma')).toMatchObject({ kind: 'function', file: 'include/linux/lock.h' });
    expect(of('lock_vma')?.cells[0]).toMatchObject({
      places: [{ line: 5, column: 18 }],
      signature: 'struct vma *(unsigned long)',
    });
    expect(of('lock_vma')?.cells[1]?.stub).toBe('return NULL;');
    expect(of('killable')?.cells[1]).toMatchObject({
      signature: 'int(struct vma *)',
      reason: 'takes 1 argument, line 8 gives 2',
    });
    expect(file.unread).toEqual([]);
  });

  it('absent: functions, members, constants, headers', () => {
    const file = driver('absent');
    expect(shown(file)).toEqual({
      FIRST: 'real real real',
      LOCKED: 'real absent! real',
      'linux/none.h': 'absent! absent! absent!',
      nobody: 'absent! absent! absent!',
      only_locked: 'unexported! absent! unexported!',
      'struct vma.flags': 'real real real',
      'struct vma.seq': 'real absent! real',
      vma_t: 'real real real',
    });
    expect(file.apis.find(({ name }) => name === 'only_locked')?.cells[0]?.reason).toBe(
      'mm/core.c:14 exports it in the namespace MM, which is not imported',
    );
  });

  it('exported to some modules', () => {
    const file = driver('chosen');
    expect(shown(file)).toEqual({
      for_others: 'unexported! (absent) unexported!',
      for_states: 'real (absent) real',
    });
    expect(file.apis.find(({ name }) => name === 'for_others')?.cells[0]?.reason).toBe(
      'mm/core.c:18 exports it to the modules one, others-* only',
    );
  });

  it('not built, not exported, exported for the GPL only', () => {
    const file = driver('proprietary');
    expect(shown(file)).toMatchObject({
      inside: 'unexported! unexported! unexported!',
      policy: 'real unlinked! unlinked!',
      lock_vma: 'unexported! stub unexported!',
    });
    expect(shown(builtin.get('proprietary') as CheckedFile)).toMatchObject({
      inside: 'real real',
      policy: 'real unlinked!',
      lock_vma: 'real stub',
    });
    expect(file.apis.find(({ name }) => name === 'policy')?.cells[1]?.reason).toBe(
      'defined in mm/policy.c (NUMA!=n) only',
    );
    expect(shown(driver('dual')).lock_vma).toBe('real stub real');
  });
});

it('functions of another type than what they are handed to wants', () => {
  const file = driver('callbacks');
  expect(shown(file)).toMatchObject({
    'struct ops.remove': 'real misfit~! real',
    'struct inner_ops.count': 'real real real',
    'struct inner_ops.walk': 'real misfit~! real',
    walk: 'real misfit! real',
    walk_more: 'real real real',
  });
  const reason = (name: string) => file.apis.find((api) => api.name === name)?.cells[1]?.reason;
  expect(reason('struct ops.remove')).toBe(
    'wants int(struct vma *), gone of line 8 is void(struct vma *)',
  );
  expect(reason('walk')).toBe(
    'wants as argument 2 void(const struct vma *, u32), each of line 16 is void(struct vma *, unsigned int)',
  );
});

describe('what a file says itself counts', () => {
  it('conditionals and IS_ENABLED', () => {
    const file = builtin.get('guards') as CheckedFile;
    expect(shown(file)).toMatchObject({
      only_locked: 'real (absent)',
      'struct vma.seq': 'real (real)',
      policy: 'real unlinked',
    });
  });

  it('definitions of its own, locals, labels, macros', () => {
    const file = builtin.get('own') as CheckedFile;
    expect(shown(file)).toEqual({
      __init: 'real real',
      list_each: 'real real',
      list_member: 'real real',
      only_locked: 'real (real)',
      'struct list': 'real real',
    });
    expect(file.unread).toEqual([]);
  });

  it('the version of the tree', () => {
    const file = driver('version');
    expect(shown(file)).toMatchObject({ always: 'real real real' });
    expect(Object.keys(shown(file))).not.toContain('nobody');
  });
});

it('says what it could not read', () => {
  const file = driver('unread');
  expect(file.unread.map(({ line }) => line)).toContain(2);
  expect(driver('read').unread).toEqual([]);
  expect(file.apis.filter(({ kind }) => kind === 'header').map(({ name }) => name)).toEqual([
    'brackets do not add up',
  ]);
});

it('lists what is nested too deeply, and what is no text that somebody wrote', () => {
  expect(driver('deep').unread.map(({ text }) => text)).toContain('nested too deeply');
  expect(driver('long').unread).toEqual([{ line: 1, text: 'a line longer than 4 MiB' }]);
  expect(driver('large').unread).toEqual([{ line: 1, text: 'larger than 4 MiB' }]);
});

it('what a build makes, what is linked into the same module, and members of types within functions are there', () => {
  const { apis, notes } = driver('composite');
  expect(apis.filter(({ cells }) => cells.some(({ breaks }) => breaks))).toEqual([]);
  expect(apis.find(({ name }) => name === 'part')?.cells[0]).toMatchObject({ state: 'real' });
  expect(notes).toContain(
    'made: not declared by what the file includes, but made.h, which a build makes, could not be read',
  );
});

it('a source that another one includes is judged in that', () => {
  expect(shown(driver('included'))).toEqual({ always: 'real (real) real' });
  expect(driver('included').unread).toEqual([]);
  expect(driver('included').notes).toEqual([
    'driver/including.c, which includes it, leaves it out in some configuration: nothing of it is compiled there',
  ]);
});

it('counts arguments the grammar does not know', () => {
  expect(shown(driver('operator'))).toMatchObject({ always: 'real real real' });
  expect(driver('operator').apis.flatMap(({ cells }) => cells.map(({ reason }) => reason))).toEqual(
    driver('operator').apis.flatMap(({ cells }) => cells.map(() => null)),
  );
});

it('follows the way a macro stands for to an element of a member', () => {
  expect(shown(driver('way'))).toMatchObject({
    'struct row.first_cell': 'real real real',
    'struct cell.on': 'real real real',
    'struct cell.off': 'absent! absent! absent!',
  });
});

it('functions in members without a name around, by position, and in pointers of headers', () => {
  const file = driver('hooks');
  const cell = (name: string) => file.apis.find((api) => api.name === name)?.cells[1];
  expect(shown(file)).toMatchObject({
    'struct nested.inner.walk': 'real misfit~! real',
    'unnamed_t.walk': 'real misfit~! real',
    'struct listed.walk': 'real misfit~! real',
    hook: 'real misfit! real',
  });
  expect(shown(file)).toMatchObject({ run: 'real real real' });
  const unfit = 'void(struct vma *, int), own of line';
  expect(cell('struct listed.walk')?.places.map(({ line }) => line)).toEqual([8, 9]);
  expect(cell('struct nested.inner.walk')?.places.map(({ line }) => line)).toEqual([5, 14]);
  expect(cell('hook')?.reason).toBe(`wants ${unfit} 15 is void(struct vma *)`);
  expect(cell('mine')).toBeUndefined();
});

it('what macros throw away or write, and what nobody comes to, is judged as the compiler sees it', () => {
  const file = driver('thrown');
  const bad = file.apis.filter(({ cells }) => cells.some(({ breaks }) => breaks));
  expect(bad.map(({ name }) => name)).toEqual([]);
  expect(shown(file)).toMatchObject({
    always: 'real real real',
    policy: 'real unlinked unlinked',
  });
});

it('knows nothing of the headers of the system, where a program is built', async () => {
  const root = mkdtempSync(join(tmpdir(), 'kmatrix-check-'));
  onTestFinished(() => rmSync(root, { recursive: true }));
  const check = async (files: Record<string, string>): Promise<CheckedFile> => {
    for (const [path, text] of Object.entries(files)) write(root, path, text);
    const tree = new SourceTree(root, await scanTree(root, { jobs: 1 }));
    return (await checkFiles(tree, [join(root, 'a.c')], [cell('')], { jobs: 1 }))[0] as CheckedFile;
  };
  const files = {
    Kconfig: 'config ONE\n\tbool\n',
    'include/own.h': '#include <string.h>\n',
    'a.c':
      '#include <own.h>\n#include <stdio.h>\nint f(char *a)\n{\n\tstruct stat b, c;\n\tif (stat(a, &b) || stat(a, &c))\n\t\treturn 0;\n\treturn memcmp(a, a, 1) + (b.st_size != c.st_size);\n}\n',
  };
  const broken = ({ apis }: CheckedFile): string[] =>
    apis.filter(({ cells }) => cells[0]?.breaks).map(({ name }) => name);
  const program = await check({ ...files, Makefile: 'CFLAGS = -O2 # no -nostdinc\n' });
  expect(broken(program)).toEqual([]);
  const memcmp = program.apis.find(({ name }) => name === 'memcmp');
  expect(memcmp?.cells[0]?.reason).toContain('was not read, which is not of the tree');
  const asks = {
    'a.c': '#include <limits.h>\n#if CHAR_BIT != 8\n#error odd\n#endif\n',
    Makefile: '',
  };
  expect(broken(await check(asks))).toEqual([]);
  const Makefile = 'CFLAGS += -nostdinc\n';
  // What a header of the tree does not find may declare the rest.
  expect(broken(await check({ ...files, Makefile }))).toEqual(['stdio.h']);
  const kernel = await check({ ...files, Makefile, 'include/own.h': '' });
  expect(broken(kernel).sort()).toEqual([
    'memcmp',
    'stat',
    'stdio.h',
    'struct stat',
    'struct stat.st_size',
  ]);
});

it('headers of the compiler, of folders in the Makefile and of a board, and other builds of the same sources', async () => {
  const tree = await treeOf({
    Kconfig: 'config GPIO\n\tbool "gpio"\nconfig SYS_CONFIG_NAME\n\tstring\n\tdefault "box"\n',
    Makefile: `VERSION = 2025
UBOOTINCLUDE := \\
	-Iinclude \\
	-I$(srctree)/dts/include \\
	-I$(srctree)/arch/$(ARCH)/include \\
	-include $(srctree)/include/linux/kconfig.h
obj-y += drivers/
`,
    'drivers/Makefile': 'obj-$(CONFIG_$(SPL_)GPIO) += gpio.o\n',
    'drivers/gpio.c': 'int gpio_request(void) { return 0; }\n',
    'include/linux/kconfig.h': `#ifdef SPL
#define PFX SPL_
#else
#define PFX
#endif
#define val_of(cfg) _val_of(PFX, cfg)
#define _val_of(pfx, cfg) __val_of(pfx, cfg)
#define __val_of(pfx, cfg) CONFIG_ ## pfx ## cfg
#define CONFIG_VALUE(option) val_of(option)
`,
    'include/gpio.h': 'int gpio_request(void);\n',
    'include/configs/box.h': '#define BOX 3\n',
    'include/config_fallbacks.h': '',
    'arch/sandbox/include/asm/config.h': '',
    'dts/include/dt-bindings/gpio.h': '#define ACTIVE_LOW 1\n',
    'scripts/Makefile.autoconf': '',
    'driver.c': `#include <config.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <dt-bindings/gpio.h>
#include <gpio.h>
struct pair { int one; size_t two; };
static bool all(int first, ...)
{
	va_list list;
	va_start(list, first);
	va_end(list);
	return gpio_request() + ACTIVE_LOW + BOX + offsetof(struct pair, two) ? true : false;
}
`,
  });
  const board = { ...cell('', false), arch: 'sandbox' };
  const values = (name: string): string => (name === 'SYS_CONFIG_NAME' ? '"box"' : 'n');
  const [file] = await checkFiles(tree, [`${tree.root}/driver.c`], [{ ...board, values }], {
    jobs: 1,
  });
  expect(broken(file as CheckedFile, 0)).toEqual({});
  expect(file?.notes).toContain('gpio_request: who defines it was not found; taken to be there');
});

it.each([
  ['NONE', false],
  ['given & NONE', false],
  ['given & SOME', true],
  ['given == NONE', true],
])('what a constant of an enum throws away: %s', async (condition, breaks) => {
  const tree = await treeOf({
    ...SMALL_TREE,
    'driver.c': `#include <linux/lock.h>
enum { BIT = 3, NONE = NUMA_FLAG + 0, SOME = 1 << BIT };
int f(struct vma *vma, int given)
{
	if (${condition})
		return policy(vma, 1);
	return 0;
}
`,
  });
  const [file] = await checkFiles(tree, [`${tree.root}/driver.c`], [cell('', false)], { jobs: 1 });
  const policy = file?.apis.find(({ name }) => name === 'policy');
  expect(policy?.cells[0]?.breaks).toBe(breaks);
});

it('is no fault of a file that it is larger than is read', async () => {
  const levels = [...Array(26).keys()].map((n) => `#define B${n + 1}(x) B${n}(x x)\n`).join('');
  const tree = await treeOf({
    ...SMALL_TREE,
    'driver.c': `#include <linux/lock.h>
#define B0(x) x
${levels}int first(struct vma *vma) { return always(vma); }
char *large = B26("a");
static int second(struct vma *vma) { return always(vma) + first(vma); }
int third(struct vma *vma) { return second(vma); }
`,
  });
  const [file] = await checkFiles(tree, [`${tree.root}/driver.c`], [cell('', false)], { jobs: 1 });
  expect(broken(file as CheckedFile, 0)).toEqual({});
  expect(file?.unread.map(({ text }) => text)).toContain(
    'more tokens than any kernel has: not read on',
  );
});

it.each([
  ['nobody(vma) && given', false],
  ['passed_on(vma->start + (given))', false],
  ['!nobody(vma)', true],
  ['passed_on(vma) || given', true],
  ['nobody(vma) + given', true],
  ['more(vma)', true],
])('what a function that returns a constant throws away: %s', async (condition, breaks) => {
  const tree = await treeOf({
    ...SMALL_TREE,
    'driver.c': `#include <linux/lock.h>
static inline int nobody(struct vma *vma) { return 0; }
static inline int passed_on(struct vma *vma) { return nobody((void *)vma); }
static inline int more(struct vma *vma) { return nobody(vma) + always(vma); }
int f(struct vma *vma, int given)
{
	if (${condition})
		return policy(vma, 1);
	return 0;
}
`,
  });
  const [file] = await checkFiles(tree, [`${tree.root}/driver.c`], [cell('', false)], { jobs: 1 });
  const policy = file?.apis.find(({ name }) => name === 'policy');
  expect(policy?.cells[0]?.breaks).toBe(breaks);
});

it('what fragments of Makefiles tell, and headers that a folder of headers has made', async () => {
  const tree = await treeOf({
    Kconfig: 'config FDT\n\tbool "fdt"\n',
    Makefile: `export PLATFORM_DIR = $(platform_dir)
top := $(CURDIR)
include_dir = $(CURDIR)/include
SRCARCH := $(shell uname -m)
fragments = $(shell if [ -d lib ]; then find lib none -iname "objects.mk" | sort -r; fi)
include $(top)/arch/$(SRCARCH)/arch.mk
include $(fragments)
include $(wildcard $(platform_dir)/*.mk)
GENFLAGS += -I$(include_dir) $(lib-genflags-y)
CFLAGS += -nostdinc $(GENFLAGS)
`,
    'arch/x86/arch.mk': 'CFLAGS += -Iarch/$(SRCARCH)/mach -DARCH=2\n',
    'arch/arm/arch.mk': 'CFLAGS += -DARM\n',
    'arch/x86/mach/mach.h': '',
    'lib/deep/objects.mk': 'lib-genflags-$(CONFIG_FDT) += -Ilib/deep/fdt\n',
    'lib/deep/fdt/fdt.h': 'int fdt(void);\n',
    'boards/one/own.mk': 'lib-genflags-y += -DBOARD=1\n',
    'boards/two/own.mk': 'lib-genflags-y += -DTWO\n',
    'include/Makefile': 'headers-y := \\\n  compat/made.h\n',
    'driver.c': `#include <mach.h>
#include <fdt.h>
#include <compat/made.h>
#if ARCH != 2 || defined(ARM) || defined(TWO) || BOARD != 1
#error not told
#endif
int x(int *at)
{
	return fdt() + __atomic_fetch_or(at, 1, __ATOMIC_RELAXED);
}
`,
  });
  const given = new SourceTree(tree.root, tree.index, undefined, {
    PLATFORM_DIR: join(tree.root, 'boards/one'),
  });
  const values = (name: string) => (name === 'FDT' ? 'y' : undefined);
  const board: CheckCell = { id: '', arch: 'x86', values, autoconf: '#define CONFIG_FDT 1\n' };
  const [file] = await checkFiles(given, [`${tree.root}/driver.c`], [board], { jobs: 1 });
  expect(broken(file as CheckedFile, 0)).toEqual({});
  expect(file?.apis.map(({ name }) => name)).toContain('fdt');
  const made = file?.apis.find(({ name }) => name === 'compat/made.h');
  expect(made?.cells[0]?.reason).toBe('made by a build: not read');
  const none = { ...board, values: () => undefined, autoconf: '' };
  const [without] = await checkFiles(given, [`${tree.root}/driver.c`], [none], { jobs: 1 });
  expect(Object.keys(broken(without as CheckedFile, 0))).toContain('header fdt.h');
});

it('what a project includes ahead of all files, and defines for them', async () => {
  const tree = await treeOf({
    Kconfig: 'config GUEST\n\tbool "guest"\n',
    Makefile: `-include include/own.h
src := source
HOSTCFLAGS += -Ihost
CFLAGS += -pipe -D__OWN__ -include $(srctree)/include/own/config.h -nostdinc
`,
    'Makefile.mk': `KCONFIG_AUTOHEADER := $(obj)/options.h
CPPFLAGS_common := -I$(src)/include
CPPFLAGS_common += -include $(src)/include/ahead.h
`,
    'source/include/ahead.h': '#define AHEAD 1\n',
    'source/include/told.h': '#include <options.h>\n',
    'host/host.h': '',
    'include/own.h': '#error a line of make\n',
    'include/own/config.h': '#define LEVEL 4\n',
    'driver.c': `#include <told.h>
#include <host.h>
#ifndef __OWN__
#error not told
#endif
int f(void)
{
	return LEVEL + LEVELS + AHEAD + CONFIG_GUEST;
}
`,
  });
  const guest = cell('GUEST', false);
  const [file] = await checkFiles(tree, [`${tree.root}/driver.c`], [guest], { jobs: 1 });
  expect(Object.keys(broken(file as CheckedFile, 0))).toEqual(['constant LEVELS', 'header host.h']);
  expect(file?.notes).toEqual([]);
});

it('a name that a macro took for a text, and takes no longer', async () => {
  const tree = await treeOf({
    ...SMALL_TREE,
    'include/linux/module.h': `#define __stringify_1(x...) #x
#define __stringify(x...) __stringify_1(x)
#ifdef CONFIG_LOCK
#define MODULE_INFO(tag, info) static const char __info[] = __stringify(tag) "=" info
#else
#define MODULE_INFO(tag, info) static const char __info[] = __stringify(tag) "=" __stringify(info)
#endif
#define MODULE_IMPORT_NS(ns) MODULE_INFO(import_ns, ns)
`,
    'driver.c': `#include <linux/module.h>
static const char *plain = "a" "b";
static int with(const char *name) { return name == "a" ? 1 : 2; }
MODULE_IMPORT_NS(DMA_BUF);
`,
  });
  const cells = [cell('LOCK'), cell('')];
  const [file] = await checkFiles(tree, [`${tree.root}/driver.c`], cells, { jobs: 1 });
  const fault = file?.apis.find(({ name }) => name.startsWith('DMA_BUF'));
  expect(fault?.name).toBe('DMA_BUF of MODULE_IMPORT_NS() is wanted as a text: "DMA_BUF"');
  expect(fault?.cells.map(({ breaks, places }) => [breaks, places])).toEqual([
    [true, [{ line: 4, column: 1 }]],
    [false, []],
  ]);
});

/** What breaks in each configuration, by name with its lines, and why. */
function broken({ apis }: CheckedFile, at: number): Record<string, string> {
  return Object.fromEntries(
    apis.flatMap(({ name, kind, cells }) => {
      const cell = cells[at];
      if (!cell?.breaks) return [];
      const lines = cell.places.map(({ line }) => line).join(' ');
      return [[`${kind} ${name}`, `${lines}: ${cell.reason}`]];
    }),
  );
}

it('types that nobody declares, or declares only, where they have to be known whole', async () => {
  const tree = await treeOf({
    ...SMALL_TREE,
    'include/linux/new.h': `struct opaque;
#ifdef CONFIG_LOCK
struct opaque { int member; };
typedef int new_t;
enum kind { ONE };
#endif
struct opaque *find(void);
typedef struct opaque opaque_t;
#define size_of(p) sizeof(*(p))
`,
    'driver.c': `#include <linux/new.h>
struct ahead;
struct holder { struct opaque *known; struct ahead *ahead; };
struct holds { struct opaque inner[2]; };
struct ahead *pass(struct ahead *a, struct opaque b);
static new_t global;
static int f(struct holder *h, struct ahead *ahead, new_t *first)
{
	struct opaque *fine = h->known, local;
	struct own { struct own *next; new_t held; } own, *all = &own;
	typeof(*find()) *copy = (void *)ahead;
	unsigned long size = size_of(h->known) + sizeof(struct opaque) + sizeof(opaque_t *);
	opaque_t *array = (opaque_t *)ahead;
	void *any = (new_t *)fine;
	return copy->member + array[1].member + size + all->next->held + h->ahead->x;
}
static int g(enum kind kind) { return pass(0, *find()) != 0; }
`,
  });
  const cells = [cell('LOCK'), cell('')];
  const [file] = await checkFiles(tree, [`${tree.root}/driver.c`], cells, { jobs: 1 });
  expect(broken(file as CheckedFile, 0)).toEqual({
    'field struct ahead.x': '15: nothing defines struct ahead',
  });
  expect(broken(file as CheckedFile, 1)).toEqual({
    'field struct ahead.x': '15: nothing defines struct ahead',
    'field struct opaque.member': '15 15: nothing defines struct opaque',
    'type enum kind': '17: not defined by what the file includes',
    'type new_t': '6 7 10 14: not declared by what the file includes',
    'type struct opaque': '4 9 12 12 15: not defined by what the file includes',
  });
  const found = file?.apis.find(({ name }) => name === 'struct opaque');
  expect(found).toMatchObject({ kind: 'type', file: 'include/linux/new.h', line: 3 });
});

it('code that ends too early or is nested too deeply, which is listed', async () => {
  const tree = await treeOf(SMALL_TREE);
  const parts = {
    'label.c': 'void f(void) { __label__ a }',
    'asm.c': 'void f(void) { asm volatile; }',
    'array.c': `int a${'[1]'.repeat(20_000)};`,
    'pointer.c': `int ${'*'.repeat(20_000)}a;`,
    'not.c': `int f(int a) { return ${'!'.repeat(20_000)}a; }`,
  };
  for (const [name, text] of Object.entries(parts)) {
    writeFileSync(`${tree.root}/${name}`, `int first;\n${text}\n`);
    const [file] = await checkFiles(tree, [`${tree.root}/${name}`], [cell('')], { jobs: 1 });
    expect(
      file?.unread.map(({ line }) => line),
      name,
    ).toContain(2);
  }
});

it('what stands behind many labels, or in a long chain of conditions', async () => {
  const tree = await treeOf(SMALL_TREE);
  const all = Array.from({ length: 1000 }, (_, i) => i);
  const text = `int f(int a) {
  switch (a) { ${all.map((i) => `case ${i}:`).join(' ')} return absent_one; }
  ${all.map((i) => `if (a == ${i}) a++; else`).join(' ')} return absent_two;
}
`;
  writeFileSync(`${tree.root}/driver.c`, text);
  const [file] = await checkFiles(tree, [`${tree.root}/driver.c`], [cell('')], { jobs: 1 });
  const names = Object.keys(broken(file as CheckedFile, 0));
  expect(names.map((name) => name.replace(/^\w+ /, ''))).toEqual(['absent_one', 'absent_two']);
});

it('each name of a typedef that declares several', async () => {
  const tree = await treeOf({
    ...SMALL_TREE,
    'include/linux/new.h': `typedef struct message { int a; } __attribute__((packed)) message_t, *pmessage_t;
typedef int count_t, (*counts_t)(int, long);
`,
    'driver.c': `#include <linux/new.h>
count_t f(pmessage_t a, message_t *b, counts_t c) { return a->a + b->a + c(1, 2) + sizeof(message_t); }
int g(pmessage_t a, message_t *b) { return a->absent + b->absent; }
`,
  });
  const [file] = await checkFiles(tree, [`${tree.root}/driver.c`], [cell('')], { jobs: 1 });
  const [wrong, ...others] = Object.keys(broken(file as CheckedFile, 0));
  expect(wrong).toMatch(/absent$/);
  expect(others.every((name) => name.endsWith('absent'))).toBe(true);
});

it('what the file defines and a header defines, too, or declares otherwise', async () => {
  const tree = await treeOf({
    ...SMALL_TREE,
    'include/linux/new.h': `#ifdef CONFIG_LOCK
int built(int);
int other(int);
int local(void);
int counted(int, unsigned long);
#else
static inline int built(int a) { return 0; }
int other(long);
int counted(int, long);
struct kept { int a; };
#endif
static inline int local(void);
typedef unsigned long size_t;
int sized(unsigned long);
int same(const struct kept *, unsigned);
extern inline int weak(int a) { return 1; }
struct kept;
`,
    'driver.c': `#include <linux/new.h>
#ifdef CONFIG_LOCK
static int local(void) { return 1; }
#endif
struct kept { int a; };
int built(int a)
{
	return a;
}
int other(int a) { return a; }
int counted(int a, size_t b) { return a; }
int sized(size_t a) { return 1; }
int same(const struct kept *a, unsigned int b) { return 1; }
int weak(int a) { return 2; }
`,
  });
  const cells = [cell('LOCK'), cell('')];
  const [file] = await checkFiles(tree, [`${tree.root}/driver.c`], cells, { jobs: 1 });
  expect(broken(file as CheckedFile, 0)).toEqual({
    'function local': '3: include/linux/new.h:4 declares it, not as static',
  });
  expect(broken(file as CheckedFile, 1)).toEqual({
    'function built': '6: include/linux/new.h:7 defines it already',
    'function other': '10: include/linux/new.h:8 declares it as int(long), here it is int(int)',
    'function counted':
      '11: include/linux/new.h:9 declares it as int(int, long), here it is int(int, size_t)',
    'type struct kept': '5: include/linux/new.h:10 defines it already',
  });
});

it('members through typeof, containers, values in braces, records without a name and macros of the file', async () => {
  const tree = await treeOf({
    ...SMALL_TREE,
    'include/linux/new.h': `#define offset_of(type, member) __builtin_offsetof(type, member)
#define container(ptr, type, member) ({ void *__p = (void *)(ptr); ((type *)(__p - offset_of(type, member))); })
#define each_entry(pos, head, member) for (pos = container((head)->next, typeof(*pos), member); \
	&pos->member != (head); pos = container(pos->member.next, typeof(*pos), member))
#define dig(p) (p)->deep.er
#define once(x) (*(const volatile typeof(x) *)&(x))
#define pick(x) _Generic((x), int: 1, default: 2)
struct list { struct list *next; };
struct entry {
	struct list list;
	struct { union { int deep_one; struct { int er; } deep; }; } plain;
	struct {
#ifdef CONFIG_LOCK
		int hidden;
#endif
		int shown;
	};
	int (*call)(struct entry *, int
#ifndef CONFIG_LOCK
		, int
#endif
	);
};
extern struct entry table[4];
struct entry *get(int, ...);
`,
    'driver.c': `#include <linux/new.h>
#define own_hidden(e) ((e)->hidden)
struct mine { struct entry entry; int kept; };
static int f(struct list *head, int index)
{
	typeof(*get(1)) *a = get(1);
	__auto_type b = &table[index];
	struct entry *pos;
	struct mine mine = { .entry = { .hidden = 1, .plain.deep_one = 2 }, .kept = 3 };
	each_entry(pos, head, list)
		index += once(pos->hidden) + ({ int x = pos->shown; x; });
	return a->hidden + (b + 1)->hidden + own_hidden(a) + (index ? a : b)->hidden
		+ ((struct entry *)head)->hidden + container(head, struct mine, entry.list)->kept
		+ mine.entry.hidden + dig(&a->plain) + pick(a->hidden) + a->call(a, 1) + (*a->call)(a, 1);
}
`,
  });
  const cells = [cell('LOCK'), cell('')];
  const [file] = await checkFiles(tree, [`${tree.root}/driver.c`], cells, { jobs: 1 });
  expect(broken(file as CheckedFile, 0)).toEqual({});
  expect(broken(file as CheckedFile, 1)).toEqual({
    'field struct entry.hidden': '9 11 12 12 12 12 13 14 14: there is no such member',
    'field struct entry.call': '14: takes 3 arguments, line 14 gives 2',
  });
});

it('values that no header knows are absent, and what macros declare is not', async () => {
  const tree = await treeOf({
    ...SMALL_TREE,
    'include/linux/new.h': `#define DEFINE_ONE(name) struct one *name = 0
#define PASTED(name) int_##name
#define declare_bits(name, n) unsigned long name[n]
#define offset_of(type, member) __builtin_offsetof(type, member)
#define for_one(pos) for (int pos = 0; pos < 3; pos++)
struct one { int member; };
extern int int_some;
`,
    'driver.c': `#include <linux/new.h>
enum { OWN, OWN_TOO = 3 };
struct own { int first, second; unsigned third:1, fourth:1; int (*call)(int one, int); };
static DEFINE_ONE(made);
static declare_bits(bits, 4);
static int table[NO_SIZE];
static int (* const calls[])(int) = { 0 };
static const void *wide = L"wide";
static int f(int given) __attribute__((noinline));
static int f(int given)
{
	int local = NO_CONSTANT | OWN;
	for_one(each)
		local += each + bits[OWN_TOO];
	asm volatile ("nop" : [out] "=r" (local) : "r" (given));
	if (made)
		goto fail;
	local += __alignof__(struct one) + (calls[0] != 0) + (wide != 0);
	return local + offset_of(struct one, member) + PASTED(some);
fail:
	return no_variable;
}
`,
  });
  const [file] = await checkFiles(tree, [`${tree.root}/driver.c`], [cell('')], { jobs: 1 });
  const broken = file?.apis.filter(({ cells }) => cells[0]?.breaks);
  expect(broken?.map(({ name, kind }) => `${kind} ${name}`).sort()).toEqual([
    'constant NO_CONSTANT',
    'constant NO_SIZE',
    'constant no_variable',
  ]);
});

it('knows members by what macros call them, and what the preprocessor does away with', async () => {
  const tree = await treeOf({
    ...SMALL_TREE,
    'include/linux/desc.h': `#define ds_last u.rx.last
#define DS_TIME ds_last
#define DS_GONE ds_none
#define quiet(x) do { _Pragma("GCC diagnostic push"); x; _Pragma("GCC diagnostic pop"); } while (0)
struct desc { union { struct { int last; } rx; } u; };
`,
    'driver.c': `#include <linux/desc.h>
int f(struct desc *p)
{
	struct desc d = *p;

	quiet(p->u.rx.last = 1);
	d.u.rx.last = p->DS_TIME;
	return d.ds_last;
}
`,
    'gone.c': '#include <linux/desc.h>\nint f(struct desc *p) { return p->DS_GONE; }\n',
  });
  const paths = ['driver.c', 'gone.c'].map((name) => `${tree.root}/${name}`);
  const files = await checkFiles(tree, paths, [cell('', false)], { jobs: 1 });
  expect(files.map((file) => file.unread)).toEqual([[], []]);
  const [driver, gone] = files.map((file) => Object.keys(broken(file, 0)));
  expect(driver).toEqual([]);
  expect(gone).toContain('field struct desc.DS_GONE');
});
