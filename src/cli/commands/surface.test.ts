import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, it } from 'vitest';
import { checkSchema, surfaceSchema } from '../../report/index.ts';
import { run } from '../test-io.test-util.ts';

const root = mkdtempSync(join(tmpdir(), 'kmatrix-surface-'));
afterAll(() => rmSync(root, { recursive: true }));
const [a, b] = [join(root, 'a'), join(root, 'b')];
const KCONFIG =
  'config SMP\n\tbool "smp"\nconfig LOCK\n\tdef_bool y\n\tdepends on SMP\nconfig DEEP\n\tbool "deep"\n\tdepends on SMP\n';
for (const [tree, text] of [
  [
    a,
    '#ifdef CONFIG_LOCK\nint f(void) { return g(); }\n#else\nint f(void) { return 0; }\n#endif\n',
  ],
  [b, 'int f(void) { return g(); }\n'],
] as const) {
  mkdirSync(tree);
  writeFileSync(join(tree, 'Kconfig'), KCONFIG);
  writeFileSync(join(tree, 'a.c'), text);
}

const surface = (...args: string[]) => run(['surface', ...args, '--no-cache', '--jobs', '1']);

it('compares two configurations', async () => {
  const { code, out } = await surface(
    '--tree',
    a,
    '--left',
    'SMP=y',
    '--right',
    'SMP=n',
    '--exit-code',
  );
  expect(code).toBe(1);
  expect(out).toBe(
    '2 options differ; 1 function\n\nFunctions: 1\n  f  code → stub-constant { return 0; }  a.c\n',
  );
});

it('an option that is not written is no macro, whatever its value', async () => {
  const tree = join(root, 'unwritten');
  mkdirSync(tree);
  const levels = 'config LEVELS\n\tint "levels"\n\tdefault 7\n\tdepends on SMP\n';
  writeFileSync(join(tree, 'Kconfig'), KCONFIG + levels);
  writeFileSync(
    join(tree, 'a.h'),
    '#ifndef CONFIG_LEVELS\n#define CONFIG_LEVELS 5\n#endif\n#define TWICE (2 * CONFIG_LEVELS)\n',
  );
  const { out } = await surface('--tree', tree, '--left', 'SMP=y', '--right', 'SMP=n');
  expect(out).toContain('CONFIG_LEVELS');
  expect(out).not.toContain('2*0');
});

it('wants no architecture where none has options of its own', async () => {
  const tree = join(root, 'one-for-all');
  mkdirSync(join(tree, 'arch/x86_64'), { recursive: true });
  writeFileSync(join(tree, 'arch/x86_64/Makefile'), 'CFLAGS += -m64\n');
  writeFileSync(join(tree, 'Config.in'), KCONFIG);
  writeFileSync(join(tree, 'a.c'), '#ifdef CONFIG_LOCK\nint f(void);\n#endif\n');
  const { code, out, err } = await surface('--tree', tree, '--left', 'SMP=y', '--right', 'SMP=n');
  expect({ code, err }).toEqual({ code: 0, err: '' });
  expect(out).toContain('2 options differ');
});

it('lets one option differ against what Kconfig says, as JSON', async () => {
  const ran = await surface(
    '--tree',
    a,
    '--left',
    'x:SMP=y',
    '--symbol',
    'CONFIG_LOCK',
    '--format',
    'json',
  );
  expect(ran.code).toBe(0);
  expect(checkSchema(surfaceSchema, JSON.parse(ran.out))).toBeUndefined();
  expect(JSON.parse(ran.out)).toMatchObject({
    schemaVersion: 1,
    options: ['LOCK'],
    functions: [
      { name: 'f', file: 'a.c', left: 'code', right: 'stub-constant', stub: 'return 0;' },
    ],
    structs: [],
    fields: [],
    macros: [],
    enumerators: [],
    variables: [],
    objects: [],
    unparsed: [],
  });
});

