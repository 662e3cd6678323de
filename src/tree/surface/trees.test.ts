import { expect, it } from 'vitest';
import { scanTree } from '../scan/scan-tree.ts';
import { SourceTree } from '../source/source-tree.ts';
import { folderOf } from '../testing/folder.test-util.ts';
import { isBuilt } from './built.ts';
import { type Surface, surfaceOf } from './surface.ts';

async function treeOf(files: Readonly<Record<string, string>>): Promise<SourceTree> {
  const root = folderOf({ Kconfig: 'config NET\n\tbool "net"\n', ...files });
  return new SourceTree(root, await scanTree(root, { jobs: 1 }));
}

const off = (): string => 'n';

async function compared(
  left: Readonly<Record<string, string>>,
  right: Readonly<Record<string, string>>,
): Promise<Surface> {
  const [l, r] = [await treeOf(left), await treeOf(right)];
  return await surfaceOf(
    { tree: l, values: off },
    { tree: r, values: off },
    { options: [], arch: 'x86', jobs: 1, byMacro: false },
  );
}

const short = ({ functions }: Surface): string[] =>
  functions.map((one) => `${one.file} ${one.name} ${one.left} ${one.right} ${one.differs}`);

const LINES = Array.from({ length: 9 }, (_, at) => `int line_${at}(void) { return x + ${at}; }\n`);

it('finds files that moved, and what is different in them', async () => {
  const surface = await compared(
    { 'a/move.c': LINES.join(''), 'a/other.c': 'int f(void) { x++; }\n' },
    {
      'b/move.c': LINES.join('').replace('x + 3', 'y'),
      'b/other.c': 'int g(int a) { return a + 1; }\nint h(void) { y++; }\n',
    },
  );
  expect(surface.moved).toEqual([{ from: 'a/move.c', to: 'b/move.c' }]);
  expect(short(surface)).toEqual([
    'a/other.c f code absent presence',
    'b/move.c line_3 code code body',
    'b/other.c g absent code presence',
    'b/other.c h absent code presence',
  ]);
});

it('does not tell of what is the same in another file, nor takes namesakes for one', async () => {
  const surface = await compared(
    {
      'a.c':
        'int moved(void) { x++; }\nint edited(int a) { x += a; }\nint other(int a) { x = a; }\n',
      'b.c': 'static int probe(int a) { return a + 1; }\nint stays(void) { }\n',
      'include/a.h': 'struct s { int a; };\nstruct t { int b; };\n#define M 1\nenum { E };\n',
      'include/b.h': '#define stays 1\n',
    },
    {
      'a.c': 'int stays(void) { x++; }\n',
      'c.c':
        'int moved(void)\n{\n\tx++;\n}\nint edited(int a) { x -= a; }\nint other(long a) { x = a; }\n',
      'd.c': 'static int probe(int a) { return a + 2; }\n',
      'include/a.h': '\n',
      'include/b.h':
        '#define stays 1\nstruct s {\n\tint a;\n};\nstruct t { long b; };\n#define M 1\nenum { E };\n',
    },
  );
  expect(short(surface)).toEqual([
    'a.c edited code code body',
    'a.c other code code signature',
    'a.c stays stub-empty code body',
    'b.c probe code absent presence',
    'd.c probe absent code presence',
  ]);
  expect(surface.structs.map(({ name, file }) => `${file} ${name}`)).toEqual([
    'include/a.h struct t',
    'include/b.h struct t',
  ]);
  expect([surface.macros, surface.enumerators]).toEqual([[], []]);
});

it('takes no weak function for a stub that moved where another file has the one that is linked', async () => {
  const stub = 'run(struct prog *prog) { return -ENOTSUPP; }\n';
  const linked = 'int run(struct prog *prog) { return go(prog); }\n';
  const ran = async (right: Record<string, string>): Promise<string[]> => {
    const left = { 'include/run.h': `static inline int ${stub}`, 'a.c': '', 'b.c': '' };
    const { functions } = await compared(left, right);
    return functions.map((one) => `${one.file} ${one.left} ${one.right}`);
  };
  const weak = { 'include/run.h': 'int run(struct prog *prog);\n', 'a.c': `int __weak ${stub}` };
  expect(await ran({ ...weak, 'b.c': linked })).toEqual([
    'a.c absent stub-constant',
    'b.c stub-constant code',
  ]);
  expect(await ran({ ...weak, 'b.c': '' })).toEqual([]);
});

