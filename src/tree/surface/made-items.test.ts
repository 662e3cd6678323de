import { expect, it } from 'vitest';
import { scanTree } from '../scan/scan-tree.ts';
import { SourceTree } from '../source/source-tree.ts';
import { folderOf } from '../testing/folder.test-util.ts';
import { type Surface, surfaceOf } from './surface.ts';

const KCONFIG = 'config MADE\n\tbool "a"\n';

/** The surface of a tree with option MADE on the left and without it. */
async function between(files: Record<string, string>): Promise<Surface> {
  const root = folderOf({ Kconfig: KCONFIG, Kbuild: 'obj-y += a.o\n', 'a.c': '', ...files });
  const tree = new SourceTree(root, await scanTree(root, { jobs: 1 }));
  const on = { tree, values: (name: string) => (name === 'MADE' ? 'y' : 'n') };
  const off = { tree, values: () => 'n' };
  return surfaceOf(on, off, { options: ['MADE'], arch: 'x86', jobs: 1 });
}

const functions = (surface: Surface): string[] =>
  surface.functions.map(({ name, left, right, differs }) => `${name} ${left} ${right} ${differs}`);

const variables = (surface: Surface): string[] =>
  surface.variables.map(({ name, left, right }) => `${name}: ${left} ${right}`);

it('a function whose name a macro puts together is there where the macro is called', async () => {
  const surface = await between({
    'include/flags.h': `#define TEST_OFF(big, small) \\
static inline int Flag##big(const struct page *page) { return 0; } \\
static inline void set_##small(struct page *page) { }
#define BOTH_OFF(big, small) TEST_OFF(big, small) NO_BODY(small)
#define NO_BODY(name) extern bool is_##name(void);
#ifdef CONFIG_MADE
static inline int FlagOld(const struct page *page) { return page->flags & 1; }
static inline void set_old(struct page *page) { page->flags |= 1; }
#else
TEST_OFF(Old, old)
BOTH_OFF(New, new)
#endif
TEST_OFF(Same, same)
`,
  });
  expect(functions(surface)).toEqual([
    'FlagNew absent stub-constant presence',
    'FlagOld code stub-constant body',
    'set_new absent stub-empty presence',
    'set_old code stub-empty body',
  ]);
});

it('a call that both configurations have makes what the macro is in each', async () => {
  const surface = await between({
    'include/slots.h': `#ifdef CONFIG_MADE
#define SLOT_OPS(name) \\
extern struct cache cache_##name##_slots; \\
static inline void free_##name##_slot(int at) { free_slot(&cache_##name##_slots, at); } \\
static inline bool is_##name##_slot(int at) { return slot_of(at); }
#else
#define SLOT_OPS(name) \\
static inline bool is_##name##_slot(int at) { return 0; }
#endif
SLOT_OPS(insn);
`,
    'include/several.h': `#ifdef CONFIG_MADE
#define X(name) int name##_there(void) { return f(); }
#else
#define X(name)
#endif
X(one)
X(two)
#undef X
#define X(name) int name##_always(void) { return f(); }
X(one)
#undef X
`,
  });
  expect(functions(surface)).toEqual([
    'one_there code absent presence',
    'two_there code absent presence',
    'free_insn_slot code absent presence',
    'is_insn_slot code stub-constant body',
  ]);
  expect(variables(surface)).toEqual([
    'cache_insn_slots: extern struct cache cache_insn_slots; null',
  ]);
});