it('says which option does not differ', async () => {
  const { code, out, err } = await surface('--tree', a, '--left', 'SMP=n', '--symbol', 'LOCK');
  expect({ code, out, err }).toEqual({
    code: 0,
    out: '0 options differ; nothing else\n',
    err: 'LOCK is n on both sides (--left SMP=n)\n',
  });
});

it('compares two trees, and a tree with its patched self', async () => {
  const trees = await surface('--left-tree', a, '--right-tree', b, '--left', 'SMP=n');
  expect(trees.out).toContain('f  stub-constant → code { return 0; }  a.c');
  const patch = join(root, 'x.patch');
  writeFileSync(
    patch,
    '--- a/a.c\n+++ b/a.c\n@@ -1,5 +1 @@\n-#ifdef CONFIG_LOCK\n int f(void) { return g(); }\n-#else\n-int f(void) { return 0; }\n-#endif\n',
  );
  const patched = await surface('--tree', a, '--left', 'SMP=n', '--patch', patch);
  expect(patched.out).toContain('f  stub-constant → code { return 0; }  a.c');
});

it.each([
  [['--tree', a], 'the two sides are the same'],
  [['--left', 'SMP=y'], 'no --tree DIR'],
  [['--tree', a, '--right', 'nowhere'], 'nowhere is no file and no list of settings'],
  [['--tree', a, '--right', 'GONE=y'], 'GONE'],
  [['--tree', a, '--symbol', 'GONE'], 'GONE is not defined'],
])('%s: one message and exit code 2', async (args, message) => {
  const { code, out, err } = await surface(...args);
  expect({ code, out }).toEqual({ code: 2, out: '' });
  expect(err).toContain(message);
});

it('says so when Kconfig does not grant what was asked for', async () => {
  const { code, err } = await surface('--tree', a, '--right', 'DEEP=y');
  expect(code).toBe(1);
  expect(err).toContain('DEEP=y does not take effect');
});

it('does not ask the right side for an option that patches take away', async () => {
  const series = join(root, 'no-deep.patch');
  writeFileSync(
    series,
    '--- a/Kconfig\n+++ b/Kconfig\n@@ -5,5 +5,2 @@\n \tdef_bool y\n \tdepends on SMP\n' +
      '-config DEEP\n-\tbool "deep"\n-\tdepends on SMP\n',
  );
  const sides = ['--tree', a, '--patch', series, '--left', 'SMP=y,DEEP=y'];
  const { code, err } = await surface(...sides);
  expect(code).toBe(0);
  expect(err).toContain('DEEP is defined nowhere after the patches: not asked for there');
  const asked = await surface(...sides, '--right', 'DEEP=y');
  expect(asked.code).toBe(2);
  expect(asked.err).toContain('there is no symbol DEEP');
});

it('takes the defaults of an architecture as patches leave them', async () => {
  const tree = join(root, 'defaults');
  mkdirSync(join(tree, 'arch/x86/configs'), { recursive: true });
  writeFileSync(join(tree, 'Kconfig'), 'source "arch/$(SRCARCH)/Kconfig"\n');
  writeFileSync(join(tree, 'arch/x86/Kconfig'), KCONFIG);
  writeFileSync(join(tree, 'arch/x86/Makefile'), 'KBUILD_DEFCONFIG := $(ARCH)_defconfig\n');
  writeFileSync(join(tree, 'arch/x86/configs/x86_64_defconfig'), 'CONFIG_SMP=y\n');
  const patch = join(root, 'defaults.patch');
  writeFileSync(
    patch,
    '--- a/arch/x86/configs/x86_64_defconfig\n+++ b/arch/x86/configs/x86_64_defconfig\n' +
      '@@ -1,1 +1,1 @@\n-CONFIG_SMP=y\n+# CONFIG_SMP is not set\n',
  );
  const { out } = await surface('--tree', tree, '--patch', patch);
  expect(out).toContain('2 options differ');
});