it('takes no macro that ends with its file, and no macro for a member', async () => {
  const surface = await compared(
    { 'include/a.h': '#define TEMP 1\n#undef TEMP\nstruct s { COMMON u8 fill; };\n' },
    { 'include/a.h': 'struct s { COMMON; u8 fill; };\n#undef KEPT\n#define KEPT 1\n' },
  );
  expect(surface.macros.map(({ name }) => name)).toEqual(['KEPT']);
  expect(surface.fields.map(({ field }) => field)).toEqual(['fill']);
});

it('knows the name of a member from attributes and types', async () => {
  const members =
    'u16 __pending; struct foo __rcu *__bar; unsigned int __x; foo_t __y; int z __aligned(8); struct foo *f, *g; long ____cacheline_aligned h; foo_t i; __u32 __pad[3]; char j[2] __nonstring; ';
  const surface = await compared(
    { 'include/a.h': 'struct s { int a; };\n' },
    { 'include/a.h': `struct s { int a; ${members}};\n` },
  );
  expect(surface.fields.map(({ field }) => field).join(' ')).toBe(
    '__pending __bar __x __y z f g h i __pad j',
  );
});

it('knows members that macros declare by the argument that is a name', async () => {
  const members =
    'DECLARE_BITMAP(bits, 4); __DECLARE_FLEX_ARRAY(__u8, list); DECLARE_FLEX_ARRAY(struct t, more); DECLARE_FLEX_ARRAY(foo_t, last); DECLARE_HASHTABLE(hash, BITS) __aligned(8); RESERVED(1);';
  const surface = await compared(
    { 'include/a.h': 'struct s { int a; DECLARE_BITMAP(same, 4); DECLARE_BITMAP(wider, 4); };\n' },
    {
      'include/a.h': `struct s { int a; DECLARE_BITMAP(same, 4); DECLARE_BITMAP(wider, 8); ${members} };\n`,
    },
  );
  expect(surface.fields.map(({ field, left }) => `${field} ${left}`)).toEqual([
    'wider DECLARE_BITMAP(wider,4);',
    'bits null',
    'list null',
    'more null',
    'last null',
    'hash null',
  ]);
});

it('knows the members of a group that a macro makes, and the group by its name', async () => {
  const groups = (more: string): string =>
    `struct s { int a; struct_group(headers, u8 kind:3; ${more} union { int c; long d; };); struct_group_attr(packed, __aligned(4), ${more.toUpperCase()} int e, f;) __aligned(8); struct_group_tagged(tag, tagged, int g; struct_group(inner, int h;);); __struct_group(/* none */, __hdr, /* none */, int (*call)(int a, int b);); };\n`;
  const fieldsOf = async (left: string, right: string): Promise<string[]> => {
    const { fields } = await compared({ 'include/a.h': left }, { 'include/a.h': right });
    return fields.map(({ field, left: l, right: r }) => `${field}${l ? '-' : ''}${r ? '+' : ''}`);
  };
  expect(await fieldsOf('struct s { int z; };\n', groups(''))).toEqual([
    'z-',
    ...'a+ headers+ kind+ c+ d+ packed+ e+ f+ tagged+ g+ inner+ h+ __hdr+ call+'.split(' '),
  ]);
  expect(await fieldsOf(groups(''), groups('u8 *b;'))).toEqual([
    'headers-+',
    'packed-+',
    'b+',
    'B+',
  ]);
});

it('takes no assertion for a variable, and a pointer to a function by its name', async () => {
  const surface = await compared(
    { 'a.c': 'int (*pick)(int a) = one;\nstatic_assert(sizeof(struct s) == 1);\n' },
    {
      'a.c':
        'int (*pick)(int a) = two;\nlong (*const list[2])(void) = { f };\n_Static_assert(sizeof(struct s) == 2, "no");\nstatic_assert(ARRAY_SIZE(a) == 2);\n',
    },
  );
  expect(surface.variables.map(({ name }) => name).sort()).toEqual(['list', 'pick']);
});