it('a macro of a header, with others in it, makes functions, variables and types of a source', async () => {
  const surface = await between({
    'a.c': `#include <linux/make.h>
DEFINE_SHOW(always);
#ifdef CONFIG_MADE
static DEVICE_ATTR(speed, 0444);
DEFINE_SHOW(speed);
DEFINE_CLASS(core, int, if (_T) { drop(_T); }, take(_T))
CALL_DEFINE2(read, int, fd, char *, buf)
{
	return fd;
}
int FN(walk)(int a) { return b(); }
INIT(start);
DEFINE_KEY(call);
UNKNOWN_DEFINE(x, y);
#endif
`,
    'include/linux/make.h': `#include <linux/more.h>
#define DEVICE_ATTR(_name, _mode) struct attribute dev_attr_##_name = { .mode = _mode }
#define DEFINE_SHOW(name) static int name##_open(struct file *file) { return single_open(file, name##_show); }
#define CALL_DEFINE2(name, ...) CALL_DEFINEx(2, _##name, __VA_ARGS__)
#define INIT(fn) static void *__used PASTE(__init_##fn, __COUNTER__) = fn
#define FN(name) wide_##name
#define KEY_PREFIX __key_
#define KEY(name) PASTE(KEY_PREFIX, name)
#define NOTHING ((void *)0)
#define KEY_OF(name, value) struct key KEY(name) = { value }
#define DEFINE_KEY(name) KEY_OF(name, NOTHING)
`,
    'include/linux/more.h': `#define PASTE_(a, b) a##b
#define PASTE(a, b) PASTE_(a, b)
#define DEFINE_CLASS(_name, _type, _drop, _take) \\
typedef struct { _type lock; } PASTE(class_##_name, _t); \\
struct held_##_name { _type lock; }; \\
static inline void class_##_name##_exit(_type *p) { _type _T = *p; _drop; } \\
static inline _type class_##_name##_init(void) { return _take; }
#define CALL_DEFINEx(x, name, ...) \\
static long __se_call##name(MAP##x(LONG, __VA_ARGS__)); \\
long __x64_call##name(struct regs *regs) { return __se_call##name(ARGS(regs)); } \\
static long __se_call##name(MAP##x(LONG, __VA_ARGS__))
`,
  });
  expect(functions(surface)).toEqual([
    'CALL_DEFINE2(read) code absent presence',
    '__se_call_read code absent presence',
    '__x64_call_read code absent presence',
    'class_core_exit code absent presence',
    'class_core_init code absent presence',
    'speed_open code absent presence',
    'wide_walk code absent presence',
  ]);
  expect(variables(surface)).toEqual([
    'dev_attr_speed: static struct attribute dev_attr_speed={.mode=0444}; null',
    '__key_call: struct key __key_call={NOTHING}; null',
  ]);
  expect(surface.structs.map(({ name }) => name)).toEqual([
    'struct class_core_t',
    'struct held_core',
  ]);
});

it('what differs deep in a macro is followed to those who call it', async () => {
  const surface = await between({
    'a.c': `#include <linux/calls.h>
CALL_DEFINE1(close, int, fd)
{
	return fd;
}
static DEFINE_LOCK(lock);
`,
    'arch/x86/include/asm/wrap.h': `#define STUB(abi, name) long __##abi##_##name(void) { return __do_##name(); }
#ifdef CONFIG_MADE
#define OLD_STUB(name) STUB(old, call##name)
#else
#define OLD_STUB(name)
#endif
#define CALL_DEFINEx(x, name, ...) \\
	OLD_STUB(name) \\
	static long __do_call##name(__VA_ARGS__)
#define CALL_ANY(x, name, ...) CALL_DEFINEx(x, name, __VA_ARGS__)
#ifdef CONFIG_MADE
#define INIT_LOCK(name) { .at = 1, }
#else
#define INIT_LOCK(name) { .at = 0, }
#endif
`,
    'include/linux/calls.h': `#include <asm/wrap.h>
#define CALL_DEFINE(x, name, ...) CALL_ANY(x, name, __VA_ARGS__)
#define CALL_DEFINE1(name, ...) CALL_DEFINE(1, _##name, __VA_ARGS__)
#define DEFINE_LOCK(name) struct lock name = INIT_LOCK(name)
`,
  });
  expect(functions(surface)).toEqual(['__old_call_close code absent presence']);
  expect(variables(surface)).toEqual([]);
});

it('endless macros come to an end, and the rest is told', async () => {
  const twice = Array.from(
    { length: 60 },
    (_, i) => `#define M${i}(x) M${i + 1}(x##a) M${i + 1}(x##b)\n`,
  );
  const surface = await between({
    'include/deep.h': `${twice.join('')}#define M60(x) int x##_end(void) { return f(); }
#define ITSELF(x) ITSELF(x) int x##_once(void) { return f(); }
#ifdef CONFIG_MADE
ITSELF(g)
int first(void) { return f(); }
M0(f)
int last(void) { return f(); }
#endif
`,
  });
  const told = functions(surface).filter((one) => !/^fa/.test(one));
  expect(told).toEqual([
    'first code absent presence',
    'g_once code absent presence',
    'last code absent presence',
  ]);
});

it('a macro is that of a header which others include before, where a file only defines one if there is none', async () => {
  const surface = await between({
    'include/platform.h': `#ifndef CONFIG_MADE
#define RETURN_STATUS(prototype) static inline prototype { return (NOT_CONFIGURED); }
#define RETURN_VOID(prototype) static inline prototype { return; }
#endif
`,
    'include/calls.h': `#ifndef RETURN_STATUS
#define RETURN_STATUS(prototype) prototype;
#endif
#ifndef RETURN_VOID
#define RETURN_VOID(prototype) prototype;
#endif
RETURN_STATUS(status __init begin_tables(struct desc *first, int count))
RETURN_VOID(void end_tables(void))
`,
    'a.c': `#include <platform.h>
#include <calls.h>
#ifdef CONFIG_MADE
status __init begin_tables(struct desc *first, int count)
{
	return table(first);
}
#endif
`,
  });
  expect(functions(surface)).toEqual([
    'begin_tables code stub-constant body',
    'end_tables absent stub-empty presence',
  ]);
});