it('counts a header of a folder without built sources that one above includes', async () => {
  const tree = await treeOf({
    Kbuild: 'obj-y += sched/\n',
    'sched/Makefile': 'obj-y += all.o\nobj-$(CONFIG_NET) += net.o\n',
    'sched/all.c': '#include "sched.h"\n#ifdef CONFIG_NET\n#include "ext/ext.c"\n#endif\n',
    'sched/sched.h': '#include "ext/ext.h"\n#ifdef CONFIG_NET\n#include "ext/not.h"\n#endif\n',
    'sched/net.c': '#include "ext/net.h"\n',
    'sched/ext/ext.c': 'int f(void) { x++; }\n',
    'sched/ext/ext.h': '#define A 1\n',
    'sched/ext/not.h': '#define B 1\n',
    'sched/ext/net.h': '#define C 1\n',
    'sched/ext/own.h': '#define D 1\n',
  });
  const built = tree.index.files.filter((path) => isBuilt(path, { tree, values: off }));
  expect(built.filter((path) => path.startsWith('sched/ext/'))).toEqual(['sched/ext/ext.h']);
});

it('counts headers and included sources where something is compiled that can see them', async () => {
  const tree = await treeOf({
    Kbuild: 'obj-y += mm/ gpu/\n',
    'mm/Makefile': 'obj-y += all.o\n',
    'mm/all.c': '#include "part.c"\n#ifdef CONFIG_NET\n#include "net.c"\n#endif\n',
    'mm/part.c': 'int part(void) { x++; }\n',
    'mm/net.c': 'int net(void) { x++; }\n',
    'mm/alone.c': 'int alone(void) { x++; }\n',
    'mm/internal.h': '#define A 1\n',
    'gpu/Makefile': 'obj-$(CONFIG_NET) += card/core/\n',
    'gpu/card/core/Makefile': 'card-y := core.o $(LIB)\nobj-y := card.o\n',
    'gpu/card/core/core.c': 'int core(void) { x++; }\n',
    'gpu/card/lib/lib.c': 'int lib(void) { x++; }\n',
    'gpu/card/include/regs/regs.h': '#define B 1\n',
    'gpu/card/heads/heads.h': '#define C 1\n',
    'include/all.h': '#define D 1\n',
  });
  const built = (values: () => string): string[] =>
    tree.index.files.filter((path) => /\.[ch]$/.test(path) && isBuilt(path, { tree, values }));
  const without = ['include/all.h', 'mm/all.c', 'mm/alone.c', 'mm/internal.h', 'mm/part.c'];
  expect(built(off)).toEqual(without);
  expect(built(() => 'y')).toEqual(tree.index.files.filter((path) => /\.[ch]$/.test(path)));
});

it('takes a folder that another architecture alone enters for one that is not there', async () => {
  const own = (Makefiles: Record<string, string>): Record<string, string> => ({
    Kbuild: 'obj-y += drivers/\n',
    'drivers/s390/Makefile': 'obj-y += tty.o\n',
    'drivers/s390/tty.c': 'int tty(void) { x++; }\n',
    'drivers/s390/tty.h': '#define TTY 1\n',
    'arch/x86/Makefile': 'libs-y += arch/x86/lib/\n',
    ...Makefiles,
  });
  const ofArch = own({
    'drivers/Makefile': 'obj-y += net/\n',
    'arch/s390/Makefile': 'drivers-y += drivers/s390/\n',
    'drivers/s390/tty.h': '#define OLD 1\n',
  });
  const ofOption = own({ 'drivers/Makefile': 'obj-$(CONFIG_NET) += net/ s390/\n' });
  const ofAll = own({ 'drivers/Makefile': 'obj-y += s390/\n' });
  const told = ({ functions, macros, objects }: Surface): string[] =>
    [functions, macros, objects].flatMap((list) => list.map(({ name }) => name));
  expect(told(await compared(ofArch, ofOption))).toEqual([]);
  expect(told(await compared(ofArch, ofAll))).toEqual(['tty', 'TTY', 'drivers/s390/tty.o']);
});

it('takes other names of parameters for no other signature', async () => {
  const surface = await compared(
    {
      'a.c':
        'int named(int old) { return old + 1; }\nint typed(int old) { return 0; }\nint unused(int old) { return x++; }\n',
    },
    {
      'a.c':
        'int named(int new) { return new + 1; }\nint typed(long new) { return 0; }\nint unused(int new) { return x++; }\n',
    },
  );
  expect(short(surface)).toEqual([
    'a.c named code code body',
    'a.c typed stub-constant stub-constant signature',
  ]);
});
